"""Case: every page of the menu, and what hangs below it, over an office of many complaints: server time and queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import Connection, String, cast, event, insert, literal, select, text, update

from aspal import tables as t
from aspal.db import Database
from aspal.records import sessions
from bench import office

BUCKETS = 400  # days over which the complaints came in
UNITS = 60
CATEGORIES = ("Infrastruktur", "Kesehatan", "Pendidikan", "Kependudukan", "Perhubungan", "Lingkungan", "Sosial")
CHANNELS = ("Website", "SMS", "Aplikasi", "WhatsApp", "Tatap muka")
BESIDE = (
    "/angka", "/rencana", "/aduan/?status=proses", "/aduan/?cari=balai+warga+nomor+77", "/aduan/?terlambat=1",
    "/aduan/?unit=7&status=selesai", "/aduan/?tingkat=2", "/aduan/?cari=10000077", "/aduan/{case}",
    "/aduan/{case}/mengapa", "/aduan/{case}/cetak", "/aduan/baru", "/aduan/disposisi/{case}/jeda",
    "/pesan/?state=failed", "/kotak-masuk/pilah", "/direktori/cakupan", "/direktori/orang",
)  # fmt: skip


def seed(url: str, cases: int) -> dict[str, int]:
    """An office in its second year, which follows most of its complaints up within days."""
    office.seed(url, cases, due=UNITS * office.CASES_A_LIAISON, told_before=cases)
    db = Database(url)
    with db.write() as conn:
        for bucket in range(BUCKETS):
            _age(conn, cases * bucket // BUCKETS, cases * (bucket + 1) // BUCKETS, BUCKETS - bucket)
        _vary(conn)
        _tell(conn, cases)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE"))
    db.close()
    return {"cases": cases}


def walk(url: str, times: int, cases: int) -> dict[str, Any]:
    """Each page so many times as an admin: its slow requests (p95, in ms) and how often it asks the database."""
    from aspal.web.factory import create_app
    from aspal.web.menu import MENU, has_page
    from aspal.web.server import settle_memory

    house = office.house(url)
    app = create_app(house)
    with app.test_request_context():
        entries = [entry.endpoint for _, listed in MENU for entry in listed if has_page(entry.endpoint)]
        paths = [app.url_for(endpoint) for endpoint in entries]
    client = _logged_in(house.db, app.test_client())
    client.get("/")
    settle_memory()
    pages, loud = {}, cases // 12 * 12
    for path in [*paths, *(path.format(case=loud) for path in BESIDE)]:
        pages[path] = _measured(client, house.db, path, times)
    house.close()
    return {"pages": pages}


def _measured(client: FlaskClient, db: Database, path: str, times: int) -> dict[str, float]:
    with _counted(db) as asked:
        status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path}: {status}")
    taken = []
    for _ in range(times):
        begun = perf_counter()
        client.get(path)
        taken.append((perf_counter() - begun) * 1000)
    return {"p95_ms": round(sorted(taken)[int(len(taken) * 0.95)], 2), "queries": len(asked)}


@contextmanager
def _counted(db: Database) -> Iterator[list[str]]:
    """The statements that are sent while this is open, without the beginnings of transactions."""
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _logged_in(db: Database, client: FlaskClient) -> FlaskClient:
    now, uniquifier = datetime.now(UTC), uuid4().hex
    with db.write() as conn:
        role = conn.scalar(select(t.roles.c.id).where(t.roles.c.name == "admin"))
        role = role or conn.execute(insert(t.roles).values(name="admin").returning(t.roles.c.id)).scalar_one()
        account = {"email": f"{uniquifier}@kantor.test", "password": "-", "fs_uniquifier": uniquifier}
        user = insert(t.users).values(active=True, created_at=now, **account).returning(t.users.c.id)
        user_id = conn.execute(user).scalar_one()
        conn.execute(insert(t.users_roles).values(user_id=user_id, role_id=role))
        key = sessions.begin(conn, user_id, "bench", now)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = uniquifier, True
        session["key"], session["fs_paa"] = key, now.timestamp()
    return client


def _age(conn: Connection, after: int, last: int, age: int) -> None:
    """These complaints came in so many days ago. Of the last fortnight's every other one is open, of the last two
    months' every tenth, of the older ones one in two hundred."""
    c, d = t.complaints, t.dispositions
    day = office.FIRST_DAY.date() - timedelta(age)
    share = 2 if age <= 14 else 10 if age <= 60 else 200
    answered = {"responded_on": day + timedelta(2 + age % 5)}
    ended = {"status": "selesai", "ended_at": office.FIRST_DAY, "end_reason": "finished", "next_look_at": None}
    theirs, its = c.c.id.between(after + 1, last), d.c.id.between(after + 1, last)
    conn.execute(update(c).where(theirs).values(received_on=day))
    conn.execute(update(d).where(its).values(disposed_on=day))
    done = {"status": "selesai", "finished_on": day + timedelta(9)}
    conn.execute(update(c).where(theirs, c.c.id % share != 0).values(**done, **answered))
    conn.execute(update(d).where(its, d.c.id % share != 0).values(**ended, **answered))


def _vary(conn: Connection) -> None:
    """Categories, channels, secrets; of what is open some is in process, high up, claimed or promised, or due soon."""
    c, d = t.complaints, t.dispositions
    for place, word in enumerate(CATEGORIES):
        conn.execute(update(c).where(c.c.id % len(CATEGORIES) == place).values(category=word))
    for place, word in enumerate(CHANNELS):
        conn.execute(update(c).where(c.c.id % len(CHANNELS) == place).values(channel=word))
    conn.execute(update(c).where(c.c.id % 20 == 0).values(confidential=True))
    live = d.c.ended_at.is_(None)
    conn.execute(update(c).where(c.c.status != "selesai", c.c.id % 4 == 0).values(status="proses"))
    conn.execute(update(d).where(live, d.c.id % 4 == 0).values(status="proses"))
    today, soon = office.FIRST_DAY.date(), office.FIRST_DAY + timedelta(days=1)
    for step, values in (
        (3, {"level": 2}), (7, {"level": 3}), (20, {"claim": "extension"}), (1, {"next_look_at": soon}),
        (10, {"promise_until": today - timedelta(1)}),
    ):  # fmt: skip
        conn.execute(update(d).where(live, d.c.id % step == 0).values(**values))


def _tell(conn: Connection, cases: int) -> None:
    """The journal, replies, and one complaint about which very much was said."""
    n = office._numbers(cases)
    office._fill(conn, t.journal, n, {
        "id": n.c.i, "at": office.FIRST_DAY, "actor": "scan", "action": "notice.decided",
        "subject": literal("disposition:") + cast(n.c.i, String), "complaint_id": n.c.i, "detail": {"age": 1},
        "previous": "0" * 64, "hash": "0" * 64,
    })  # fmt: skip
    n = office._numbers(cases // 5)
    office._fill(conn, t.replies, n, {
        "provider_sid": literal("SMin") + cast(n.c.i, String), "address": "+6281210000001", "raw": {"Body": "siap"},
        "received_at": office.FIRST_DAY, "state": "matched", "tries": 1, "complaint_id": n.c.i,
        "contact_id": n.c.i % UNITS + 1 + 10_000_000, "intent": "in_process", "matched_by": "id",
    })  # fmt: skip
    conn.execute(update(t.replies).where(t.replies.c.id % 400 == 0).values(state="tray"))
    conn.execute(update(t.messages).where(t.messages.c.id % 1000 == 0).values(state="failed"))
    conn.execute(update(t.messages).where(t.messages.c.id % 2000 == 7).values(state="held"))
    loud = cases // 12 * 12
    notices = [
        {
            "disposition_id": loud, "step": "R1", "audience": "pejabat_penghubung", "contact_id": 10_000_001,
            "workday": office.FIRST_DAY.date() - timedelta(k), "template": "pengingat_tindak_lanjut", "level": 1,
            "age": k, "state": "bundled", "decided_at": office.FIRST_DAY, "message_id": k + 1,
        }
        for k in range(1, 41)
    ]  # fmt: skip
    conn.execute(insert(t.notices), notices)
    note = {"disposition_id": loud, "written_by": "Penghubung 1", "text": "Sedang kami kerjakan.", "matched_by": "id"}
    conn.execute(insert(t.notes), [note | {"intent": "in_process", "received_at": office.FIRST_DAY}] * 20)
    ids = select(t.journal.c.id).where(t.journal.c.id <= 100)
    conn.execute(update(t.journal).where(t.journal.c.id.in_(ids)).values(complaint_id=loud))
