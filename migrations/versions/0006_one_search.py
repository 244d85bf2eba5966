"""one search

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_search",
        sa.Column("words", sa.String(length=100), nullable=False, comment="folded, without signs"),
        sa.Column("language", sa.String(length=16), nullable=False, comment="of the page on which they were asked"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column(
            "askers",
            sa.Integer(),
            nullable=False,
            comment="different networks that asked on that day, as the web process saw that saw the most of them",
        ),
        sa.CheckConstraint("times > 0 and askers > 0", name=op.f("ck_failed_search_counts")),
        sa.PrimaryKeyConstraint("words", "language", "day", name=op.f("pk_failed_search")),
    )
    with op.batch_alter_table("failed_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_search_day"), ["day"], unique=False)

    op.create_table(
        "search_evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "queries", sa.Integer(), nullable=False, comment="those that have a fitting entry everybody may read"
        ),
        sa.Column("ndcg", sa.Double(), nullable=False, comment="mean nDCG of the first ten, 0 to 1"),
        sa.Column("success", sa.Double(), nullable=False, comment="share with a fitting entry among the first ten"),
        sa.Column(
            "mrr",
            sa.Double(),
            nullable=False,
            comment="mean of 1 / rank of the first fitting entry of those ten, else 0",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_evaluation")),
    )
    op.create_table(
        "evidence",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("share", sa.Double(), nullable=False, comment="how much of the entry is theirs, up to 1"),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("why in ('wrote', 'answered')", name=op.f("ck_evidence_why")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_evidence_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_evidence_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "member_id", "why", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_member_id"), ["member_id"], unique=False)

    op.create_table(
        "judged_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False, comment="as typed"),
        sa.Column("language", sa.String(length=16), nullable=False, comment="of the page on which it was judged"),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Integer(),
            nullable=False,
            comment="0 has nothing to do with it, 1 touches it, 2 fits, 3 is just that",
        ),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("grade between 0 and 3", name=op.f("ck_judged_query_grade")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_judged_query_by_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_judged_query_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_query")),
        sa.UniqueConstraint("query", "language", "entry_id", name=op.f("uq_judged_query_query_language_entry_id")),
    )
    with op.batch_alter_table("judged_query", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judged_query_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("winner_id", sa.Integer(), nullable=False),
        sa.Column("loser_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("moved", Json, nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False, comment="it can still be taken back; else `moved` is empty"),
        sa.Column("undone", Moment(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_merge_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["loser_id"], ["entry.id"], name=op.f("fk_merge_loser_id_entry")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["member.id"], name=op.f("fk_merge_undone_by_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["winner_id"], ["entry.id"], name=op.f("fk_merge_winner_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index("ix_merge_loser_id_undone", ["loser_id", "undone"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_winner_id"), ["winner_id"], unique=False)

    op.create_table(
        "suspect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False, comment="0 to 1"),
        sa.Column("reasons", Json, nullable=False, comment="code, or code:value"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("prints", sa.String(length=32), nullable=False, comment="digest of what was judged different"),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False, comment="when it was found, or decided"),
        sa.CheckConstraint("state in ('open', 'different', 'merged')", name=op.f("ck_suspect_state")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_suspect_order")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_suspect_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["one_id"], ["entry.id"], name=op.f("fk_suspect_one_id_entry")),
        sa.ForeignKeyConstraint(["other_id"], ["entry.id"], name=op.f("fk_suspect_other_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspect")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_suspect_one_id_other_id")),
    )
    with op.batch_alter_table("suspect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspect_other_id"), ["other_id"], unique=False)
        batch_op.create_index("ix_suspect_state_score", ["state", "score"], unique=False)

    op.create_table(
        "search_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "act",
            sa.String(length=12),
            nullable=False,
            comment="wanted: a page; synonym: another name of an area; dismissed: nothing",
        ),
        sa.Column("title", sa.String(length=200), nullable=False, comment="of the page that is wanted"),
        sa.Column("area_id", sa.Integer(), nullable=True, comment="the area that has it as a name now"),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True, comment="when a moderator took it back"),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(act = 'synonym') = (area_id is not null)", name=op.f("ck_search_ruling_area")),
        sa.CheckConstraint("(act = 'wanted') = (title <> '')", name=op.f("ck_search_ruling_title")),
        sa.CheckConstraint("act in ('wanted', 'synonym', 'dismissed')", name=op.f("ck_search_ruling_act")),
        sa.CheckConstraint("(ended is null) = (ended_by_id is null)", name=op.f("ck_search_ruling_ended")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_search_ruling_area_id_area")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_search_ruling_by_id_member")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["member.id"], name=op.f("fk_search_ruling_ended_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_ruling")),
    )
    with op.batch_alter_table("search_ruling", schema=None) as batch_op:
        batch_op.create_index(
            "ix_search_ruling_stands",
            ["words", "language"],
            unique=True,
            sqlite_where=sa.text("ended IS NULL"),
            postgresql_where=sa.text("ended IS NULL"),
        )

    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "named_for",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="others are told what they seem to know about, and by what this is seen",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_column("named_for")

    with op.batch_alter_table("search_ruling", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_search_ruling_stands", sqlite_where=sa.text("ended IS NULL"), postgresql_where=sa.text("ended IS NULL")
        )

    op.drop_table("search_ruling")
    with op.batch_alter_table("suspect", schema=None) as batch_op:
        batch_op.drop_index("ix_suspect_state_score")
        batch_op.drop_index(batch_op.f("ix_suspect_other_id"))

    op.drop_table("suspect")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_winner_id"))
        batch_op.drop_index("ix_merge_loser_id_undone")

    op.drop_table("merge")
    with op.batch_alter_table("judged_query", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judged_query_entry_id"))

    op.drop_table("judged_query")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_member_id"))

    op.drop_table("evidence")
    op.drop_table("search_evaluation")
    with op.batch_alter_table("failed_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_search_day"))

    op.drop_table("failed_search")
