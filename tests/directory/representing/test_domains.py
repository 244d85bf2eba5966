"""Whose letter box proves what."""

from __future__ import annotations

import pytest

from directory.representing.domains import host_of, is_own, mail_domain

OWN = [
    ("ana@solar.example", "https://solar.example"),
    ("ana@solar.example", "https://www.solar.example/en?x=1"),
    ("ANA@SOLAR.EXAMPLE", "http://Solar.Example:80/"),
    ("ana@solar.example", "https://en.solar.example"),
    ("ana@maji.or.ke", "https://www.maji.or.ke"),
    ("ana@maji.or.ke", "https://data.maji.or.ke"),
    ("ana@bücher.example", "https://xn--bcher-kva.example"),
]
FOREIGN = [
    ("ana@notsolar.example", "https://solar.example"),
    ("ana@solar.example.evil.example", "https://solar.example"),
    ("ana@mail.solar.example", "https://solar.example"),  # whoever gives out names below it
    ("ana@example", "https://solar.example"),
    ("ana@or.ke", "https://maji.or.ke"),
    ("ana@co.uk", "https://solar.co.uk"),
    ("ana@github.io", "https://solar.github.io"),
    ("ana@solar.github.io", "https://solar.github.io"),
    ("ana@gmail.com", "https://gmail.com"),
    ("ana@mail.gmail.com", "https://mail.gmail.com"),
    ("ana@facebook.com", "https://www.facebook.com/solar"),
    ("ana@127.0.0.1", "http://127.0.0.1"),
    ("@solar.example", "https://solar.example"),
    ("solar.example", "https://solar.example"),
    ("ana@", "https://solar.example"),
    ("ana@solar.example", ""),
    ("ana@ѕolar.example", "https://solar.example"),  # another alphabet
]


@pytest.mark.parametrize(("address", "website"), OWN)
def test_a_letter_box_at_the_domain_of_the_site_is_its_own(address: str, website: str) -> None:
    assert is_own(mail_domain(address), host_of(website))


@pytest.mark.parametrize(("address", "website"), FOREIGN)
def test_any_other_letter_box_is_not(address: str, website: str) -> None:
    assert not is_own(mail_domain(address), host_of(website))
