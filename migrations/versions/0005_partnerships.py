"""partnerships

Revision: 0005
After: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commons.db import Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "address",
            sa.String(length=2000),
            nullable=False,
            comment="path and parameters of the list: /search?q=wells&near=Kisumu",
        ),
        sa.Column("rhythm", sa.String(length=8), nullable=False, comment="how often a mail tells what is new"),
        sa.Column("since", Moment(), nullable=False, comment="when the member last said that all is seen"),
        sa.Column("seen", sa.Integer(), nullable=False, comment="the end of the log at that moment"),
        sa.Column("told", sa.Integer(), nullable=False, comment="the line of the log up to which mails have told"),
        sa.Column("due", Moment(), nullable=True, comment="the next mail; none: never"),
        sa.Column("created", Moment(), nullable=False),
        sa.CheckConstraint("rhythm in ('never', 'daily', 'weekly')", name=op.f("ck_saved_search_rhythm")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_saved_search_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("member_id", "address", name=op.f("uq_saved_search_member_id_address")),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_due"), ["due"], unique=False)

    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("titles", Json, nullable=False, comment="language: title"),
        sa.Column("texts", Json, nullable=False, comment="language: one paragraph of Markdown"),
        sa.Column("begins", sa.Date(), nullable=False, comment="the first day, UTC; until then it is a draft"),
        sa.Column("until", sa.Date(), nullable=False, comment="the last day, UTC"),
        sa.Column("asks", sa.Boolean(), nullable=False, comment="stays until a member confirms that they have read it"),
        sa.Column("ended", sa.Boolean(), nullable=False, comment="its last day is over, or its author ended it"),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_announcement_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_until"), ["until"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False, comment="what they do there, in their words"),
        sa.Column("voice", sa.String(length=16), nullable=False, comment="of an invitation: the role that is offered"),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="of an invitation: who invited"),
        sa.Column("host", sa.String(length=253), nullable=False, comment="the website's host when the proof began"),
        sa.Column("token", sa.String(length=60), nullable=False, comment="to be found on its site; no secret"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", Moment(), nullable=True, comment="when the worker looks at the site; none: not asked"),
        sa.Column("fault", sa.String(length=300), nullable=False, comment="why the last look found nothing"),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("decided", Moment(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'passed on', 'declined', 'withdrawn')", name=op.f("ck_claim_state")
        ),
        sa.CheckConstraint("way in ('mail', 'token', 'vouchers', 'invited')", name=op.f("ck_claim_way")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_claim_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_claim_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_claim_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_claim_state_due", ["state", "due"], unique=False)
        batch_op.create_index(
            "uq_claim_open",
            ["member_id", "organisation_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the revision"),
        sa.Column("whole", sa.Boolean(), nullable=False, comment="of the whole record; else only of `fields`"),
        sa.Column("fields", Json, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="none: whoever reads the mail of the organisation"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "how",
            sa.String(length=10),
            nullable=False,
            comment="edit: written by its own people; page, mail: confirmed",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["member.id"], name=op.f("fk_confirmation_by_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_confirmation_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index("ix_confirmation_organisation_id_id", ["organisation_id", "id"], unique=False)

    op.create_table(
        "guest",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_guest_invitation_id_invitation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_guest_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_guest")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_member_id"), ["member_id"], unique=False)

    op.create_table(
        "mail_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the key in the mail"),
        sa.Column("purpose", sa.String(length=20), nullable=False, comment="what it opens, and nothing else"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="for which it acts"),
        sa.Column("entry_id", sa.Integer(), nullable=True, comment="what it is about"),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="to whom it was sent; none: to an address"),
        sa.Column("about", Json, nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("used", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_mail_key_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_mail_key_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_mail_key_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_mail_key_digest")),
    )
    with op.batch_alter_table("mail_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_key_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_key_expires"), ["expires"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_key_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_key_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "match_refusal",
        sa.Column("subject_id", sa.Integer(), nullable=False, comment="a need, an offer, or the organisation itself"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="who is no match"),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("organisation_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason in ('field', 'far', 'big', 'partners', 'other')", name=op.f("ck_match_refusal_reason")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["member.id"], name=op.f("fk_match_refusal_by_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_match_refusal_organisation_id_entry")),
        sa.ForeignKeyConstraint(["subject_id"], ["entry.id"], name=op.f("fk_match_refusal_subject_id_entry")),
        sa.PrimaryKeyConstraint("subject_id", "organisation_id", name=op.f("pk_match_refusal")),
    )
    with op.batch_alter_table("match_refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_refusal_by_id"), ["by_id"], unique=False)

    op.create_table(
        "match_told",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["entry.id"], name=op.f("fk_match_told_need_id_entry")),
        sa.ForeignKeyConstraint(["offer_id"], ["entry.id"], name=op.f("fk_match_told_offer_id_entry")),
        sa.PrimaryKeyConstraint("need_id", "offer_id", name=op.f("pk_match_told")),
    )
    op.create_table(
        "match_tuning",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("weights", Json, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_match_tuning_organisation_id_entry")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_match_tuning")),
    )
    op.create_table(
        "openness",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("looking_for", sa.String(length=1000), nullable=False),
        sa.Column("can_bring", sa.String(length=1000), nullable=False),
        sa.Column("conditions", sa.String(length=1000), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False, comment="proposals that it reads at a time"),
        sa.Column("translation", sa.Boolean(), nullable=False, comment="it works with partners through a translation"),
        sa.CheckConstraint("capacity between 0 and 50", name=op.f("ck_openness_capacity")),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_openness_organisation_id_entry")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_openness")),
    )
    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False, comment="the goal, as the signed terms say it"),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("begun", sa.String(length=10), nullable=False, comment="ISO day of the last signature"),
        sa.Column("over", sa.String(length=10), nullable=False, comment="ISO day on which it came to its end"),
        sa.Column("result", sa.String(length=16), nullable=False, comment="only where all parties agreed about it"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="the same in words"),
        sa.Column("sdgs", Json, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False, comment="of the organisation that was asked"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, comment="a party took it out, and no moderator"),
        sa.CheckConstraint(
            "standing in ('active', 'completed', 'ended', 'inactive')", name=op.f("ck_partnership_standing")
        ),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_partnership_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["entry.id"], name=op.f("fk_partnership_proposal_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_partnership_proposal_id")),
    )
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.create_index("ix_partnership_country_since", ["country", "begun"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="what success looks like; Markdown"),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("in_return", sa.String(length=1000), nullable=False),
        sa.Column("quantity", sa.String(length=120), nullable=False, comment="how much, in words: two days a month"),
        sa.Column("country", sa.String(length=2), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("radius", sa.Integer(), nullable=True, comment="km round the place; none: nothing is said about it"),
        sa.Column("remote", sa.Boolean(), nullable=False, comment="it can be done from anywhere"),
        sa.Column("languages", Json, nullable=False, comment="in which one can work together, BCP 47"),
        sa.Column("sdgs", Json, nullable=False),
        sa.Column("starts", sa.String(length=10), nullable=False, comment="ISO date"),
        sa.Column("ends", sa.String(length=10), nullable=False, comment="ISO date"),
        sa.Column(
            "until",
            sa.String(length=10),
            nullable=False,
            comment="ISO date of the last day for answers; empty: permanent",
        ),
        sa.Column("closed", sa.String(length=10), nullable=False, comment="empty: open"),
        sa.Column("closed_on", sa.String(length=10), nullable=False, comment="ISO date"),
        sa.Column("fulfilled_by", sa.String(length=300), nullable=False, comment="who made it come true, in words"),
        sa.CheckConstraint("closed in ('', 'fulfilled', 'withdrawn', 'expired')", name=op.f("ck_posting_closed")),
        sa.CheckConstraint("lat is null or (lat >= -90 and lat <= 90)", name=op.f("ck_posting_lat")),
        sa.CheckConstraint("lon is null or (lon >= -180 and lon <= 180)", name=op.f("ck_posting_lon")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_posting_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_closed_until", ["closed", "until"], unique=False)

    op.create_table(
        "posting_reminder",
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["entry.id"], name=op.f("fk_posting_reminder_posting_id_entry")),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting_reminder")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("since", Moment(), nullable=False, comment="when it came into this stage"),
        sa.Column("counted", Moment(), nullable=False, comment="from when the days of its deadline run"),
        sa.Column("reminded", sa.Integer(), nullable=False, comment="reminders of this stage whose day has passed"),
        sa.Column("extended", sa.Integer(), nullable=False, comment="days by which the deadline was moved"),
        sa.Column("before", sa.String(length=12), nullable=False, comment="the stage in which it was closed"),
        sa.Column("same_id", sa.Integer(), nullable=True, comment="the organisation that brought it into this stage"),
        sa.Column("reason", sa.String(length=20), nullable=False, comment="why it was declined, withdrawn or ended"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="the same in the words of that side"),
        sa.Column("steps", sa.Integer(), nullable=False, comment="the number of the last step"),
        sa.Column("terms", sa.Integer(), nullable=False, comment="the number of the last version of the terms"),
        sa.Column("agreed", sa.Integer(), nullable=False, comment="the version that was signed by all; 0: none yet"),
        sa.Column("mediator_id", sa.Integer(), nullable=True, comment="a moderator whom a party named"),
        sa.Column("mediator_wanted", Json, nullable=False, comment="the organisations that said yes"),
        sa.CheckConstraint(
            (
                "stage in ('interest', 'question', 'exploring', 'proposed', 'negotiating', 'agreed', "
                "'active', 'amending', 'paused', 'ending', 'completed', 'ended', 'inactive', 'declined', "
                "'withdrawn', 'expired', 'archived')"
            ),
            name=op.f("ck_proposal_stage"),
        ),
        sa.ForeignKeyConstraint(["about_id"], ["entry.id"], name=op.f("fk_proposal_about_id_entry")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_proposal_id_entry")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["member.id"], name=op.f("fk_proposal_mediator_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["same_id"], ["entry.id"], name=op.f("fk_proposal_same_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_about_id", ["about_id"], unique=False)
        batch_op.create_index("ix_proposal_stage_counted", ["stage", "counted"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="none: to the address of the record"),
        sa.Column("sent", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=6), nullable=False, comment="none: thirty days passed without one"),
        sa.Column("answered", Moment(), nullable=True),
        sa.CheckConstraint("answer in ('', 'right', 'closed', 'stop', 'none')", name=op.f("ck_reminder_answer")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_reminder_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_reminder_organisation_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_answer_sent", ["answer", "sent"], unique=False)
        batch_op.create_index("ix_reminder_organisation_id_sent", ["organisation_id", "sent"], unique=False)

    op.create_table(
        "shut_door",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_shut_door_organisation_id_entry")),
        sa.ForeignKeyConstraint(["other_id"], ["entry.id"], name=op.f("fk_shut_door_other_id_entry")),
        sa.PrimaryKeyConstraint("organisation_id", "other_id", name=op.f("pk_shut_door")),
    )
    with op.batch_alter_table("shut_door", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shut_door_other_id"), ["other_id"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("voice_id", sa.Integer(), nullable=False, comment="the organisation that says it"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False, comment="evidence: a page of this site, or https"),
        sa.Column("signer_id", sa.Integer(), nullable=True, comment="who stands for the words as they are"),
        sa.Column("reworded", Moment(), nullable=True, comment="when the text was last changed"),
        sa.Column("answer", sa.Text(), nullable=False, comment="of the organisation that it is about"),
        sa.Column("answered", Moment(), nullable=True),
        sa.Column("answerer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["entry.id"], name=op.f("fk_statement_about_id_entry")),
        sa.ForeignKeyConstraint(["answerer_id"], ["member.id"], name=op.f("fk_statement_answerer_id_member")),
        sa.ForeignKeyConstraint(["id"], ["entry.id"], name=op.f("fk_statement_id_entry")),
        sa.ForeignKeyConstraint(["signer_id"], ["member.id"], name=op.f("fk_statement_signer_id_member")),
        sa.ForeignKeyConstraint(["voice_id"], ["entry.id"], name=op.f("fk_statement_voice_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("voice_id", "about_id", name=op.f("uq_statement_voice_id_about_id")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_about_id"), ["about_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("sort", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.CheckConstraint("sort in ('report', 'outcome')", name=op.f("ck_account_sort")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_account_author_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_account_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_account_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_proposal_id_sort", ["proposal_id", "sort"], unique=False)

    op.create_table(
        "announcement_noted",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_noted_announcement_id_announcement")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_announcement_noted_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "member_id", name=op.f("pk_announcement_noted")),
    )
    with op.batch_alter_table("announcement_noted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_noted_member_id"), ["member_id"], unique=False)

    op.create_table(
        "assent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the version"),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False, comment="as the signatory typed it"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the terms that were on the page"),
        sa.CheckConstraint("how in ('accepted', 'signed')", name=op.f("ck_assent_how")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_assent_member_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_assent_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_assent_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assent")),
        sa.UniqueConstraint(
            "proposal_id",
            "number",
            "organisation_id",
            "how",
            name=op.f("uq_assent_proposal_id_number_organisation_id_how"),
        ),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("measure", sa.String(length=300), nullable=False, comment="how one sees that it was kept"),
        sa.Column("who", sa.String(length=100), nullable=False, comment="who looks after it"),
        sa.Column("due", sa.String(length=10), nullable=False, comment="ISO day"),
        sa.Column("kept", sa.String(length=10), nullable=False, comment="ISO day on which it was kept"),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_commitment_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_commitment_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_proposal_id_due", ["proposal_id", "due"], unique=False)

    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="whose word is contested"),
        sa.Column("other_id", sa.Integer(), nullable=False, comment="who contests it"),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False, comment="the second in a row: a moderator decides"),
        sa.Column("ended", Moment(), nullable=True),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.CheckConstraint("how in ('', 'changed', 'taken back', 'stands', 'wrong')", name=op.f("ck_contest_how")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_contest_by_id_member")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contest_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_contest_other_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index("ix_contest_organisation_id_other_id", ["organisation_id", "other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_other_id"), ["other_id"], unique=False)

    op.create_table(
        "enquiry_copy",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the key to answer with"),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="none: it went to the address of the record"),
        sa.Column("address", sa.String(length=254), nullable=False, comment="that address without look-alikes"),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_copy_enquiry_id_enquiry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_enquiry_copy_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_enquiry_copy")),
    )
    with op.batch_alter_table("enquiry_copy", schema=None) as batch_op:
        batch_op.create_index("ix_enquiry_copy_address_at", ["address", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_copy_enquiry_id"), ["enquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_copy_member_id"), ["member_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False, comment="a place, or where to meet online"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("slots", Json, nullable=False, comment="when it could be: ISO moments in UTC"),
        sa.Column("chosen", Moment(), nullable=True),
        sa.Column("guest", sa.String(length=254), nullable=False, comment="address of somebody without an account"),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_meeting_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_meeting_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_meeting_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_partner_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "organisation_id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.String(length=8),
            nullable=False,
            comment="proposed: the parties have yet to agree; invited: it has yet to answer",
        ),
        sa.Column("wanted", Json, nullable=False, comment="the organisations that want it to come in"),
        sa.Column("turn", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False, comment="wants the partnership in the public register"),
        sa.Column("contact_id", sa.Integer(), nullable=True, comment="who answers for it"),
        sa.Column("joined", Moment(), nullable=False),
        sa.Column("left", Moment(), nullable=True),
        sa.CheckConstraint("side in ('sender', 'receiver', 'partner')", name=op.f("ck_party_side")),
        sa.CheckConstraint("state in ('proposed', 'invited', 'in', 'left')", name=op.f("ck_party_state")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["member.id"], name=op.f("fk_party_contact_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_party_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_party_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("proposal_id", "organisation_id", name=op.f("uq_party_proposal_id_organisation_id")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index("ix_party_organisation_id_turn", ["organisation_id", "turn"], unique=False)

    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True, comment="none: a date, or a mediator"),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("came_from", sa.String(length=12), nullable=False),
        sa.Column("went_to", sa.String(length=12), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False, comment="SHA-256 of what went with it"),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_step_actor_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_step_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_step_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_step_proposal_id_number")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("values", Json, nullable=False, comment="the fields of fields.TERMS"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="what is different, and why"),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256 over the agreement that these terms make"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_terms_author_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["entry.id"], name=op.f("fk_terms_organisation_id_entry")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_terms_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_terms_proposal_id_number")),
    )
    op.create_table(
        "voucher",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=3), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("answer in ('', 'yes', 'no')", name=op.f("ck_voucher_answer")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_voucher_claim_id_claim"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_voucher_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("claim_id", "member_id", name=op.f("pk_voucher")),
    )
    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_enquiry_key"), type_="unique")
        batch_op.drop_column("key")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_confirmed", ["confirmed"], unique=False)

    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("contest_id", sa.Integer(), nullable=True, comment="open: the other side says that it is not so")
        )
        batch_op.create_foreign_key(batch_op.f("fk_relation_contest_id_contest"), "contest", ["contest_id"], ["id"])
    # who spoke for an organisation until now could do all of it
    op.execute("update seat set role = 'signatory' where audience like 'organisation:%' and role = 'representative'")


def downgrade() -> None:
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_relation_contest_id_contest"), type_="foreignkey")
        batch_op.drop_column("contest_id")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_confirmed")

    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.VARCHAR(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_enquiry_key"), ["key"])

    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voucher_member_id"))

    op.drop_table("voucher")
    op.drop_table("terms")
    op.drop_table("step")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index("ix_party_organisation_id_turn")

    op.drop_table("party")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_organisation_id"))

    op.drop_table("partner")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_proposal_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("enquiry_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_copy_member_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_copy_enquiry_id"))
        batch_op.drop_index("ix_enquiry_copy_address_at")

    op.drop_table("enquiry_copy")
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_other_id"))
        batch_op.drop_index("ix_contest_organisation_id_other_id")

    op.drop_table("contest")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_proposal_id_due")

    op.drop_table("commitment")
    op.drop_table("assent")
    with op.batch_alter_table("announcement_noted", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_noted_member_id"))

    op.drop_table("announcement_noted")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("ix_account_proposal_id_sort")

    op.drop_table("account")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_about_id"))

    op.drop_table("statement")
    with op.batch_alter_table("shut_door", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shut_door_other_id"))

    op.drop_table("shut_door")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_organisation_id_sent")
        batch_op.drop_index("ix_reminder_answer_sent")

    op.drop_table("reminder")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_stage_counted")
        batch_op.drop_index("ix_proposal_about_id")

    op.drop_table("proposal")
    op.drop_table("posting_reminder")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_closed_until")

    op.drop_table("posting")
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.drop_index("ix_partnership_country_since")

    op.drop_table("partnership")
    op.drop_table("openness")
    op.drop_table("match_tuning")
    op.drop_table("match_told")
    with op.batch_alter_table("match_refusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_refusal_by_id"))

    op.drop_table("match_refusal")
    with op.batch_alter_table("mail_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_key_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_mail_key_member_id"))
        batch_op.drop_index(batch_op.f("ix_mail_key_expires"))
        batch_op.drop_index(batch_op.f("ix_mail_key_entry_id"))

    op.drop_table("mail_key")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_member_id"))

    op.drop_table("guest")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index("ix_confirmation_organisation_id_id")

    op.drop_table("confirmation")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("uq_claim_open", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index("ix_claim_state_due")
        batch_op.drop_index(batch_op.f("ix_claim_organisation_id"))

    op.drop_table("claim")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_until"))

    op.drop_table("announcement")
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_search_due"))

    op.drop_table("saved_search")
    op.execute("update seat set role = 'representative' where audience like 'organisation:%'")
