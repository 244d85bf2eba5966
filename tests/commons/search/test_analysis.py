from __future__ import annotations

import string
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.search.analysis import forms, readings, spans, terms, words
from commons.search.folding import fold
from commons.search.stems import remembered, stem, tongue
from tests.commons.search.corpus import ask, entry, snapshot_of
from tests.pace import within

SAMPLES = [  # language of the text, text, what somebody types
    ("fr", "Coopératives énergétiques d'Élise à Besançon; l'été", "cooperative energetique"),
    ("fr", "Les forêts communautaires", "foret"),
    ("fr", "l'énergie renouvelable", "énergie"),
    ("fr", "Œuvre sociale", "oeuvre"),
    ("es", "Organizaciones de mujeres campesinas en Perú y España", "organizacion peru"),
    ("es", "niños y niñas", "nino"),
    ("de", "Straße Bücher Größe", "strasse"),
    ("pl", "Łódź Żółw", "lodz"),
    ("tr", "İstanbul Işık", "istanbul"),
    ("vi", "Đà Nẵng phát triển", "da nang"),
    ("ru", "Экологические организации Ёлка", "елка"),
    ("ar", "منظمة المياه المستدامة", "المياه"),
    ("zh", "可持续发展组织", "发展"),
    ("zh", "可持续发展组织", "可持续发展组织"),
    ("ja", "持続可能な開発", "開発"),
    ("th", "องค์กรชุมชน", "ชุมชน"),
    ("hi", "सतत विकास संगठन", "विकास"),
    ("ko", "지속가능한발전", "발전"),
    ("el", "Οργάνωση", "οργανωση"),
    ("en", "women's co-operative's O'Brien", "women"),
    ("en", "C40 & 3D-printing AI4Good", "ai4good"),
    # accents away, then stems: both ways round
    ("es", "Educación popular", "educacion"),
    ("es", "educacion popular", "educación"),
    ("fr", "forets anciennes", "forêts"),
    ("pt", "Organizações de água", "organizacao"),
    ("zh", "水资源保护", "保护"),
    ("zh", "水资源保护", "水"),
    ("zh", "水资源保护", "护"),
    ("hi", "पानी का संरक्षण", "पानी"),
    ("ar", "المياه النظيفة", "مياه"),
    ("en", "a cooperative of weavers", "co-operative"),
    ("en", "a co-operative of weavers", "cooperative"),
    ("en", "three D printing, 3D printing", "3d-printing"),
    ("lo", "ອົງການຊຸມຊົນ", "ຊຸມຊົນ"),
    ("km", "អង្គការសហគមន៍", "សហគមន៍"),
]


@pytest.mark.parametrize(("language", "text", "typed"), SAMPLES)
def test_a_word_is_found_in_its_script(tmp_path: Path, language: str, text: str, typed: str) -> None:
    others = [entry(2, "Unrelated body", text="nothing to see"), entry(3, "Другое", language="ru", text="совсем иное")]
    snapshot = snapshot_of(tmp_path, [entry(1, "x", text=text, language=language), *others])
    found = ask(snapshot, typed)
    assert found.ids == (1,)
    assert found.matched == "all"


def test_a_title_is_searched_like_a_text(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path, [entry(1, "水资源保护协会", language="zh"), entry(2, "Kaweka Forêts", language="fr")]
    )
    assert ask(snapshot, "保护").ids == (1,)
    assert ask(snapshot, "foret").ids == (2,)


def test_pairs_of_characters_must_stand_side_by_side(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path, [entry(1, "一", text="展发持可", language="zh"), entry(2, "二", text="可持 持发 发展", language="zh")]
    )
    assert ask(snapshot, "可持发展", match="all").ids == ()


def test_a_stem_of_one_language_finds_nothing_in_another(tmp_path: Path) -> None:
    swedish = [entry(1, "Skog", text="skogen och sjön", language="sv")]
    english = [entry(number, "Care", text="care for the elderly", language="en") for number in range(2, 9)]
    french = [entry(9, "Bois", text="les forêts", language="fr")]
    snapshot = snapshot_of(tmp_path, swedish + english + french)
    assert stem("forets", "sv") == "for"  # the trap
    assert ask(snapshot, "forêts").ids == (9,)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_every_piece_lies_within_the_text_it_came_from(text: str) -> None:
    for start, word in spans(text):
        for piece in word.pieces:
            assert 0 <= start + piece.start < start + piece.end <= len(text)
            assert piece.term
            assert piece.offset < max(word.width, 1)
    terms(text), words(text), readings(text)


def test_a_text_without_a_language_is_read_as_english_and_unknown_languages_keep_their_words() -> None:
    assert (tongue(""), tongue("pt-BR"), tongue("sw"), tongue("EN_gb")) == ("en", "pt", "", "en")
    assert forms("forests", ("en",)) == {"forest": ("en",), "!forest": ("en",), "forests": ()}


def test_analysis_is_fast_enough() -> None:
    text = "Community forests and water projects for women in the northern highlands of Kenya, since 1998. " * 2
    with within(2.0):  # 0.1 on an idle machine
        for _ in range(2000):
            terms(text)


def test_threads_do_not_disturb_each_others_stems() -> None:
    words = [f"{start}{end}" for start in string.ascii_lowercase for end in ("ational", "izations", "fulness", "ingly")]
    alone = [stem(word, "en") for word in words]
    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _round in range(20):
            remembered.clear()
            with ThreadPoolExecutor(4) as pool:
                assert all(found == alone for found in pool.map(_stems, [words] * 4))
    finally:
        sys.setswitchinterval(pause)


def _stems(words: list[str]) -> list[str]:
    return [stem(word, "en") for word in words]
