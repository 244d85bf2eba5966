"""files

Revision: 0002
After: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the content, and its name"),
        sa.Column(
            "media_type",
            sa.String(length=100),
            nullable=False,
            comment="found in the content, never taken from a browser",
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("width", sa.Integer(), nullable=True, comment="pixels; only pictures have it"),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False, comment="the text of a document, for the search"),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="of its words: waiting, read, unreadable; none: a picture",
        ),
        sa.CheckConstraint("state in ('waiting', 'read', 'unreadable', 'none')", name=op.f("ck_blob_state")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob")),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(length=120), nullable=False, comment="what a download is called, without its ending"
        ),
        sa.Column("alt", sa.String(length=500), nullable=False, comment="the picture in words, for who cannot see it"),
        sa.Column("purpose", sa.String(length=12), nullable=False, comment="decorative: says nothing, needs no alt"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("credit", sa.String(length=300), nullable=False, comment="who made it"),
        sa.Column(
            "people",
            sa.String(length=12),
            nullable=False,
            comment="can people be recognised? none; agreed: they said yes; empty: not asked",
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("purpose in ('', 'decorative')", name=op.f("ck_file_purpose")),
        sa.CheckConstraint("people in ('', 'none', 'agreed')", name=op.f("ck_file_people")),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_file_digest_blob")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_file_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file") as batch_op:
        batch_op.create_index(batch_op.f("ix_file_digest"), ["digest"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("file") as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_digest"))

    op.drop_table("file")
    op.drop_table("blob")
