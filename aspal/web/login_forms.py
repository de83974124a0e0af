"""The forms of the login, in Indonesian, and their throttle.

Every guess is counted in the database, whatever is guessed: password, code or recovery code.
"""

import logging
from typing import Any

from flask_security import LoginForm, current_user
from flask_security.forms import (
    ChangePasswordForm,
    Form,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from aspal.clock import SystemClock
from aspal.records import accounts
from aspal.web.house import house

WRONG = "Alamat surel atau kata sandi salah."
TOO_MANY = "Terlalu banyak percobaan masuk. Silakan coba lagi 15 menit lagi."
_log = logging.getLogger(__name__)


class Throttled(Form):
    """A form that guesses can be sent to: each is counted before it is looked at, and a right one clears the count."""

    # What is behind it: guesses at the same door of the same user count together, whichever form they come by.
    door = ""

    def counted_as(self) -> str:
        """The name under which a guess is counted."""
        return f"{self.door}:{current_user.id}"

    def is_right(self, **kwargs: Any) -> bool:
        """What the library looks at."""
        return bool(super().validate(**kwargs))

    def validate(self, **kwargs: Any) -> bool:
        what = self.counted_as()
        # Real time, also while the office's clock is a simulated one: a fast clock must not open the lock.
        with house().db.write() as conn:
            may_try = accounts.may_try(conn, what, SystemClock().now())
        if not may_try:
            _log.warning("login throttled")
            self.form_errors.append(TOO_MANY)
            return False
        if not self.is_right(**kwargs):
            return False
        with house().db.write() as conn:
            accounts.succeeded(conn, what)
        return True


class Entrance(Throttled, LoginForm):
    """Address and password; one answer for every wrong pair."""

    email = EmailField(
        "Alamat surel",
        filters=[lambda typed: (typed or "").strip()],
        validators=[DataRequired("Isi alamat surel."), Length(max=200)],
    )
    password = PasswordField("Kata sandi", validators=[DataRequired("Isi kata sandi."), Length(max=500)])
    next = HiddenField()
    submit = SubmitField("Masuk")
    remember = None

    def counted_as(self) -> str:
        return str(self.email.data).lower()

    def is_right(self, **kwargs: Any) -> bool:
        if super().is_right(**kwargs):
            return True
        _log.warning("login refused", extra={"user": getattr(self.user, "id", None)})
        self.form_errors.append(WRONG)
        return False

    def validate(self, **kwargs: Any) -> bool:
        # What is no address is no account, and must not be counted: the other forms' keys, "code:7", have no @ either.
        if "@" not in self.counted_as():
            self.form_errors.append(WRONG)
            return False
        return super().validate(**kwargs)


class PasswordAgain(Throttled, VerifyForm):
    """The password once more, before what guards the account is changed."""

    door = "again"
    password = PasswordField("Kata sandi", validators=[DataRequired("Isi kata sandi."), Length(max=500)])


class NewPassword(Throttled, ChangePasswordForm):
    """The old one, and a new one twice."""

    door = "change"
    # The library's has no limit of its own, and breaks where its hashing has one.
    password = PasswordField("Kata sandi", validators=[Length(max=500, message="Kata sandi salah.")])


class SecondStep(Throttled):
    """After the password. Codes of the app and codes on paper open the same door, so guesses count together."""

    door = "code"
    user: Any  # whose password was right; the view has looked. Nobody is logged in yet

    def counted_as(self) -> str:
        return f"{self.door}:{self.user.id}"


class Code(SecondStep, TwoFactorVerifyCodeForm):
    """Six digits of the authenticator app."""

    code = StringField("Kode", filters=[lambda typed: "".join((typed or "").split())], validators=[Length(max=20)])


class RecoveryCode(SecondStep, MfRecoveryForm):
    """One of the codes on paper, for when the phone is lost."""

    code = StringField("Kode", filters=[lambda typed: (typed or "").strip().lower()], validators=[Length(max=40)])


class SecondFactor(TwoFactorSetupForm):
    """Set up, change or switch off. The library declares its choices in a way that WTForms gives up."""

    setup = RadioField(choices=[SelectChoice("authenticator"), SelectChoice("disable")], validate_choice=False)


class OtherWays(TwoFactorRescueForm):
    """The library wants the form; the page shows a link to the recovery codes instead."""

    help_setup = RadioField(choices=[SelectChoice("help")], validate_choice=False)


FORMS: dict[str, Any] = {
    "login_form": Entrance,
    "verify_form": PasswordAgain,
    "change_password_form": NewPassword,
    "two_factor_setup_form": SecondFactor,
    "two_factor_verify_code_form": Code,
    "two_factor_rescue_form": OtherWays,
    "mf_recovery_form": RecoveryCode,
}
