"""Indexes that the plan of a morning need not write: of what is still empty, and of what nobody looks up by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Index, table, column. Nearly every row is born without a value here.
_SPARSE = (
    ("ix_messages_claimed", "messages", "claimed_at"),
    ("ix_messages_in_reply_to_id", "messages", "in_reply_to_id"),
    ("ix_messages_resend_of_id", "messages", "resend_of_id"),
    ("ix_notices_message_id", "notices", "message_id"),
)


def upgrade() -> None:
    op.drop_index("ix_dispositions_ladder_id", table_name="dispositions")
    for index, table, column in _SPARSE:
        given = sa.text(f"{column} IS NOT NULL")
        op.drop_index(index, table_name=table)
        op.create_index(index, table, [column], unique=False, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for index, table, column in _SPARSE:
        op.drop_index(index, table_name=table)
        op.create_index(index, table, [column], unique=False)
    op.create_index("ix_dispositions_ladder_id", "dispositions", ["ladder_id"], unique=False)
