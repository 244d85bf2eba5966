"""Every address that changes something: refused without the form's token, without a session, and counted per address."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_limiter.util import get_qualified_name
from werkzeug.routing import AnyConverter, Rule

from commons.db import db
from commons.entries.models import Change, Entry
from commons.moderation.models import Held
from commons.web.limits import limiter
from tests.cast import Cast, sign_in
from tests.planting import Planted, plant
from tests.test_canaries import rows

OPEN = {  # what a visitor may send
    *("/join", "/sign-in", "/forgot", "/language", "/theme", "/sign-out", "/stop-mails/<token>"),
    *(
        "/report/<int:entry_id>",
        "/organisations/<slug>/contact",
        "/organisations/<slug>/contact/<key>",
        "/letters/<key>",
    ),
    *("/welcome/<key>", "/invitations/<key>"),
    "/api/v1/suggest",  # keeps nothing
    *("/search/saved/stop/<token>", "/announcements/<slug>/dismiss", "/partnerships/answers/<key>"),
    *("/still-right/<key>", "/has-closed/<key>", "/no-reminders/<key>"),
    *("/meetings/<key>", "/partnerships/answers/proposal/<key>"),
}
UNCOUNTED = {  # only of the one who is signed in, or nothing that is kept
    *("members.sign_out", "members.settings", "members.sessions", "members.tokens"),
    *("pages.language", "pages.theme"),
}
SENT = {
    "title": "Sent",
    "text": "Sent.",
    "note": "why",
    "reason": "why",
    "level": "trusted",
    "key": "page-new",
    "q": "x",
}


@pytest.fixture
def site(app: Flask) -> Planted:
    return plant()


def writes(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]


def addresses(rule: Rule) -> list[str]:
    """It, filled with what is there: public and hidden pages, edits that wait, lines of the log."""
    folder = rule.rule.split("/")[1]
    kinds = {"topics": "topic", "messages": "topic", "posts": "post", "forums": "forum", "groups": "group"}
    kinds |= {"organisations": "organisation", "matches": "need", "announcements": "announcement"}
    if folder == "partnerships":
        kinds[folder] = "proposal" if "/proposals/" in rule.rule else "need"
    kind = kinds.get(folder)
    pages = db.session.execute(sa.select(Entry.slug, Entry.id).where(Entry.kind == (kind or "page"))).all()
    held = db.session.scalars(sa.select(Held.id)).all()
    seq = db.session.scalar(sa.select(sa.func.max(Change.seq)))
    more: dict[str, Any] = {"collection": "wiki", "number": 1, "seq": seq, "username": "nia", "key": "nothing"}
    more |= {
        "what": "undo" if folder == "settings" else "confirm",
        "token": "nothing",
        "name": "nothing",
        "tag": "water",
    }
    choices = {name: one for name, one in rule._converters.items() if isinstance(one, AnyConverter)}
    more |= {name: sorted(one.items)[0] for name, one in choices.items()}
    found = [
        rule.build(
            more
            | {"slug": slug, "id": id, "entry_id": id, "held_id": held[at % len(held)]}
            | dict(rule.defaults or {}),
            append_unknown=False,
        )
        for at, (slug, id) in enumerate(pages)
    ]
    return sorted({one[1] for one in found if one})


def test_nothing_is_written_without_the_token_of_the_form(app: Flask, site: Planted) -> None:
    client = sign_in(app.test_client(), Cast().mo)
    app.config["WTF_CSRF_ENABLED"] = True
    before = rows()
    for rule, method in writes(app):
        for address in addresses(rule):
            answer = client.open(address, method=method, data=SENT)
            assert 400 <= answer.status_code < 500, (method, address)
    assert rows() == before


def test_nothing_is_written_without_a_session(app: Flask, site: Planted) -> None:
    before = rows()
    for rule, method in writes(app):
        for address in () if rule.rule in OPEN else addresses(rule):
            answer = app.test_client().open(address, method=method, data=SENT)
            assert answer.status_code in (303, 400, 401, 404, 409, 410), (method, address)
            assert answer.status_code != 303 or answer.headers["Location"].startswith("/sign-in"), (method, address)
    assert rows() == before


def test_every_write_is_counted(app: Flask) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule, _method in writes(app)}
    counted = {
        name
        for name, view in views.items()
        if name.startswith("api.") or limiter.limit_manager.decorated_limits(get_qualified_name(view))
    }
    assert views.keys() - counted == UNCOUNTED
