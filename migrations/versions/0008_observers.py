"""observers

Revision: 0008
After: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observer",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("wanted", Json, nullable=False, comment="the organisations that said yes"),
        sa.Column("came", Moment(), nullable=True, comment="when they took the seat; none: they have none"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_observer_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_observer_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "member_id", name=op.f("pk_observer")),
    )
    with op.batch_alter_table("observer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observer_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("observer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observer_member_id"))

    op.drop_table("observer")
