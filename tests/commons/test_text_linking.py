from __future__ import annotations

import time

from commons.text import Link, linked, markdown, rendering
from commons.text.linking import MOST_LINKS
from tests.pace import within


def test_titles_mentions_and_relative_targets_are_found_in_order_and_once() -> None:
    text = (
        "[[Soil]] by @ana: [how](../ct-sensors/intro.md#wiring), ![plan](plan.png) and [[Soil|again]] "
        '[[organisation:Solar Aid]] [[Compost (heaps)#Heat|warm]] [x](<a b.md>) [y](dir/c_(d).md "Title")\n\n'
        "[ref]: ../ref.md 'T'"
    )
    assert linked(text) == [
        "Soil",
        "@ana",
        "./../ct-sensors/intro.md",
        "./plan.png",
        "organisation:Solar Aid",
        "Compost (heaps)#Heat",
        "./a b.md",
        "./dir/c_(d).md",
        "./../ref.md",
    ]


def test_what_is_an_address_of_its_own_is_no_relative_target() -> None:
    for target in (
        "https://a.org",
        "HTTP://a.org",
        "mailto:a@b.org",
        "/wiki/soil",
        "//a.org",
        "#soil",
        "?a=b",
        "\\x",
        "",
    ):
        assert not [name for name in linked(f"[x]({target})") if name.startswith("./")], target
    assert linked("[note]: this is prose\n\n[^1]: word") == []


def test_names_in_code_are_not_linked() -> None:
    assert linked("```\n[[A]]\n```\n- b\n\n    ```\n    [[B]] @b\n    ```\n\n`[[C]] [x](y.md)` [[D]]") == ["D"]
    assert linked("```\n[[A]]") == [] and linked("Words:\n\n    @Override [[A]]\n\n> ```\n> #b\n> ```\n\n#c") == ["#c"]


def test_there_is_no_limit_that_a_real_page_meets() -> None:
    text = " ".join(f"[[Plant {number}]]" for number in range(MOST_LINKS + 50))
    assert len(linked(text)) == MOST_LINKS == len(set(linked(text)))


def test_empty_names_are_no_names() -> None:
    assert linked("[[ ]] [[]] @ []()") == []


def test_a_page_that_is_kept_costs_next_to_nothing() -> None:
    text = "".join(
        f"## Plant {n}\n\n{'Grows in light soil. ' * 4}[[Plant {n}]] and [[Genus {n % 40}]]\n\n" for n in range(130)
    )
    known = {name: Link(f"/wiki/{name.lower()}") for name in linked(text)}
    assert 15_000 < len(text) < 20_000 and len(known) == 170
    html = markdown(text, links=lambda names: known)
    assert "as-written" not in html

    def cost() -> float:
        begin = time.process_time()
        for _ in range(20):
            markdown(text, links=lambda names: known)
        return (time.process_time() - begin) / 20

    assert min(cost() for _ in range(5)) < 0.001


def test_what_is_linked_is_found_once_per_text() -> None:
    rendering._begin()
    text = "[[Soil]] " * 100
    assert linked(text) == ["Soil"]
    (kept,) = rendering._names.kept.values()
    assert kept[0] == "Soil"


def test_finding_links_takes_time_in_proportion() -> None:
    for unit in (
        "#",
        "#a",
        "#a ",
        " #a-",
        " #a_",
        " #" + "a_" * 30,
        "#a](",
        '](a "',
        "http://(#a",
        "](",
        "](a(",
        "](<",
        "[[a",
        "@",
        "@a",
        "[a]: b ",
        "\n[a]: b '",
        "`a``",
        "```\n",
        "[a]: ",
        "]( \t",
    ):
        text = (unit * 100_000)[:200_000]
        with within(1.5, unit):
            linked(text)
