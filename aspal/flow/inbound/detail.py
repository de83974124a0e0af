"""DETAIL: the document behind the newest recap, as a link that opens it for a few hours. Part of station 6."""

from datetime import timedelta

from aspal.core import signed_link
from aspal.core.wording import short_date
from aspal.flow import recap_audience
from aspal.flow.inbound.turn import Turn
from aspal.records import outbox, recaps

RECENT = timedelta(days=14)
VALID = timedelta(hours=3)  # the provider fetches at once, and again when it was not there
PATH = "/dokumen/{}/rekap.pdf"


def answer(turn: Turn) -> None:
    """Attaches the document. WhatsApp may leave the words out beside a document, so nothing stands in them alone."""
    number = recaps.newest_of(turn.conn, turn.contact.id, turn.now - RECENT)
    if number is None:
        turn.say("rekap_tidak_ada")
        return
    found = recap_audience.still_theirs(turn.conn, turn.calendars, number, turn.now)
    if found is None:
        turn.say("rekap_bukan_pejabat", kantor=turn.settings.office_name)
        return
    token = signed_link.sign(turn.settings.secret_key or "", number, turn.now, VALID)
    day, office = short_date(found.workday), turn.settings.office_name
    words = turn.texts.render("rekap_detail", {"tanggal": day, "kantor": office}).text
    outbox.put_answer(
        turn.conn, contact_id=turn.contact.id, address=turn.form.address, text=words, now=turn.now,
        dedupe_key=f"reply:{turn.reply.id}:rekap_detail", reply_id=turn.reply.id,
        document_url=turn.settings.public_base_url + PATH.format(token),
    )  # fmt: skip
    turn.journal("recap.detail", f"message:{number}")
