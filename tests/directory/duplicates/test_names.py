from __future__ import annotations

import pytest

from directory.duplicates.names import as_acronym, fold, forms, name_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maji Trust Limited", "MAJI TRUST LTD."),
        ("Sail Boat Project CIC", "Sail Boat Project Community Interest Company"),
        ("Sheepwash P.O. and Stores C.I.C.", "Sheepwash PO & Stores"),
        ("The Biodynamic Land Trust", "Biodynamic Land Trust"),
        ("Müller-Stiftung e.V.", "Mueller Stiftung"),
        ("Naturfreunde München eingetragener Verein", "Naturfreunde Munchen"),
        ("Université de Liège", "Universite de Liege"),
        ("Kegworth Co-operative Society", "Kegworth Cooperative Society"),
        ("Workmen's Club", "Workmens Club"),
        ("Geomoun ASBL", "Geomoun a.s.b.l."),
        ("Fundacja Ocalenie", "Foundation Ocalenie"),
        ("Харківська академія", "Kharkivska akademiya"),
        ("Red Cross Society", "Red Cross Society Inc."),
    ],
)
def test_spellings_of_one_name_become_the_same_words(one: str, other: str) -> None:
    assert name_words(one)[0] == name_words(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northampton Credit Union", "Northamptonshire Credit Union"),
        ("School No 5", "School No 6"),
        ("Company of Ideas", "Company of Elders"),
        ("Limited", "Ltd"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_words(one)[0] != name_words(other)[0]


def test_a_name_that_carries_two_gives_both() -> None:
    names = forms("Teens and Toddlers trading as Power Two Youth").names
    assert ("teens", "toddlers") in names
    assert ("power", "two", "youth") in names


def test_a_country_in_brackets_is_no_name_of_its_own() -> None:
    names = forms("PhaseSpace (United Kingdom)").names
    assert ("phasespace",) in names
    assert all(words != ("united", "kingdom") for words in names)


def test_letters_in_brackets_are_an_acronym_and_what_they_stand_for_is_a_name() -> None:
    assert forms("Pioneer Academies Trust (PACT)").given == ("pact",)
    assert ("national", "market", "traders", "federation") in forms("NMTF (National Market Traders Federation)").names


def test_initials_are_kept_with_and_without_the_joining_words() -> None:
    assert set(forms("Institute of Development Studies").initials) == {"ids", "iods"}


@pytest.mark.parametrize("text", ["WWF", "W.W.F.", "KfW", "3IE"])
def test_capitals_look_like_an_acronym(text: str) -> None:
    assert as_acronym(text)


@pytest.mark.parametrize("text", ["Maji", "Red Cross", "a", "", "UNITEDNATIONSFUND"])
def test_words_do_not_look_like_an_acronym(text: str) -> None:
    assert not as_acronym(text)


def test_folding_leaves_plain_letters_whatever_the_script() -> None:
    for text in ("Ærø Højskole", "Łódź", "北京大学", "Ελληνικός Ερυθρός Σταυρός", "جمعية الهلال"):
        assert fold(text).isascii()
        assert fold(text).strip()
