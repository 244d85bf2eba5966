"""Writing to an organisation, proving one's address, answering, and forgetting. The mails are the only place where an address
stands, and each side reads only its own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from commons.db import db, lock, now, transaction
from commons.members.door import digest
from commons.members.models import Member, Outgoing
from commons.moderation.newcomers import is_new
from commons.text import clean_line, clean_text, excerpt, mail_key, problems
from commons.web import Forbidden, Invalid, own_names
from directory.contact.models import Copy, Enquiry
from directory.contact.queries import ANSWERS, KEPT, PROVED_WITHIN, had_enough, reached, written_today
from directory.models import Organisation

FULL = _l("They had all the letters that we send there on one day. Yours is kept: send it tomorrow.")
LONGEST = 5000  # characters of a letter
A_DAY = 5  # letters of one address
SHOWN = 60  # characters of a name that anybody can edit, in our own mails
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w-])(?:[\w-]++\.){1,8}(?:[a-z]{2,24}|[A-Z]{2,24}|(?i:com|net|org|info|biz|link|site|online|shop))\b(?:/\S*)?"
)
_SPACES = re.compile(r"[\s<>,;\"]")


def write(
    organisation: Organisation, values: Mapping[str, str], *, actor: Member | None, language: str = "en"
) -> Enquiry:
    """A letter: of a member it goes on at once, of a visitor after the button in a mail to them. `values`: text, of a visitor
    also name and email. Raises Invalid, and Forbidden for members whose address is not proved."""
    if actor is not None and not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    name = actor.name if actor else clean_line(values.get("name", ""))
    email = "" if actor else values.get("email", "").strip()
    text = clean_text(values.get("text", "")).strip()
    if faults := _faults(name, email, text, actor):
        raise Invalid(faults)
    with transaction():
        if written_today(mail_key(email) if email else "", actor) >= A_DAY:
            raise Invalid({"text": _("That were enough letters for one day. Your words are kept: send them tomorrow.")})
        found = reached(organisation, None)
        if not found:
            raise Invalid({"text": _("Nobody can be reached there at the moment.")})
        if had_enough(found):
            raise Invalid({"text": str(FULL)})
        made = Enquiry(organisation_id=organisation.id, member_id=actor.id if actor else None, name=name, email=email)
        made.address, made.text, made.language = mail_key(email) if email else "", text, language
        db.session.add(made)
        if actor is not None:
            db.session.flush()
            _pass_on(made, organisation)
        else:
            _ask_for_proof(made, organisation)
        return made


def _faults(name: str, email: str, text: str, actor: Member | None) -> dict[str, str]:
    faults: dict[str, str] = {}
    if actor is None:
        if not name or problems(name, lines=False, limit=100) or _ADDRESS.search(name):
            faults["name"] = _("Enter your name, as they should read it.")
        if "@" not in email or "." not in email.rpartition("@")[2] or len(email) > 254 or _SPACES.search(email):
            faults["email"] = _("Enter an e-mail address like name@example.org.")
    if not text:
        faults["text"] = _("Write a few words first.")
    elif sentence := problems(text, lines=True, limit=LONGEST):
        faults["text"] = sentence
    elif (actor is None or is_new(actor)) and len(_ADDRESS.findall(text)) > 1:
        faults["text"] = _("Put at most one link into your letter.")
    return faults


def called(organisation: Organisation) -> str:
    """Its name as our own mails say it: a few words, and nothing in them that a mail program makes a link of."""
    return excerpt(_ADDRESS.sub("…", organisation.title), SHOWN)


def _ask_for_proof(enquiry: Enquiry, organisation: Organisation) -> None:
    key = secrets.token_urlsafe(24)
    enquiry.proof = digest(key)
    link = _link("contact.prove", slug=organisation.slug, key=key)
    _send(
        enquiry.email,
        enquiry.language,
        _l("Send your letter on"),
        "enquiry_proof",
        called=called(organisation),
        link=link,
    )


def prove(enquiry: Enquiry, organisation: Organisation) -> bool:
    """The sender pressed the button: the letter goes on, once. False: nobody can be reached there any more. Raises Invalid
    where that address had its mails of the day: the button still works tomorrow."""
    with transaction():
        lock(enquiry)
        if enquiry.state == "sent":
            return True
        found = reached(organisation, None)
        if had_enough(found):
            raise Invalid({"text": str(FULL)})
        enquiry.proof = None
        _pass_on(enquiry, organisation)
        return bool(found)


def _pass_on(enquiry: Enquiry, organisation: Organisation) -> None:
    """A copy for each, with a key of its own: whoever stops speaking for the organisation answers no more."""
    sender = db.session.get(Member, enquiry.member_id) if enquiry.member_id else None
    enquiry.state, enquiry.last_at = "sent", now()
    for one in reached(organisation, sender):
        key = secrets.token_urlsafe(24)
        copy = Copy(digest=digest(key), enquiry_id=enquiry.id, member_id=one.member_id)
        copy.address = mail_key(one.email) if one.member_id is None else ""
        db.session.add(copy)
        words = {"called": called(organisation), "enquiry": enquiry, "link": _link("contact.answer", key=key)}
        _send(one.email, one.language, _l("A letter to you"), "enquiry", one.member_id, **words)


def answer(enquiry: Enquiry, text: str) -> None:
    """Whoever holds the key of the mail answers; up to five times. The answer stands in the mail to the sender and nowhere
    else. Raises Invalid."""
    words = clean_text(text).strip()
    if fault := problems(words, lines=True, limit=LONGEST) if words else _("Write a few words first."):
        raise Invalid({"text": fault})
    with transaction():
        lock(enquiry)
        if enquiry.answers >= ANSWERS:
            raise Invalid({"text": _("This letter was answered five times. Wait until they write again.")})
        enquiry.answers, enquiry.last_at = enquiry.answers + 1, now()
        organisation = db.session.get_one(Organisation, enquiry.organisation_id)
        sender = db.session.get(Member, enquiry.member_id) if enquiry.member_id else None
        to = (sender.email if sender.is_active else "") if sender else enquiry.email
        language = sender.language if sender else enquiry.language
        link = _link("contact.write", slug=organisation.slug)
        given = {"called": called(organisation), "enquiry": enquiry, "words": words, "link": link}
        _send(to or "", language, _l("An answer to your letter"), "enquiry_answer", enquiry.member_id, **given)


def forget(after: int) -> int:
    """A follower whose position never moves: letters go 30 days after their last word, unproved ones after a week."""
    late = or_(
        Enquiry.last_at < now() - KEPT, (Enquiry.state == "unproved") & (Enquiry.last_at < now() - PROVED_WITHIN)
    )
    if db.session.scalar(select(Enquiry.id).where(late).limit(1)) is not None:
        with transaction():
            db.session.execute(delete(Enquiry).where(late))
    return after


def _link(endpoint: str, **values: str) -> str:
    """A link for a mail: from SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def _send(to: str, language: str, subject: object, letter: str, member_id: int | None = None, **words: object) -> None:
    if not to:
        return
    site = str(current_app.config["SITE_NAME"])
    known = language if language in dict(own_names()) else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    with force_locale(known):
        given = {"site_name": site, "subject": str(subject), **words}
        text, html = (
            current_app.jinja_env.get_template(f"mail/{letter}.{kind}").render(given) for kind in ("txt", "html")
        )
        mail = Outgoing(recipient=to, subject=f"{site}: {subject}"[:200], text=text, html=html, member_id=member_id)
        db.session.add(mail)
