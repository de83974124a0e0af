"""The first schema."""

import sqlalchemy as sa
from alembic import op

# SQLite numbers rows by itself only where the type is exactly INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index(
        "uq_alarms_open",
        "alarms",
        ["key"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "batches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_sha256"), "batches", ["sha256"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("tracking_id", sa.String(length=20), nullable=True),
        sa.Column("provisional_id", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("last_seen_batch_id", ID, nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["complaints.id"], name=op.f("fk_complaints_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("provisional_id", name=op.f("uq_complaints_provisional_id")),
        sa.UniqueConstraint("tracking_id", name=op.f("uq_complaints_tracking_id")),
    )
    op.create_index(op.f("ix_complaints_merged_into_id"), "complaints", ["merged_into_id"], unique=False)
    op.create_index("ix_complaints_status", "complaints", ["status"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("whatsapp_id", sa.String(length=160), nullable=True),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_reason", sa.Text(), nullable=True),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("phone", name=op.f("uq_contacts_phone")),
        sa.UniqueConstraint("whatsapp_id", name=op.f("uq_contacts_whatsapp_id")),
    )
    op.create_table(
        "days_off",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("observed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
        sa.UniqueConstraint("day", name=op.f("uq_days_off_day")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "journal",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_complaint_id"), "journal", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_journal_subject"), "journal", ["subject"], unique=False)
    op.create_table(
        "ladders",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladders")),
        sa.UniqueConstraint("version", name=op.f("uq_ladders_version")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "login_failures",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    op.create_index(op.f("ix_login_failures_at"), "login_failures", ["at"], unique=False)
    op.create_index(op.f("ix_login_failures_email"), "login_failures", ["email"], unique=False)
    op.create_table(
        "mappings",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("disposed_on", sa.String(length=20), nullable=True),
        sa.Column("secrecy", sa.String(length=20), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mappings")),
        sa.UniqueConstraint("layout", name=op.f("uq_mappings_layout")),
    )
    op.create_table(
        "office_hours",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
        sa.UniqueConstraint("name", name=op.f("uq_office_hours_name")),
    )
    op.create_table(
        "roles",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "simulator_messages",
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=180), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("callback", sa.String(length=300), nullable=True),
        sa.Column("quoted_sid", sa.String(length=40), nullable=True),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_simulator_messages")),
    )
    op.create_index(op.f("ix_simulator_messages_address"), "simulator_messages", ["address"], unique=False)
    op.create_table(
        "switches",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )
    op.create_table(
        "templates",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content_sid", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("content_sid", name=op.f("uq_templates_content_sid")),
        sa.UniqueConstraint("kind", "fingerprint", name=op.f("uq_templates_kind_fingerprint")),
    )
    op.create_table(
        "units",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("name_key", name=op.f("uq_units_name_key")),
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
    )
    op.create_table(
        "absences",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("substitute_id", ID, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_absences_contact_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["contacts.id"], name=op.f("fk_absences_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_contact_id"), "absences", ["contact_id"], unique=False)
    op.create_index(op.f("ix_absences_substitute_id"), "absences", ["substitute_id"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("acting", sa.String(length=3), nullable=True),
        sa.Column("sk_number", sa.String(length=120), nullable=True),
        sa.Column("sk_date", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_appointments_contact_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_appointments_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("contact_id", "unit_id", "role", name=op.f("uq_appointments_contact_id_unit_id_role")),
    )
    op.create_index(op.f("ix_appointments_contact_id"), "appointments", ["contact_id"], unique=False)
    op.create_index(op.f("ix_appointments_unit_id"), "appointments", ["unit_id"], unique=False)
    op.create_table(
        "batch_changes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_changes_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_changes")),
    )
    op.create_index(op.f("ix_batch_changes_batch_id"), "batch_changes", ["batch_id"], unique=False)
    op.create_index("ix_batch_changes_row", "batch_changes", ["table_name", "row_id"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("track", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("disposed_on", sa.Date(), nullable=False),
        sa.Column("disposed_basis", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("ladder_id", ID, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_reason", sa.Text(), nullable=True),
        sa.Column("claim", sa.String(length=12), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_denied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promise_until", sa.Date(), nullable=True),
        sa.Column("rests", sa.JSON(), nullable=False),
        sa.Column("snoozed_days", sa.JSON(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_dispositions_complaint_id")),
        sa.ForeignKeyConstraint(["ladder_id"], ["ladders.id"], name=op.f("fk_dispositions_ladder_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dispositions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositions")),
        sa.UniqueConstraint("code", name=op.f("uq_dispositions_code")),
        sa.UniqueConstraint(
            "complaint_id",
            "unit_id",
            "track",
            "disposed_on",
            name=op.f("uq_dispositions_complaint_id_unit_id_track_disposed_on"),
        ),
    )
    op.create_index(op.f("ix_dispositions_complaint_id"), "dispositions", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_dispositions_ladder_id"), "dispositions", ["ladder_id"], unique=False)
    op.create_index(
        "ix_dispositions_next_look",
        "dispositions",
        ["next_look_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_look_at IS NOT NULL"),
        postgresql_where=sa.text("next_look_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_dispositions_unit_id"), "dispositions", ["unit_id"], unique=False)
    op.create_table(
        "held_rows",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_held_rows_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_rows")),
    )
    op.create_index(op.f("ix_held_rows_batch_id"), "held_rows", ["batch_id"], unique=False)
    op.create_table(
        "unit_aliases",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("alias", sa.String(length=300), nullable=False),
        sa.Column("alias_key", sa.String(length=300), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_aliases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_aliases")),
        sa.UniqueConstraint("alias_key", name=op.f("uq_unit_aliases_alias_key")),
    )
    op.create_index(op.f("ix_unit_aliases_unit_id"), "unit_aliases", ["unit_id"], unique=False)
    op.create_table(
        "users_roles",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_users_roles_role_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_users_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_users_roles")),
    )
    op.create_table(
        "replies",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("provider_sid", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=180), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("understood_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("disposition_id", ID, nullable=True),
        sa.Column("intent", sa.String(length=16), nullable=True),
        sa.Column("matched_by", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_replies_complaint_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_replies_contact_id")),
        sa.ForeignKeyConstraint(["disposition_id"], ["dispositions.id"], name=op.f("fk_replies_disposition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("provider_sid", name=op.f("uq_replies_provider_sid")),
    )
    op.create_index(op.f("ix_replies_complaint_id"), "replies", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_replies_contact_id"), "replies", ["contact_id"], unique=False)
    op.create_index(op.f("ix_replies_disposition_id"), "replies", ["disposition_id"], unique=False)
    op.create_index(
        "ix_replies_stored",
        "replies",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("address", sa.String(length=180), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("workday", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("provider_sid", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_reply_to_id", ID, nullable=True),
        sa.Column("resend_of_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_messages_contact_id")),
        sa.ForeignKeyConstraint(["in_reply_to_id"], ["replies.id"], name=op.f("fk_messages_in_reply_to_id")),
        sa.ForeignKeyConstraint(["resend_of_id"], ["messages.id"], name=op.f("fk_messages_resend_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
        sa.UniqueConstraint("provider_sid", name=op.f("uq_messages_provider_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_messages_token")),
    )
    op.create_index("ix_messages_claimed", "messages", ["claimed_at"], unique=False)
    op.create_index("ix_messages_contact", "messages", ["contact_id", "claimed_at"], unique=False)
    op.create_index(
        "ix_messages_due",
        "messages",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(op.f("ix_messages_in_reply_to_id"), "messages", ["in_reply_to_id"], unique=False)
    op.create_index(op.f("ix_messages_resend_of_id"), "messages", ["resend_of_id"], unique=False)
    op.create_index(
        "ix_messages_sending",
        "messages",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('sending', 'unknown')"),
    )
    op.create_index("ix_messages_workday", "messages", ["workday", "contact_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("disposition_id", ID, nullable=False),
        sa.Column("reply_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=16), nullable=False),
        sa.Column("matched_by", sa.String(length=12), nullable=False),
        sa.Column("promise_until", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_from_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_notes_contact_id")),
        sa.ForeignKeyConstraint(["disposition_id"], ["dispositions.id"], name=op.f("fk_notes_disposition_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_notes_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("reply_id", "disposition_id", name=op.f("uq_notes_reply_id_disposition_id")),
    )
    op.create_index(op.f("ix_notes_contact_id"), "notes", ["contact_id"], unique=False)
    op.create_index(op.f("ix_notes_disposition_id"), "notes", ["disposition_id"], unique=False)
    op.create_index(op.f("ix_notes_reply_id"), "notes", ["reply_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attempts_message_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_message_id"), "attempts", ["message_id"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("reply_id", ID, nullable=False),
        sa.Column("note_id", ID, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provider_ref", sa.String(length=64), nullable=True),
        sa.Column("claimed_type", sa.String(length=120), nullable=False),
        sa.Column("stored_type", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_media_note_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_media_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("reply_id", "position", name=op.f("uq_media_reply_id_position")),
    )
    op.create_index(op.f("ix_media_note_id"), "media", ["note_id"], unique=False)
    op.create_index(op.f("ix_media_reply_id"), "media", ["reply_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("disposition_id", ID, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=30), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("workday", sa.Date(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_notices_contact_id")),
        sa.ForeignKeyConstraint(["disposition_id"], ["dispositions.id"], name=op.f("fk_notices_disposition_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_notices_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "disposition_id",
            "step",
            "contact_id",
            "workday",
            name=op.f("uq_notices_disposition_id_step_contact_id_workday"),
        ),
    )
    op.create_index(op.f("ix_notices_message_id"), "notices", ["message_id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "questions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("reply_ids", sa.JSON(), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_questions_contact_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_questions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_contact_id"), "questions", ["contact_id"], unique=False)
    op.create_index(op.f("ix_questions_message_id"), "questions", ["message_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("provider_sid", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reports_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("provider_sid", "status", name=op.f("uq_reports_provider_sid_status")),
    )
    op.create_index(op.f("ix_reports_message_id"), "reports", ["message_id"], unique=False)
    op.create_index(op.f("ix_reports_token"), "reports", ["token"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reports_token"), table_name="reports")
    op.drop_index(op.f("ix_reports_message_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_questions_message_id"), table_name="questions")
    op.drop_index(op.f("ix_questions_contact_id"), table_name="questions")
    op.drop_table("questions")
    op.drop_index(
        "ix_notices_waiting",
        table_name="notices",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_notices_message_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(op.f("ix_media_reply_id"), table_name="media")
    op.drop_index(op.f("ix_media_note_id"), table_name="media")
    op.drop_table("media")
    op.drop_index(op.f("ix_attempts_message_id"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_notes_reply_id"), table_name="notes")
    op.drop_index(op.f("ix_notes_disposition_id"), table_name="notes")
    op.drop_index(op.f("ix_notes_contact_id"), table_name="notes")
    op.drop_table("notes")
    op.drop_index("ix_messages_workday", table_name="messages")
    op.drop_index(
        "ix_messages_sending",
        table_name="messages",
        sqlite_where=sa.text("state IN ('sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('sending', 'unknown')"),
    )
    op.drop_index(op.f("ix_messages_resend_of_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_in_reply_to_id"), table_name="messages")
    op.drop_index(
        "ix_messages_due",
        table_name="messages",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_messages_contact", table_name="messages")
    op.drop_index("ix_messages_claimed", table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "ix_replies_stored",
        table_name="replies",
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )
    op.drop_index(op.f("ix_replies_disposition_id"), table_name="replies")
    op.drop_index(op.f("ix_replies_contact_id"), table_name="replies")
    op.drop_index(op.f("ix_replies_complaint_id"), table_name="replies")
    op.drop_table("replies")
    op.drop_table("users_roles")
    op.drop_index(op.f("ix_unit_aliases_unit_id"), table_name="unit_aliases")
    op.drop_table("unit_aliases")
    op.drop_index(op.f("ix_held_rows_batch_id"), table_name="held_rows")
    op.drop_table("held_rows")
    op.drop_index(op.f("ix_dispositions_unit_id"), table_name="dispositions")
    op.drop_index(
        "ix_dispositions_next_look",
        table_name="dispositions",
        sqlite_where=sa.text("next_look_at IS NOT NULL"),
        postgresql_where=sa.text("next_look_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_dispositions_ladder_id"), table_name="dispositions")
    op.drop_index(op.f("ix_dispositions_complaint_id"), table_name="dispositions")
    op.drop_table("dispositions")
    op.drop_index("ix_batch_changes_row", table_name="batch_changes")
    op.drop_index(op.f("ix_batch_changes_batch_id"), table_name="batch_changes")
    op.drop_table("batch_changes")
    op.drop_index(op.f("ix_appointments_unit_id"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_contact_id"), table_name="appointments")
    op.drop_table("appointments")
    op.drop_index(op.f("ix_absences_substitute_id"), table_name="absences")
    op.drop_index(op.f("ix_absences_contact_id"), table_name="absences")
    op.drop_table("absences")
    op.drop_table("users")
    op.drop_index(op.f("ix_units_parent_id"), table_name="units")
    op.drop_table("units")
    op.drop_table("templates")
    op.drop_table("switches")
    op.drop_index(op.f("ix_simulator_messages_address"), table_name="simulator_messages")
    op.drop_table("simulator_messages")
    op.drop_table("roles")
    op.drop_table("office_hours")
    op.drop_table("mappings")
    op.drop_index(op.f("ix_login_failures_email"), table_name="login_failures")
    op.drop_index(op.f("ix_login_failures_at"), table_name="login_failures")
    op.drop_table("login_failures")
    op.drop_table("leases")
    op.drop_table("ladders")
    op.drop_index(op.f("ix_journal_subject"), table_name="journal")
    op.drop_index(op.f("ix_journal_complaint_id"), table_name="journal")
    op.drop_table("journal")
    op.drop_table("heartbeats")
    op.drop_table("days_off")
    op.drop_table("contacts")
    op.drop_index("ix_complaints_status", table_name="complaints")
    op.drop_index(op.f("ix_complaints_merged_into_id"), table_name="complaints")
    op.drop_table("complaints")
    op.drop_index(op.f("ix_batches_sha256"), table_name="batches")
    op.drop_table("batches")
    op.drop_index(
        "uq_alarms_open",
        table_name="alarms",
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.drop_table("alarms")
