"""A community's judged searches: kept by moderators, measured through the site's own search as a visitor."""

from __future__ import annotations

import math
import shutil

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.export.tables import exported
from commons.search import engine
from commons.search.checks import judged_searches
from commons.search.documents import figure_rows
from commons.search.judging import Figures, evaluate, evaluations, figures_of, grades_of, judge, keep
from commons.search.models import JudgedQuery
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from tests import make
from tests.cast import GROUP, Cast, sign_in


@pytest.fixture
def wells(app: Flask) -> list[Organisation]:
    made = [make.organisation(f"Zarquon {name}", description="We dig wells.") for name in ("Aa", "Bb", "Cc")]
    catch_up()
    return made


def test_figures_of_one_search_follow_the_formulas() -> None:
    assert figures_of([1, 2, 3], {1: 3, 2: 2, 3: 0}) == (1.0, 1.0, 1.0)
    gained = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3)
    ndcg, success, rank = figures_of([5, 6, 7], {5: 1, 7: 3})
    assert (round(ndcg, 9), success, rank) == (round(gained / ideal, 9), 1.0, 1 / 3)
    assert figures_of([8, 9], {1: 2}) == (0.0, 0.0, 0.0)
    assert figures_of([*range(10, 20), 1], {1: 3}) == (0.0, 0.0, 0.0)  # the eleventh is not seen


def test_moderators_judge_the_first_results_of_a_visitor(app: Flask, cast: Cast, wells: list[Organisation]) -> None:
    make.organisation("Zarquon hidden", audience=GROUP, actor=cast.ana)
    catch_up()
    mo = sign_in(app.test_client(), cast.mo)
    page = mo.get("/moderation/searches/judge?q=zarquon").text
    assert page.count("<fieldset") == 3 and "Zarquon hidden" not in page and 'value="" checked' in page
    sent = {f"grade-{wells[0].id}": "3", f"grade-{wells[1].id}": "0", f"grade-{wells[2].id}": ""}
    assert mo.post("/moderation/searches/judge?q=zarquon", data=sent).status_code == 303
    assert grades_of("zarquon", "en") == {wells[0].id: 3, wells[1].id: 0}
    assert 'value="3" checked' in mo.get("/moderation/searches/judge?q=zarquon").text
    assert "2 results judged" in mo.get("/moderation/searches/judged").text
    assert mo.post("/moderation/searches/judge?q=zarquon", data={f"grade-{wells[0].id}": ""}).status_code == 303
    assert grades_of("zarquon", "en") == {wells[1].id: 0}


def test_what_was_judged_stays_on_the_page_when_it_is_not_found_any_more(
    app: Flask, cast: Cast, wells: list[Organisation]
) -> None:
    other = make.organisation("Pumps")
    judge("zarquon", "en", {other.id: 2}, actor=cast.mo)
    page = sign_in(app.test_client(), cast.mo).get("/moderation/searches/judge?q=zarquon").text
    assert "Pumps" in page and "not among the first ten now" in page


def test_a_judgement_is_of_public_entries_by_moderators_and_a_grade_from_0_to_3(
    app: Flask, cast: Cast, wells: list[Organisation]
) -> None:
    hidden = make.organisation("Zarquon hidden", audience=GROUP, actor=cast.ana)
    assert judge("zarquon", "en", {hidden.id: 3, 10**6: 2}, actor=cast.mo) == 0
    for query in ("", "  ", "-oil", "w" * 201):
        with pytest.raises(Invalid):
            judge(query, "en", {wells[0].id: 3}, actor=cast.mo)
    with pytest.raises(Invalid):
        judge("zarquon", "en", {wells[0].id: 4}, actor=cast.mo)
    with pytest.raises(Forbidden):
        judge("zarquon", "en", {wells[0].id: 3}, actor=cast.ana)
    mo = sign_in(app.test_client(), cast.mo)
    strange = {"grade-x": "3", "grade-": "3", "grade-99999999999999999": "3", f"grade-{wells[0].id}": "7"}
    assert mo.post("/moderation/searches/judge?q=zarquon", data=strange).status_code == 303
    assert list(db.session.scalars(select(JudgedQuery))) == []
    assert mo.get("/moderation/searches/judge?q=").status_code == 303


def test_the_command_measures_and_the_page_shows_the_change(app: Flask, cast: Cast, wells: list[Organisation]) -> None:
    run = app.test_cli_runner()
    assert "No search has been judged yet" in run.invoke(args=["search", "evaluate"]).output
    judge("zarquon aa", "en", {wells[0].id: 3}, actor=cast.mo)
    judge("zarquon bb", "fr", {wells[1].id: 2, wells[0].id: 0}, actor=cast.mo)
    said = run.invoke(args=["search", "evaluate"])
    assert said.exit_code == 0, said.output
    assert "queries 2 · nDCG@10 1.000 · success@10 1.000 · MRR 1.000" in said.output and "since" not in said.output
    judge("zeppelin", "en", {wells[0].id: 3}, actor=cast.mo)
    again = run.invoke(args=["search", "evaluate"]).output
    assert "queries 3 · nDCG@10 0.667 · success@10 0.667 · MRR 0.667" in again
    assert "nDCG@10 -0.333 · success@10 -0.333 · MRR -0.333" in again
    page = sign_in(app.test_client(), cast.mo).get("/moderation/searches/judged").text
    assert "66.7" in page and "-33.3" in page and "with 3 searches" in page


def test_what_visitors_may_not_read_any_more_is_not_measured(app: Flask, cast: Cast, wells: list[Organisation]) -> None:
    judge("zarquon aa", "en", {wells[0].id: 3}, actor=cast.mo)
    remove_entry(db.session.get_one(Organisation, wells[0].id), actor=cast.mo, note="closed")
    catch_up()
    assert evaluate() is None
    judge("zarquon bb", "en", {wells[1].id: 1}, actor=cast.mo)
    assert evaluate() is None  # nothing that fits, so nothing to find


def test_a_broken_index_is_said_and_not_measured(app: Flask, cast: Cast, wells: list[Organisation]) -> None:
    judge("zarquon aa", "en", {wells[0].id: 3}, actor=cast.mo)
    shutil.rmtree(app.config["COMMONS_DATA"] / "search")
    engine.start(app)  # a process that never saw the index
    said = app.test_cli_runner().invoke(args=["search", "evaluate"])
    assert said.exit_code == 1 and "flask search rebuild" in said.output and evaluations() == []


def test_figures_are_shown_without_change_the_first_time(app: Flask) -> None:
    assert figure_rows([]) == []
    first = keep(Figures(2, 0.5, 1.0, 0.25))
    assert [(row["value"], row["change"]) for row in figure_rows(evaluations())] == [
        (50.0, None),
        (100.0, None),
        (25.0, None),
    ]
    keep(Figures(2, 0.6, 1.0, 0.2))
    assert [row["change"] for row in figure_rows(evaluations())] == [10.0, 0.0, -5.0]
    assert evaluations()[1].id == first.id


def test_the_check_finds_judged_searches_that_ask_for_nothing(
    app: Flask, cast: Cast, wells: list[Organisation]
) -> None:
    judge("zarquon", "en", {wells[0].id: 3}, actor=cast.mo)
    assert list(judged_searches()) == []
    with transaction():
        db.session.scalars(select(JudgedQuery)).one().query = "-oil"
    assert list(judged_searches()) == ["judged search '-oil': asks for nothing"]


def test_what_people_search_for_and_how_it_is_judged_is_in_no_public_export(app: Flask) -> None:
    private = {"failed_search", "search_ruling", "judged_query", "search_evaluation"}
    found = {one.name: one.public for one in exported()}
    assert private <= set(found) and not any(found[name] for name in private)
