"""Every column and constraint: the data dictionary. No behaviour.

Times are stored in UTC and handed out aware. Days (`Date`) are the office's or the unit's local days.
No table has a column for who reported a complaint: that is never stored (UU 27/2022).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from aspal.instant import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _few(name: str, where: str, *columns: str) -> Index:
    """An index of the few rows that the condition holds for; queries must say it in the same words, except that any
    comparison says of its column that it IS NOT NULL."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _ref(name: str, target: str, *, nullable: bool = True, index: bool = True) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


# --- imports: every imported row remembers its batch, so that a batch can be taken back ---------------------------

batches = Table(
    "batches",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),  # directory | roster
    Column("source", String(300), nullable=False),  # file name or "api"
    Column("sha256", String(64), nullable=False, index=True),  # of the file's bytes: the same file again is noticed
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(200), nullable=False),
    Column("undone_at", Instant),
    Column("summary", JSON, nullable=False, default=dict),  # rows, new, changed, unchanged, held, rejected, ...
)

# What a batch did to one row of one table; undo walks these backwards. `before` is null for a new row.
batch_changes = Table(
    "batch_changes",
    metadata,
    _id(),
    _ref("batch_id", "batches", nullable=False),
    Column("table_name", String(40), nullable=False),
    Column("row_id", Id, nullable=False),
    Column("last_row_id", Id),  # new rows from row_id to this one, both included; null: row_id alone
    Column("before", JSON),  # only the columns that changed, as they were
    Column("after", JSON, nullable=False),  # only the columns that changed, as they became
    Index("ix_batch_changes_row", "table_name", "row_id"),
)

# Rows that were understood but not decided (unknown status, unknown unit): kept until an admin settles them.
held_rows = Table(
    "held_rows",
    metadata,
    _id(),
    _ref("batch_id", "batches", nullable=False),
    Column("row_number", Integer, nullable=False),  # as the office sees it in its spreadsheet, from 1
    Column("reason", Text, nullable=False),
    Column("cells", JSON, nullable=False),  # canonical columns only; personal columns were dropped before
    Column("settled_at", Instant),
)

# What an admin answered once for one layout of file (the set of its headers).
mappings = Table(
    "mappings",
    metadata,
    _id(),
    Column("layout", String(64), nullable=False, unique=True),  # sha256 of the normalised headers
    Column("columns", JSON, nullable=False),  # header -> canonical column
    Column("statuses", JSON, nullable=False, default=dict),  # status word -> canonical status
    Column("disposed_on", String(20)),  # received | import: what a blank disposition date means
    Column("secrecy", String(20)),  # open | confidential: what a missing rahasia column means
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", String(200), nullable=False),
)

# A file on its way to becoming a batch: who handed it in, how it is read, how far it is. Forgotten after some days.
uploads = Table(
    "uploads",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),  # directory | roster
    Column("name", String(300), nullable=False),  # as the office calls it
    Column("path", String(80), nullable=False, unique=True),  # below the upload folder, random
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String(200), nullable=False, index=True),
    Column("uploaded_at", Instant, nullable=False, index=True),
    Column("state", String(12), nullable=False),  # mapping previewing previewed applying applied failed
    Column("look", JSON, nullable=False, default=dict),  # its columns and what each was taken as
    Column("answers", JSON, nullable=False, default=dict),  # columns, statuses, disposed_on, secrecy
    Column("report", JSON),  # of the newest preview, or of the import; its lists cut short
    Column("problem", Text),  # why the last step failed
    Column("started_at", Instant),  # of the step that runs; an import's applied_at
    _ref("batch_id", "batches"),
)

# --- directory ------------------------------------------------------------------------------------------------

units = Table(
    "units",
    metadata,
    _id(),
    Column("name", String(300), nullable=False),
    Column("name_key", String(300), nullable=False, unique=True),  # core.names.key(name)
    Column("short_name", String(80)),
    Column("kind", String(40), nullable=False, default="opd"),  # opd bumd kecamatan kelurahan desa rsud kabupaten ...
    _ref("parent_id", "units"),
    Column("time_zone", String(40)),  # null: the office's
    Column("active", Boolean, nullable=False, default=True),
    Column("paused_until", Instant),  # no message about this unit's cases until then
    Column("pause_reason", Text),
    Column("live_since", Instant),  # while units go live one by one: null means that its messages are only written down
)

unit_aliases = Table(
    "unit_aliases",
    metadata,
    _id(),
    _ref("unit_id", "units", nullable=False),
    Column("alias", String(300), nullable=False),
    Column("alias_key", String(300), nullable=False, unique=True),
    Column("confirmed_by", String(200), nullable=False),
    Column("confirmed_at", Instant, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("position", String(200)),  # jabatan
    Column("phone", String(20), unique=True),  # E.164; null while only a WhatsApp id is known
    Column("whatsapp_id", String(160), unique=True),  # Meta's business-scoped id, "ID.4566..."
    Column("guest", Boolean, nullable=False, default=False),  # may receive while RECIPIENTS=guests
    Column("consent_at", Instant),
    Column("opted_out_at", Instant),  # BERHENTI, 21610 or 63014
    Column("unreachable_at", Instant),  # a permanent delivery error
    Column("unreachable_reason", Text),
    Column("last_inbound_at", Instant),  # opens WhatsApp's 24-hour window
    Column("recaps_off_at", Instant),  # wants no recaps; what concerns single cases still arrives
    # Hears the office's recaps without a role in any chain: Bupati, Wakil Bupati, Asisten.
    Column("office_recaps", Boolean, nullable=False, server_default=false()),
    Column("created_at", Instant, nullable=False),
)

appointments = Table(
    "appointments",
    metadata,
    _id(),
    _ref("contact_id", "contacts", nullable=False),
    _ref("unit_id", "units", nullable=False),
    # pejabat_penghubung admin_penghubung pejabat_teknis kepala_opd sekretaris inspektorat sekda admin_instansi
    Column("role", String(30), nullable=False),
    Column("acting", String(3)),  # plt | plh | null; while valid, acting replaces the holder
    Column("sk_number", String(120)),  # the legal basis for writing to this person
    Column("sk_date", Date),
    Column("valid_from", Date),
    Column("valid_until", Date),  # the last valid day, included
    Column("ended_at", Instant),  # taken out of office before valid_until
    UniqueConstraint("contact_id", "unit_id", "role"),
)

absences = Table(
    "absences",
    metadata,
    _id(),
    _ref("contact_id", "contacts", nullable=False),
    _ref("substitute_id", "contacts"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("state", String(12), nullable=False),  # proposed | accepted | declined | cancelled
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
)

# "Masih pejabat penghubung?": one row a round, and one for each appointment that was asked about.
confirmation_rounds = Table(
    "confirmation_rounds",
    metadata,
    _id(),
    Column("started_at", Instant, nullable=False),
    Column("started_by", String(200), nullable=False),
)

confirmations = Table(
    "confirmations",
    metadata,
    _id(),
    _ref("round_id", "confirmation_rounds", nullable=False, index=False),  # the unique key's first column serves
    _ref("appointment_id", "appointments", nullable=False),
    _ref("message_id", "messages"),
    Column("answer", String(8)),  # stays | moved; null: not answered yet
    Column("answered_at", Instant),
    UniqueConstraint("round_id", "appointment_id"),
)

# --- calendar -------------------------------------------------------------------------------------------------

days_off = Table(
    "days_off",
    metadata,
    _id(),
    Column("day", Date, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(12), nullable=False),  # national | collective (cuti bersama) | local
    Column("source", String(200), nullable=False),  # the decree, or who added it
    Column("estimated", Boolean, nullable=False, default=False),  # not decreed yet
    # false: an admin says this day is worked after all; the row stays so that a new seeding does not bring it back
    Column("observed", Boolean, nullable=False, default=True),
)

office_hours = Table(
    "office_hours",
    metadata,
    _id(),
    Column("name", String(80), nullable=False),  # "biasa", "Ramadan 1447 H"
    Column("first_day", Date),  # null: always, unless a dated period covers the day
    Column("last_day", Date),
    # {"0": [["07:30","16:00"]], ..., "4": [["07:30","11:30"],["13:00","16:30"]]}; 0 = Monday; a missing day is closed
    Column("blocks", JSON, nullable=False),
    Column("estimated", Boolean, nullable=False, default=False),
    UniqueConstraint("name"),
)

# --- rules ----------------------------------------------------------------------------------------------------

ladders = Table(
    "ladders",
    metadata,
    _id(),
    Column("version", Integer, nullable=False, unique=True),
    Column("body", JSON, nullable=False),  # core.escalation.Ladder as data
    Column("published_at", Instant, nullable=False),
    Column("published_by", String(200), nullable=False),
    Column("note", Text),
    Column("approved_by", String(200)),  # the second person, where one was needed
    Column("running", Boolean, nullable=False, server_default=false()),  # also for dispositions that were open then
    Column("spread_at", Instant),  # when the last of those had been moved to it; null: some wait, or none was to be
)

# Rules that are being written. `revision` rises with every change: who changes an older one is told, never overwritten.
ladder_drafts = Table(
    "ladder_drafts",
    metadata,
    _id(),
    Column("body", JSON, nullable=False),  # like ladders.body
    _ref("base_id", "ladders"),  # what was in force when it was begun, or last compared; null: the default rules
    Column("revision", Integer, nullable=False, default=1),
    Column("state", String(12), nullable=False),  # editing submitted published discarded
    Column("note", Text),  # why the rules are to change
    Column("running", Boolean, nullable=False, default=False),  # asked for: also for open dispositions
    Column("authors", JSON, nullable=False),  # e-mail addresses of everybody who changed it: none of them approves
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("returned_reason", Text),  # why an approver gave it back
    _ref("ladder_id", "ladders"),  # what it became
    Index(
        "ix_ladder_drafts_open",
        "id",
        sqlite_where=text("state IN ('editing', 'submitted')"),
        postgresql_where=text("state IN ('editing', 'submitted')"),
    ),
)

# --- roster ---------------------------------------------------------------------------------------------------

complaints = Table(
    "complaints",
    metadata,
    _id(),
    Column("tracking_id", String(20), unique=True),  # digits; null until LAPOR has given one
    Column("provisional_id", String(20), unique=True),  # MAN-2026-0001; kept after the merge
    Column("title", String(200)),  # redacted on import
    Column("kind", String(24), nullable=False),  # pengaduan aspirasi permintaan_informasi wbs
    Column("supervised", Boolean, nullable=False, default=False),  # berkadar pengawasan
    Column("category", String(200)),
    Column("status", String(24), nullable=False),  # core.escalation.Status
    Column("channel", String(40)),
    Column("location", String(200)),
    Column("confidential", Boolean, nullable=False, default=True),  # rahasia; unknown counts as confidential
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("link", String(300)),
    Column("received_on", Date, nullable=False),
    Column("verified_on", Date),
    Column("responded_on", Date),  # first response
    Column("finished_on", Date),
    Column("flags", JSON, nullable=False, default=list),  # [{"flag": "went_back", "at": ..., "detail": ...}]
    Column("last_seen_batch_id", Id),  # the newest import that named it
    Column("last_seen_at", Instant),
    Column("created_at", Instant, nullable=False),
    _ref("merged_into_id", "complaints", index=False),  # a hand-typed complaint that has become another row
    # What the list filters by, each in the list's own order.
    Index("ix_complaints_status", "status", "id"),
    Index("ix_complaints_category", "category", "id"),
    Index("ix_complaints_channel", "channel", "id"),
    Index("ix_complaints_kind", "kind", "id"),
    # What the first page counts, without a look at the rows.
    Index(
        "ix_complaints_received",
        "received_on",
        "status",
        sqlite_where=text("merged_into_id IS NULL"),
        postgresql_where=text("merged_into_id IS NULL"),
    ),
    _few("ix_complaints_merged", "merged_into_id IS NOT NULL", "merged_into_id"),
)

dispositions = Table(
    "dispositions",
    metadata,
    _id(),
    _ref("complaint_id", "complaints", nullable=False, index=False),  # the unique key's first column serves
    _ref("unit_id", "units", index=False),  # null only on the verification track: Kominfo's own backlog
    Column("track", String(12), nullable=False, default="follow_up"),  # follow_up | verification
    Column("code", String(8), unique=True),  # the short code printed in messages, "7KX"
    Column("disposed_on", Date, nullable=False),  # day 0: counting starts on the next working day
    Column("disposed_basis", String(12), nullable=False, default="file"),  # file | received | import | typed
    Column("status", String(24), nullable=False),  # LAPOR's word for this unit's part
    Column("responded_on", Date),
    Column("ended_at", Instant),
    Column("end_reason", String(40)),  # finished redisposed renewed archived postponed returned merged undone
    _ref("ladder_id", "ladders", index=False),  # pinned when the disposition was first seen; no version is ever deleted
    Column("level", Integer, nullable=False, default=0),  # the highest step that has been told, as a level
    Column("next_look_at", Instant),  # null: nothing can become due by time alone
    Column("parked_at", Instant),  # poison: looking at it failed; an admin is told
    Column("parked_reason", Text),
    # What the unit said. A claim, never LAPOR's truth.
    Column("claim", String(12)),  # done | in_process | not_ours | extension
    Column("claimed_at", Instant),
    Column("claim_denied_at", Instant),  # an import after the claim still said "belum"
    Column("replied_at", Instant),  # newest reply that became a note
    Column("promise_until", Date),  # the chain rests until the end of this working day
    # Spans in which the clock stood still: [{"first": day, "last": day|null, "why": promise|extension|returned|pause}]
    Column("rests", JSON, nullable=False, default=list),
    Column("snoozed_days", JSON, nullable=False, default=list),  # days on which the daily reminder is left out
    Column("paused_until", Instant),
    Column("pause_reason", Text),
    Column("extended_until", Date),  # the newest extension: until then the case is not late
    Column("exempt_at", Instant),  # never reminded again, until an admin takes it back
    Column("exempt_reason", Text),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("complaint_id", "unit_id", "track", "disposed_on"),
    Index("ix_dispositions_unit_id", "unit_id", "complaint_id"),
    # Few of many: what the list filters by, in its order, and what the first page counts.
    _few("ix_dispositions_open", "ended_at IS NULL", "unit_id", "status", "disposed_on", "level", "complaint_id"),
    _few("ix_dispositions_risen", "ended_at IS NULL AND level >= 2", "complaint_id", "level"),
    _few("ix_dispositions_claim", "ended_at IS NULL AND claim IS NOT NULL", "claim", "complaint_id"),
    _few("ix_dispositions_promise", "ended_at IS NULL AND promise_until IS NOT NULL", "promise_until", "complaint_id"),
    _few("ix_dispositions_paused", "paused_until IS NOT NULL", "complaint_id", "paused_until"),
    _few("ix_dispositions_exempt", "exempt_at IS NOT NULL", "complaint_id"),
    _few("ix_dispositions_responded", "responded_on IS NOT NULL", "responded_on", "unit_id", "disposed_on"),
    Index(
        "ix_dispositions_next_look",
        "next_look_at",
        "id",
        sqlite_where=text("next_look_at IS NOT NULL"),
        postgresql_where=text("next_look_at IS NOT NULL"),
    ),
)

# --- notices and messages -------------------------------------------------------------------------------------

notices = Table(
    "notices",
    metadata,
    _id(),
    _ref("disposition_id", "dispositions", nullable=False, index=False),  # the unique key's first column serves
    Column("step", String(20), nullable=False),
    Column("audience", String(30), nullable=False),  # the role it is addressed to
    _ref("contact_id", "contacts", nullable=False, index=False),
    Column("workday", Date, nullable=False),
    Column("template", String(60), nullable=False),
    Column("level", Integer, nullable=False),
    Column("age", Integer, nullable=False),  # working days counted when it was decided
    Column("state", String(12), nullable=False),  # waiting bundled cancelled; failed: its message did not arrive
    Column("reason", Text),  # why it waits or was cancelled
    Column("decided_at", Instant, nullable=False),
    _ref("message_id", "messages", index=False),
    # The promise of "once": not the scheduler's, this key's.
    UniqueConstraint("disposition_id", "step", "contact_id", "workday"),
    _few("ix_notices_message_id", "message_id IS NOT NULL", "message_id"),
    Index("ix_notices_workday", "workday", "contact_id"),  # what people were told on a day
    Index(
        "ix_notices_waiting",
        "contact_id",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    _ref("contact_id", "contacts", index=False),  # null: an answer to an unknown sender
    Column("address", String(180), nullable=False),  # "+62812..." or "ID.4566..."
    Column("template", String(60)),  # null: free text inside the 24-hour window
    Column("variables", JSON, nullable=False, default=dict),  # {"1": …}: the template's, all of them
    Column("text", Text, nullable=False),  # as the person reads it
    Column("priority", Integer, nullable=False, default=9),  # lower goes first: answers 0, then the highest steps
    Column("workday", Date, nullable=False),
    # waiting held sending unknown accepted sent delivered read failed cancelled
    Column("state", String(12), nullable=False),
    Column("reason", Text),  # why it is held, waits, failed or was cancelled
    Column("dedupe_key", String(200), unique=True),  # recaps, questions, answers: what makes them happen once
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),  # also the retry time after a 429
    Column("expires_at", Instant),  # after this it is stale and is cancelled, never sent late
    Column("token", String(40), unique=True),  # ours, in the StatusCallback; a new one for each attempt
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("claimed_at", Instant),
    Column("looks", Integer, nullable=False, default=0),  # how often reconcile has asked the provider
    Column("provider_sid", String(64), unique=True),
    Column("error_code", Integer),
    Column("accepted_at", Instant),
    Column("sent_at", Instant),
    Column("delivered_at", Instant),
    Column("read_at", Instant),
    Column("failed_at", Instant),
    _ref("in_reply_to_id", "replies", index=False),
    _ref("resend_of_id", "messages", index=False),  # the failed message that this one repeats
    Column("shadow", Boolean, nullable=False, server_default=false()),  # what would have been sent: born cancelled
    Column("document_url", String(600)),  # an attachment: signed, expires, fetched by the provider
    Index(
        "ix_messages_due",
        "priority",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_messages_sending",
        "lease_until",
        sqlite_where=text("state IN ('sending', 'unknown')"),
        postgresql_where=text("state IN ('sending', 'unknown')"),
    ),
    Index("ix_messages_contact", "contact_id", "claimed_at"),
    _few("ix_messages_claimed", "claimed_at IS NOT NULL", "claimed_at"),  # written to lately: asked before every batch
    _few("ix_messages_in_reply_to_id", "in_reply_to_id IS NOT NULL", "in_reply_to_id"),
    _few("ix_messages_resend_of_id", "resend_of_id IS NOT NULL", "resend_of_id"),
    Index("ix_messages_workday", "workday", "contact_id"),
    Index("ix_messages_shadow", "id", sqlite_where=text("shadow"), postgresql_where=text("shadow")),
    Index(  # what somebody may have to decide about, listed by state
        "ix_messages_deciding",
        "state",
        "id",
        sqlite_where=text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
        postgresql_where=text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
    ),
    Index(  # what the months cost: read from the index alone
        "ix_messages_cost",
        "workday",
        "template",
        sqlite_where=text("accepted_at IS NOT NULL"),
        postgresql_where=text("accepted_at IS NOT NULL"),
    ),
)

# A status callback, as it came. Tokens of earlier attempts still find their message.
reports = Table(
    "reports",
    metadata,
    _id(),
    Column("token", String(40), index=True),
    Column("provider_sid", String(64), nullable=False),
    Column("status", String(30), nullable=False),
    Column("error_code", Integer),
    Column("received_at", Instant, nullable=False),
    _ref("message_id", "messages"),  # null: came before we stored the SID; joined later
    Column("raw", JSON, nullable=False),
    UniqueConstraint("provider_sid", "status"),
)

# Every attempt's token, so that a report about an older attempt is not lost when the message was claimed again.
attempts = Table(
    "attempts",
    metadata,
    Column("token", String(40), primary_key=True),
    _ref("message_id", "messages", nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("outcome", String(20)),  # accepted retry failed unknown; null while in the air
    Column("detail", Text),
)

# --- replies and notes ----------------------------------------------------------------------------------------

replies = Table(
    "replies",
    metadata,
    _id(),
    Column("provider_sid", String(64), nullable=False, unique=True),
    Column("address", String(180), nullable=False),  # "+62812..." or "ID.4566...", as far as the form told
    Column("raw", JSON, nullable=False),  # the whole form, untouched but for NUL and lone surrogates
    Column("received_at", Instant, nullable=False),
    # stored, then: matched asked tray unknown_sender command; parked: not understood; dismissed: by an admin
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("tries", Integer, nullable=False, default=0),
    Column("understood_at", Instant),
    _ref("contact_id", "contacts"),
    _ref("complaint_id", "complaints"),
    _ref("disposition_id", "dispositions"),
    Column("intent", String(16)),
    Column("matched_by", String(12)),
    Index(
        "ix_replies_stored",
        "id",
        sqlite_where=text("state = 'stored'"),
        postgresql_where=text("state = 'stored'"),
    ),
    Index(  # what waits for somebody at the office
        "ix_replies_tray",
        "state",
        "id",
        sqlite_where=text("state IN ('tray', 'parked', 'unknown_sender')"),
        postgresql_where=text("state IN ('tray', 'parked', 'unknown_sender')"),
    ),
)

# "Untuk laporan yang mana?" - what we asked a contact, and what each letter stands for.
questions = Table(
    "questions",
    metadata,
    _id(),
    _ref("contact_id", "contacts", nullable=False),
    Column("topic", String(16), nullable=False),  # which_case | substitute | promise_date
    Column("options", JSON, nullable=False),  # {"A": disposition_id, ...} or topic-specific
    Column("reply_ids", JSON, nullable=False, default=list),  # the replies that wait for the answer
    _ref("message_id", "messages"),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("answered_at", Instant),
)

notes = Table(
    "notes",
    metadata,
    _id(),
    _ref("disposition_id", "dispositions", nullable=False),
    _ref("reply_id", "replies"),
    _ref("contact_id", "contacts"),
    Column("written_by", String(200), nullable=False),  # name and role at that time
    Column("text", Text, nullable=False),
    Column("intent", String(16), nullable=False),  # done in_process promise not_ours extension note
    Column("matched_by", String(12), nullable=False),  # quote button id code only_case asked admin
    Column("promise_until", Date),
    Column("received_at", Instant, nullable=False),
    Column("moved_from_id", Id),  # the disposition an admin moved it away from
    UniqueConstraint("reply_id", "disposition_id"),
)

media = Table(
    "media",
    metadata,
    _id(),
    _ref("reply_id", "replies", nullable=False),
    _ref("note_id", "notes"),
    Column("position", Integer, nullable=False),  # N of MediaUrlN
    Column("provider_ref", String(64)),  # ME..., or the simulator's id
    Column("claimed_type", String(120), nullable=False),
    Column("stored_type", String(120)),  # sniffed from the bytes
    Column("state", String(12), nullable=False),  # waiting stored refused
    Column("reason", Text),
    Column("tries", Integer, nullable=False, default=0),
    Column("not_before", Instant, nullable=False),
    Column("path", String(200)),  # below MEDIA_DIR, random
    Column("size", BigInteger),
    Column("sha256", String(64)),
    UniqueConstraint("reply_id", "position"),
)

# --- reports and evidence ---------------------------------------------------------------------------------------

# A document that is being made, or lies ready for some days.
documents = Table(
    "documents",
    metadata,
    _id(),
    Column("kind", String(30), nullable=False),  # rapor_xlsx rapor_pdf letter letters proof evidence
    Column("asked", JSON, nullable=False),  # what it is about: period, unit, complaint
    Column("file_name", String(120), nullable=False),  # as it is downloaded
    Column("state", String(12), nullable=False),  # making ready failed
    Column("progress", Integer, nullable=False, server_default="0"),  # per cent
    Column("path", String(80)),  # below the documents' folder, random
    Column("problem", Text),
    Column("made_for", String(200), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

# Bukti dukung of the yearly evaluation form: uploads, and the log of socialisations.
evidence_documents = Table(
    "evidence_documents",
    metadata,
    _id(),
    Column("year", Integer, nullable=False, index=True),
    Column("aspect", String(20), nullable=False),  # sk_tim rencana_aksi sosialisasi kanal rapor lainnya
    Column("title", String(300), nullable=False),  # of a socialisation: its topic
    Column("happened_on", Date),
    Column("participants", Integer),
    Column("place", String(200)),
    Column("file_name", String(200)),  # as the office called it
    Column("path", String(80)),  # below MEDIA_DIR, random; null: a line of the log without a file
    Column("content_type", String(120)),  # sniffed from the bytes
    Column("size", BigInteger),
    Column("sha256", String(64)),
    Column("added_by", String(200), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("removed_at", Instant),
)

# --- templates, journal, housekeeping -------------------------------------------------------------------------

templates = Table(
    "templates",
    metadata,
    _id(),
    Column("kind", String(60), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the TOML's approved parts; a changed text is a new row
    Column("name", String(120), nullable=False),  # as registered at WhatsApp
    Column("content_sid", String(64), unique=True),
    Column("status", String(20), nullable=False),  # pushed received pending approved rejected paused disabled
    Column("category", String(20)),
    Column("reason", Text),
    Column("checked_at", Instant),
    Column("stopped_at", Instant),  # nothing of this kind is sent while set
    UniqueConstraint("kind", "fingerprint"),
)

# Texts that the office wrote instead of those in templates_msg, each a version of its own. A kind without a row in
# force speaks as its file does.
message_texts = Table(
    "message_texts",
    metadata,
    _id(),
    Column("kind", String(60), nullable=False),
    Column("version", Integer, nullable=False),  # from 1 in each kind; the file itself is 0
    Column("body", Text, nullable=False),  # with {variables} by name, as in the file
    Column("samples", JSON, nullable=False),  # variable -> sample
    Column("titles", JSON, nullable=False),  # the buttons' titles in the file's order; their ids stay the file's
    Column("state", String(12), nullable=False),  # proposed in_force replaced withdrawn
    Column("note", Text),  # why it was changed
    Column("written_by", String(200), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("in_force_at", Instant),
    UniqueConstraint("kind", "version"),
    Index(
        "uq_message_texts_in_force",
        "kind",
        unique=True,
        sqlite_where=text("state = 'in_force'"),
        postgresql_where=text("state = 'in_force'"),
    ),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # gapless, given by the writer: a missing one shows
    Column("at", Instant, nullable=False),
    Column("actor", String(200), nullable=False),  # "scan", "contact:12", "admin@..."
    Column("action", String(60), nullable=False),
    Column("subject", String(80), nullable=False, index=True),  # "disposition:7", "message:9"
    Column("complaint_id", Id, index=True),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Instant, nullable=False),  # last run that ended well
    Column("every_seconds", Integer, nullable=False),
    Column("detail", Text),
    Column("failing_since", Instant),
    Column("failure", Text),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("until", Instant, nullable=False),
)

# One row a switch: office pause, LAPOR is down, provider stop, ladder in force, ...
switches = Table(
    "switches",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("until", Instant),
    Column("reason", Text),
    Column("set_by", String(200), nullable=False),
    Column("set_at", Instant, nullable=False),
)

# What an admin must look at. One open row a key; it closes when the cause is gone.
alarms = Table(
    "alarms",
    metadata,
    _id(),
    Column("key", String(160), nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Index(
        "uq_alarms_open",
        "key",
        unique=True,
        sqlite_where=text("cleared_at IS NULL"),
        postgresql_where=text("cleared_at IS NULL"),
    ),
)

# The simulator gateway's own memory: what Twilio would hold on its side. Never read by the stations.
simulator_messages = Table(
    "simulator_messages",
    metadata,
    Column("sid", String(40), primary_key=True),
    Column("direction", String(8), nullable=False),  # outbound | inbound
    Column("address", String(180), nullable=False, index=True),  # the phone it belongs to
    Column("body", Text, nullable=False),
    Column("buttons", JSON, nullable=False, default=list),
    Column("status", String(20), nullable=False),
    Column("callback", String(300)),
    Column("quoted_sid", String(40)),
    Column("media", JSON, nullable=False, default=list),
    Column("created_at", Instant, nullable=False),
)

# --- accounts -------------------------------------------------------------------------------------------------

roles = Table(
    "roles",
    metadata,
    _id(),
    Column("name", String(20), nullable=False, unique=True),  # admin | approver | viewer
    Column("description", String(200)),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("email", String(200), nullable=False, unique=True),
    Column("password", String(300), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),  # changing it ends every session
    Column("created_at", Instant, nullable=False),
    Column("password_temporary", Boolean, nullable=False, server_default=false()),  # given by an admin: to be changed
    Column("last_login_at", Instant),
    # The second factor. Secret and recovery codes are encrypted with a key made from SECRET_KEY.
    Column("tf_primary_method", String(64)),  # "authenticator" | null; Flask-Security's name
    Column("tf_totp_secret", Text),
    Column("tf_last_counter", BigInteger),  # the time step of the last code taken: none is taken twice
    Column("mf_recovery_codes", JSON),
)

# A list's filters under a name, as they stand in the address.
saved_views = Table(
    "saved_views",
    metadata,
    _id(),
    Column("owner", String(200), nullable=False),  # the account's address
    Column("name", String(80), nullable=False),
    Column("query", String(1000), nullable=False),  # "status=proses&unit=4"
    Column("shared", Boolean, nullable=False),  # everybody's choice, still only the owner's to remove
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("owner", "name"),
)

users_roles = Table(
    "users_roles",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True),
    Column("role_id", Id, ForeignKey("roles.id"), primary_key=True),
)

# One row a login. The cookie carries the key, we keep its hash: a session ends here, not where the cookie lies.
sessions = Table(
    "sessions",
    metadata,
    _id(),
    Column("key_hash", String(64), nullable=False, unique=True),
    _ref("user_id", "users", nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("agent", String(200)),  # the browser's word for itself, so that its owner knows which one it is
)

# What programs of the office carry instead of a login: only for /api, never for pages.
api_tokens = Table(
    "api_tokens",
    metadata,
    _id(),
    Column("name", String(120), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scope", String(12), nullable=False),  # read | import
    Column("created_by", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
)

login_failures = Table(
    "login_failures",
    metadata,
    _id(),
    Column("email", String(200), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
)
