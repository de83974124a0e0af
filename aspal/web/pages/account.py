"""Akun saya: one's own password, second factor and sessions. What guards them is Flask-Security's (web/login_*.py)."""

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.clock import SystemClock
from aspal.records import accounts, journal, sessions
from aspal.web.auth import allow
from aspal.web.house import house

blueprint = Blueprint("account", __name__, url_prefix="/akun")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Who I am here, and where I am logged in; sessions go by real time, whatever the office's clock says."""
    now = SystemClock().now()
    with house().db.read() as conn:
        logged_in = sessions.of_user(conn, current_user.id, str(session.get("key", "")), now)
    return render_template("account/index.html", logged_in=logged_in, now=now)


@blueprint.post("/sesi/<int:session_id>")
@allow(*accounts.ROLES)
def end_session(session_id: int) -> ResponseReturnValue:
    """Ends one of my sessions, on a computer that I have left."""
    now = house().clock.now()
    with house().db.write() as conn:
        if not sessions.end_one(conn, session_id, current_user.id, SystemClock().now()):
            abort(404)
        entry = journal.Entry(now, current_user.email, "user.session_ended", f"user:{current_user.id}", {})
        journal.append(conn, [entry])
    flash("Sesi itu sudah diakhiri.", "success")
    return redirect(url_for("account.index"), 303)
