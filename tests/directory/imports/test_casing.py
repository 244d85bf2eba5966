from __future__ import annotations

import pytest

from directory.imports.casing import name_case, place_case, sentence_case


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("THE MASSENA FREE CLINIC FOR ADULTS", "The Massena Free Clinic for Adults"),
        ("J A CLARK CHARITABLE TRUST", "J A Clark Charitable Trust"),
        ("TRUST FOR THE YMCA OF NW OHIO INC", "Trust for the YMCA of NW Ohio Inc"),
        ("O'BRIEN-MCDONALD CHILDREN'S HOME (UK)", "O'Brien-McDonald Children's Home (UK)"),
        ("KING EDWARD VII'S FUND", "King Edward VII's Fund"),
        ("ST JOHN'S AND ST. PAUL'S OF THE HILL", "St John's and St. Paul's of the Hill"),
        ("SOCIETY OF O'BRIEN, THE", "Society of O'Brien, The"),
        ("DEVELOPMENT ACTION SUPPORT AGENCY (DASA)", "Development Action Support Agency (DASA)"),
        ("GREEN HILL - THE NEW WAY", "Green Hill - The New Way"),
        ("HELP IN 2ND AVE", "Help in 2nd Ave"),
        ("ΕΤΑΙΡΕΙΑ ΠΡΟΣΤΑΣΙΑΣ ΤΗΣ ΦΥΣΗΣ", "Εταιρεια Προστασιας Της Φυσης"),
        ("OXFAM", "OXFAM"),
        ("Friends of the Earth UK", "Friends of the Earth UK"),
        ("滇池湿地青年学社", "滇池湿地青年学社"),
        ("", ""),
    ],
)
def test_names_in_capitals_become_readable_and_others_stay(given: str, wanted: str) -> None:
    assert name_case(given) == wanted


def test_towns_are_repaired_even_when_short() -> None:
    assert [place_case(town) for town in ("BOSTON", "ST LOUIS", "Bristol", "LA")] == [
        "Boston",
        "St Louis",
        "Bristol",
        "LA",
    ]


def test_texts_in_capitals_become_sentences_and_keep_what_is_known_to_be_a_name() -> None:
    given = "WE SERVE 9TH GRADES IN NEW YORK, AND I'M SURE THE MASSENA CLINIC HELPS. THE U.S. TOO (NOT THE NHS).\nYES!"
    wanted = "We serve 9th grades in New York, and I'm sure the Massena Clinic helps. The U.S. too (not the NHS).\nYes!"
    assert sentence_case(given, ["Massena Clinic"]) == wanted


def test_texts_in_mixed_case_are_never_touched() -> None:
    text = "We work with the NHS and with OXFAM in many towns."
    assert sentence_case(text) == text
