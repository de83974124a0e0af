"""The guard: no page answers before someone with a role has logged in.

It stands before every route and refuses by default. What is public is listed here, nowhere else; what changes
something needs the role admin unless its view says `@allow(...)`.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user, user_logged_in, user_logged_out
from flask_security import Security, current_user, password_changed, tf_disabled, tf_profile_changed
from flask_wtf.csrf import CSRFProtect

from aspal.clock import SystemClock
from aspal.records import accounts, journal, sessions
from aspal.web.house import House, house
from aspal.web.login_forms import FORMS
from aspal.web.login_settings import configuration
from aspal.web.login_users import Accounts, OnceOnly, Passwords, Role, User

# documents.recap: WhatsApp's servers have no login; the signed, expiring token names one recap's document.
PUBLIC = frozenset(
    {"health.healthz", "health.metrics", "security.login", "static", "training.closed", "documents.recap"}
)
# These ask for something else themselves: a token; in a training's room, which has no real data, a code on the wall.
OTHER_DOORS = frozenset({"api", "classroom"})
# Between the password and the code: the session names the user, and nobody is logged in yet.
HALFWAY = frozenset({"security.two_factor_setup", "security.two_factor_token_validation", "security.mf_recovery"})
# Flask-Security brings them along: a rescue by e-mail, and a choice between second factors. We have neither.
CLOSED = frozenset({"security.two_factor_rescue", "security.tf_select"})
# What everybody may change: his own account.
OWN = frozenset(
    {
        "security.logout",
        "security.change_password",
        "security.verify",
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.two_factor_token_validation",
        "security.mf_recovery_codes",
    }
)
_NOT_SHOWN = frozenset({"csrf_token", "password", "new_password", "new_password_confirm", "code"})
_log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


def allow(*roles: str) -> Callable[[View], View]:
    """Marks a view that changes something as open to these roles instead of admin only."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def only(*roles: str) -> Callable[[View], View]:
    """Marks a view that these roles alone may even look at."""

    def mark(view: View) -> View:
        view.seen_by = view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def may(*roles: str) -> bool:
    """Whether the one who is logged in has one of these roles; also for templates."""
    return any(current_user.has_role(role) for role in roles)


def guard() -> ResponseReturnValue | None:
    """Before every request: public, or logged in with a role that may do this."""
    if request.endpoint in CLOSED:
        abort(404)
    if request.endpoint is None or request.endpoint in PUBLIC or request.blueprint in OTHER_DOORS:
        return None  # an unknown address becomes a plain 404
    if not current_user.is_authenticated or _is_over():
        halfway = request.endpoint in HALFWAY and "tf_user_id" in session
        return None if halfway else _to_the_entrance()
    if not may(*_allowed()):
        _log.warning("not allowed", extra={"user": current_user.id, "endpoint": request.endpoint})
        abort(403)
    if request.endpoint == "security.two_factor_token_validation" and "tf_state" not in session:
        return redirect(url_for("home.index"))  # the code was given already; the library would end the session
    if current_user.password_temporary and request.endpoint not in OWN:
        return redirect(url_for("security.change_password"))
    return None


def _allowed() -> frozenset[str]:
    view, every = current_app.view_functions[str(request.endpoint)], frozenset(accounts.ROLES)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return getattr(view, "seen_by", every)
    return every if request.endpoint in OWN else getattr(view, "allowed_roles", frozenset({"admin"}))


def _is_over() -> bool:
    """Whether the session has ended, is too old or was left alone too long; real time, as for the throttle."""
    now, key = SystemClock().now(), str(session.get("key", ""))
    with house().db.read() as conn:
        seen = sessions.goes_on(conn, key, current_user.id, now)
    if seen is None:
        logout_user()
        return True
    if sessions.is_stale(seen, now):
        with house().db.write() as conn:
            sessions.note(conn, key, now)
    return False


def _begin(_app: Flask, user: User, **_more: Any) -> None:
    """Nothing of the session before the login outlives it: neither its CSRF token nor its key."""
    _log.info("login", extra={"user": user.id})
    session.pop("csrf_token", None)
    with house().db.write() as conn:
        session["key"] = sessions.begin(conn, user.id, request.user_agent.string, SystemClock().now())


def _end(_app: Flask, user: User, **_more: Any) -> None:
    """The cookie that was logged out is worthless from now on, also to someone who has copied it."""
    _log.info("logout", extra={"user": user.id})
    with house().db.write() as conn:
        sessions.end(conn, str(session.pop("key", "")), SystemClock().now())


def _writes(action: str) -> Callable[..., None]:
    """Notes in the journal that somebody changed what guards his account."""

    def write(_app: Flask, user: User, **_more: Any) -> None:
        with house().db.write() as conn:
            if action == "user.password_changed":
                accounts.password_is_own(conn, user.id)
            journal.append(conn, [journal.Entry(house().clock.now(), user.email, action, f"user:{user.id}", {})])

    return write


_CHANGES = (
    (password_changed, _writes("user.password_changed")),
    (tf_profile_changed, _writes("user.two_factor_on")),
    (tf_disabled, _writes("user.two_factor_off")),
    (user_logged_in, _begin),
    (user_logged_out, _end),
)


def _to_the_entrance() -> ResponseReturnValue:
    login = url_for("security.login")
    if "HX-Request" in request.headers:  # a partial update must not swallow the login page
        if request.method == "POST":  # nor take away the form that is being filled in
            return _in_place("Sesi Anda sudah berakhir. Salin dahulu yang sudah diketik, lalu masuk lagi.", 401)
        return "", 401, {"HX-Redirect": login}
    if request.method == "GET" and request.path != "/":
        login = url_for("security.login", next=request.full_path.rstrip("?"))
    if request.method == "POST" and (typed := _typed()):  # nothing of it was done, and nothing of it is to be lost
        return render_template("account/over.html", typed=typed, login=login), 401
    return redirect(login)


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_SHOWN and value]


def _in_place(words: str, code: int) -> ResponseReturnValue:
    """For `failed.js`, which shows it on the page that asked."""
    return words, code, {"Content-Type": "text/plain; charset=utf-8"}


def form_is_old() -> ResponseReturnValue:
    """A form of another session, mostly of before the last login: not taken, and nothing of it is to be lost."""
    if "HX-Request" in request.headers:
        return _in_place("Halaman ini sudah kedaluwarsa: Anda keluar atau masuk lagi sejak ia dibuka.", 400)
    came_from = request.referrer or ""
    again = came_from if came_from.startswith(request.host_url) else url_for("home.index")
    return render_template("account/over.html", typed=_typed(), again=again), 400


def set_up(app: Flask, the_house: House) -> None:
    """Puts the guard, the login and the CSRF check into the app."""
    secure, secret = urlsplit(the_house.settings.public_base_url).scheme == "https", the_house.secret_key()
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="__Host-aspal" if secure else "aspal",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # the referrer policy hides the referrer; the token is what counts
        **configuration(the_house.settings, secret),
    )
    app.before_request(guard)  # first, so that it stands before the CSRF check too
    csrf.init_app(app)
    reader = accounts.session_of(the_house.db)
    security = Security(
        app,
        Accounts(reader, User, Role),
        totp_cls=OnceOnly,
        password_util_cls=Passwords,
        **FORMS,
    )
    app.extensions["security_object"] = security
    # The login speaks HTML only: its JSON tells which addresses exist and hands out tokens that never expire; and no
    # such token opens anything, in a header or in an address.
    security.want_json(lambda _request: False)
    app.extensions["security"].login_manager.request_loader(lambda _request: None)
    for signal, noted in _CHANGES:
        signal.connect(noted, app)
    app.teardown_appcontext(lambda _error: reader.remove())
    app.jinja_env.globals["may"] = may
