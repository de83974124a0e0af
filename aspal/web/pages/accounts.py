"""Pengguna: who may log in with which role, and the tokens of programs. For admins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import choice
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.clock import SystemClock
from aspal.core.wording import long_moment
from aspal.records import accounts, api_tokens, journal, sessions
from aspal.web import sure
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.words import end_of_day

blueprint = Blueprint("accounts", __name__, url_prefix="/pengguna")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another: it is read out over the telephone


@blueprint.get("/")
@only("admin")
def index() -> ResponseReturnValue:
    """Everybody who may log in, and every token."""
    return _page()


def _page(**shown_once: Any) -> ResponseReturnValue:
    with house().db.read() as conn:
        people, tokens = accounts.listed(conn), api_tokens.listed(conn)
    return render_template(
        "accounts/index.html", people=people, tokens=tokens, now=SystemClock().now(), scopes=api_tokens.SCOPES,
        roles=accounts.ROLES, **shown_once,
    )  # fmt: skip


@blueprint.post("/")
@only("admin")
def add() -> ResponseReturnValue:
    """A new login with a password for the first time, shown here once and changed by its owner at once."""
    email, role = request.form.get("email", "").strip().lower(), request.form.get("role", "")
    password = "-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(4))
    with house().db.act() as conn:
        if any(person.email == email for person in accounts.listed(conn)):
            flash("Alamat surel itu sudah punya akun.", "warning")
            return redirect(url_for("accounts.index"), 303)
        try:
            user_id = accounts.add(conn, email, password, role, house().clock.now(), temporary=True)
        except ValueError as error:
            flash(_sentence(error), "danger")
            return redirect(url_for("accounts.index"), 303)
        _write(conn, "user.added", user_id, {"role": role})
    return _page(new_login={"email": email, "password": password})


@blueprint.post("/<int:user_id>/peran")
@only("admin")
def set_role(user_id: int) -> ResponseReturnValue:
    """Another role; it holds from the next click of that person on."""
    role = request.form.get("role", "")
    with house().db.act() as conn:
        person = accounts.by_id(conn, user_id) or abort(404)
        try:
            accounts.set_role(conn, user_id, role)
        except ValueError as error:
            flash(_sentence(error), "danger")
            return redirect(url_for("accounts.index"), 303)
        _write(conn, "user.role_changed", user_id, {"before": list(person.roles), "after": role})
    flash(f"Peran {person.email} diubah.", "success")
    given_away = user_id == current_user.id and role != "admin"  # this page is closed to him from now on
    return redirect(url_for("home.index" if given_away else "accounts.index"), 303)


@blueprint.get("/<int:user_id>/tutup")
@only("admin")
def ask_close(user_id: int) -> ResponseReturnValue:
    """Whom it shuts out, and that it can be undone."""
    email = _email(user_id)
    does = [
        f"{email} langsung keluar dari semua peramban dan tidak dapat masuk lagi. Pekerjaan yang belum disimpannya "
        "hilang; yang sudah dilakukannya tetap tercatat di Jurnal.",
        "Akun ini dapat dibuka lagi kapan saja, dengan kata sandi yang lama.",
    ]
    return _sure(f"Tutup akun {email}?", does, "Tutup akun", url_for("accounts.close", user_id=user_id))


@blueprint.post("/<int:user_id>/tutup")
@only("admin")
def close(user_id: int) -> ResponseReturnValue:
    """Nobody may log in with this account any more; whoever is in is out."""
    if user_id == current_user.id:
        flash("Akun sendiri tidak dapat ditutup. Minta admin lain melakukannya.", "warning")
        return redirect(url_for("accounts.index"), 303)
    return _set_active(user_id, active=False)


@blueprint.post("/<int:user_id>/buka")
@only("admin")
def reopen(user_id: int) -> ResponseReturnValue:
    """The account may be used again, with its old password."""
    return _set_active(user_id, active=True)


def _set_active(user_id: int, *, active: bool) -> ResponseReturnValue:
    with house().db.act() as conn:
        person = accounts.by_id(conn, user_id) or abort(404)
        try:
            accounts.set_active(conn, user_id, active)
        except ValueError as error:
            flash(_sentence(error), "danger")
            return redirect(url_for("accounts.index"), 303)
        if not active:
            sessions.end_all(conn, user_id, SystemClock().now())
        _write(conn, "user.reopened" if active else "user.closed", user_id, {})
    flash(f"Akun {person.email} {'dibuka lagi' if active else 'ditutup'}.", "success")
    return redirect(url_for("accounts.index"), 303)


@blueprint.post("/<int:user_id>/akhiri-sesi")
@only("admin")
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Logs somebody out everywhere."""
    with house().db.act() as conn:
        person = accounts.by_id(conn, user_id) or abort(404)
        count = sessions.end_all(conn, user_id, SystemClock().now())
        _write(conn, "user.sessions_ended", user_id, {"count": count})
    flash(f"{count} sesi {person.email} diakhiri.", "success")
    return redirect(url_for("accounts.index"), 303)


@blueprint.get("/<int:user_id>/lepas-verifikasi")
@only("admin")
def ask_forget_two_factor(user_id: int) -> ResponseReturnValue:
    """That the account is less guarded until its owner has set the factor up anew."""
    email = _email(user_id)
    does = [
        f"{email} langsung keluar dari semua peramban. Aplikasi autentikator dan kode pemulihannya tidak berlaku lagi: "
        "sampai ia memasangnya kembali, akun ini dijaga kata sandi saja.",
        "Lakukan hanya bila ponselnya hilang atau diganti, setelah bertemu atau menelepon orangnya.",
    ]
    action = url_for("accounts.forget_two_factor", user_id=user_id)
    return _sure(f"Lepas verifikasi dua langkah {email}?", does, "Lepas verifikasi", action)


@blueprint.post("/<int:user_id>/lepas-verifikasi")
@only("admin")
def forget_two_factor(user_id: int) -> ResponseReturnValue:
    """For somebody whose phone and recovery codes are lost: he sets the second factor up anew."""
    with house().db.act() as conn:
        person = accounts.by_id(conn, user_id) or abort(404)
        if accounts.forget_two_factor(conn, user_id):
            sessions.end_all(conn, user_id, SystemClock().now())
            _write(conn, "user.two_factor_forgotten", user_id, {})
    flash(f"Verifikasi dua langkah {person.email} dilepas. Pastikan dengan bertemu atau menelepon orangnya.", "success")
    return redirect(url_for("accounts.index"), 303)


@blueprint.post("/token")
@only("admin")
def make_token() -> ResponseReturnValue:
    """A token for a program; its text is shown once."""
    form, now = request.form, SystemClock().now()
    try:
        expires_at = _expiry(form.get("expires", ""))
        with house().db.act() as conn:
            secret = api_tokens.make(
                conn, form.get("name", ""), form.get("scope", ""), expires_at, now, current_user.email
            )
            _write(conn, "token.made", 0, {"name": form.get("name", "").strip(), "scope": form.get("scope")})
    except ValueError as error:
        flash(_sentence(error), "danger")
        return redirect(url_for("accounts.index"), 303)
    return _page(new_token=secret)


@blueprint.get("/token/<int:token_id>/cabut")
@only("admin")
def ask_revoke(token_id: int) -> ResponseReturnValue:
    """Which program is shut out, and when it last came."""
    with house().db.read() as conn:
        token = next((one for one in api_tokens.listed(conn) if one.id == token_id), None) or abort(404)
    used = "Token ini belum pernah dipakai."
    if token.last_used_at:
        used = f"Terakhir dipakai {long_moment(token.last_used_at, house().settings.office_time_zone)}."
    does = [
        f"Program yang memakai token {token.name} langsung ditolak. {used}",
        "Token yang dicabut tidak dapat dihidupkan lagi: buat token baru, lalu pasang di programnya.",
    ]
    action = url_for("accounts.revoke_token", token_id=token_id)
    return _sure(f"Cabut token {token.name}?", does, "Cabut token", action)


@blueprint.post("/token/<int:token_id>/cabut")
@only("admin")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """The token is worthless from now on."""
    with house().db.act() as conn:
        name = api_tokens.revoke(conn, token_id, SystemClock().now()) or abort(404)
        _write(conn, "token.revoked", 0, {"name": name})
    flash(f"Token {name} dicabut.", "success")
    return redirect(url_for("accounts.index"), 303)


def _email(user_id: int) -> str:
    with house().db.read() as conn:
        person = accounts.by_id(conn, user_id) or abort(404)
    return person.email


def _sure(title: str, does: Sequence[str], button: str, action: str) -> ResponseReturnValue:
    return sure.ask(title, does, button, action=action, back=url_for("accounts.index"))


def _expiry(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return end_of_day(day, house().settings.office_time_zone)
    except ValueError:
        raise ValueError("Tanggal berakhir tidak terbaca, contoh: 2027-12-31.") from None


def _write(conn: Any, action: str, user_id: int, detail: Mapping[str, Any]) -> None:
    subject = f"user:{user_id}" if user_id else "tokens"
    journal.append(conn, [journal.Entry(house().clock.now(), current_user.email, action, subject, detail)])


def _sentence(error: ValueError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
