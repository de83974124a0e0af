"""What Flask-Security is told of this office: its users, its forms in Indonesian, the second factor, the throttle.

Every guess is counted in the database, whatever is guessed: password, code or recovery code. A code is taken once.
"""

import logging
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Any

from flask_security import LoginForm, RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from flask_security.forms import (
    ChangePasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.password_util import PasswordUtil
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.totp import Totp
from passlib.exc import TokenError
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from aspal.clock import SystemClock
from aspal.records import accounts
from aspal.settings import Settings
from aspal.web.house import house

WRONG = "Alamat surel atau kata sandi salah."
TOO_MANY = "Terlalu banyak percobaan masuk. Silakan coba lagi 15 menit lagi."
FRESH = timedelta(minutes=15)  # how long after the password was typed its owner may change what guards the account
_log = logging.getLogger(__name__)


class Role(RoleMixin):
    """admin, approver or viewer; mapped to its table by records.accounts."""

    name: str


class User(UserMixin):
    """Someone of the office who may log in; mapped to its table by records.accounts."""

    id: int
    email: str
    password_temporary: bool
    tf_primary_method: str | None
    mf_recovery_codes: list[str] | None

    def check_tf_required(self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool) -> tuple[bool, Any]:
        """A second factor that is set up is always asked for; where the house wants one, it is set up first."""
        return bool(tf_setup_methods) or two_factor_is_wanted(self), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        return two_factor_is_wanted(self)


accounts.map_classes(User, Role)


def two_factor_is_wanted(user: User) -> bool:
    """Who changes or decides needs one where the house demands it; a viewer may have one."""
    return house().settings.demands_two_factor and any(role.name != "viewer" for role in user.roles)


class Accounts(SQLAlchemySessionUserDatastore):
    """Gives the connection back as soon as the user is known: the page needs one for itself."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> UserMixin | None:
        user = super().find_user(case_insensitive, **kwargs)
        self.db.session.commit()
        return user

    def mf_delete_recovery_code(self, user: UserMixin, idx: int) -> bool:
        """A list changed in place would not be noticed, and the code would work again."""
        left = list(user.mf_recovery_codes or [])
        if not 0 <= idx < len(left):
            return False
        del left[idx]
        self.mf_set_recovery_codes(user, left)
        return True


class OnceOnly(Totp):
    """Codes of the authenticator app, each taken once: the time step of the last one is kept (RFC 6238, 5.2)."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        try:
            match = self._totp.verify(token, totp_secret, window=window)
        except (TokenError, ValueError):
            return False
        with house().db.write() as conn:
            return accounts.use_code(conn, user.id, match.counter)


class Passwords(PasswordUtil):
    """The same rules as the command line's."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        plain = self.normalize(password)
        trouble = accounts.password_trouble(plain, kwargs["user"].email)
        return ([f"{trouble[0].upper()}{trouble[1:]}."] if trouble else None), plain


def _may_try(form: Any, what: str) -> bool:
    # Real time, also while the office's clock is a simulated one: a fast clock must not open the lock.
    with house().db.write() as conn:
        if accounts.may_try(conn, what, SystemClock().now()):
            return True
    _log.warning("login throttled")
    form.form_errors.append(TOO_MANY)
    return False


def _succeeded(what: str) -> None:
    with house().db.write() as conn:
        accounts.succeeded(conn, what)


class Entrance(LoginForm):
    """Address and password, in Indonesian; one answer for every wrong pair; throttled for all processes together."""

    email = EmailField(
        "Alamat surel",
        filters=[lambda typed: (typed or "").strip()],
        validators=[DataRequired("Isi alamat surel."), Length(max=200)],
    )
    password = PasswordField("Kata sandi", validators=[DataRequired("Isi kata sandi."), Length(max=500)])
    next = HiddenField()
    submit = SubmitField("Masuk")
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        email = self.email.data.lower()
        # What is no address is no account, and must not be counted: the other forms' keys, "code:7", have no @ either.
        if "@" not in email:
            self.form_errors.append(WRONG)
            return False
        if not _may_try(self, email):
            return False
        if not super().validate(**kwargs):
            _log.warning("login refused", extra={"user": getattr(self.user, "id", None)})
            self.form_errors.append(WRONG)
            return False
        _succeeded(email)
        return True


class PasswordAgain(VerifyForm):
    """The password once more, before what guards the account is changed."""

    password = PasswordField("Kata sandi", validators=[DataRequired("Isi kata sandi."), Length(max=500)])

    def validate(self, **kwargs: Any) -> bool:
        what = f"again:{self.user.id}" if self.user else "again"
        if not _may_try(self, what) or not super().validate(**kwargs):
            return False
        _succeeded(what)
        return True


class NewPassword(ChangePasswordForm):
    """The old one, and a new one twice."""

    def validate(self, **kwargs: Any) -> bool:
        from flask_security import current_user

        what = f"change:{current_user.id}"
        if not _may_try(self, what) or not super().validate(**kwargs):
            return False
        _succeeded(what)
        return True


class SecondFactor(TwoFactorSetupForm):
    """Set up, change or switch off. The library declares its choices in a way that WTForms gives up."""

    setup = RadioField(choices=[SelectChoice("authenticator"), SelectChoice("disable")], validate_choice=False)


class OtherWays(TwoFactorRescueForm):
    """The library wants the form; the page shows a link to the recovery codes instead."""

    help_setup = RadioField(choices=[SelectChoice("help")], validate_choice=False)


class Code(TwoFactorVerifyCodeForm):
    """Six digits of the authenticator app."""

    code = StringField("Kode", filters=[lambda typed: "".join((typed or "").split())], validators=[Length(max=20)])

    def validate(self, **kwargs: Any) -> bool:
        what = f"code:{self.user.id}" if self.user else "code"
        if not _may_try(self, what) or not super().validate(**kwargs):
            return False
        _succeeded(what)
        return True


class RecoveryCode(MfRecoveryForm):
    """One of the codes on paper, for when the phone is lost."""

    code = StringField("Kode", filters=[lambda typed: (typed or "").strip().lower()], validators=[Length(max=40)])

    def validate(self, **kwargs: Any) -> bool:
        what = f"code:{self.user.id}" if self.user else "code"
        if not _may_try(self, what) or not super().validate(**kwargs):
            return False
        _succeeded(what)
        return True


def configuration(settings: Settings, secret: str) -> dict[str, Any]:
    """Flask-Security's settings. The keys that encrypt the second factor come from SECRET_KEY."""
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_LOGIN_USER_TEMPLATE": "account/login.html",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"test_environment": True},  # demo addresses end in .test
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/akun/kata-sandi",
        "SECURITY_POST_CHANGE_VIEW": "/akun/",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "account/password.html",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_VERIFY_URL": "/akun/kata-sandi-lagi",
        "SECURITY_VERIFY_TEMPLATE": "account/again.html",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds before and after: a clock may be a little off
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/akun/verifikasi",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "account/two_factor.html",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/kode",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "account/code.html",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/akun/kode-pemulihan",
        "SECURITY_TOTP_SECRETS": {"1": _key(secret, b"totp").decode()},
        "SECURITY_TOTP_ISSUER": f"ASPAL {settings.office_name}",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_key(secret, b"recovery")],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/akun/kode-pemulihan",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "account/recovery_codes.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/login/kode-pemulihan",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "account/recovery.html",
        **{f"SECURITY_MSG_{name}": message for name, message in _MESSAGES.items()},
    }


def _key(secret: str, purpose: bytes) -> bytes:
    """One key a purpose: what is learnt of one tells nothing of the sessions' key."""
    return urlsafe_b64encode(digest(sha256(secret.encode()).digest(), b"aspal:" + purpose, "sha256"))


_MESSAGES = {
    "INVALID_PASSWORD": ("Kata sandi salah.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Isi kata sandi.", "error"),
    "PASSWORD_IS_THE_SAME": ("Kata sandi baru harus berbeda dari yang lama.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("Kedua isian kata sandi baru tidak sama.", "error"),
    "PASSWORD_CHANGE": ("Kata sandi diganti. Sesi Anda di perangkat lain sudah diakhiri.", "success"),
    "REAUTHENTICATION_REQUIRED": ("Masukkan kata sandi sekali lagi untuk melanjutkan.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Terima kasih, silakan lanjutkan.", "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya.",
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Kode diterima.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Verifikasi dua langkah aktif. Simpan kode pemulihan di bawah.", "success"),
    "TWO_FACTOR_DISABLED": ("Verifikasi dua langkah dimatikan.", "success"),
    "TWO_FACTOR_SETUP_EXPIRED": ("Waktunya habis. Mulai lagi dari awal.", "error"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Masukkan alamat surel dan kata sandi lebih dahulu.", "error"),
    "INVALID_RECOVERY_CODE": ("Kode pemulihan tidak cocok atau sudah dipakai.", "error"),
    "NO_RECOVERY_CODES_SETUP": ("Belum ada kode pemulihan.", "info"),
    "API_ERROR": ("Permintaan tidak dapat dibaca. Mulai lagi dari awal.", "error"),
}
