"""Showing that one speaks for an organisation: by a mail to its domain, by a line on its site, by two who know the person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.actions import record as write
from commons.entries.models import Ask, Change
from commons.fetch import fetch
from commons.members.models import Block, Outgoing
from commons.people.models import Affiliation
from commons.web import Forbidden, Invalid
from directory.actions import edit_organisation
from directory.models import Organisation
from directory.representing.actions import claims, looking
from directory.representing.models import Claim, Voucher
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.people import makers as people
from tests.commons.test_fetch import loopback, moved, saying, serving
from tests.directory.representing.makers import at_home, letters, links, solar, speak, voices

PAGE = "/organisations/solar-aid"
FORM = f"{PAGE}/claim"
MAIL = {"way": "mail", "email": "chi@solar.example", "role": "Treasurer"}


@pytest.fixture
def chi(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.chi)


@pytest.fixture
def record(app: Flask) -> Organisation:
    return solar()


def browser(app: Flask, cast: Cast, name: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(cast, name))


def claim_of(state: str = "") -> Claim:
    query = select(Claim).where(Claim.state == state) if state else select(Claim)
    found = db.session.scalars(query.order_by(Claim.id.desc())).first()
    assert found is not None
    db.session.refresh(found)
    return found


def look(port: int) -> int:
    """One turn of the worker, to this port of this machine only."""
    return looking.look_at_due(partial(fetch, allowed=loopback, ports={port}))


def test_a_mail_to_the_organisations_own_domain_makes_the_first_signatory(
    record: Organisation, chi: FlaskClient, cast: Cast
) -> None:
    assert "Nobody speaks for it here yet" in chi.get(PAGE).text and FORM in chi.get(PAGE).text
    assert chi.post(FORM, data=MAIL).status_code == 303 and voices(record) == {}
    (letter,) = letters()
    (link,) = links(letter)
    assert letter.to == "chi@solar.example" and "Chi" in letter.text
    shown = chi.get(link)
    assert "Yes, it is me" in shown.text and shown.headers["Referrer-Policy"] == "no-referrer"
    assert voices(record) == {}, "opening the link does nothing"
    assert chi.post(link).status_code == 303 and voices(record) == {cast.chi.id: "signatory"}
    held = db.session.scalars(select(Affiliation)).one()
    assert (held.state, held.represents, held.role) == ("confirmed", True, "Treasurer")
    assert chi.get(link).status_code == 410 and chi.post(link).status_code == 410
    assert "Nobody speaks for it" not in chi.get(PAGE).text
    line = db.session.scalars(select(Change).where(Change.verb == "represented")).one()
    assert line.actor_id is None, "the log names nobody"


def test_the_address_is_kept_nowhere_when_the_mail_is_gone(record: Organisation, chi: FlaskClient, cast: Cast) -> None:
    chi.post(FORM, data=MAIL)
    with transaction():
        db.session.delete(db.session.scalars(select(Outgoing)).one())
    assert "chi@solar.example" not in str(db.session.execute(select(Claim.__table__)).all())


def test_only_who_claimed_uses_the_link(app: Flask, record: Organisation, chi: FlaskClient, cast: Cast) -> None:
    chi.post(FORM, data=MAIL)
    link = links(letters()[0])[0]
    ben = browser(app, cast, "ben")
    assert ben.get(link).status_code == 410 and ben.post(link).status_code == 410
    assert app.test_client().post(link).status_code == 303, "a visitor is sent to sign in"
    assert voices(record) == {} and chi.post(link).status_code == 303 and voices(record) != {}


def test_a_key_of_one_claim_proves_no_other(record: Organisation, chi: FlaskClient, cast: Cast) -> None:
    other = make.organisation("Other", website="https://other.example")
    chi.post(FORM, data=MAIL)
    link = links(letters()[0])[0]
    claims.claim_by_token(other, "", actor=cast.chi)
    key, number = link.rpartition("/")[2], claim_of().id
    assert chi.post(f"/organisations/other/claim/{number}/{key}").status_code == 410
    assert voices(other) == {}


@pytest.mark.parametrize(
    "email",
    ["chi@gmail.com", "chi@evil.example", "chi@solar.example.evil.example", "chi", "a b@solar.example", ""],
)
def test_any_other_address_is_refused_and_the_words_are_kept(
    record: Organisation, chi: FlaskClient, email: str
) -> None:
    answer = chi.post(FORM, data=MAIL | {"email": email})
    assert answer.status_code == 422 and "Treasurer" in answer.text and letters() == []


def test_a_parent_domain_that_others_share_proves_nothing(cast: Cast) -> None:
    mine = make.organisation("Mine", website="https://mine.hosted.example")
    make.organisation("Theirs", website="https://theirs.hosted.example/en")
    with pytest.raises(Invalid):
        claims.claim_by_mail(mine, "chi@hosted.example", "", actor=cast.chi)


def test_a_website_that_was_just_changed_proves_nothing(record: Organisation, cast: Cast) -> None:
    edit_organisation(record, {"website": "https://evil.example"}, version=1, actor=cast.chi)
    with pytest.raises(Invalid) as by_mail:
        claims.claim_by_mail(record, "chi@evil.example", "", actor=cast.chi)
    with pytest.raises(Invalid) as by_token:
        claims.claim_by_token(record, "", actor=cast.chi)
    assert all("changed lately" in " ".join(one.value.fields.values()) for one in (by_mail, by_token))


def test_a_website_that_changes_before_the_button_is_pressed_proves_nothing(
    record: Organisation, chi: FlaskClient, cast: Cast
) -> None:
    chi.post(FORM, data=MAIL)
    link = links(letters()[0])[0]
    edit_organisation(record, {"website": "https://another.example"}, version=1, actor=cast.ben)
    assert chi.post(link).status_code == 410 and voices(record) == {}


def test_a_line_in_a_file_of_the_site_is_found_by_the_worker(app: Flask, chi: FlaskClient, cast: Cast) -> None:
    body = bytearray(b"nothing yet\n")
    with serving(lambda line, asked: saying(bytes(body))(line, asked)) as (port, heard):
        record = solar(website="https://solar.example")
        assert chi.post(FORM, data={"way": "token"}).status_code == 303
        own = claim_of()
        with transaction():  # as if its name led here
            _site(record, own, f"http://127.0.0.1:{port}")
        assert own.token in chi.get(FORM).text and look(port) == 0, (
            "nothing is read before somebody says that it is there"
        )
        assert chi.post(f"{FORM}/{own.id}/look").status_code == 303 and heard == [], "the request itself reads nothing"
        assert look(port) == 1 and "not on the site yet" in chi.get(FORM).text and voices(record) == {}
        assert claim_of().due is not None and look(port) == 0, "later again, by itself"
        body[:] = f"hello\n  {own.token}  \n".encode()
        chi.post(f"{FORM}/{own.id}/look")
        assert look(port) == 1 and voices(record) == {cast.chi.id: "signatory"}
    assert heard[0].startswith(b"GET /.well-known/commonground.txt")
    assert db.session.scalars(select(Ask.member_id).where(Ask.why == "accepted")).all() == [cast.chi.id]


def _site(record: Organisation, own: Claim, url: str) -> None:
    """The guard's door for tests leads to numbers only, and a number is no host that could be claimed."""
    write(record, "updated", None, actor=None)
    record.website, own.host = url, ""


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<html><head><META content="%s" NAME=commonground></head>', True),
        ("<html><head><meta name='commonground' content='%s'/></head>", True),
        ('<html><head><!-- <meta name="commonground" content="%s"> --></head>', False),
        ('<html><head></head><body><meta name="commonground" content="%s"></body>', False),
        ('<html><head><meta name="other" content="%s"></head>', False),
        ("<html><head></head><body>%s</body>", False),
        ('<html><head><meta name="commonground" content="%sx"></head>', False),
    ],
)
def test_a_line_in_the_head_of_the_page_counts_and_one_in_its_body_does_not(
    app: Flask, cast: Cast, page: str, found: bool
) -> None:
    record = solar(website="https://solar.example")
    own = claims.claim_by_token(record, "", actor=cast.chi)
    claims.look_again(own, actor=cast.chi)
    with serving(saying(b"", status="404 Not Found"), saying((page % own.token).encode())) as (port, _heard):
        with transaction():
            _site(record, own, f"http://127.0.0.1:{port}")
        look(port)
    assert bool(voices(record)) is found


def test_a_page_below_a_host_does_not_own_the_files_of_the_host(app: Flask, cast: Cast) -> None:
    record = solar(website="https://solar.example")
    own = claims.claim_by_token(record, "", actor=cast.chi)
    claims.look_again(own, actor=cast.chi)
    with serving(saying(own.token.encode())) as (port, heard):
        with transaction():
            _site(record, own, f"http://127.0.0.1:{port}/solar")
        look(port)
    assert [asked.split(b" ")[1] for asked in heard] == [b"/solar"] and voices(record) == {}


def test_a_site_that_leads_elsewhere_or_fails_is_said_in_a_sentence(app: Flask, cast: Cast) -> None:
    record = solar(website="https://solar.example")
    own = claims.claim_by_token(record, "", actor=cast.chi)
    claims.look_again(own, actor=cast.chi)
    with (
        serving(saying(own.token.encode())) as (there, _heard),
        serving(moved(f"http://127.0.0.1:{there}/")) as (port, _),
    ):
        with transaction():
            _site(record, own, f"http://127.0.0.1:{port}")
        looking.look_at_due(partial(fetch, allowed=loopback, ports={port, there}))
    assert "leads on to another address" in claim_of().fault and voices(record) == {}
    with transaction():
        _site(record, own, "http://127.0.0.1:9")
    claims.look_again(own, actor=cast.chi)
    looking.look_at_due()
    assert claim_of().fault == "This is not an address that can be read here."


def test_the_worker_looks_ever_more_rarely_and_gives_up(record: Organisation, cast: Cast) -> None:
    own = claims.claim_by_token(record, "", actor=cast.chi)
    claims.look_again(own, actor=cast.chi)
    with serving(saying(b"no")) as (port, _heard):
        with transaction():
            _site(record, own, f"http://127.0.0.1:{port}")
        waits = []
        for _turn in range(looking.TRIES):
            look(port)
            db.session.refresh(own)
            waits.append(own.due - now() if own.due else None)
            with transaction():
                own.due = now() - timedelta(seconds=1) if own.due else None
        assert look(port) == 0
    assert waits[-1] is None and all(one < two for one, two in zip(waits[:-2], waits[1:-1], strict=True) if one and two)


def vouching(record: Organisation, cast: Cast) -> Claim:
    at_home(cast.chi)
    return claims.claim_by_vouchers(record, "Treasurer", actor=cast.chi)


def say(app: Flask, cast: Cast, name: str, own: Claim, answer: str = "yes") -> int:
    return browser(app, cast, name).post(f"{PAGE}/vouch/{own.id}", data={"answer": answer}).status_code


def test_two_who_speak_for_other_organisations_vouch(
    app: Flask, record: Organisation, chi: FlaskClient, cast: Cast
) -> None:
    for name, who in (("One", cast.ana), ("Two", cast.ben)):
        speak(make.organisation(name), who)
    own = vouching(record, cast)
    for name in ("ana", "@ben"):
        assert chi.post(f"{FORM}/{own.id}/vouchers", data={"username": name}).status_code == 303
    assert set(db.session.scalars(select(Ask.member_id).where(Ask.why == "vouching"))) == {cast.ana.id, cast.ben.id}
    ana = browser(app, cast, "ana")
    assert "Chi says that they speak for this organisation" in ana.get(PAGE).text
    assert "Treasurer" in ana.get(f"{PAGE}/vouch/{own.id}").text
    assert "says that they speak" not in browser(app, cast, "mo").get(PAGE).text
    assert browser(app, cast, "mo").get(f"{PAGE}/vouch/{own.id}").status_code == 404
    assert say(app, cast, "ana", own) == 303 and voices(record) == {}
    assert say(app, cast, "ana", own) == 404, "once"
    assert say(app, cast, "ben", own) == 303 and voices(record) == {cast.chi.id: "signatory"}


def test_two_of_one_organisation_are_one_voice_and_moderators_count_each(
    app: Flask, record: Organisation, cast: Cast
) -> None:
    one = make.organisation("One")
    speak(one, cast.ana)
    speak(one, cast.ben, "delegate")
    own = vouching(record, cast)
    for name in ("ana", "ben", "mo.derates"):
        claims.ask_voucher(own, name, actor=cast.chi)
    assert say(app, cast, "ana", own) == 303 and say(app, cast, "ben", own) == 303 and voices(record) == {}
    assert say(app, cast, "mo", own) == 303 and voices(record) == {cast.chi.id: "signatory"}


def test_a_no_counts_for_nothing(app: Flask, record: Organisation, cast: Cast) -> None:
    speak(make.organisation("One"), cast.ana)
    own = vouching(record, cast)
    for name in ("ana", "mo.derates"):
        claims.ask_voucher(own, name, actor=cast.chi)
    assert say(app, cast, "ana", own, "no") == 303 and say(app, cast, "mo", own) == 303 and voices(record) == {}


def test_who_cannot_vouch_is_not_asked_and_all_are_refused_alike(record: Organisation, cast: Cast) -> None:
    speak(make.organisation("One"), cast.ana)
    own = vouching(record, cast)
    with transaction():
        db.session.add(Block(member_id=cast.ana.id, other_id=cast.chi.id, how="block"))
    said = set()
    for name in ("ana", "ben", "chi", "nobody", ""):  # one who blocked them, one who speaks for nobody, themself, none
        with pytest.raises(Invalid) as fault:
            claims.ask_voucher(own, name, actor=cast.chi)
        said.add(fault.value.fields["username"])
    assert len(said) == 1 and db.session.scalar(select(Voucher.member_id)) is None


def test_newcomers_claim_by_mail_and_by_token_only(record: Organisation, chi: FlaskClient, cast: Cast) -> None:
    with transaction():
        cast.chi.trusted = None
    answer = chi.post(FORM, data={"way": "vouchers"})
    assert answer.status_code == 422 and "others can vouch for you" in answer.text
    assert chi.post(FORM, data=MAIL).status_code == 303


def test_one_member_has_three_open_claims(cast: Cast) -> None:
    records = [make.organisation(f"No. {number}", website=f"https://no-{number}.example") for number in range(4)]
    for one in records[:3]:
        claims.claim_by_token(one, "", actor=cast.chi)
    with pytest.raises(Invalid):
        claims.claim_by_token(records[3], "", actor=cast.chi)
    with pytest.raises(Invalid):
        claims.claim_by_token(records[0], "", actor=cast.ben), claims.claim_by_token(records[0], "", actor=cast.ben)
    claims.withdraw(claim_of(), actor=cast.chi)


def test_where_somebody_speaks_the_claim_goes_to_them(
    app: Flask, record: Organisation, chi: FlaskClient, cast: Cast
) -> None:
    speak(record, cast.ben)
    shown = chi.get(FORM).text
    assert "They read what you write, and decide" in shown and "By a line on its website" not in shown
    assert chi.post(FORM, data={"role": "Canaryrole", "proof": "We met"}).status_code == 303
    assert db.session.scalar(select(Claim.id)) is None
    ben = browser(app, cast, "ben")
    assert "Canaryrole" in ben.get(f"{PAGE}/inbox").text
    for name in ("ana", "mo"):
        assert "Canaryrole" not in browser(app, cast, name).get(PAGE).text
    found = db.session.scalars(select(Affiliation)).one()
    ben.post(f"/affiliations/{found.id}/confirm")
    assert voices(record) == {cast.ben.id: "signatory", cast.chi.id: "delegate"}


def test_a_proof_that_comes_second_is_passed_on_to_who_came_first(
    record: Organisation, chi: FlaskClient, cast: Cast
) -> None:
    chi.post(FORM, data=MAIL)
    link = links(letters()[0])[0]
    speak(record, cast.ben)
    assert letters() == [], "the mail is not written any more"
    assert chi.post(link).status_code == 303
    assert voices(record) == {cast.ben.id: "signatory"} and claim_of().state == "passed on"
    held = db.session.scalars(select(Affiliation)).one()
    assert (held.state, held.represents, held.member_id) == ("asked", True, cast.chi.id)


def test_open_claims_are_seen_by_nobody_else(app: Flask, record: Organisation, cast: Cast) -> None:
    people.profile(cast.chi, "public", "public")
    at_home(cast.chi)
    claims.claim_by_vouchers(record, "Canaryrole", actor=cast.chi)
    claims.ask_voucher(claim_of(), "mo.derates", actor=cast.chi)
    own = claim_of()
    for name in ("ana", "ben"):
        client = browser(app, cast, name)
        for address in (
            PAGE,
            f"{PAGE}/history",
            "/changes",
            "/changes.atom",
            "/members/chi",
            f"/api/v1/organisations/{record.id}",
            "/api/v1/changes",
        ):
            text = client.get(address).text
            assert "Canaryrole" not in text and '"verb":"asked"' not in text.replace(" ", ""), address
        assert client.post(f"{FORM}/{own.id}/withdraw").status_code == 404
        assert client.post(f"{FORM}/{own.id}/look").status_code == 404
        assert client.post(f"{FORM}/{own.id}/vouchers", data={"username": "mo.derates"}).status_code == 404
    assert app.test_client().get(FORM).status_code == 303


def test_an_unproved_account_claims_nothing(app: Flask, record: Organisation, cast: Cast) -> None:
    assert browser(app, cast, "una").post(FORM, data=MAIL).status_code == 403
    with pytest.raises(Forbidden):
        claims.claim_by_token(record, "", actor=cast.una)


def test_hidden_records_have_no_such_pages(app: Flask, cast: Cast, chi: FlaskClient) -> None:
    make.organisation("Secret", audience="group:7", website="https://secret.example")
    for page in ("claim", "representatives", "inbox", "confirmed", "invitation", "vouch/1"):
        assert chi.get(f"/organisations/secret/{page}").status_code == 404, page


def test_claims_end_after_a_month_and_are_forgotten_after_three(record: Organisation, cast: Cast) -> None:
    own = claims.claim_by_token(record, "", actor=cast.chi)
    with transaction():
        own.created = now() - timedelta(days=31)
    looking.tidy()
    assert claim_of().state == "withdrawn"
    with transaction():
        own.decided = now() - timedelta(days=91)
    looking.tidy()
    assert db.session.scalar(select(Claim.id)) is None


def test_pages_of_a_claim_are_said_step_by_step(record: Organisation, chi: FlaskClient, cast: Cast) -> None:
    assert "Do you work here?" in chi.get(FORM).text
    at_home(cast.chi)
    chi.post(FORM, data={"way": "vouchers", "role": "Chair"})
    assert "Name two people who know you" in chi.get(FORM).text
    wrong = chi.post(f"{FORM}/{claim_of().id}/vouchers", data={"username": "ana"})
    assert wrong.status_code == 422 and 'value="ana"' in wrong.text
    assert chi.post(f"{FORM}/{claim_of().id}/withdraw").status_code == 303
    assert "Do you work here?" in chi.get(FORM).text
