from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from directory.duplicates import SUSPECT, Card, DuplicateIndex, Suspect

MAJI = Card(
    1, "Maji Safi Water Trust", ("MSWT",), "https://www.majisafi.or.ke", "majisafi.or.ke", "KE", "Kisumu", "40100"
)
CLUB = Card(2, "Carcroft Village Hall Social Club Limited", country="GB", city="Doncaster", postcode="DN6 8AG")
INSTITUTE = Card(3, "Institute of Development Studies", country="GB", city="Brighton", external_ids=("ror:0288jxv49",))
SOFI = Card(4, "Sheffield Organic Food Initiative", country="GB", text="Set up to promote organic growing of local food, foraging and permaculture in the schools and parks of Sheffield")  # fmt: skip
FILLING = [
    Card(100 + number, f"{town} {kind}", country="GB", city=town)
    for number, (town, kind) in enumerate(
        (town, kind)
        for town in ("Leeds", "Hull", "York", "Truro", "Derby", "Bath", "Ely", "Wells")
        for kind in ("Village Hall Social Club Limited", "Credit Union", "Food Bank", "School No 5", "Housing Trust")
    )
]


@pytest.fixture
def index() -> DuplicateIndex:
    return DuplicateIndex([MAJI, CLUB, INSTITUTE, SOFI, *FILLING])


def asked(name: str, **details: object) -> Card:
    return replace(Card(-1, name), **details)  # type: ignore[arg-type]


def ids(suspects: list[Suspect]) -> list[int]:
    return [suspect.id for suspect in suspects]


def codes(suspect: Suspect) -> set[str]:
    return {reason.partition(":")[0] for reason in suspect.reasons}


@pytest.mark.parametrize(
    "name",
    [
        "MAJI SAFI WATER TRUST",
        "Maji Safi Water Trust Ltd",
        "Maji Saffi Water Trust",
        "The Maji-Safi Water Trust e.V.",
        "MSWT",
    ],
)
def test_the_same_organisation_under_another_spelling_is_suspected_first(index: DuplicateIndex, name: str) -> None:
    assert ids(index.suspects(asked(name, country="KE")))[:1] == [MAJI.id]


def test_the_same_name_says_so(index: DuplicateIndex) -> None:
    (suspect,) = index.suspects(asked("Maji Safi Water Trust", city="Kisumu", website="http://majisafi.or.ke/contact"))
    assert codes(suspect) == {"same_name", "same_place", "same_domain"}
    assert "same_domain:majisafi.or.ke" in suspect.reasons
    assert suspect.score > 0.95


def test_an_equal_register_number_is_certain_whatever_the_name(index: DuplicateIndex) -> None:
    (suspect,) = index.suspects(asked("Something quite different", country="FR", external_ids=("ROR:0288JXV49",)))
    assert (suspect.id, suspect.score) == (INSTITUTE.id, 1.0)
    assert codes(suspect) == {"same_register_id"}


def test_initials_are_recognised_as_an_acronym(index: DuplicateIndex) -> None:
    (suspect,) = index.suspects(asked("IDS"))
    assert suspect.id == INSTITUTE.id
    assert "acronym:ids" in suspect.reasons


def test_an_only_website_is_enough_and_a_shared_host_is_not(index: DuplicateIndex) -> None:
    assert ids(index.suspects(asked("Lake Basin Pipes", website="https://majisafi.or.ke"))) == [MAJI.id]
    index.add(Card(9, "River Friends", website="https://facebook.com/river"))
    assert index.suspects(asked("Lake Basin Pipes", website="https://facebook.com/lake")) == []


def test_the_same_text_under_a_new_name_is_suspected(index: DuplicateIndex) -> None:
    (suspect,) = index.suspects(asked("Edible Culture", text=SOFI.text))
    assert (suspect.id, codes(suspect)) == (SOFI.id, {"similar_text"})


@pytest.mark.parametrize("town", ["Leeds", "Hull", "York"])
def test_a_village_club_is_not_the_club_of_the_next_village(index: DuplicateIndex, town: str) -> None:
    """A guard against an empty answer for another reason: its own town does find it."""
    own = next(card for card in FILLING if card.name.startswith(f"{town} Village Hall"))
    assert ids(index.suspects(replace(own, id=-1))) == [own.id]
    for other in ("Selby", "Goole"):
        assert index.suspects(asked(f"{other} Village Hall Social Club Limited", country="GB", city=other)) == []


def test_one_town_may_have_a_credit_union_and_a_food_bank(index: DuplicateIndex) -> None:
    assert index.suspects(asked("Selby Food Bank", country="GB", city="Leeds")) == []
    assert ids(index.suspects(asked("Leeds Foodbank", country="GB", city="Leeds")))[0] == next(
        card.id for card in FILLING if card.name == "Leeds Food Bank"
    )


def test_another_number_is_another_school(index: DuplicateIndex) -> None:
    assert index.suspects(asked("Leeds School No 6", country="GB", city="Leeds")) == []


def test_the_same_common_name_abroad_is_not_suspected(index: DuplicateIndex) -> None:
    assert index.suspects(asked("Leeds Housing Trust", country="JM", city="Kingston")) == []


def test_a_card_is_never_suspected_of_being_itself(index: DuplicateIndex) -> None:
    assert index.suspects(MAJI) == []
    assert ids(index.suspects(replace(MAJI, id=77))) == [MAJI.id]


def test_a_removed_card_is_forgotten_and_a_changed_one_replaces_its_older_self(index: DuplicateIndex) -> None:
    size = len(index)
    index.add(
        replace(
            MAJI, name="Clean Lake Pipes", aliases=(), website="", email_domain="", city="Mombasa", postcode="80100"
        )
    )
    assert len(index) == size
    assert index.suspects(asked("Maji Safi Water Trust", country="KE")) == []
    assert ids(index.suspects(asked("Clean Lake Pipes", country="KE"))) == [MAJI.id]
    index.remove(MAJI.id)
    index.remove(MAJI.id)
    assert MAJI.id not in index
    assert index.suspects(asked("Clean Lake Pipes", country="KE")) == []


def test_building_anew_forgets_everything_before(index: DuplicateIndex) -> None:
    index.build(iter([CLUB]))
    assert len(index) == 1
    assert index.suspects(asked(MAJI.name)) == []


def test_following_one_by_one_answers_like_building_at_once() -> None:
    cards = [MAJI, CLUB, INSTITUTE, SOFI, *FILLING]
    followed = DuplicateIndex()
    for round_ in range(40):
        for card in cards:
            followed.add(replace(card, name=f"{card.name} {round_}"))
    for card in cards:
        followed.add(card)
    built = DuplicateIndex(cards)
    questions = [replace(card, id=-1, name=card.name.replace("i", "y", 1)) for card in cards]
    assert [followed.suspects(card) for card in questions] == [built.suspects(card) for card in questions]


def test_only_so_many_are_shown_the_likeliest_first() -> None:
    twins = DuplicateIndex(Card(id, "Maji Safi Water Trust", country="KE") for id in range(3))
    suspects = twins.suspects(asked("Maji Safi Water Trust", country="KE"), limit=2)
    assert ids(suspects) == [0, 1]
    assert all(SUSPECT <= suspect.score <= 1 for suspect in suspects)


@pytest.mark.parametrize(
    "name", ["", "   ", "???", "&", "()", "a", "\x00", "北京大学", "🙂", "x" * 5000, "the of and", "Ltd"]
)
def test_whatever_is_typed_gets_an_answer(index: DuplicateIndex, name: str) -> None:
    index.add(Card(50, name, website=name, email_domain=name, postcode=name, city=name, text=name))
    assert isinstance(index.suspects(asked(name, website=name, city=name, postcode=name, text=name)), list)
    index.remove(50)


def test_an_empty_directory_suspects_nobody() -> None:
    assert DuplicateIndex().suspects(MAJI) == []


def many(count: int) -> Iterator[Card]:
    dice = random.Random(4)
    parts = ["".join(dice.choice("aeioubdgklmnprstvz") for _ in range(dice.randint(4, 9))) for _ in range(3000)]
    for id in range(count):
        yield Card(id, " ".join(dice.sample(parts, 3)) + " Foundation", city=dice.choice(parts), country="XX")


def test_readers_and_the_follower_share_it_between_threads() -> None:
    index = DuplicateIndex(many(2000))
    cards = list(many(2000))
    missed: list[int] = []

    def read(start: int) -> None:
        missed.extend(c.id for c in cards[start : start + 100] if c.id not in ids(index.suspects(replace(c, id=-1))))

    def follow() -> None:
        for card in cards[1000:]:
            index.remove(card.id)
            index.add(card)

    threads = [Thread(target=read, args=(0,)), Thread(target=read, args=(200,)), Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == []
    assert len(index) == 2000


def test_reasons_are_plain_text_that_can_be_stored(index: DuplicateIndex) -> None:
    suspects = index.suspects(replace(MAJI, id=-1))
    assert suspects
    assert json.loads(json.dumps([suspect.reasons for suspect in suspects])) == [list(s.reasons) for s in suspects]
