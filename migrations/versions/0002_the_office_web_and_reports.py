"""What the office's web and the reports need."""

import sqlalchemy as sa
from alembic import op

# SQLite numbers rows by itself only where the type is exactly INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "confirmation_rounds",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_rounds")),
    )
    op.create_table(
        "documents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("path", sa.String(length=80), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("made_for", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_created_at"), "documents", ["created_at"], unique=False)
    op.create_table(
        "evidence_documents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("path", sa.String(length=80), nullable=True),
        sa.Column("content_type", sa.String(length=120), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_documents")),
    )
    op.create_index(op.f("ix_evidence_documents_year"), "evidence_documents", ["year"], unique=False)
    op.create_table(
        "message_texts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_texts")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_message_texts_kind_version")),
    )
    op.create_index(
        "uq_message_texts_in_force",
        "message_texts",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_saved_views_owner_name")),
    )
    op.create_table(
        "ladder_drafts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("base_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("ladder_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["ladders.id"], name=op.f("fk_ladder_drafts_base_id")),
        sa.ForeignKeyConstraint(["ladder_id"], ["ladders.id"], name=op.f("fk_ladder_drafts_ladder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_drafts")),
    )
    op.create_index(op.f("ix_ladder_drafts_base_id"), "ladder_drafts", ["base_id"], unique=False)
    op.create_index(op.f("ix_ladder_drafts_ladder_id"), "ladder_drafts", ["ladder_id"], unique=False)
    op.create_index(
        "ix_ladder_drafts_open",
        "ladder_drafts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('editing', 'submitted')"),
        postgresql_where=sa.text("state IN ('editing', 'submitted')"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sessions_key_hash")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("look", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_uploads_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("path", name=op.f("uq_uploads_path")),
    )
    op.create_index(op.f("ix_uploads_batch_id"), "uploads", ["batch_id"], unique=False)
    op.create_index(op.f("ix_uploads_uploaded_at"), "uploads", ["uploaded_at"], unique=False)
    op.create_index(op.f("ix_uploads_uploaded_by"), "uploads", ["uploaded_by"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_confirmations_appointment_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_confirmations_message_id")),
        sa.ForeignKeyConstraint(["round_id"], ["confirmation_rounds.id"], name=op.f("fk_confirmations_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("round_id", "appointment_id", name=op.f("uq_confirmations_round_id_appointment_id")),
    )
    op.create_index(op.f("ix_confirmations_appointment_id"), "confirmations", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_confirmations_message_id"), "confirmations", ["message_id"], unique=False)
    with op.batch_alter_table("batch_changes") as batch:
        batch.add_column(sa.Column("last_row_id", ID, nullable=True))
    op.drop_index(op.f("ix_complaints_merged_into_id"), table_name="complaints")
    op.drop_index(op.f("ix_complaints_status"), table_name="complaints")
    op.create_index("ix_complaints_status", "complaints", ["status", "id"], unique=False)
    op.create_index("ix_complaints_category", "complaints", ["category", "id"], unique=False)
    op.create_index("ix_complaints_channel", "complaints", ["channel", "id"], unique=False)
    op.create_index("ix_complaints_kind", "complaints", ["kind", "id"], unique=False)
    op.create_index(
        "ix_complaints_merged",
        "complaints",
        ["merged_into_id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index(
        "ix_complaints_received",
        "complaints",
        ["received_on", "status"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL"),
    )
    with op.batch_alter_table("contacts") as batch:
        batch.add_column(sa.Column("recaps_off_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("contacts") as batch:
        batch.add_column(sa.Column("office_recaps", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("dispositions") as batch:
        batch.add_column(sa.Column("extended_until", sa.Date(), nullable=True))
    with op.batch_alter_table("dispositions") as batch:
        batch.add_column(sa.Column("exempt_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("dispositions") as batch:
        batch.add_column(sa.Column("exempt_reason", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_dispositions_complaint_id"), table_name="dispositions")
    op.drop_index(op.f("ix_dispositions_unit_id"), table_name="dispositions")
    op.create_index("ix_dispositions_unit_id", "dispositions", ["unit_id", "complaint_id"], unique=False)
    op.create_index(
        "ix_dispositions_claim",
        "dispositions",
        ["claim", "complaint_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND claim IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND claim IS NOT NULL"),
    )
    op.create_index(
        "ix_dispositions_exempt",
        "dispositions",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("exempt_at IS NOT NULL"),
        postgresql_where=sa.text("exempt_at IS NOT NULL"),
    )
    op.create_index(
        "ix_dispositions_open",
        "dispositions",
        ["unit_id", "status", "disposed_on", "level", "complaint_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_dispositions_paused",
        "dispositions",
        ["complaint_id", "paused_until"],
        unique=False,
        sqlite_where=sa.text("paused_until IS NOT NULL"),
        postgresql_where=sa.text("paused_until IS NOT NULL"),
    )
    op.create_index(
        "ix_dispositions_promise",
        "dispositions",
        ["promise_until", "complaint_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND promise_until IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND promise_until IS NOT NULL"),
    )
    op.create_index(
        "ix_dispositions_responded",
        "dispositions",
        ["responded_on", "unit_id", "disposed_on"],
        unique=False,
        sqlite_where=sa.text("responded_on IS NOT NULL"),
        postgresql_where=sa.text("responded_on IS NOT NULL"),
    )
    op.create_index(
        "ix_dispositions_risen",
        "dispositions",
        ["complaint_id", "level"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND level >= 2"),
        postgresql_where=sa.text("ended_at IS NULL AND level >= 2"),
    )
    with op.batch_alter_table("ladders") as batch:
        batch.add_column(sa.Column("approved_by", sa.String(length=200), nullable=True))
    with op.batch_alter_table("ladders") as batch:
        batch.add_column(sa.Column("running", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("ladders") as batch:
        batch.add_column(sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("shadow", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("document_url", sa.String(length=600), nullable=True))
    op.create_index(
        "ix_messages_cost",
        "messages",
        ["workday", "template"],
        unique=False,
        sqlite_where=sa.text("accepted_at IS NOT NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_deciding",
        "messages",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
        postgresql_where=sa.text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
    )
    op.create_index(
        "ix_messages_shadow",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("shadow"),
        postgresql_where=sa.text("shadow"),
    )
    op.create_index("ix_notices_workday", "notices", ["workday", "contact_id"], unique=False)
    op.create_index(
        "ix_replies_tray",
        "replies",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('tray', 'parked', 'unknown_sender')"),
        postgresql_where=sa.text("state IN ('tray', 'parked', 'unknown_sender')"),
    )
    with op.batch_alter_table("units") as batch:
        batch.add_column(sa.Column("live_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("password_temporary", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("tf_primary_method", sa.String(length=64), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("tf_totp_secret", sa.Text(), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("tf_last_counter", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("mf_recovery_codes", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "mf_recovery_codes")
    op.drop_column("users", "tf_last_counter")
    op.drop_column("users", "tf_totp_secret")
    op.drop_column("users", "tf_primary_method")
    op.drop_column("users", "last_login_at")
    op.drop_column("users", "password_temporary")
    op.drop_column("units", "live_since")
    op.drop_index(
        "ix_replies_tray",
        table_name="replies",
        sqlite_where=sa.text("state IN ('tray', 'parked', 'unknown_sender')"),
        postgresql_where=sa.text("state IN ('tray', 'parked', 'unknown_sender')"),
    )
    op.drop_index("ix_notices_workday", table_name="notices")
    op.drop_index(
        "ix_messages_shadow", table_name="messages", sqlite_where=sa.text("shadow"), postgresql_where=sa.text("shadow")
    )
    op.drop_index(
        "ix_messages_deciding",
        table_name="messages",
        sqlite_where=sa.text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
        postgresql_where=sa.text("state IN ('held', 'unknown', 'failed', 'cancelled')"),
    )
    op.drop_index(
        "ix_messages_cost",
        table_name="messages",
        sqlite_where=sa.text("accepted_at IS NOT NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL"),
    )
    op.drop_column("messages", "document_url")
    op.drop_column("messages", "shadow")
    op.drop_column("ladders", "spread_at")
    op.drop_column("ladders", "running")
    op.drop_column("ladders", "approved_by")
    op.drop_index(
        "ix_dispositions_risen",
        table_name="dispositions",
        sqlite_where=sa.text("ended_at IS NULL AND level >= 2"),
        postgresql_where=sa.text("ended_at IS NULL AND level >= 2"),
    )
    op.drop_index(
        "ix_dispositions_responded",
        table_name="dispositions",
        sqlite_where=sa.text("responded_on IS NOT NULL"),
        postgresql_where=sa.text("responded_on IS NOT NULL"),
    )
    op.drop_index(
        "ix_dispositions_promise",
        table_name="dispositions",
        sqlite_where=sa.text("ended_at IS NULL AND promise_until IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND promise_until IS NOT NULL"),
    )
    op.drop_index(
        "ix_dispositions_paused",
        table_name="dispositions",
        sqlite_where=sa.text("paused_until IS NOT NULL"),
        postgresql_where=sa.text("paused_until IS NOT NULL"),
    )
    op.drop_index(
        "ix_dispositions_open",
        table_name="dispositions",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "ix_dispositions_exempt",
        table_name="dispositions",
        sqlite_where=sa.text("exempt_at IS NOT NULL"),
        postgresql_where=sa.text("exempt_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_dispositions_claim",
        table_name="dispositions",
        sqlite_where=sa.text("ended_at IS NULL AND claim IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND claim IS NOT NULL"),
    )
    op.drop_index("ix_dispositions_unit_id", table_name="dispositions")
    op.create_index(op.f("ix_dispositions_unit_id"), "dispositions", ["unit_id"], unique=False)
    op.create_index(op.f("ix_dispositions_complaint_id"), "dispositions", ["complaint_id"], unique=False)
    op.drop_column("dispositions", "exempt_reason")
    op.drop_column("dispositions", "exempt_at")
    op.drop_column("dispositions", "extended_until")
    op.drop_column("contacts", "office_recaps")
    op.drop_column("contacts", "recaps_off_at")
    op.drop_index(
        "ix_complaints_received",
        table_name="complaints",
        sqlite_where=sa.text("merged_into_id IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL"),
    )
    op.drop_index(
        "ix_complaints_merged",
        table_name="complaints",
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.drop_index("ix_complaints_kind", table_name="complaints")
    op.drop_index("ix_complaints_channel", table_name="complaints")
    op.drop_index("ix_complaints_category", table_name="complaints")
    op.drop_index("ix_complaints_status", table_name="complaints")
    op.create_index(op.f("ix_complaints_status"), "complaints", ["status"], unique=False)
    op.create_index(op.f("ix_complaints_merged_into_id"), "complaints", ["merged_into_id"], unique=False)
    op.drop_column("batch_changes", "last_row_id")
    op.drop_index(op.f("ix_confirmations_message_id"), table_name="confirmations")
    op.drop_index(op.f("ix_confirmations_appointment_id"), table_name="confirmations")
    op.drop_table("confirmations")
    op.drop_index(op.f("ix_uploads_uploaded_by"), table_name="uploads")
    op.drop_index(op.f("ix_uploads_uploaded_at"), table_name="uploads")
    op.drop_index(op.f("ix_uploads_batch_id"), table_name="uploads")
    op.drop_table("uploads")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(
        "ix_ladder_drafts_open",
        table_name="ladder_drafts",
        sqlite_where=sa.text("state IN ('editing', 'submitted')"),
        postgresql_where=sa.text("state IN ('editing', 'submitted')"),
    )
    op.drop_index(op.f("ix_ladder_drafts_ladder_id"), table_name="ladder_drafts")
    op.drop_index(op.f("ix_ladder_drafts_base_id"), table_name="ladder_drafts")
    op.drop_table("ladder_drafts")
    op.drop_table("saved_views")
    op.drop_index(
        "uq_message_texts_in_force",
        table_name="message_texts",
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.drop_table("message_texts")
    op.drop_index(op.f("ix_evidence_documents_year"), table_name="evidence_documents")
    op.drop_table("evidence_documents")
    op.drop_index(op.f("ix_documents_created_at"), table_name="documents")
    op.drop_table("documents")
    op.drop_table("confirmation_rounds")
    op.drop_table("api_tokens")
