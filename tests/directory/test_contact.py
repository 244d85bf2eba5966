"""A letter to an organisation: passed on, answered, forgotten; neither side ever reads the other's address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from commons.db import db, now, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.asks import speaks_for
from commons.entries.models import Revision
from commons.members.models import Block, Member, Outgoing, Seat
from commons.members.seats import take_seat
from commons.web import Invalid
from directory.actions import confirm_organisation, edit_organisation
from directory.contact.actions import A_DAY, forget, write
from directory.contact.models import Copy, Enquiry
from directory.contact.queries import ANSWERS, DAY, KEPT, PROVED_WITHIN, TO_A_RECORD, TYPED
from directory.models import Organisation
from tests import make
from tests.cast import GROUP, Cast, sign_in

GUEST = {"name": "Gus", "email": "gus@example.net", "text": "Do you mend pumps?\nWe have one."}
FORM = "/organisations/solar-aid/contact"


@pytest.fixture
def solar(app: Flask) -> Organisation:
    """Its address is known for a while, from a register."""
    return known(make.organisation("Solar Aid", email="office@solar.example", country="KE"))


def known(organisation: Organisation, days: int = 8) -> Organisation:
    with transaction():
        record(organisation, "updated", None, actor=None)
        organisation.source = "A register"
        past = now() - timedelta(days=days)
        db.session.execute(update(Revision).where(Revision.entry_id == organisation.id).values(at=past))
    return organisation


def speak(organisation: Organisation, *people: Member) -> None:
    with transaction():
        for one in people:
            db.session.add(Seat(member_id=one.id, audience=speaks_for(organisation.id), role="steward"))


def mails(to: str = "") -> list[Outgoing]:
    db.session.rollback()
    query = select(Outgoing).order_by(Outgoing.id)
    return list(db.session.scalars(query.where(Outgoing.recipient == to) if to else query))


def link_in(mail: Outgoing) -> str:
    found = re.search(r"http://localhost(/\S+)", mail.text)
    assert found is not None and found.group(1) in mail.html
    return found.group(1)


def letters() -> int:
    return db.session.scalar(select(func.count()).select_from(Enquiry)) or 0


def test_a_visitors_letter_goes_on_after_a_button_and_the_answer_comes_back(client: FlaskClient, solar: Organisation) -> None:  # fmt: skip
    assert "Write to them" in client.get("/organisations/solar-aid").text
    assert client.get(FORM).status_code == 200 and "office@solar.example" not in client.get(FORM).text
    assert client.post(FORM, data=GUEST).status_code == 303
    assert [mail.recipient for mail in mails()] == ["gus@example.net"], "nothing goes on before the button"
    link = link_in(mails()[0])
    assert "Do you mend pumps?" in client.get(link).text and len(mails()) == 1, "opening the link does nothing"
    assert client.post(link).status_code == 303
    (passed,) = mails("office@solar.example")
    assert (
        "Gus" in passed.text
        and "Do you mend pumps?" in passed.text
        and "gus@example.net" not in passed.text + passed.html
    )
    assert client.get(link).status_code == 410 and client.post(link).status_code == 410
    answer = link_in(passed)
    shown = client.get(answer).text
    assert "Do you mend pumps?" in shown and "gus@example.net" not in shown
    assert client.post(answer, data={"text": "Yes, on Mondays."}).status_code == 303
    back = mails("gus@example.net")[-1]
    assert "Yes, on Mondays." in back.text and "office@solar.example" not in back.text + back.html


def test_keys_are_kept_as_digests_only(client: FlaskClient, solar: Organisation) -> None:
    client.post(FORM, data=GUEST)
    proof = link_in(mails()[0]).rpartition("/")[2]
    client.post(link_in(mails()[0]))
    key = link_in(mails("office@solar.example")[0]).rpartition("/")[2]
    row = str([db.session.execute(select(one.__table__)).one() for one in (Enquiry, Copy)])
    assert proof not in row and key not in row
    assert client.get("/letters/guessed").status_code == 410


def test_a_members_letter_goes_to_the_representatives_at_once_and_to_no_address_of_the_record(app: Flask, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    speak(solar, cast.ana, cast.ben)
    chi = sign_in(app.test_client(), cast.chi)
    assert 'name="email"' not in chi.get(FORM).text
    assert chi.post(FORM, data={"text": "Hello", "name": "Somebody else"}).status_code == 303
    assert sorted(mail.recipient for mail in mails()) == ["ana@example.org", "ben@example.org"]
    assert "Chi writes to Solar Aid" in mails()[0].text and "chi@example.org" not in mails()[0].text
    app.test_client().post(link_in(mails("ana@example.org")[0]), data={"text": "Welcome"})
    assert "Welcome" in mails("chi@example.org")[0].text and "ana@example.org" not in mails("chi@example.org")[0].text


def test_a_representative_who_blocked_the_writer_gets_no_copy(cast: Cast, solar: Organisation) -> None:
    speak(solar, cast.ana, cast.ben)
    with transaction():
        db.session.add(Block(member_id=cast.ana.id, other_id=cast.chi.id, how="block"))
    write(solar, {"text": "Hello"}, actor=cast.chi)
    assert [mail.recipient for mail in mails()] == ["ben@example.org"]


def test_where_nobody_can_be_reached_the_page_says_so(client: FlaskClient, app: Flask) -> None:
    make.organisation("Lonely")
    shown = client.get("/organisations/lonely/contact").text
    assert "Nobody can be reached there yet" in shown and "<textarea" not in shown
    assert client.post("/organisations/lonely/contact", data=GUEST).status_code == 422 and letters() == 0


def test_a_letter_is_answered_five_times_and_not_after_thirty_days(client: FlaskClient, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    write(solar, {"text": "Hello"}, actor=cast.chi)
    link = link_in(mails("office@solar.example")[0])
    for number in range(ANSWERS):
        assert client.post(link, data={"text": f"Answer {number}"}).status_code == 303
    assert client.post(link, data={"text": "And more"}).status_code == 422
    assert "answered five times" in client.get(link).text and len(mails("chi@example.org")) == ANSWERS
    with transaction():
        db.session.scalars(select(Enquiry)).one().last_at = now() - KEPT - timedelta(minutes=1)
    assert client.get(link).status_code == 410


def test_letters_are_forgotten_thirty_days_after_the_last_word_and_unproved_ones_after_a_week(cast: Cast, solar: Organisation) -> None:  # fmt: skip
    speak(solar, cast.mo)
    old = write(solar, {"text": "Old"}, actor=cast.chi)
    fresh = write(solar, {"text": "Fresh"}, actor=cast.ben)
    unproved = write(solar, GUEST, actor=None)
    with transaction():
        old.last_at, fresh.last_at = now() - KEPT - timedelta(minutes=1), now() - KEPT + timedelta(hours=1)
        unproved.last_at = now() - PROVED_WITHIN - timedelta(minutes=1)
    assert forget(7) == 7
    assert db.session.scalars(select(Enquiry.text)).all() == ["Fresh"]


def test_a_form_with_faults_gives_the_words_back(client: FlaskClient, solar: Organisation) -> None:
    for wrong in ({"email": "gus"}, {"name": ""}, {"text": ""}, {"text": "http://a.example https://b.example"}):
        answer = client.post(FORM, data=GUEST | wrong)
        assert answer.status_code == 422, wrong
    assert "http://a.example https://b.example" in answer.text and "at most one link" in answer.text
    assert client.post(FORM, data=GUEST | {"text": "See https://a.example"}).status_code == 303
    assert client.post(FORM, data=GUEST | {"website": "x"}).status_code == 303 and letters() == 1


def test_one_address_writes_five_letters_a_day(cast: Cast, solar: Organisation, client: FlaskClient) -> None:
    speak(solar, cast.ana)
    for number in range(A_DAY):
        write(solar, GUEST | {"text": f"Letter {number}"}, actor=None)
    answer = client.post(FORM, data=GUEST | {"email": "GUS@example.net", "text": "Keep me"})
    assert answer.status_code == 422 and "enough letters" in answer.text and "Keep me" in answer.text
    write(solar, GUEST | {"email": "other@example.net"}, actor=None)


@pytest.mark.parametrize("app", [{"RATELIMIT_ENABLED": True}], indirect=True)
def test_one_network_writes_three_letters_a_day_and_faulty_forms_do_not_count(client: FlaskClient, solar: Organisation) -> None:  # fmt: skip
    for number in range(3):
        assert client.post(FORM, data=GUEST | {"text": ""}).status_code == 422
        assert client.post(FORM, data=GUEST | {"email": f"g{number}@example.net"}).status_code == 303
    assert client.post(FORM, data=GUEST).status_code == 429


def test_a_letter_waits_in_vain_for_a_record_that_is_gone_or_hidden(app: Flask, client: FlaskClient, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    client.post(FORM, data=GUEST)
    link = link_in(mails()[0])
    remove_entry(solar, actor=cast.mo, note="Not there")
    assert client.post(link).status_code == 410 and mails("office@solar.example") == []
    make.organisation("Plans", audience=GROUP, email="plans@example.org")
    assert client.get("/organisations/plans/contact").status_code == 404


def test_an_account_that_proved_no_address_writes_no_letters(app: Flask, cast: Cast, solar: Organisation) -> None:
    assert sign_in(app.test_client(), cast.una).post(FORM, data={"text": "Hello"}).status_code == 403
    assert mails() == []


def test_words_in_a_letter_make_no_header_and_no_mark_up(client: FlaskClient, solar: Organisation) -> None:
    client.post(FORM, data=GUEST | {"name": "Gus\r\nBcc: all", "text": "<b>Hi</b>\r\nthere"})
    client.post(link_in(mails()[0]))
    (passed,) = mails("office@solar.example")
    assert "\n" not in passed.subject and "&lt;b&gt;" in passed.html and "<b>Hi" not in passed.html


def test_the_key_of_a_letter_ends_with_the_seat_of_who_got_it(app: Flask, cast: Cast, solar: Organisation) -> None:
    speak(solar, cast.ana, cast.ben)
    write(solar, {"text": "Hello"}, actor=cast.chi)
    anas, bens = (link_in(mails(f"{name}@example.org")[0]) for name in ("ana", "ben"))
    assert anas != bens
    take_seat(cast.ana, speaks_for(solar.id))
    client = app.test_client()
    assert client.get(anas).status_code == client.post(anas, data={"text": "Still me"}).status_code == 410
    assert client.get(bens).status_code == 200
    with transaction():
        cast.ben.state = "suspended"
    assert client.get(bens).status_code == 410 and mails("chi@example.org") == []


def test_the_key_at_the_records_address_ends_when_that_is_another_one_or_somebody_speaks_for_it(client: FlaskClient, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    write(solar, {"text": "Hello"}, actor=cast.chi)
    link = link_in(mails("office@solar.example")[0])
    assert client.get(link).status_code == 200
    speak(solar, cast.ana)
    assert client.get(link).status_code == 410
    take_seat(cast.ana, speaks_for(solar.id))
    assert client.get(link).status_code == 200
    edit_organisation(solar, {"email": "new@solar.example"}, version=solar.version, actor=cast.ben)
    assert client.get(link).status_code == 410


def test_our_own_mails_carry_few_words_of_a_name_and_no_address_in_it(client: FlaskClient, cast: Cast) -> None:
    title = (
        "Free phones at www.bait.example or BAIT.COM or http://x.example/a, act now and do not wait for all the others"
    )
    baited = known(make.organisation(title, email="victim@example.net"))
    client.post(f"/organisations/{baited.slug}/contact", data=GUEST)
    write(baited, {"text": "Hello"}, actor=cast.chi)
    for mail in (*mails("gus@example.net"), *mails("victim@example.net")):
        assert "Free phones" in mail.text
        for unfit in ("bait.example", "BAIT", "x.example", "for all the others"):
            assert unfit not in mail.text + mail.html + mail.subject, unfit


@pytest.mark.parametrize("links", ["www.a.example www.b.example", "a.example and b.example/x", "See A.COM, B.ORG", "a.Com b.Net"])  # fmt: skip
def test_every_kind_of_address_is_counted_as_a_link(client: FlaskClient, solar: Organisation, links: str) -> None:
    answer = client.post(FORM, data=GUEST | {"text": links})
    assert answer.status_code == 422 and "at most one link" in answer.text
    assert (
        client.post(FORM, data=GUEST | {"text": "We pump.We need 3.5 m of pipe, i.e. two.Please come."}).status_code
        == 303
    )
    assert client.post(FORM, data=GUEST | {"name": "Visit bait.example"}).status_code == 422


def test_no_mail_goes_to_an_address_that_a_member_typed_lately_or_that_nobody_confirmed(cast: Cast, client: FlaskClient) -> None:  # fmt: skip
    made = make.organisation("Fresh Wells", email="victim@example.net", actor=cast.ana)
    page = f"/organisations/{made.slug}/contact"
    assert "Nobody can be reached there yet" in client.get(page).text
    confirm_organisation(made, version=1, actor=cast.ben)
    assert "Nobody can be reached there yet" in client.get(page).text, "confirmed, and typed today"
    known(made, days=TYPED.days + 1)
    assert client.post(page, data=GUEST).status_code == 303
    edit_organisation(made, {"email": "other@example.net"}, version=made.version, actor=cast.ana)
    client.post(link_in(mails("gus@example.net")[0]))
    assert mails("victim@example.net") == mails("other@example.net") == []
    with transaction():
        record(made, "updated", None, actor=None)
        made.source, made.confirmed = "", ""
        db.session.execute(update(Revision).where(Revision.entry_id == made.id).values(at=now() - 2 * TYPED))
    assert "Nobody can be reached there yet" in client.get(page).text, "neither confirmed nor from a source"


def test_the_address_of_a_record_gets_two_mails_a_day_whoever_writes(client: FlaskClient, cast: Cast, solar: Organisation) -> None:  # fmt: skip
    twin = known(make.organisation("Solar Twin", email="OFFICE@solar.example"))
    client.post(FORM, data=GUEST)
    write(solar, {"text": "One"}, actor=cast.chi)
    write(twin, {"text": "Two"}, actor=cast.ben)
    with pytest.raises(Invalid) as fault:
        write(solar, {"text": "Three"}, actor=cast.ana)
    assert "tomorrow" in fault.value.fields["text"]
    link = link_in(mails("gus@example.net")[0])
    assert "tomorrow" in client.post(link, follow_redirects=True).text
    with transaction():
        db.session.execute(update(Copy).values(at=now() - DAY - timedelta(minutes=1)))
    assert client.post(link).status_code == 303 and len(mails("office@solar.example")) == TO_A_RECORD
