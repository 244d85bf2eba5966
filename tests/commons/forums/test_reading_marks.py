"""How far a member has read: what came while a page stood open is still new."""

from __future__ import annotations

from flask import Flask

from commons.feed.queries import bell
from commons.forums.actions import add_post
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import old_hands, topic


def test_an_answer_that_comes_while_the_question_stands_open_is_told(app: Flask, cast: Cast) -> None:
    old_hands()
    asked = topic("How deep is a well", actor=cast.ana)
    page = sign_in(app.test_client(), cast.ana)
    shown = asked.stirred
    add_post(asked, "Sixty metres.", actor=cast.ben)
    assert page.post(f"/topics/{asked.id}/seen", data={"number": 1, "upto": shown}).status_code == 204
    assert bell(cast.ana) > 0
    assert page.post(f"/topics/{asked.id}/seen", data={"number": 2}).status_code == 204
    assert bell(cast.ana) == 0
