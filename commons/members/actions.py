"""Every write to an account. Mails are written in the same transaction and sent by the worker."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from commons.db import db, lock, now, transaction
from commons.members import passwords
from commons.members.door import digest
from commons.members.models import ROLES, Invitation, Member, Outgoing, SignIn, Ticket, Token
from commons.members.queries import by_name_or_email
from commons.text import clean_line, mail_key, problems, reserved, skeleton
from commons.web import Forbidden, Invalid

CHARTER = "2026-11"  # the version that is accepted at joining
GOOD_FOR = {"verify": timedelta(days=7), "reset": timedelta(hours=2)}
SCOPES = ("read", "write")


def join(
    username: str, name: str, email: str, password: str, *, language: str = "en", invitation: str = ""
) -> Member | None:
    """A new account and a mail to prove its address. An address that has an account gets a mail instead: None, and the same answer.
    `invitation`: the key of one; where moderators let members in, it does not spare their yes."""
    faults = account_faults(username, name, email, password)
    if faults:
        raise Invalid(faults)
    hashed = passwords.hashed(password)
    if (known := by_name_or_email(email)) is not None:
        with transaction():
            send("already", known, _link("members.forgot"))
        return None
    asked = invited(invitation)
    opens = {"open"} if asked is None else {"open", "invited"}
    state = "active" if current_app.config["REGISTRATION"] in opens else "waiting"
    member = Member(
        username=username,
        skeleton=skeleton(username),
        name=clean_line(name),
        email=email,
        email_skeleton=mail_key(email),
        password=hashed,
        state=state,
        language=language,
        charter=CHARTER,
    )
    try:
        with transaction():
            db.session.add(member)
            db.session.flush()
            send("verify", member, _link("members.verify", key=_ticket(member, "verify")))
            if asked is not None:
                _keep_use(asked, member) if asked.audience else _use_up(asked)
    except IntegrityError:
        raise Invalid({"username": _("This user name was taken a moment ago. Choose another.")}) from None
    return member


def invited(key: str) -> Invitation | None:
    """The invitation that a key opens, to the site or to an audience of it; a wrong, expired, used or revoked key: None."""
    found = db.session.scalar(select(Invitation).where(Invitation.digest == digest(key))) if key else None
    return found if found is not None and found.is_good else None


def _use_up(invitation: Invitation) -> None:
    """Of many at once exactly as many succeed as it is good for; its address is of no use any more."""
    good = (Invitation.id == invitation.id) & (Invitation.uses < Invitation.most) & Invitation.revoked.is_(None)
    done = db.session.execute(update(Invitation).where(good).values(uses=Invitation.uses + 1, email=""))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Forbidden(_("This invitation was used already."))


def _keep_use(invitation: Invitation, member: Member) -> None:
    """The same for a group's door, which opens when the address of this account is proved: until then the use is theirs."""
    if invitation.email and mail_key(invitation.email) != member.email_skeleton:
        raise Invalid({"email": _("This invitation was sent to another address. Use that one.")})
    _use_up(invitation)
    kept = digest(f"{invitation.id}:{member.id}")
    db.session.add(
        Ticket(
            member_id=member.id, purpose="invited", digest=kept, email=member.email or "", expires=invitation.expires
        )
    )


def account_faults(username: str, name: str, email: str, password: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    mark = skeleton(username)
    if (
        not 3 <= len(username) <= 30
        or not all(sign.isalnum() or sign in "-_." for sign in username)
        or not username[:1].isalnum()
    ):
        faults["username"] = _("Use 3 to 30 letters, digits, dots or hyphens.")
    elif reserved(username) or db.session.scalar(select(Member.id).where(Member.skeleton == mark)):
        faults["username"] = _("This user name is taken. Choose another.")
    if not clean_line(name):
        faults["name"] = _("Enter the name that others will see. It may be a pseudonym.")
    elif sentence := problems(name, lines=False, limit=100):
        faults["name"] = sentence
    if (
        "@" not in email
        or len(email) > 254
        or "." not in email.rpartition("@")[2]
        or any(sign.isspace() or sign in '<>,;"' for sign in email)
    ):
        faults["email"] = _("Enter an e-mail address like name@example.org.")
    if sentence := passwords.fault(password, username, email.partition("@")[0]):
        faults["password"] = sentence
    return faults


def _link(endpoint: str, **values: str) -> str:
    """A link for a mail: from SITE_URL and nothing that a request says."""
    path = current_app.url_map.bind("site").build(endpoint, values)
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def send(template: str, member: Member, link: str) -> None:
    subjects = {
        "verify": _("Prove your e-mail address"),
        "already": _("You already have an account"),
        "reset": _("Choose a new password"),
    }
    with force_locale(member.language):
        words = {"member": member, "link": link, "site_name": current_app.config["SITE_NAME"]}
        db.session.add(
            Outgoing(
                recipient=member.email,
                subject=f"{current_app.config['SITE_NAME']}: {subjects[template]}",
                text=current_app.jinja_env.get_template(f"mail/{template}.txt").render(words),
                html=current_app.jinja_env.get_template(f"mail/{template}.html").render(words),
            )
        )


def _ticket(member: Member, purpose: str) -> str:
    key = secrets.token_urlsafe(24)
    db.session.add(
        Ticket(
            member_id=member.id,
            purpose=purpose,
            digest=digest(key),
            email=member.email,
            expires=now() + GOOD_FOR[purpose],
        )
    )
    return key


def use(ticket: Ticket) -> Member:
    """Uses a ticket up: of many at once exactly one succeeds. Bound to the address it was sent to."""
    done = db.session.execute(update(Ticket).where(Ticket.id == ticket.id, Ticket.used.is_(None)).values(used=now()))
    member = db.session.get(Member, ticket.member_id)
    if done.rowcount != 1 or member is None or member.email != ticket.email:  # type: ignore[attr-defined]
        raise Forbidden(_("This link was used already, or it is too old. Ask for a new one."))
    return member


def verify(ticket: Ticket) -> Member:
    with transaction():
        member = use(ticket)
        member.verified = member.verified or now()
        return member


def verify_again(member: Member) -> None:
    if member.verified is None:
        with transaction():
            send("verify", member, _link("members.verify", key=_ticket(member, "verify")))


def forgot(text: str) -> None:
    """Mails a link to the stored address, if there is such an account; the page says the same either way."""
    member = by_name_or_email(text)
    if member is not None and member.email and member.state != "placeholder":
        with transaction():
            send("reset", member, _link("members.reset", key=_ticket(member, "reset")))


def reset(ticket: Ticket, password: str) -> Member:
    hashed = _new_password(password)
    with transaction():
        member = use(ticket)
        member.password, member.verified = hashed, member.verified or now()
        _end_sign_ins(member, but=None)
        return member


def change_password(member: Member, old: str, new: str, *, this: int | None) -> None:
    if not passwords.matches(member.password, old):
        raise Invalid({"old": _("That is not your password.")})
    hashed = _new_password(new, member.username)
    with transaction():
        lock(member)
        member.password = hashed
        _end_sign_ins(member, but=this)


def _new_password(password: str, *own: str) -> str:
    if sentence := passwords.fault(password, *own):
        raise Invalid({"password": sentence})
    return passwords.hashed(password)


def _end_sign_ins(member: Member, but: int | None) -> None:
    db.session.execute(delete(SignIn).where(SignIn.member_id == member.id, SignIn.id != (but or 0)))


def end_sign_in(member: Member, number: int) -> None:
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.member_id == member.id, SignIn.id == number))


def end_other_sign_ins(member: Member, this: int | None) -> None:
    with transaction():
        _end_sign_ins(member, but=this)


def change_settings(member: Member, *, name: str, language: str, theme: str) -> None:
    if not clean_line(name) or problems(name, lines=False, limit=100):
        raise Invalid({"name": _("Enter the name that others will see. It may be a pseudonym.")})
    with transaction():
        lock(member)
        member.name, member.language, member.theme = clean_line(name), language, theme


def make_token(member: Member, name: str, scopes: list[str]) -> str:
    """A bearer token; shown this once, kept as its digest."""
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid({"scopes": _("Choose what the token may do: read, write.")})
    key = "cg_" + secrets.token_urlsafe(32)
    with transaction():
        db.session.add(
            Token(
                member_id=member.id, name=clean_line(name)[:100] or "token", digest=digest(key), scopes=sorted(scopes)
            )
        )
    return key


def revoke_token(member: Member, number: int) -> None:
    with transaction():
        db.session.execute(update(Token).where(Token.id == number, Token.member_id == member.id).values(revoked=now()))


def let_in(member: Member, *, actor: Member) -> None:
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators let members in."))
    with transaction():
        lock(member)
        member.state = "active"


def make_member(
    username: str, email: str, *, name: str = "", role: str = "member", password: str | None = None
) -> Member:
    """For operators and the demo: an account whose address counts as proved."""
    if role not in ROLES:
        raise Invalid({"role": _("Choose one of the list.")})
    faults = account_faults(username, name or username, email, password or "a long enough password")
    if by_name_or_email(email) is not None:
        faults["email"] = _("This address has an account.")
    if faults:
        raise Invalid(faults)
    hashed = passwords.hashed(password) if password else None
    with transaction():
        member = Member(
            username=username,
            skeleton=skeleton(username),
            name=clean_line(name) or username,
            email=email,
            email_skeleton=mail_key(email),
            password=hashed,
            role=role,
            charter=CHARTER,
            verified=now(),
            trusted=now(),
        )
        db.session.add(member)
        return member
