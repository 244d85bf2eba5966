"""Claiming to speak for an organisation, and the three ways to show it: a mail to its own domain, a line on its site, two people
who know the person. Where the organisation has people here, it is theirs to decide."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from commons.db import db, lock, now, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.asks import VOICES, ask
from commons.members.models import Member, Outgoing
from commons.moderation.newcomers import is_new
from commons.people.actions import own_profile
from commons.people.models import Affiliation
from commons.people.queries.affiliations import open_at
from commons.text import clean_line, problems
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.representing.actions.seats import seat
from directory.representing.domains import host_of, is_own, mail_domain
from directory.representing.keys import use_key
from directory.representing.models import Claim, Voucher
from directory.representing.queries.claims import (
    A_DAY,
    AT_ONCE,
    VOUCHERS,
    can_vouch,
    enough,
    made_today,
    moved_lately,
    open_claim,
    open_many,
    shares_parent,
    vouchers_of,
)
from directory.representing.queries.people import is_represented, named, speakers

GOOD_FOR = timedelta(days=7)  # the link in the mail
OUT_OF_REACH = ("removed", "spam", "duplicate")
_SPACES = re.compile(r"[\s<>,;:\"()\[\]\\]")
PURPOSE = "claim"


def claim_by_mail(organisation: Organisation, email: str, role: str, *, actor: Member) -> Claim:
    """A link goes to an address at the organisation's own domain. Raises Invalid or Forbidden."""
    email = email.strip()
    domain, host = mail_domain(email), host_of(organisation.website)
    faults = _website_faults(organisation, "email")
    if not domain or len(email) > 254 or _SPACES.search(email):
        faults["email"] = _("Enter an e-mail address like name@example.org.")
    elif not faults and (not is_own(domain, host) or (domain != host and shares_parent(domain, organisation))):
        faults["email"] = _("This has to be an address at the domain of its website, %(host)s.", host=host)
    with transaction():
        made = _claim(organisation, "mail", role, faults, actor)
        made.host = host
        db.session.flush()
        letter = Outgoing(recipient=email, letter="claim", about={"claim": made.id}, member_id=actor.id)
        letter.key = f"claim-{made.id}"
        db.session.add(letter)
        return made


def claim_by_token(organisation: Organisation, role: str, *, actor: Member) -> Claim:
    """A line for its site. The worker looks when the member says that it is there (`look_again`)."""
    with transaction():
        made = _claim(organisation, "token", role, _website_faults(organisation, "way"), actor)
        made.host, made.token = host_of(organisation.website), f"commonground-{secrets.token_urlsafe(18)}"
        if not made.host:  # a site that is known by a number only
            raise Invalid({"way": _("The record names no website that could prove it.")})
        return made


def claim_by_vouchers(organisation: Organisation, role: str, *, actor: Member) -> Claim:
    """Two who know the person are asked one by one (`ask_voucher`)."""
    faults = {}
    if is_new(actor):
        faults["way"] = _("When you have been here for a day and contributed a few times, others can vouch for you.")
    with transaction():
        return _claim(organisation, "vouchers", role, faults, actor)


def _website_faults(organisation: Organisation, field: str) -> dict[str, str]:
    if not organisation.website:
        return {field: _("The record names no website that could prove it.")}
    if moved_lately(organisation):
        return {field: _("The website in this record was changed lately. It can prove something after a month.")}
    return {}


def _claim(organisation: Organisation, way: str, role: str, faults: dict[str, str], actor: Member) -> Claim:
    """Within the transaction: what all ways have in common."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    role = clean_line(role)
    if sentence := problems(role, lines=False, limit=120):
        faults["role"] = sentence
    take_log_lock()  # two at once are counted one after the other
    if organisation.status in OUT_OF_REACH or not organisation.is_live:
        faults["way"] = _("Nobody can speak for this record.")
    elif is_represented(organisation.id):
        faults["way"] = _("Its own people decide who else speaks for it. Ask them.")
    elif open_claim(actor, organisation.id) is not None:
        faults["way"] = _("You asked already.")
    elif open_many(actor) >= AT_ONCE or made_today(actor) >= A_DAY:
        faults["way"] = _("Three claims at the same time are enough. Finish one of them first, or wait until tomorrow.")
    if faults:
        raise Invalid(faults)
    made = Claim(organisation_id=organisation.id, member_id=actor.id, way=way, role=role, created=now())
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid({"way": _("You asked already.")}) from None
    return made


def prove_by_mail(claim: Claim, key: str, *, actor: Member) -> bool:
    """The button behind the link in the mail, pressed by who claimed. False: the key is spent, too old, or of another claim."""
    with transaction():
        lock(claim)
        if actor.id != claim.member_id or not claim.is_open:
            return False
        found = use_key(key, PURPOSE)
        if found is None or found.about.get("claim") != claim.id:
            return False
        return accept(claim)


def look_again(claim: Claim, *, actor: Member) -> None:
    """The member says that the line is on the site now: the worker looks at once, and for two days again."""
    with transaction():
        lock(claim)
        if claim.is_open and claim.way == "token" and claim.member_id == actor.id:
            claim.due, claim.tries, claim.fault = now(), 0, ""


def ask_voucher(claim: Claim, username: str, *, actor: Member) -> None:
    """Raises Invalid, for all who cannot vouch with the same sentence."""
    with transaction():
        lock(claim)
        if not claim.is_open or claim.way != "vouchers" or claim.member_id != actor.id:
            raise Forbidden(_("You may not change this."))
        person, known = named(username, actor), vouchers_of(claim)
        if len(known) >= VOUCHERS:
            raise Invalid({"username": _("You asked %(n)s people. Wait for their answers.", n=VOUCHERS)})
        if any(person is not None and one.member.id == person.id for one in known):
            raise Invalid({"username": _("You asked them already.")})
        if person is None or person.id == actor.id or not can_vouch(person, claim.organisation_id):
            raise Invalid({"username": _("Nobody of this name here speaks for another organisation, or moderates.")})
        db.session.add(Voucher(claim_id=claim.id, member_id=person.id))
        organisation = db.session.get_one(Organisation, claim.organisation_id)
        line = record(organisation, "asked", None, actor=actor)
        ask(organisation, [person.id], "vouching", line)


def vouch(voucher: Voucher, yes: bool, *, actor: Member) -> None:
    """The word of one who was asked. With the second yes the claim is accepted. Raises Forbidden."""
    claim = db.session.get_one(Claim, voucher.claim_id)
    with transaction():
        lock(claim)
        lock(voucher)
        if voucher.member_id != actor.id or voucher.answer or not claim.is_open or not actor.may_write:
            raise Forbidden(_("This is decided already."))
        if yes and not can_vouch(actor, claim.organisation_id):
            raise Forbidden(_("Only who speaks for another organisation, or moderates, can vouch."))
        voucher.answer, voucher.at = "yes" if yes else "no", now()
        db.session.flush()
        if enough(claim):
            accept(claim)


def withdraw(claim: Claim, *, actor: Member) -> None:
    with transaction():
        lock(claim)
        if claim.is_open and claim.member_id == actor.id:
            claim.state, claim.decided, claim.due = "withdrawn", now(), None


def accept(claim: Claim) -> bool:
    """Shown: the first one speaks for the organisation as its signatory; where somebody came first, its people are asked. Called
    inside the transaction that locked the claim. False where the record moved away meanwhile."""
    organisation = db.session.get_one(Organisation, claim.organisation_id)
    lock(organisation)
    member = db.session.get_one(Member, claim.member_id)
    moved = claim.host and (claim.host != host_of(organisation.website) or moved_lately(organisation))
    claim.decided, claim.due, claim.fault = now(), None, ""
    if moved or not member.may_write or not organisation.is_live or organisation.status in OUT_OF_REACH:
        claim.state = "declined"
        return False
    if is_represented(organisation.id):
        claim.state = "passed on"
        _pass_on(claim, organisation, member)
        return True
    claim.state = "accepted"
    seat(organisation, member, VOICES[-1], role=claim.role, by=None)
    if claim.way != "mail":  # whoever pressed the button knows
        ask(organisation, [member.id], "accepted", record(organisation, "asked", None, actor=None))
    return True


def _pass_on(claim: Claim, organisation: Organisation, member: Member) -> None:
    held = open_at(member, organisation.id)
    if held is None:
        held = Affiliation(member_id=member.id, organisation_id=organisation.id, role=claim.role, state="asked")
        held.represents, held.at, held.proof = True, now(), _("Shown already, by mail, on the website or by vouchers.")
        db.session.add(held)
    line = record(own_profile(member), "asked", None, actor=member)
    ask(line.entry, [one.id for one in speakers(organisation.id)], "affiliation", line)
