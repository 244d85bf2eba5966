"""people talk

Revision: 0004
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
NOTES = (
    ("about", sa.Text(), "Markdown"),
    ("languages", sa.String(length=200), "BCP 47"),
    ("place", sa.String(length=120), "a town or a district"),
    ("shown_to", Json, "field: nobody (default), groups, members or public"),
    (
        "organisation",
        sa.String(length=200),
        "as it was written before organisations could confirm it; for its owner only",
    ),
)
NEVER_AGAIN = {"sqlite_autoincrement": True}  # SQLite copies the table
THREAD = "whose followers hear of it: the entry itself, or the topic of a post"


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("how in ('block', 'mute')", name=op.f("ck_block_how")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_block_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["member.id"], name=op.f("fk_block_other_id_member"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "other_id", name=op.f("pk_block")),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_other_id"), ["other_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("state in ('asked', 'agreed', 'declined', 'closed')", name=op.f("ck_contact_state")),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["member.id"], name=op.f("fk_contact_asked_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["member.id"], name=op.f("fk_contact_asker_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("asker_id", "asked_id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_asked_id"), ["asked_id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "place_id", sa.Integer(), autoincrement=False, nullable=False, comment="a group's entry; 0: all else"
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_digest_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "place_id", name=op.f("pk_digest")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index("ix_digest_due", ["due"], unique=False)

    op.create_table(
        "feed_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_feed_key_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_key_digest")),
    )
    with op.batch_alter_table("feed_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_key_member_id"), ["member_id"], unique=False)

    op.create_table(
        "first_steps",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("skipped", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_first_steps_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_first_steps")),
    )
    op.create_table(
        "forum_author",
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False, comment="as the source writes it"),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_forum_author_member_id_member")),
        sa.PrimaryKeyConstraint("source", "name", name=op.f("pk_forum_author")),
    )
    with op.batch_alter_table("forum_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_author_member_id"), ["member_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False, comment="empty: the site itself"),
        sa.Column("email", sa.String(length=254), nullable=False, comment="empty: whoever has the link"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False, comment="how often it may be used"),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("revoked", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_invitation_by_id_member"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_audience"), ["audience"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_by_id"), ["by_id"], unique=False)

    op.create_table(
        "tag_watch",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=50), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_tag_watch_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "tag", name=op.f("pk_tag_watch")),
    )
    with op.batch_alter_table("tag_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_watch_tag"), ["tag"], unique=False)

    op.create_table(
        "talk_wish",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=12), nullable=False),
        sa.CheckConstraint("who in ('everybody', 'contacts', 'nobody')", name=op.f("ck_talk_wish_who")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_talk_wish_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_talk_wish")),
    )
    op.create_table(
        "wishes",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("asks", sa.String(length=8), nullable=False, comment="mails about what asks for this member"),
        sa.Column("digest", sa.String(length=8), nullable=False, comment="mails about what they follow"),
        sa.Column("read_to", sa.Integer(), nullable=False, comment="everything up to this line of the log is read"),
        sa.Column("beyond", sa.Boolean(), nullable=False, comment="the feed ends with things from neighbouring areas"),
        sa.CheckConstraint("asks in ('now', 'digest', 'never')", name=op.f("ck_wishes_asks")),
        sa.CheckConstraint("digest in ('daily', 'weekly', 'never')", name=op.f("ck_wishes_digest")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_wishes_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_wishes")),
    )
    op.create_table(
        "affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False, comment="what they do there, in their words"),
        sa.Column("since", sa.String(length=10), nullable=False, comment="ISO date, or a year"),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("represents", sa.Boolean(), nullable=False, comment="asks for, or has, a representative's seat"),
        sa.Column("proof", sa.String(length=1000), nullable=False, comment="for who decides, and nobody else"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided", Moment(), nullable=True),
        sa.CheckConstraint("state in ('asked', 'confirmed', 'declined', 'ended')", name=op.f("ck_affiliation_state")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name=op.f("fk_affiliation_decided_by_id_member")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_affiliation_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_affiliation_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_affiliation_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_affiliation_organisation_id_state", ["organisation_id", "state"], unique=False)
        batch_op.create_index(
            "uq_affiliation_open",
            ["member_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("state in ('asked', 'confirmed')"),
            postgresql_where=sa.text("state in ('asked', 'confirmed')"),
        )

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answers", Json, nullable=False, comment="[question, answer]; for admins only"),
        sa.Column("referred_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided", Moment(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_application_state")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name=op.f("fk_application_decided_by_id_member")),
        sa.ForeignKeyConstraint(["group_id"], ["entry.id"], name=op.f("fk_application_group_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_application_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["referred_by_id"], ["member.id"], name=op.f("fk_application_referred_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_group_id_state", ["group_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "uq_application_waiting",
            ["group_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="none: a visitor"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="of a visitor; members have an account"),
        sa.Column(
            "address", sa.String(length=254), nullable=False, comment="the same without look-alikes, to count by"
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False, comment="in which the sender read the form"),
        sa.Column(
            "state", sa.String(length=8), nullable=False, comment="unproved: the sender has yet to press the button"
        ),
        sa.Column("proof", sa.String(length=64), nullable=True, comment="digest of the key in the sender's mail"),
        sa.Column("key", sa.String(length=64), nullable=True, comment="digest of the key to answer with"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False, comment="of the last word of either side"),
        sa.CheckConstraint("state in ('unproved', 'sent')", name=op.f("ck_enquiry_state")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_enquiry_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_enquiry_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("key", name=op.f("uq_enquiry_key")),
        sa.UniqueConstraint("proof", name=op.f("uq_enquiry_proof")),
    )
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.create_index("ix_enquiry_address_created", ["address", "created"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_enquiry_state_last_at", ["state", "last_at"], unique=False)

    op.create_table(
        "forum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="what belongs here, and its house rules; Markdown"),
        sa.Column("place", sa.Integer(), nullable=False, comment="order in the list"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_forum_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum")),
    )
    op.create_table(
        "kept",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_kept_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_kept_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "entry_id", name=op.f("pk_kept")),
    )
    with op.batch_alter_table("kept", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "member_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False, comment="what it is for, in one sentence"),
        sa.Column("text", sa.Text(), nullable=False, comment="its purpose and house rules; Markdown"),
        sa.Column("welcome", sa.Text(), nullable=False, comment="what who joins is shown once; Markdown"),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("joining", sa.String(length=12), nullable=False),
        sa.Column("questions", Json, nullable=False, comment="what who applies is asked"),
        sa.Column("modules", Json, nullable=False),
        sa.Column(
            "inherits", sa.Boolean(), nullable=False, comment="who belongs to the group above belongs to this one"
        ),
        sa.Column("archived", Moment(), nullable=True, comment="since when it is only read"),
        sa.Column("widens", Moment(), nullable=True, comment="when more people will see it; an admin may stop it"),
        sa.Column("widens_to", sa.String(length=8), nullable=False, comment="the visibility that it will have then"),
        sa.Column("noticed", Moment(), nullable=True, comment="when its admins were last told that it is idle"),
        sa.Column("archives", Moment(), nullable=True, comment="when it is archived, unless somebody needs it"),
        sa.CheckConstraint(
            "joining in ('open', 'apply', 'referral', 'invitation')", name=op.f("ck_member_group_joining")
        ),
        sa.CheckConstraint("visibility in ('public', 'members', 'private')", name=op.f("ck_member_group_visibility")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_member_group_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_group")),
    )
    op.create_table(
        "moved_post",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["entry.id"], name=op.f("fk_moved_post_post_id_entry")),
        sa.ForeignKeyConstraint(["topic_id"], ["entry.id"], name=op.f("fk_moved_post_topic_id_entry")),
        sa.PrimaryKeyConstraint("topic_id", "number", name=op.f("pk_moved_post")),
    )
    with op.batch_alter_table("moved_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_post_post_id"), ["post_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="Markdown"),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("voice_id", sa.Integer(), nullable=True, comment="the organisation in whose name it is said"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_post_id_entry")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["entry.id"], name=op.f("fk_post_reply_to_id_entry")),
        sa.ForeignKeyConstraint(["topic_id"], ["entry.id"], name=op.f("fk_post_topic_id_entry")),
        sa.ForeignKeyConstraint(["voice_id"], ["entry.id"], name=op.f("fk_post_voice_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("topic_id", "number", name=op.f("uq_post_topic_id_number")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_reply_to_id"), ["reply_to_id"], unique=False)

    op.create_table(
        "reaction",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("what in ('like', 'recommend', 'interested')", name=op.f("ck_reaction_what")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_reaction_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_reaction_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "member_id", "what", name=op.f("pk_reaction")),
    )
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reaction_member_id"), ["member_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True, comment="none: a visitor"),
        sa.Column("email", sa.String(length=254), nullable=False, comment="of a visitor who wants an answer"),
        sa.Column(
            "reason",
            sa.String(length=20),
            nullable=False,
            comment="harm class: danger, harassment, spam, wrong, other …",
        ),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("disclosed", Json, nullable=False, comment="[{name, at, text}] of a talk"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided", Moment(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False, comment="what the reporter is told"),
        sa.CheckConstraint("state in ('open', 'upheld', 'dismissed')", name=op.f("ck_report_state")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name=op.f("fk_report_decided_by_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_report_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["member.id"], name=op.f("fk_report_reporter_id_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_report_state_at", ["state", "at"], unique=False)

    op.create_table(
        "seen",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_seen_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_seen_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "entry_id", name=op.f("pk_seen")),
    )
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("added", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False, comment="when it is read next"),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("modified", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="how often in a row it could not be read"),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.Column("paused", Moment(), nullable=True, comment="after too many faults, until somebody looks"),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_subscription_by_id_member")),
        sa.ForeignKeyConstraint(["group_id"], ["entry.id"], name=op.f("fk_subscription_group_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("group_id", "url", name=op.f("uq_subscription_group_id_url")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_due", ["due"], unique=False)

    op.create_table(
        "talk_request",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'accepted', 'declined', 'ended')", name=op.f("ck_talk_request_state")),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["member.id"], name=op.f("fk_talk_request_asked_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["member.id"], name=op.f("fk_talk_request_asker_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["entry.id"], name=op.f("fk_talk_request_topic_id_entry")),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_talk_request")),
    )
    with op.batch_alter_table("talk_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_request_asked_id"), ["asked_id"], unique=False)
        batch_op.create_index("ix_talk_request_asker_id_at", ["asker_id", "at"], unique=False)
        batch_op.create_index("ix_talk_request_state_at", ["state", "at"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=12), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True, comment="the page, organisation … talked about"),
        sa.Column("answer_id", sa.Integer(), nullable=True, comment="the post that answers the question"),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False, comment="nobody may answer any more"),
        sa.Column("choices", Json, nullable=False, comment="of a poll; empty: no poll"),
        sa.Column("choose_until", Moment(), nullable=True),
        sa.Column("voice_id", sa.Integer(), nullable=True, comment="the organisation in whose name it is said"),
        sa.Column("posts", sa.Integer(), nullable=False, comment="how many stand; follows from them"),
        sa.Column("last_number", sa.Integer(), nullable=False, comment="the highest number given; follows from them"),
        sa.Column("last_at", Moment(), nullable=False, comment="of the last post; follows from them"),
        sa.Column("last_by_id", sa.Integer(), nullable=True, comment="the same"),
        sa.CheckConstraint("sort in ('discussion', 'question', 'share', 'talk')", name=op.f("ck_topic_sort")),
        sa.ForeignKeyConstraint(["about_id"], ["entry.id"], name=op.f("fk_topic_about_id_entry")),
        sa.ForeignKeyConstraint(["answer_id"], ["entry.id"], name=op.f("fk_topic_answer_id_entry")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_topic_id_entry")),
        sa.ForeignKeyConstraint(["last_by_id"], ["member.id"], name=op.f("fk_topic_last_by_id_member")),
        sa.ForeignKeyConstraint(["voice_id"], ["entry.id"], name=op.f("fk_topic_voice_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("ix_topic_about_id", ["about_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_vote_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["entry.id"], name=op.f("fk_vote_topic_id_entry")),
        sa.PrimaryKeyConstraint("topic_id", "member_id", name=op.f("pk_vote")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_member_id"), ["member_id"], unique=False)

    op.create_table(
        "ask",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False, comment="mention, reply, message, invitation …"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_ask_entry_id_entry")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ask_member_id_member"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["seq"], ["change.seq"], name=op.f("fk_ask_seq_change")),
        sa.PrimaryKeyConstraint("entry_id", "member_id", "why", name=op.f("pk_ask")),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index("ix_ask_member_id_seq", ["member_id", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_ask_seq"), ["seq"], unique=False)

    op.create_table(
        "news_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="a digest of what the source calls it"),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_news_item_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_item")),
        sa.UniqueConstraint("subscription_id", "key", name=op.f("uq_news_item_subscription_id_key")),
    )
    with op.batch_alter_table("news_item", schema=None) as batch_op:
        batch_op.create_index("ix_news_item_at", ["subscription_id", "at"], unique=False)

    op.create_table(
        "profile_word",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False, comment="folded, or a code, or the id of an area"),
        sa.Column("words", sa.String(length=200), nullable=False, comment="as the member wrote it"),
        sa.Column("shown", sa.String(length=8), nullable=False),
        sa.CheckConstraint("shown in ('groups', 'members', 'public')", name=op.f("ck_profile_word_shown")),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile.id"], name=op.f("fk_profile_word_profile_id_profile"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "field", "key", name=op.f("pk_profile_word")),
    )
    with op.batch_alter_table("profile_word", schema=None) as batch_op:
        batch_op.create_index("ix_profile_word_field_key", ["field", "key"], unique=False)

    op.create_table(
        "tag_area",
        sa.Column("tag", sa.String(length=50), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_tag_area_area_id_area")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_tag_area_by_id_member")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_tag_area")),
    )
    with op.batch_alter_table("tag_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_area_area_id"), ["area_id"], unique=False)

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.Integer(), nullable=True, comment=THREAD))
    op.execute("update change set thread_id = entry_id")
    with op.batch_alter_table("change", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.alter_column("thread_id", existing_type=sa.Integer(), existing_comment=THREAD, nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_change_thread_id_entry"), "entry", ["thread_id"], ["id"])
        batch_op.create_index("ix_change_thread_id_seq", ["thread_id", "seq"], unique=False)

    with op.batch_alter_table("entry", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.add_column(
            sa.Column(
                "within_id",
                sa.Integer(),
                nullable=True,
                comment="what it stands in: a post in its topic, a topic in its forum, a page in its group",
            )
        )
        batch_op.add_column(
            sa.Column(
                "stirred",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="the last line of the log by people about it or what belongs to its thread",
            )
        )
        batch_op.create_index(batch_op.f("ix_entry_stirred"), ["stirred"], unique=False)
        batch_op.create_index("ix_entry_within_id_stirred", ["within_id", "stirred"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_entry_within_id_entry"), "entry", ["within_id"], ["id"])

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "letter",
                sa.String(length=20),
                nullable=False,
                server_default="",
                comment="who writes it at the moment it is sent; empty: the words stand here",
            )
        )
        batch_op.add_column(
            sa.Column("about", Json, nullable=False, server_default="{}", comment="what that writer needs to know")
        )
        batch_op.add_column(
            sa.Column(
                "key",
                sa.String(length=80),
                nullable=True,
                comment="what it is about, so that nobody gets it twice; part of its Message-ID",
            )
        )
        batch_op.create_index(batch_op.f("ix_outgoing_member_id"), ["member_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_outgoing_key"), ["key"])
        batch_op.create_foreign_key(
            batch_op.f("fk_outgoing_member_id_member"), "member", ["member_id"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interests", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("learning", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("areas", Json, nullable=False, server_default="[]", comment="ids of areas of focus")
        )
        batch_op.add_column(
            sa.Column("country", sa.String(length=2), nullable=False, server_default="", comment="ISO 3166-1 alpha-2")
        )
        batch_op.add_column(
            sa.Column(
                "links",
                sa.Text(),
                nullable=False,
                server_default="",
                comment="other addresses on the web, one on each line",
            )
        )
        batch_op.add_column(
            sa.Column(
                "photo",
                sa.String(length=64),
                nullable=True,
                comment="content of a picture that is no file: nobody else changes or lists it",
            )
        )
        batch_op.add_column(
            sa.Column(
                "photo_alt", sa.String(length=300), nullable=False, server_default="", comment="the picture in words"
            )
        )
        batch_op.add_column(
            sa.Column(
                "open_to_follow",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="others may follow without asking first",
            )
        )
        batch_op.add_column(
            sa.Column(
                "before_hiding",
                Json,
                nullable=False,
                server_default="{}",
                comment="what undoing “Hide me now” brings back; empty: not hidden in this way",
            )
        )
        batch_op.create_foreign_key(batch_op.f("fk_profile_photo_blob"), "blob", ["photo"], ["digest"])

    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "how",
                sa.String(length=8),
                nullable=False,
                server_default="notices",
                comment="notices: also told of; feed: only listed there; muted: not at all",
            )
        )
        batch_op.add_column(
            sa.Column(
                "since",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="the end of the log when it began: what is older is not new",
            )
        )
        batch_op.add_column(
            sa.Column(
                "mail",
                sa.String(length=8),
                nullable=False,
                server_default="",
                comment="daily, weekly, never; empty: as the member chose for all",
            )
        )
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments and would copy the whole table
        for name, type, comment in NOTES:
            op.alter_column("profile", name, existing_type=type, existing_nullable=False, comment=comment)


def downgrade() -> None:
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_column("mail")
        batch_op.drop_column("since")
        batch_op.drop_column("how")

    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_profile_photo_blob"), type_="foreignkey")
        batch_op.drop_column("before_hiding")
        batch_op.drop_column("open_to_follow")
        batch_op.drop_column("photo_alt")
        batch_op.drop_column("photo")
        batch_op.drop_column("links")
        batch_op.drop_column("country")
        batch_op.drop_column("areas")
        batch_op.drop_column("learning")
        batch_op.drop_column("interests")

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outgoing_member_id_member"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_outgoing_key"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_outgoing_member_id"))
        batch_op.drop_column("key")
        batch_op.drop_column("about")
        batch_op.drop_column("letter")
        batch_op.drop_column("member_id")

    with op.batch_alter_table("entry", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entry_within_id_entry"), type_="foreignkey")
        batch_op.drop_index("ix_entry_within_id_stirred")
        batch_op.drop_index(batch_op.f("ix_entry_stirred"))
        batch_op.drop_column("stirred")
        batch_op.drop_column("within_id")

    with op.batch_alter_table("change", schema=None, table_kwargs=NEVER_AGAIN) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_change_thread_id_entry"), type_="foreignkey")
        batch_op.drop_index("ix_change_thread_id_seq")
        batch_op.drop_column("thread_id")

    with op.batch_alter_table("tag_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_area_area_id"))

    op.drop_table("tag_area")
    with op.batch_alter_table("profile_word", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_word_field_key")

    op.drop_table("profile_word")
    with op.batch_alter_table("news_item", schema=None) as batch_op:
        batch_op.drop_index("ix_news_item_at")

    op.drop_table("news_item")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ask_seq"))
        batch_op.drop_index("ix_ask_member_id_seq")

    op.drop_table("ask")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_member_id"))

    op.drop_table("vote")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_about_id")

    op.drop_table("topic")
    with op.batch_alter_table("talk_request", schema=None) as batch_op:
        batch_op.drop_index("ix_talk_request_state_at")
        batch_op.drop_index("ix_talk_request_asker_id_at")
        batch_op.drop_index(batch_op.f("ix_talk_request_asked_id"))

    op.drop_table("talk_request")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_due")

    op.drop_table("subscription")
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_entry_id"))

    op.drop_table("seen")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_state_at")
        batch_op.drop_index(batch_op.f("ix_report_entry_id"))

    op.drop_table("report")
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reaction_member_id"))

    op.drop_table("reaction")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_reply_to_id"))

    op.drop_table("post")
    with op.batch_alter_table("moved_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_post_post_id"))

    op.drop_table("moved_post")
    op.drop_table("member_group")
    with op.batch_alter_table("kept", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_entry_id"))

    op.drop_table("kept")
    op.drop_table("forum")
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_index("ix_enquiry_state_last_at")
        batch_op.drop_index(batch_op.f("ix_enquiry_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_member_id"))
        batch_op.drop_index("ix_enquiry_address_created")

    op.drop_table("enquiry")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_application_member_id"))
        batch_op.drop_index("ix_application_group_id_state")

    op.drop_table("application")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_affiliation_open",
            sqlite_where=sa.text("state in ('asked', 'confirmed')"),
            postgresql_where=sa.text("state in ('asked', 'confirmed')"),
        )
        batch_op.drop_index("ix_affiliation_organisation_id_state")
        batch_op.drop_index(batch_op.f("ix_affiliation_member_id"))

    op.drop_table("affiliation")
    op.drop_table("wishes")
    op.drop_table("talk_wish")
    with op.batch_alter_table("tag_watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_watch_tag"))

    op.drop_table("tag_watch")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_audience"))

    op.drop_table("invitation")
    with op.batch_alter_table("forum_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_author_member_id"))

    op.drop_table("forum_author")
    op.drop_table("first_steps")
    with op.batch_alter_table("feed_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_key_member_id"))

    op.drop_table("feed_key")
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index("ix_digest_due")

    op.drop_table("digest")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_asked_id"))

    op.drop_table("contact")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_other_id"))

    op.drop_table("block")
