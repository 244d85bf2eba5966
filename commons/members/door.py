"""Who is asking: the only module that knows Flask-Login.

The cookie holds a random key; the database holds its digest. A request is signed in while that row lives, so that signing out, a new
password or a moderator can end a session at once, on every browser.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import cache, wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user
from sqlalchemy import Select, bindparam, select
from werkzeug.wrappers import Response

from commons.db import db, now, transaction
from commons.members.models import Member, SignIn

P = ParamSpec("P")
R = TypeVar("R")
KEPT = timedelta(days=60)
KEY = "_user_id"  # where Flask-Login looks


def start(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # it hashes addresses of machines; ours is the row in the database
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_member)
    app.context_processor(lambda: {"viewer": viewer()})


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _member(key: str) -> Member | None:
    if not isinstance(key, str) or len(key) > 100:
        return None
    row = db.session.scalar(_open_sign_in(), {"digest": digest(key), "now": now()})
    if row is None or not row.member.is_active:
        return None
    g.sign_in = row
    return row.member


@cache
def _open_sign_in() -> Select[SignIn]:
    """Every page of a member asks this: built once."""
    return select(SignIn).where(SignIn.digest == bindparam("digest"), SignIn.expires > bindparam("now"))


def viewer() -> Member | None:
    """The member who asks, or None for a visitor."""
    if "viewer" in g:
        return cast("Member | None", g.viewer)
    return (
        cast(Member, current_user._get_current_object()) if KEY in session and current_user.is_authenticated else None
    )


def act_as(member: Member) -> None:
    """For this request only: a program that showed its owner's token."""
    g.viewer = member


def open_session(member: Member) -> None:
    """Signs this browser in under a new key; whatever stood in its session before is gone."""
    key = secrets.token_urlsafe(32)
    with transaction():
        db.session.add(SignIn(member_id=member.id, digest=digest(key), browser=_browser(), expires=now() + KEPT))
    session.clear()
    session[KEY] = key
    session["_fresh"] = True
    session.permanent = True


def close_session() -> None:
    key = session.get(KEY, "")
    session.clear()
    with transaction():
        for row in db.session.scalars(select(SignIn).where(SignIn.digest == digest(str(key)))):
            db.session.delete(row)


def this_sign_in() -> int | None:
    row = g.get("sign_in")
    return row.id if row else None


def _browser() -> str:
    agent = request.user_agent.string
    families = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    family = next((name for name in families if name in agent), "")
    system = next((name for name in systems if name in agent), "")
    return " · ".join(filter(None, (family, system)))


def member_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Visitors are sent to sign in and come back here; what they typed is kept by their browser."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if viewer() is None:
            here = request.full_path if request.method == "GET" else request.path
            return redirect(url_for("members.sign_in", next=here.rstrip("?")), 303)
        return view(*args, **kwargs)

    return guarded


def moderator_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        who = viewer()
        if who is None or not who.is_moderator:
            abort(404)
        return view(*args, **kwargs)

    return guarded
