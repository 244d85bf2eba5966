"""The blueprint of dossiers, and how every view comes to its dossier and to the organisation for which its reader acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from commons.members.door import viewer
from commons.members.models import Member
from commons.web import whole_number
from directory.partnerships.dossiers.forms import DossierForm
from directory.partnerships.dossiers.models import Party, Proposal
from directory.partnerships.dossiers.queries import own_organisations, parties_of, proposal_for

blueprint = Blueprint("dossiers", __name__)
Answer = str | Response | tuple[str, int]


def at_each(
    rule: str, names: Iterable[str], view: Callable[..., Any], methods: Sequence[str], of: str = "action"
) -> None:
    """One address below a dossier for each of these names, all shown by one view, which is told the name."""
    for name in names:
        path = f"/partnerships/proposals/<int:id>/{rule}{name}"
        blueprint.add_url_rule(path, view.__name__, view, methods=list(methods), defaults={of: name})


def me() -> Member:
    return viewer() or abort(404)


def dossier_at(id: int) -> Proposal:
    """404 for who does not sit in it."""
    return proposal_for(id, viewer())


def acts_for(proposal: Proposal, parties: Sequence[Party] | None = None) -> int:
    """The party for which the reader acts: the one that the form names, else the one that is waited for, else the first; 0 for
    a mediator."""
    own = set(own_organisations(viewer()))
    here = parties_of(proposal.id) if parties is None else parties
    mine = [one for one in here if one.organisation_id in own and one.state != "left"]
    wanted = whole_number(request.values.get("for"))
    found = [one for one in mine if one.organisation_id == wanted] or [one for one in mine if one.turn] or mine
    return found[0].organisation_id if found else 0


def seen(form: DossierForm) -> int:
    return whole_number(form.seen.data)


def to_dossier(proposal: Proposal, anchor: str = "") -> Response:
    return redirect(page_of("dossiers.proposal", proposal.id, anchor), 303)


def page_of(endpoint: str, id: int, anchor: str = "") -> str:
    """A page of the dossier on which the reader still acts for the organisation that they chose."""
    chosen = whole_number(request.values.get("for"))
    values: dict[str, Any] = {"for": chosen} if chosen else {}
    return url_for(endpoint, id=id, _anchor=anchor or None, **values)
