"""News from outside on the page of a group, and the addresses that its admins choose."""

from __future__ import annotations

from flask import Response as Page
from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.views import atom
from commons.groups import news as told
from commons.groups.actions.news import add_news, remove_news, retry_news
from commons.groups.documents.holding import ITEMS, item_entries, news_page
from commons.groups.models import Group, Subscription
from commons.groups.newsforms import NewsForm
from commons.groups.views.addresses import blueprint, group_at, led_group
from commons.groups.views.holding import in_use
from commons.members.door import member_only, viewer
from commons.web import Invalid
from commons.web.forms import FaultsForm
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]


@blueprint.get("/groups/<slug>/news")
def news(slug: str) -> str:
    return _page(in_use(group_at(slug), told.MODULE), NewsForm())


def _page(group: Group, form: FaultsForm) -> str:
    return render_template("commons/groups/news.html", form=form, **news_page(group, viewer()))


@blueprint.get("/groups/<slug>/news.atom")
def news_atom(slug: str) -> Page:
    """Of groups that everybody may see, also for a signed-in reader: a feed's address travels."""
    group = in_use(group_at(slug), told.MODULE)
    if group.audience != "public":
        abort(404)
    found = told.page_of_items(group, 1, ITEMS)[0]
    title = _("News that %(group)s reads", group=group.title)
    return atom(title, url_for("groups.news", slug=group.slug, _external=True), item_entries(found, group))


@blueprint.post("/groups/<slug>/news")
@limiter.limit(TABLE["write"])
@member_only
def read_news(slug: str) -> Answer:
    group, who, form = in_use(led_group(slug), told.MODULE), viewer() or abort(404), NewsForm()
    try:
        add_news(group, form.address.data or "", actor=who)
        flash(_("Added. It is read in a moment, and then every hour."))
        return redirect(url_for("groups.news", slug=group.slug), 303)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _page(group, form), 422


@blueprint.post("/groups/<slug>/news/<int:number>/remove")
@limiter.limit(TABLE["write"])
@member_only
def drop_news(slug: str, number: int) -> Response:
    group, who = led_group(slug), viewer() or abort(404)
    remove_news(group, _of(group, number), actor=who)
    flash(_("Removed, with what it told."))
    return redirect(url_for("groups.news", slug=group.slug), 303)


@blueprint.post("/groups/<slug>/news/<int:number>/retry")
@limiter.limit(TABLE["write"])
@member_only
def try_news(slug: str, number: int) -> Response:
    group, who = led_group(slug), viewer() or abort(404)
    retry_news(group, _of(group, number), actor=who)
    flash(_("It is read again in a moment."))
    return redirect(url_for("groups.news", slug=group.slug), 303)


def _of(group: Group, number: int) -> Subscription:
    found = told.subscription_of(group, number) if number < 2**31 else None
    return found or abort(404)
