"""the wiki, moderation and watching

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
CHANGES = "field: [old, new], of long texts {hunks: [[line, old lines, new lines], …]}"


def upgrade() -> None:
    op.create_table(
        "page_import",
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column(
            "url", sa.String(length=500), nullable=False, comment="where the source can be seen, if it still can"
        ),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_page_import")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False, comment="which form: page-12-0"),
        sa.Column("fields", Json, nullable=False, comment="name: values, as the form sent them"),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_draft_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_draft_member_id_key")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_at"), ["at"], unique=False)

    op.create_table(
        "page_author",
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False, comment="as the source writes it"),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_page_author_member_id_member")),
        sa.PrimaryKeyConstraint("source", "name", name=op.f("pk_page_author")),
    )
    with op.batch_alter_table("page_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_author_member_id"), ["member_id"], unique=False)

    op.create_table(
        "entry_link",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False, comment="as it is written"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["entry.id"], name=op.f("fk_entry_link_source_id_entry")),
        sa.PrimaryKeyConstraint("source_id", "name", name=op.f("pk_entry_link")),
    )
    with op.batch_alter_table("entry_link", schema=None) as batch_op:
        batch_op.create_index("ix_entry_link_kind_slug", ["kind", "slug"], unique=False)

    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="what the author looked at; 0: a whole new entry waits"
        ),
        sa.Column("values", Json, nullable=False, comment="field: value, as the author sent them"),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided", Moment(), nullable=True),
        sa.Column(
            "reason", sa.String(length=500), nullable=False, comment="why it was returned, or what was changed in it"
        ),
        sa.CheckConstraint("state in ('waiting', 'accepted', 'returned', 'withdrawn')", name=op.f("ck_held_state")),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_held_author_id_member")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name=op.f("fk_held_decided_by_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_held_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
    )
    with op.batch_alter_table("held", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_held_state_at", ["state", "at"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="Markdown, as it was written"),
        sa.Column("summary", sa.String(length=500), nullable=False, comment="the page in one sentence"),
        sa.Column("outline", sa.String(length=20), nullable=False, comment="the template it was begun from"),
        sa.Column(
            "review_by", sa.String(length=10), nullable=False, comment="ISO date by which somebody looks at it again"
        ),
        sa.Column("translation_of", sa.Integer(), nullable=True, comment="the original; none: it is one"),
        sa.Column(
            "translated_version", sa.Integer(), nullable=False, comment="the original's version that this text says"
        ),
        sa.Column(
            "text_version",
            sa.Integer(),
            nullable=False,
            comment="when title, summary or text last changed; follows from it",
        ),
        sa.Column(
            "sources", sa.Integer(), nullable=False, comment="marks that ask for a source; follows from the text"
        ),
        sa.Column("rows", sa.Integer(), nullable=False, comment="lines of its source that an import has brought in"),
        sa.Column("head", sa.Integer(), nullable=False, comment="the version at which the import left it"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_page_id_entry")),
        sa.ForeignKeyConstraint(["translation_of"], ["entry.id"], name=op.f("fk_page_translation_of_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index("ix_page_translation_of", ["translation_of"], unique=False)

    op.create_table(
        "protection",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.String(length=12),
            nullable=False,
            comment="trusted: edits of new members wait; moderators: of all others",
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("until", Moment(), nullable=True, comment="none: until a moderator ends it"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("level in ('trusted', 'moderators')", name=op.f("ck_protection_level")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_protection_by_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_protection_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_protection")),
    )
    op.create_table(
        "watch",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_watch_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_watch_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "entry_id", name=op.f("pk_watch")),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "checked",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_checked_by_id_member")),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_checked_seq_change")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_checked")),
    )
    with op.batch_alter_table("checked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checked_by_id"), ["by_id"], unique=False)

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "trusted",
                Moment(),
                nullable=True,
                comment="since when their edits show at once; none: the first ones may wait for a moderator",
            )
        )

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "hidden",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="a moderator hid its words, note and author; the log says why",
            )
        )

    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments and would copy the whole table
        op.alter_column("revision", "changes", comment=CHANGES, existing_type=Json, existing_nullable=False)
    op.execute("update member set trusted = created where verified is not null")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("revision", "changes", comment="field: [old, new]", existing_type=Json, existing_nullable=False)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("hidden")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("trusted")

    with op.batch_alter_table("checked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checked_by_id"))

    op.drop_table("checked")
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_entry_id"))

    op.drop_table("watch")
    op.drop_table("protection")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index("ix_page_translation_of")

    op.drop_table("page")
    with op.batch_alter_table("held", schema=None) as batch_op:
        batch_op.drop_index("ix_held_state_at")
        batch_op.drop_index(batch_op.f("ix_held_entry_id"))
        batch_op.drop_index(batch_op.f("ix_held_author_id"))

    op.drop_table("held")
    with op.batch_alter_table("entry_link", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_link_kind_slug")

    op.drop_table("entry_link")
    with op.batch_alter_table("page_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_author_member_id"))

    op.drop_table("page_author")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_at"))

    op.drop_table("draft")
    op.drop_table("page_import")
