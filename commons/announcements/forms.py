"""What a moderator types to tell everybody something."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from commons.announcements.fields import TEXTS, TITLES, WORDS, today
from commons.announcements.models import Announcement
from commons.audience import MEMBERS, PUBLIC
from commons.config import LANGUAGES
from commons.members.forms import AccountForm
from commons.web import Conflict


class EditForm(AccountForm):
    title_en, text_en = StringField(TITLES["en"]), TextAreaField(TEXTS["en"])
    title_fr, text_fr = StringField(TITLES["fr"]), TextAreaField(TEXTS["fr"])
    title_es, text_es = StringField(TITLES["es"]), TextAreaField(TEXTS["es"])
    begins = DateField(_l("First day"), [Optional()], default=today)
    until = DateField(
        _l("Last day"), [Optional()], description=_l("At most 90 days after the first. It is over by itself.")
    )
    asks = BooleanField(
        _l("Ask members to confirm that they have read it"),
        description=_l("It stays above every page until they do. You see how many did, and not who."),
    )
    version = HiddenField()

    def values(self) -> dict[str, str]:
        days = {name: self[name].data.isoformat() if self[name].data else "" for name in ("begins", "until")}
        return {name: self[name].data or "" for name in WORDS} | days | {"asks": "yes" if self.asks.data else ""}

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"title_{code}"], self[f"text_{code}"]) for code in LANGUAGES]

    def show_collisions(self, fault: Conflict) -> None:
        """Both sides of what two people changed: mine in the field, theirs beside it; saving again uses mine."""
        self.version.data = str(fault.version)
        sentence = _l("Meanwhile somebody changed this to: %(theirs)s. Yours is kept here; save again to use it.")
        self.show_faults({one.field: str(sentence) % {"theirs": one.theirs} for one in fault.collisions})


class NewForm(EditForm):
    audience = RadioField(
        _l("Who sees it"),
        choices=[SelectChoice(MEMBERS, _l("Members")), SelectChoice(PUBLIC, _l("Everybody"))],
        default=MEMBERS,
        validate_choice=False,
    )


def filled(announcement: Announcement) -> EditForm:
    data: dict[str, Any] = {name: announcement.value(name) for name in WORDS}
    data |= {name: getattr(announcement, name) for name in ("begins", "until", "asks")}
    return EditForm(data={**data, "version": str(announcement.version)})
