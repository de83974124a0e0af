"""Strange but genuine webhooks: signed as Twilio signs, posted through the whole web, understood by the worker.

`python -m tests.security.fuzz 100000` runs as many as asked and prints the counts; the suite runs a few hundred.
What must hold: never a 5xx, never a note on a case that is not its writer's, never a reply that breaks the worker.
Nothing is shrunk: what was posted before is a part of what went wrong, so the newest posts are told instead.
"""

import base64
import hmac
import logging
import random
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import and_, select
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import inbound
from aspal.gateways.whatsapp.simulator import ACCOUNT_SID, SENDER
from aspal.gateways.whatsapp.twilio_signature import simulator_token
from aspal.tables import metadata
from aspal.web.factory import create_app
from tests.world import World

INBOUND, STATUS = "/webhooks/twilio/inbound", "/webhooks/twilio/status"
NEVER_MORE_THAN = frozenset({204, 400, 403, 413})
A_TURN = 25  # posts before the worker understands them
A_ROUND = 2_500  # examples hypothesis draws before it starts anew: its memory of them is what makes it slow
LONG, LONG_ONE_IN = 70_000, 150  # letters; rare, because each costs as much as a hundred others

# --- what people, machines and forgers write ------------------------------------------------------------------------

NAUGHTY = (
    "", " ", "\x00", "a\x00b", "\ufeff", "\u202edone", "\u202esudah\u202c ", "ﷺ" * 40, "𝐬𝐮𝐝𝐚𝐡", "١٩١٦٤٤٩",
    "²", "１９１６４４９", "\ud800", "sudah\udfff", "👩\u200d👩\u200d👧\u200d👦" * 30, "🇮🇩", "Z̸̡a̴l̵g̶o̸" * 20,
    "\r\n\r\nFrom: x", "' OR 1=1 --", "'; DROP TABLE notes; --", "{{7*7}}", "${jndi:ldap://x}", "%s%n%d",
    "<script>alert(1)</script>", "../../etc/passwd", "=cmd|' /C calc'!A0", "NaN", "1e309", "-0", "9" * 400,
    "true", "null", "[]", "{}", "\\u0000", "%00", "%ED%A0%80", "\x1b[2J", "\u2028\u2029", "ß", "İ", "ǆ",
    "\U0010ffff",
)  # fmt: skip
SPOKEN = (
    "sudah", "Sudah kami tindaklanjuti", "1916449 sudah", "2050001 sudah ditangani", "3000001 selesai", "#1 #2 #3 #4",
    "A", "B", "a b c", "1", "2", "DAFTAR", "BERHENTI", "MULAI", "BANTUAN", "MENGAPA 2050001", "janji besok",
    "selesai tanggal 31 Februari", "besok lusa kemarin", "bukan kewenangan kami", "minta perpanjangan", "YA", "TIDAK",
    "cuti 12-14 Agustus pengganti 081200000002", "saya cuti", "MAN-2026-0001 sudah",
    "1916449, 1916450 dan 2050001 sudah",
)  # fmt: skip
SID = st.sampled_from(("new", "new", "new", "new", "new", "new", "SM1", "MM2", "SM" + "f" * 32, "SM" + "1" * 500))
WORDS = (
    st.sampled_from(SPOKEN)
    | st.sampled_from(NAUGHTY)
    | st.text(alphabet=st.characters(codec=None), max_size=60)  # surrogates among them
    | st.tuples(st.sampled_from(SPOKEN), st.sampled_from(NAUGHTY)).map(" ".join)
)
ENDLESS = [word * (LONG // len(word)) for word in (*NAUGHTY[3:12], "sudah ", "#1 ", "<b>")]
FROM = st.sampled_from(
    (
        *("sari", "budi") * 4,
        "admin",
        "+6281299998888",
        "ID.4566546130240823",
        "+14155551234",
        "anonymous",
        "admin",
        "sari",
    )
)
PAYLOADS = st.sampled_from(
    [f"{word}:{n}" for word in ("done", "not_ours", "in_process") for n in (0, 1, 2, 3, 4, 99, -1, "x")]
    + ["done", "not_ours", "in_process:", ":", "{}", "choose:A", "done:1:2"]
)
EXTRA = st.dictionaries(
    st.sampled_from(
        ("NumMedia", "MediaUrl0", "MediaContentType0", "Latitude", "Longitude", "Address", "Label", "ProfileName",
         "WaId", "ExternalUserId", "OptOutType", "ListId", "InteractiveData", "FlowData", "Forwarded", "ButtonText",
         "ErrorCode", "MessageStatus", "SmsStatus", "ChannelMetadata", "ReferralBody", "a", "ApiVersion")
    )
    | st.text(max_size=20),
    WORDS | st.sampled_from(("1", "99", "-1", "READ", "read", "STOP", "START", "true", "image/jpeg", "https://x/Media/ME1")),
    max_size=6,
)  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> list[tuple[str, str]]:
    """The fields of one webhook, in any order; some missing, unknown, or there twice."""
    fields = {
        "MessageSid": draw(SID), "AccountSid": ACCOUNT_SID, "From": draw(FROM), "To": f"whatsapp:{SENDER}",
        "Body": draw(WORDS), "NumMedia": "0",
    }  # fmt: skip
    if draw(st.booleans()):
        fields["OriginalRepliedMessageSid"] = draw(st.sampled_from(("quote:sari", "quote:budi", "quote:admin", "SMx")))
    if draw(st.integers(0, 3)) == 0:
        fields["ButtonPayload"] = draw(PAYLOADS)
    if draw(st.integers(0, 2)) == 0:
        fields["MessageStatus"] = draw(st.sampled_from(("delivered", "read", "failed", "sent", "teleported")))
        fields["ErrorCode"] = draw(st.sampled_from(("63024", "63016", "0", "", "abc", "9" * 30)))
    fields |= draw(EXTRA)
    for gone in draw(st.sets(st.sampled_from(sorted(fields)), max_size=1)):
        if draw(st.integers(0, 3)) == 0:
            del fields[gone]
    pairs = list(fields.items())
    if draw(st.integers(0, 5)) == 0:
        pairs += [(draw(st.sampled_from(sorted(fields) or ["x"])), draw(WORDS))]
    return draw(st.permutations(pairs)) if draw(st.booleans()) else pairs


SPELLED = st.sampled_from(
    (
        *("form",) * 12,
        "charset=utf-16",
        "charset=latin-1",
        "charset=none",
        "multipart",
        "broken",
        "json",
        "plain",
        "none",
    )
)


class Target:
    """An office with two units that must never write on each other's cases, and its web."""

    def __init__(self, db: Database) -> None:
        self.world = world = World(db, "2026-08-12 09:00")
        self.client: FlaskClient = create_app(world.house).test_client()
        self.counts: Counter[str] = Counter()
        self.newest: deque[object] = deque(maxlen=A_TURN)
        self._noted, self._pending, self._posted, self._posts = 0, 0, 0, 0
        ours, theirs = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
        office = world.unit("Dinas Kominfo")
        self.people = {
            "sari": world.person("Sari", Role.LIAISON, ours),
            "budi": world.person("Budi", Role.LIAISON, theirs),
            "admin": world.person("Admin", Role.ADMIN, office),
        }
        mine = [world.complaint(number, ours, disposed="2026-08-10") for number in ("1916449", "1916450")]
        his = [world.complaint(number, theirs, disposed="2026-08-10") for number in ("2050001", "2050002")]
        world.complaint("3000001", ours, disposed="2026-08-10", supervised=True)
        world.tick()
        self.allowed = {self.people["sari"].id: self._parts(mine), self.people["budi"].id: self._parts(his)}
        sent = {row.contact_id: row.provider_sid for row in world.rows(t.messages) if row.provider_sid}
        self.sids = {f"quote:{name}": sent.get(who.id, "SMnone") for name, who in self.people.items()}
        # The office is told of everything it may speak about: what its messages carried.
        self.allowed[self.people["admin"].id] = self._told(self.people["admin"].id)

    def _parts(self, complaints: list[int]) -> set[int]:
        return {row.id for row in self.world.rows(t.dispositions) if row.complaint_id in complaints}

    def _told(self, contact_id: int) -> set[int]:
        return {row.disposition_id for row in self.world.rows(t.notices, contact_id=contact_id)}

    def post(self, pairs: list[tuple[str, str]], spelled: str, path: str) -> int:
        """One webhook, signed over what the server will read."""
        pairs = [(name, self._meant(value)) for name, value in pairs]
        self._posts += 1
        if self._posts % LONG_ONE_IN == 0:
            body = ENDLESS[self._posts // LONG_ONE_IN % len(ENDLESS)]
            pairs = [(name, body if name == "Body" else value) for name, value in pairs]
        self.newest.append((spelled, path, [(name, value[:200]) for name, value in pairs]))
        sent, content_type = _encoded(pairs, spelled)
        builder = EnvironBuilder(path, method="POST", input_stream=_stream(sent), content_type=content_type)
        builder.content_length = len(sent)
        environ = builder.get_environ()
        read = Request({**environ, "wsgi.input": _stream(sent)})
        read.max_form_memory_size = 1_000_000
        try:
            signature = _signature(read.form, self.world, path)
        except Exception:  # too big or broken for anybody: the server must say so itself
            signature = "none"
        headers = {"X-Twilio-Signature": signature}
        options = {"content_type": content_type, "data": sent, "headers": headers}
        code = self.client.post(path, **options).status_code
        self.counts[f"{path.rpartition('/')[2]} {code}"] += 1
        assert code in NEVER_MORE_THAN, f"{code} for {pairs!r} as {spelled}"
        self._pending += 1
        if self._pending >= A_TURN:
            self.understand()
        return code

    def understand(self) -> None:
        """The worker's turn, and then the promise: every new note is on a case of its writer."""
        self._pending = 0
        world = self.world
        with world.db.read() as conn:
            calendars = world.house.calendars(conn)
        done = inbound.understand(world.db, world.clock.now(), calendars, world.house.texts, world.settings)
        self.counts.update({name: count for name, count in asdict(done).items() if count})
        assert done.errors == done.parked == 0, done
        for note in self._new_notes():
            self._noted = note.id
            self.counts["notes"] += 1
            assert self._may_speak_of(note.contact_id, note.disposition_id), note
        world.clock.moment += timedelta(minutes=7)

    def _new_notes(self) -> list[Any]:
        query = (
            select(t.notes.c.id, t.notes.c.contact_id, t.notes.c.disposition_id, t.replies.c.address)
            .join(t.replies, t.replies.c.id == t.notes.c.reply_id)
            .where(t.notes.c.id > self._noted)
            .order_by(t.notes.c.id)
        )
        with self.world.db.read() as conn:
            return list(conn.execute(query))

    def _may_speak_of(self, contact_id: int, disposition_id: int) -> bool:
        """One's own cases; and those of whoever one has agreed to stand in for today."""
        today = self.world.clock.now().astimezone(self.world.zone).date()
        agreed = and_(t.absences.c.substitute_id == contact_id, t.absences.c.answered_at.is_not(None),
            t.absences.c.state.in_(("accepted", "cancelled")), t.absences.c.first_day <= today,
            t.absences.c.last_day >= today)  # fmt: skip
        with self.world.db.read() as conn:
            away = set(conn.scalars(select(t.absences.c.contact_id).where(agreed)))
        return any(disposition_id in self.allowed.get(who, set()) for who in {contact_id, *away})

    def _meant(self, value: str) -> str:
        if value == "new":
            self._posted += 1
            return f"SM{self._posted:032d}"
        who = self.people.get(value)
        return f"whatsapp:{who.phone}" if who else self.sids.get(value, value)


def _stream(body: bytes) -> Any:
    from io import BytesIO

    return BytesIO(body)


def _encoded(pairs: list[tuple[str, str]], spelled: str) -> tuple[bytes, str]:
    """The body as bytes: lone surrogates go out as the broken UTF-8 that they are."""
    plain = "&".join(
        f"{quote_plus(name.encode('utf-8', 'surrogatepass'))}={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs
    ).encode()
    urlencoded = "application/x-www-form-urlencoded"
    if spelled in ("multipart", "broken"):
        parts = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (quote_plus(name.encode("utf-8", "replace")).encode(), value.encode("utf-8", "surrogatepass"))
            for name, value in pairs
        )
        return parts + (b"--x--\r\n" if spelled == "multipart" else b"--y"), "multipart/form-data; boundary=x"
    types = {"form": urlencoded, "json": "application/json", "plain": "text/plain", "none": ""}
    return plain, types.get(spelled, f"{urlencoded}; {spelled}")


def _signature(form: Any, world: World, path: str) -> str:
    text = world.settings.public_base_url + path
    text += "".join(name + value for name in sorted(set(form)) for value in sorted(set(form.getlist(name))))
    token = simulator_token(world.settings.secret_key)
    return base64.b64encode(hmac.digest(token.encode(), text.encode("utf-8", "surrogatepass"), "sha1")).decode()


def run(db: Database, examples: int, *, derandomize: bool = False, say: Callable[[int], None] = id) -> Counter[str]:
    """Posts that many webhooks; raises on the first broken promise. `say` hears after each round how many are done."""
    target, done = Target(db), 0
    while done < examples:
        _round(target, min(A_ROUND, examples - done), derandomize=derandomize, number=done)
        done += A_ROUND
        say(min(done, examples))
    target.understand()
    return target.counts


def _round(target: Target, examples: int, *, derandomize: bool, number: int) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(forms(), SPELLED, st.sampled_from((INBOUND, INBOUND, INBOUND, STATUS)))
    def each(pairs: list[tuple[str, str]], spelled: str, path: str) -> None:
        target.post(pairs, spelled, path)

    try:
        seed(number if derandomize else random.getrandbits(64))(each)()
    except BaseException:
        sys.stderr.write("".join(f"{one!r}\n" for one in target.newest))
        raise


def main() -> None:
    """Prints the counts."""
    logging.disable(logging.WARNING)
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder)}/fuzz.db", durable=False)
        metadata.create_all(db.engine)
        began = time.monotonic()

        def say(done: int) -> None:
            sys.stderr.write(f"{done} of {examples} posted, {time.monotonic() - began:.0f} s\n")

        counts = run(db, examples, say=say)
        db.close()
    for name, count in sorted(counts.items()):
        sys.stdout.write(f"{name}: {count}\n")
    sys.stdout.write("5xx: 0\nnotes on cases of others: 0\nreplies that broke the worker: 0\n")


if __name__ == "__main__":
    main()
