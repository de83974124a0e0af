"""Who logs in, as Flask-Security sees them: accounts, codes that are taken once, what a password may be."""

from typing import Any

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from flask_security.password_util import PasswordUtil
from flask_security.totp import Totp
from passlib.exc import TokenError

from aspal.records import accounts
from aspal.web.house import house


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
