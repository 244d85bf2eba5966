from __future__ import annotations

import pytest

from directory.duplicates.webs import domain


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.maji.or.ke/en", "maji.or.ke"),
        ("maji.or.ke", "maji.or.ke"),
        ("HTTP://MAJI.OR.KE:8080/?a=b", "maji.or.ke"),
        ("info@maji.or.ke", "maji.or.ke"),
        ("//www.maji.or.ke", "maji.or.ke"),
        ("https://en.maji.org/", "maji.org"),
        ("https://physics.uni.edu", "physics.uni.edu"),
        ("https://riverwatch.wordpress.com/about", "riverwatch.wordpress.com"),
        ("https://www.facebook.com/riverwatch", ""),
        ("https://m.facebook.com/riverwatch", ""),
        ("https://sites.google.com/view/riverwatch", ""),
        ("https://www.wordpress.com/riverwatch", ""),
        ("river@gmail.com", ""),
        ("gmail.com", ""),
        ("http://192.168.0.1/", ""),
        ("river", ""),
        ("", ""),
        ("https://", ""),
    ],
)
def test_an_address_gives_the_host_that_is_its_owners(address: str, expected: str) -> None:
    assert domain(address) == expected
