"""the ground and the directory

Revision: 0001
After: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("taken", sa.String(length=10), nullable=False, comment="ISO date of the source's state"),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="running, done, undone"),
        sa.Column("rows", sa.Integer(), nullable=False, comment="rows read and committed so far"),
        sa.Column("counts", Json, nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_source"), ["source"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("skeleton", sa.String(length=80), nullable=False, comment="the user name without look-alikes"),
        sa.Column(
            "name", sa.String(length=100), nullable=False, comment="shown beside contributions; may be a pseudonym"
        ),
        sa.Column("email", sa.String(length=254), nullable=True, comment="none for placeholders"),
        sa.Column("email_skeleton", sa.String(length=254), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=True, comment="argon2id; none: cannot sign in"),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting: a moderator has yet to say yes"),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column(
            "charter", sa.String(length=16), nullable=False, comment="the version of the charter that was accepted"
        ),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("verified", Moment(), nullable=True, comment="when the address was proved; none: may not write"),
        sa.CheckConstraint("role in ('member', 'moderator', 'administrator')", name=op.f("ck_member_role")),
        sa.CheckConstraint("state in ('waiting', 'active', 'suspended', 'placeholder')", name=op.f("ck_member_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email_skeleton", name=op.f("uq_member_email_skeleton")),
        sa.UniqueConstraint("skeleton", name=op.f("uq_member_skeleton")),
        sa.UniqueConstraint("username", name=op.f("uq_member_username")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
    )
    with op.batch_alter_table("outgoing") as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_due"), ["due"], unique=False)

    op.create_table(
        "position",
        sa.Column("follower", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_position")),
    )
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="SHA-256 of what the program chose"),
        sa.Column(
            "content",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of address and body, to know another request",
        ),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_api_answer_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_api_answer_member_id_key")),
    )
    with op.batch_alter_table("api_answer") as batch_op:
        batch_op.create_index(batch_op.f("ix_api_answer_created"), ["created"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True, comment="none: imported"),
        sa.Column("language", sa.String(length=16), nullable=False, comment="BCP 47; empty: not known"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False, comment="where an import took it from"),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("updated", Moment(), nullable=False),
        sa.CheckConstraint(
            "state in ('live', 'draft', 'pending', 'deleted', 'suppressed')", name=op.f("ck_entry_state")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_entry_author_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_entry_kind_slug")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("entry") as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_audience"), ["audience"], unique=False)
        batch_op.create_index("ix_entry_kind_state_updated", ["kind", "state", "updated"], unique=False)
        batch_op.create_index("ix_entry_source_source_id", ["source", "source_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_seat_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("member_id", "audience", name=op.f("uq_seat_member_id_audience")),
    )
    with op.batch_alter_table("seat") as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_audience"), ["audience"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the key in the cookie"),
        sa.Column(
            "browser", sa.String(length=60), nullable=False, comment="family only, so that a member recognises it"
        ),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_sign_in_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_member_id"), ["member_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("used", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_ticket_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("digest", name=op.f("uq_ticket_digest")),
    )
    with op.batch_alter_table("ticket") as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_member_id"), ["member_id"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("revoked", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_token_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_token_digest")),
    )
    with op.batch_alter_table("token") as batch_op:
        batch_op.create_index(batch_op.f("ix_token_member_id"), ["member_id"], unique=False)

    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("labels", Json, nullable=False, comment="language: label, English left out"),
        sa.Column("definition", Json, nullable=False, comment="language: one or two sentences"),
        sa.Column("synonyms", Json, nullable=False, comment="language: words members use"),
        sa.Column("sdgs", Json, nullable=False),
        sa.Column("targets", Json, nullable=False, comment="SDG targets that mean just this area"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_area_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True, comment="the revision's number, where the change made one"),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("via", sa.String(length=60), nullable=False, comment="token, import …; empty: the site's own pages"),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_change_actor_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_change_entry_id_entry")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change") as batch_op:
        batch_op.create_index(batch_op.f("ix_change_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            "ix_change_by_people",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("actor_id IS NOT NULL"),
            postgresql_where=sa.text("actor_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_change_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("names", Json, nullable=False, comment="other names: value, language, types"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="never in pages; people write by a form"),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("languages", Json, nullable=False, comment="working languages, BCP 47"),
        sa.Column("founded", sa.Integer(), nullable=True),
        sa.Column("sdgs", Json, nullable=False),
        sa.Column("external_ids", Json, nullable=False, comment="scheme: id, as GB-CHC: 1053992"),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_note", sa.String(length=500), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True, comment="of a closed or duplicate record"),
        sa.Column("confirmed", sa.String(length=10), nullable=False, comment="ISO date of the organisation's last yes"),
        sa.Column("extra", Json, nullable=False, comment="fields of a source that we do not know"),
        sa.Column("provenance", Json, nullable=False, comment="field: id of the import it came from"),
        sa.Column("row_digest", sa.String(length=32), nullable=False, comment="of the imported row, to know it again"),
        sa.CheckConstraint("lat is null or (lat >= -90 and lat <= 90)", name=op.f("ck_organisation_lat")),
        sa.CheckConstraint("lon is null or (lon >= -180 and lon <= 180)", name=op.f("ck_organisation_lon")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_organisation_id_entry")),
        sa.ForeignKeyConstraint(["successor_id"], ["entry.id"], name=op.f("fk_organisation_successor_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.create_index("ix_organisation_country_city", ["country", "city"], unique=False)
        batch_op.create_index("ix_organisation_lat_lon", ["lat", "lon"], unique=False)

    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("skills", sa.String(length=500), nullable=False),
        sa.Column("help_with", sa.String(length=500), nullable=False),
        sa.Column("shown_to", Json, nullable=False, comment="field: nobody (default), members or public"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_profile_id_entry")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_profile_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("member_id", name=op.f("uq_profile_member_id")),
    )
    op.create_table(
        "redirect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_redirect_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirect")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_redirect_kind_slug")),
    )
    with op.batch_alter_table("redirect") as batch_op:
        batch_op.create_index(batch_op.f("ix_redirect_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("changes", Json, nullable=False, comment="field: [old, new]"),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="over the digest before it and this revision's content",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_revision_author_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_revision_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_revision_entry_id_number")),
    )
    with op.batch_alter_table("revision") as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_author_id"), ["author_id"], unique=False)

    op.create_table(
        "area_parent",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_parent_area_id_area")),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_parent_id_area")),
        sa.PrimaryKeyConstraint("area_id", "parent_id", name=op.f("pk_area_parent")),
    )
    with op.batch_alter_table("area_parent") as batch_op:
        batch_op.create_index(batch_op.f("ix_area_parent_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "entry_focus",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_entry_focus_area_id_area")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_focus_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", "area_id", name=op.f("pk_entry_focus")),
    )
    with op.batch_alter_table("entry_focus") as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_focus_area_id"), ["area_id"], unique=False)

    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column(
            "external_id",
            sa.String(length=200),
            nullable=False,
            comment="its id at the source; other_id is found by it",
        ),
        sa.Column("name", sa.String(length=300), nullable=False, comment="the only thing known when other_id is empty"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_relation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_relation_other_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation") as batch_op:
        batch_op.create_index("ix_relation_organisation_id_type", ["organisation_id", "type"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_other_id"), ["other_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("relation") as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_other_id"))
        batch_op.drop_index("ix_relation_organisation_id_type")

    op.drop_table("relation")
    with op.batch_alter_table("entry_focus") as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_focus_area_id"))

    op.drop_table("entry_focus")
    with op.batch_alter_table("area_parent") as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_parent_parent_id"))

    op.drop_table("area_parent")
    with op.batch_alter_table("revision") as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_author_id"))

    op.drop_table("revision")
    with op.batch_alter_table("redirect") as batch_op:
        batch_op.drop_index(batch_op.f("ix_redirect_entry_id"))

    op.drop_table("redirect")
    op.drop_table("profile")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_index("ix_organisation_lat_lon")
        batch_op.drop_index("ix_organisation_country_city")

    op.drop_table("organisation")
    with op.batch_alter_table("change") as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_entry_id"))
        batch_op.drop_index(
            "ix_change_by_people",
            sqlite_where=sa.text("actor_id IS NOT NULL"),
            postgresql_where=sa.text("actor_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_change_actor_id"))

    op.drop_table("change")
    op.drop_table("area")
    with op.batch_alter_table("token") as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_member_id"))

    op.drop_table("token")
    with op.batch_alter_table("ticket") as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_member_id"))

    op.drop_table("ticket")
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_member_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_audience"))

    op.drop_table("seat")
    with op.batch_alter_table("entry") as batch_op:
        batch_op.drop_index("ix_entry_source_source_id")
        batch_op.drop_index("ix_entry_kind_state_updated")
        batch_op.drop_index(batch_op.f("ix_entry_audience"))

    op.drop_table("entry")
    with op.batch_alter_table("api_answer") as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_answer_created"))

    op.drop_table("api_answer")
    op.drop_table("position")
    with op.batch_alter_table("outgoing") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_due"))

    op.drop_table("outgoing")
    op.drop_table("member")
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_source"))

    op.drop_table("import_run")
