"""Indexes for the hottest look of a turn and for planning what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
_LIVE = sa.text("status IN ('open', 'parked')")


def upgrade() -> None:
    op.create_index(
        "ix_conversations_live", "conversations", ["program_id", "person_id", "channel"],
        sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("ix_wakes_program_id_kind_due_at", "wakes", ["program_id", "kind", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_wakes_program_id_kind_due_at", "wakes")
    op.drop_index("ix_conversations_live", "conversations")
