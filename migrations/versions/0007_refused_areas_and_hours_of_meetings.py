"""refused areas

Revision: 0007
After: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_area",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("marks", Json, nullable=False, comment="digests of words that the text had then"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_refused_area_area_id_area")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["member.id"], name=op.f("fk_refused_area_by_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_refused_area_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", "area_id", name=op.f("pk_refused_area")),
    )
    with op.batch_alter_table("refused_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_area_area_id"), ["area_id"], unique=False)

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "zone",
                sa.String(length=64),
                nullable=False,
                server_default="UTC",
                comment="in whose hours they were offered",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("zone")

    with op.batch_alter_table("refused_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_area_area_id"))

    op.drop_table("refused_area")
