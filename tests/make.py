"""Makers with defaults: a test says only what it is about."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import create_entry
from commons.entries.within import Place
from commons.files.actions import add_file
from commons.files.models import File
from commons.focus.queries import area_from
from commons.members.models import Member
from directory.actions import add_organisation
from directory.models import Organisation
from wiki.actions import add_page
from wiki.models import Page

numbers = count(1)


def organisation(
    title: str = "",
    *,
    actor: Member | None = None,
    audience: str = "public",
    focus: list[str] | None = None,
    **values: Any,
) -> Organisation:
    values["title"] = title or f"Organisation {next(numbers)}"
    if focus:
        values["focus"] = sorted(node.id for slug in focus if (node := area_from(slug)))
    if audience == "public":
        return add_organisation(values, actor=actor or someone(), note="made by a test")
    with transaction():
        made = Organisation(audience=audience)
        create_entry(made, values, actor=actor or someone(), note="made by a test")
        return made


def page(
    title: str = "",
    text: str = "",
    *,
    actor: Member | None = None,
    audience: str = "public",
    focus: list[str] | None = None,
    **values: Any,
) -> Page:
    values |= {"title": title or f"Page {next(numbers)}", "text": text}
    if focus:
        values["focus"] = sorted(node.id for slug in focus if (node := area_from(slug)))
    return add_page(values, actor=actor or someone(), note="made by a test", place=Place(None, audience))


def file(
    title: str = "", content: bytes = b"A text of its own.\n", *, actor: Member | None = None, **values: Any
) -> File:
    values = {"title": title or f"File {next(numbers)}", "licence": "CC BY 4.0", "credit": "Ana", **values}
    return add_file(io.BytesIO(content), "notes.txt", values, actor=actor or someone(), again=True)


def someone() -> Member:
    found = db.session.scalar(select(Member).where(Member.username == "ana"))
    assert found is not None
    return found
