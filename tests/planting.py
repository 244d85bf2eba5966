"""A site in which everything that somebody may not read carries a word of its own, and who may read it is written down."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from sqlalchemy import select, update

from commons.db import db, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.drafts import keep_draft
from commons.entries.followers import catch_up
from commons.entries.hiding import hide_revision
from commons.entries.models import Entry
from commons.feed.actions import watch
from commons.files.actions import add_file, edit_file
from commons.files.models import File
from commons.members.actions import make_member
from commons.members.models import Member, Seat
from commons.moderation.actions import protect, withdraw
from commons.moderation.models import Held
from commons.web import Waiting
from tests import make
from tests.cast import GROUP, PASSWORD, Cast
from tests.commons.files.samples import picture
from tests.planting_partners import plant_partners
from tests.planting_rooms import plant_rooms
from wiki.actions import edit_page
from wiki.models import Page

GROUP_READS = ("ana", "ben", "sol")
MODERATORS = ("mo.derates", "sol")


@dataclass
class Planted:
    readers: dict[str, tuple[str, ...]] = field(default_factory=dict)  # word: who may read it
    slugs: set[str] = field(default_factory=set)  # words that stand in addresses
    pick: random.Random = field(default_factory=lambda: random.Random(20_261))

    def word(self, *readers: str) -> str:
        made = "".join(self.pick.choices(ascii_lowercase, k=16))
        self.readers[made] = readers
        return made

    def words(self, *readers: str) -> dict[str, Any]:
        """What a page says, each field with a word of its own."""
        text = f"See [[Wells]] and [[{self.word(*readers)}]].\n\n## {self.word(*readers)}\n\n{self.word(*readers)} {{{{source needed}}}}"
        return {"title": f"On {self.word(*readers)}", "text": text, "summary": self.word(*readers)}

    def settle(self, entry: Entry, *readers: str) -> Any:
        """Gives it an address with a word of its own, so that asking for the address does not say the title."""
        slug = self.word(*readers)
        self.slugs.add(slug)
        db.session.execute(update(Entry).where(Entry.id == entry.id).values(slug=slug))
        db.session.commit()
        db.session.refresh(entry)
        return entry

    def closed_to(self, name: str) -> set[str]:
        return {word for word, readers in self.readers.items() if name not in readers}


def member(username: str, role: str = "member", *, seat: bool = False, trusted: bool = True) -> Member:
    made = make_member(username, f"{username}@example.org", name=username.title(), role=role, password=PASSWORD)
    with transaction():
        made.trusted = made.trusted if trusted else None
        if seat:
            db.session.add(Seat(member_id=made.id, audience=GROUP, role="member"))
    return made


def held_edit(page: Page, values: dict[str, Any], note: str, actor: Member) -> Held:
    with suppress(Waiting):
        edit_page(page, values, version=page.version, actor=actor, note=note)
    return db.session.scalars(select(Held).where(Held.author_id == actor.id).order_by(Held.id.desc()).limit(1)).one()


def plant() -> Planted:
    site, cast = Planted(), Cast()
    sol, nia = member("sol", "moderator", seat=True), member("nia", trusted=False)
    wells = make.page("Wells", "Dug by hand. [[Plain name]] ![](/files/plain-picture/800)\n", focus=["water"])
    public_file(site, cast)
    private_pages(site, cast, wells, sol)
    private_file(site, cast)
    hidden_versions(site, cast)
    removed(site, cast)
    waiting(site, cast, wells, nia)
    plant_rooms(site, cast)
    plant_partners(site, cast)
    keep_draft(f"page-{wells.id}-all", {"text": [f"{site.word('ana')} typed"]}, actor=cast.ana)
    catch_up()
    return site


def private_pages(site: Planted, cast: Cast, wells: Page, sol: Member) -> None:
    """A page of a group with a past, its translation, and public pages that point to it."""
    first = make.page("Plain name", "Nothing yet.", audience=GROUP, actor=cast.ana, focus=["water"])
    watch(first, actor=cast.ana)
    values = site.words(*GROUP_READS) | {"review_by": "2020-01-01"}
    edit_page(first, values, version=1, actor=cast.ana, note=site.word(*GROUP_READS))
    again = {"text": f"{values['text']}\n\n{site.word(*GROUP_READS)}"}
    edit_page(first, again, version=2, actor=cast.ben, note=site.word(*GROUP_READS))
    protect(first, "moderators", site.word(*GROUP_READS), None, actor=sol)
    held_edit(first, site.words("ben", "sol"), site.word("ben", "sol"), cast.ben)
    site.settle(first, *GROUP_READS)
    keep_draft(f"page-{first.id}-all", {"title": [site.word("chi")]}, actor=cast.chi)  # typed before it was closed
    swedish = make.page(
        audience=GROUP,
        actor=cast.ana,
        translation_of=wells.id,
        language="sv",
        **site.words(*GROUP_READS),
    )
    site.settle(swedish, *GROUP_READS)
    make.page("Brunnar", "Grävda.", actor=cast.ana, translation_of=first.id, language="sv")
    lamps = make.organisation(
        site.word(*GROUP_READS), audience=GROUP, description=site.word(*GROUP_READS), focus=["water"]
    )
    site.settle(lamps, *GROUP_READS)


def public_file(site: Planted, cast: Cast) -> None:
    said = {"title": "Open picture", "licence": "CC BY 4.0", "people": "none", "alt": "A well"}
    made = add_file(io.BytesIO(picture(colour="red")), "well.jpg", said, actor=cast.ana)
    edit_file(made, {"alt": site.word(*MODERATORS), "credit": site.word(*MODERATORS)}, version=1, actor=cast.chi)
    edit_file(made, {"alt": "A well", "credit": ""}, version=2, actor=cast.ana)
    hide_revision(made, 2, actor=cast.mo, note="a private matter")


def private_file(site: Planted, cast: Cast) -> None:
    """Files that were public and are for a group now: a document with words in it, and a picture that a public page shows."""
    for title, content, ending in (
        ("Plain notes", f"{site.word(*GROUP_READS)} in it\n".encode(), "txt"),
        ("Plain picture", picture(), "jpg"),
    ):
        said = {"title": title, "licence": "CC BY 4.0", "people": "none" if ending == "jpg" else ""}
        made = add_file(io.BytesIO(content), f"{site.word(*GROUP_READS)}.{ending}", said, actor=cast.ana)
        more = {name: site.word(*GROUP_READS) for name in ("title", "description", "credit")}
        more |= {"alt": site.word(*GROUP_READS)} if ending == "jpg" else {}
        edit_file(made, more, version=1, actor=cast.ana, note=site.word(*GROUP_READS))
        close(made, cast.ana)
        site.settle(made, *GROUP_READS)


def close(entry: File, actor: Member) -> None:
    with transaction():
        record(entry, "edited", None, actor=actor)
        entry.audience = GROUP


def hidden_versions(site: Planted, cast: Cast) -> None:
    page = make.page("Pumps", "Handles.\n\nValves.\n", actor=cast.ana)
    edit_page(page, site.words(*MODERATORS), version=1, actor=cast.chi, note=site.word(*MODERATORS))
    edit_page(
        page, {"title": "Pumps", "text": "Handles.\n\nValves.\n", "summary": ""}, version=2, actor=cast.ana, note="back"
    )
    hide_revision(page, 2, actor=cast.mo, note="a private matter")


def removed(site: Planted, cast: Cast) -> None:
    """Of what was removed the log keeps title, notes and reason; its texts are shown to nobody."""
    page = make.page("Removed page", f"{site.word()} [[{site.word()}]]", summary=site.word(), focus=["water"])
    file = make.file("Removed file", site.word().encode(), alt="", credit=site.word(), description=site.word())
    for entry in (page, file):
        remove_entry(entry, actor=cast.mo, note="not for here")
    closed = make.page(audience=GROUP, actor=cast.ana, **site.words())
    with transaction():
        record(closed, "removed", None, actor=cast.ana, note=site.word(*GROUP_READS))
        closed.state = "deleted"
    site.readers |= dict.fromkeys(closed.title.split()[1:], GROUP_READS)
    site.settle(closed, *GROUP_READS)


def waiting(site: Planted, cast: Cast, wells: Page, nia: Member) -> None:
    """What a new member sent: a page, an edit, and a page that they took back."""
    mine = ("nia", *MODERATORS)
    pending = make.page(actor=nia, focus=["water"], **site.words(*mine))
    edit_page(pending, {"title": f"More on {site.word(*mine)}"}, version=1, actor=nia, note=site.word(*mine))
    held_edit(wells, site.words(*mine), site.word(*mine), nia)
    taken_back = make.page(actor=nia, **site.words(*mine))
    withdraw(db.session.scalars(select(Held).where(Held.entry_id == taken_back.id)).one(), actor=nia)
    for entry in (pending, taken_back):
        site.settle(entry, *mine)
