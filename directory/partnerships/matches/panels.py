"""What matches show on other rooms' pages: the best of a need or an offer, and who would see one that is being written."""

from __future__ import annotations

from typing import Any

from flask import url_for

from commons.entries.asks import has_voice
from directory.models import Organisation
from directory.partnerships.board.models import Posting
from directory.partnerships.matches.asking import matches_for, would_see
from directory.partnerships.matches.documents import rows_of

SHOWN = 3


def best_of_posting(posting: Posting, viewer: Any) -> dict[str, Any] | None:
    """For the people of its organisation, and where there are any."""
    if not posting.is_open or not has_voice(viewer, posting.within_id or 0):
        return None
    found = matches_for(posting, viewer)
    best = found._replace(matches=found.matches[:SHOWN])
    url = url_for("matches.posting", kind=f"{posting.kind}s", id=posting.id)
    return {"rows": rows_of(best, viewer), "total": len(found.matches), "url": url}


def of_organisation(organisation: Organisation, viewer: Any) -> dict[str, Any] | None:
    """The way to its matches, for its own people."""
    if not has_voice(viewer, organisation.id):
        return None
    return {"url": url_for("matches.organisation", slug=organisation.slug)}


def would_see_it(preview: Any, viewer: Any) -> dict[str, Any]:
    """`preview`: a need or an offer as it stands in the form, and whose it is."""
    found = would_see(preview.posting, preview.organisation_id, viewer)
    return {"rows": rows_of(found, viewer), "ready": found.ready}
