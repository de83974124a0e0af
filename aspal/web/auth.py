"""Login and the guard: no page answers before someone with a role has logged in.

The guard stands before every route and refuses by default. What is public is listed here, nowhere else; what changes
something needs the role admin unless its view says `@allow(...)`.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user, user_logged_in, user_logged_out
from flask_security import LoginForm, RoleMixin, Security, SQLAlchemySessionUserDatastore, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from wtforms import EmailField, HiddenField, PasswordField, SubmitField
from wtforms.validators import DataRequired, Length

from aspal.clock import SystemClock
from aspal.records import accounts
from aspal.web.house import House, house

PUBLIC = frozenset(
    {"webhooks.receive", "webhooks.report", "health.healthz", "health.metrics", "security.login", "static"}
)
_log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
WRONG = "Alamat surel atau kata sandi salah."
TOO_MANY = "Terlalu banyak percobaan masuk. Silakan coba lagi 15 menit lagi."
LONGEST, IDLE = timedelta(hours=12), timedelta(hours=2)  # of a session: at all, and without a request
_NOTED_EVERY = 60  # seconds: not every request rewrites the cookie


class Role(RoleMixin):
    """admin, approver or viewer; mapped to its table by records.accounts."""


class User(UserMixin):
    """Someone of the office who may log in; mapped to its table by records.accounts."""

    id: int
    email: str


accounts.map_classes(User, Role)


class Accounts(SQLAlchemySessionUserDatastore):
    """Gives the connection back as soon as the user is known: the page needs one for itself."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> UserMixin | None:
        user = super().find_user(case_insensitive, **kwargs)
        self.db.session.commit()
        return user


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
        # Real time, also while the office's clock is a simulated one: a fast clock must not open the lock.
        with house().db.write() as conn:
            if not accounts.may_try(conn, email, SystemClock().now()):
                _log.warning("login throttled")
                self.form_errors.append(TOO_MANY)
                return False
        if not super().validate(**kwargs):
            _log.warning("login refused", extra={"user": getattr(self.user, "id", None)})
            self.form_errors.append(WRONG)
            return False
        with house().db.write() as conn:
            accounts.succeeded(conn, email)
        return True


def allow(*roles: str) -> Callable[[View], View]:
    """Marks a view that changes something as open to these roles instead of admin only."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def may(*roles: str) -> bool:
    """Whether the one who is logged in has one of these roles; also for templates."""
    return any(current_user.has_role(role) for role in roles)


def guard() -> ResponseReturnValue | None:
    """Before every request: public, or logged in with a role that may do this."""
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None  # an unknown address becomes a plain 404
    if not current_user.is_authenticated or _is_over():
        return _to_the_entrance()
    view = current_app.view_functions[request.endpoint]
    if request.method in ("GET", "HEAD", "OPTIONS"):
        allowed: frozenset[str] = frozenset(accounts.ROLES)
    elif request.endpoint == "security.logout":
        return None
    else:
        allowed = getattr(view, "allowed_roles", frozenset({"admin"}))
    if not may(*allowed):
        _log.warning("not allowed", extra={"user": current_user.id, "endpoint": request.endpoint})
        abort(403)
    return None


def _is_over() -> bool:
    """Whether the session is too old or was left alone too long; real time, as for the throttle."""
    now = int(SystemClock().now().timestamp())
    begun, seen = session.setdefault("begun", now), session.setdefault("seen", now)
    if now - begun > LONGEST.total_seconds() or now - seen > IDLE.total_seconds():
        logout_user()
        return True
    if now - seen > _NOTED_EVERY:
        session["seen"] = now
    return False


def _begin(_app: Flask, user: User, **_more: Any) -> None:
    """Nothing of the session before the login outlives it: neither its CSRF token nor its age."""
    _log.info("login", extra={"user": user.id})
    session.pop("csrf_token", None)
    session["begun"] = session["seen"] = int(SystemClock().now().timestamp())


def _end(_app: Flask, user: User, **_more: Any) -> None:
    """The cookie that was logged out is worthless from now on, also to someone who has copied it."""
    _log.info("logout", extra={"user": user.id})
    with house().db.write() as conn:
        accounts.end_sessions(conn, user.email)


def _to_the_entrance() -> ResponseReturnValue:
    login = url_for("security.login")
    if "HX-Request" in request.headers:  # a partial update must not swallow the login page
        return "", 401, {"HX-Redirect": login}
    if request.method == "GET" and request.path != "/":
        login = url_for("security.login", next=request.full_path.rstrip("?"))
    return redirect(login)


def set_up(app: Flask, the_house: House) -> None:
    """Puts the guard, the login and the CSRF check into the app."""
    secure = urlsplit(the_house.settings.public_base_url).scheme == "https"
    app.config.update(
        SECRET_KEY=the_house.secret_key(),
        SESSION_COOKIE_NAME="__Host-aspal" if secure else "aspal",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # the referrer policy hides the referrer; the token is what counts
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_LOGIN_USER_TEMPLATE="account/login.html",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_FRESHNESS=timedelta(seconds=-1),  # no page asks for the password a second time yet
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"test_environment": True},  # demo addresses end in .test
    )
    app.before_request(guard)  # first, so that it stands before the CSRF check too
    csrf.init_app(app)
    reader = accounts.session_of(the_house.db)
    security = Security(app, Accounts(reader, User, Role), login_form=Entrance)
    app.extensions["security_object"] = security
    # The login speaks HTML only: its JSON tells which addresses exist and hands out tokens that never expire; and no
    # such token opens anything, in a header or in an address.
    security.want_json(lambda _request: False)
    app.extensions["security"].login_manager.request_loader(lambda _request: None)
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)
    app.teardown_appcontext(lambda _error: reader.remove())
    app.jinja_env.globals["may"] = may
