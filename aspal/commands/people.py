"""`aspal guests` and `aspal users`."""

import sys

import click

from aspal.commands.frame import actor, as_json_option, opened, refuse, tell


@click.group()
def guests() -> None:
    """Daftar tamu: hanya mereka yang menerima pesan selama RECIPIENTS=guests."""


@guests.command("add")
@click.argument("phone")
def add_guest(phone: str) -> None:
    """Menambahkan nomor yang sudah ada di direktori."""
    _mark(phone, guest=True)


@guests.command("remove")
@click.argument("phone")
def remove_guest(phone: str) -> None:
    """Mengeluarkan nomor dari daftar tamu."""
    _mark(phone, guest=False)


def _mark(phone: str, *, guest: bool) -> None:
    from aspal.core.phone import PhoneError, normalise
    from aspal.desk import contact_acts
    from aspal.records import people

    try:
        number = normalise(phone)
    except PhoneError as error:
        refuse(f"{phone}: {error}")
    with opened() as house:
        with house.db.read() as conn:
            found = people.by_phone(conn, number)
        if found is None:
            refuse("Nomor itu belum ada di direktori; impor direktori lebih dahulu.")
        contact_acts.set_guest(house.db, found.id, guest, now=house.clock.now(), by=actor())
    click.echo(f"{found.name} {'ditambahkan ke' if guest else 'dikeluarkan dari'} daftar tamu.")


@guests.command("list")
@as_json_option
def list_guests(as_json: bool) -> None:
    """Siapa saja yang ada di daftar tamu."""
    from aspal.core.phone import mask
    from aspal.records import people

    with opened() as house, house.db.read() as conn:
        found = people.guests(conn)
    payload = {"guests": [{"id": g.id, "name": g.name, "position": g.position, "phone": g.phone} for g in found]}
    lines = [f"{g.name} ({mask(g.phone) if g.phone else 'tanpa nomor'})" for g in found]
    tell(payload, lines or ["Daftar tamu masih kosong."], as_json=as_json)


@click.group()
def users() -> None:
    """Akun untuk masuk ke halaman web."""


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(["admin", "approver", "viewer"]), required=True, help="Peran akun.")
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari stdin, tidak bertanya.")
@click.option(
    "--forget-two-factor",
    is_flag=True,
    help="Lepas juga verifikasi dua langkah akun itu: ponselnya hilang, atau SECRET_KEY berganti.",
)
def add_user(email: str, role: str, password_stdin: bool, forget_two_factor: bool) -> None:
    """Membuat akun, atau memberi akun yang ada kata sandi dan peran baru."""
    from aspal.records import accounts, journal

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask_password(email)
    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        try:
            user_id = accounts.add(conn, email, password, role, now)
        except ValueError as error:
            refuse(str(error))
        detail = {"role": role}
        if forget_two_factor and accounts.forget_two_factor(conn, user_id):
            detail["two_factor"] = "forgotten"
        journal.append(conn, [journal.Entry(now, actor(), "user.added", f"user:{user_id}", detail)])
        entrance = f"{house.settings.public_base_url}/login"
    click.echo(f"Akun {email.strip().lower()} siap, peran {role}. Masuk di {entrance}")


def _ask_password(email: str) -> str:
    """Typed twice; one that may not be used is asked for again, with the reason."""
    from aspal.records import accounts

    while True:
        try:
            found: str = click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi", err=True)
        except click.Abort:
            refuse("Kata sandi belum diketik. Jalankan lagi di terminal, atau berikan lewat --password-stdin.")
        trouble = accounts.password_trouble(found, email.strip().lower())
        if trouble is None:
            return found
        click.echo(f"Belum dapat dipakai: {trouble}. Ketik yang lain.", err=True)


@users.command("list")
@as_json_option
def list_users(as_json: bool) -> None:
    """Semua akun dan perannya."""
    from aspal.records import accounts

    with opened() as house, house.db.read() as conn:
        found = accounts.listed(conn)
    payload = {"users": [{"email": a.email, "roles": a.roles, "active": a.active} for a in found]}
    tell(payload, [f"{a.email}: {', '.join(a.roles)}" for a in found] or ["Belum ada akun."], as_json=as_json)
