"""Addresses from titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.importing.slugs import LONGEST_SLUG, slugify, unique_slugs


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A Bridge Opens in Osh", "a-bridge-opens-in-osh"),
        ("Мост через реку Чу закрыт", "most-cherez-reku-chu-zakryt"),
        ("Щучинск: съезд объявил о яхтах", "shchuchinsk-sezd-obyavil-o-yakhtakh"),
        ("Қазақстанда көпір ашылды", "qazaqstanda-kopir-ashyldy"),
        ("Oʻzbekiston gʻalla yigʻdi", "ozbekiston-galla-yigdi"),
        ("Ўзбекистон ғалла йиғди", "ozbekiston-ghalla-yighdi"),
        ("Türkmenistanyň täze şäheri", "turkmenistanyn-taze-shaheri"),
        ("Japarov’s $230 Million", "japarovs-230-million"),
        ("北京", "story"),
        ("", "story"),
    ],
)
def test_titles_become_addresses(title, expected):
    """Each script of the region is spelled in a to z."""
    assert slugify(title) == expected


def test_a_long_title_is_cut_between_words():
    """And it does not end with a preposition."""
    assert slugify("Parliament Votes on the Budget for the Coming Year of the " + "Horse " * 9) == (
        "parliament-votes-on-the-budget-for-the-coming-year"
    )


def test_equal_titles_get_different_addresses():
    """The second is counted."""
    assert unique_slugs(["Snow", "Snow!", "Rain"]) == ["snow", "snow-2", "rain"]


@given(st.text(max_size=200))
def test_any_title_gives_an_address(title):
    """Never empty, never with a sign that an address or a disk would trip over."""
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}", slugify(title))
    assert len(slugify(title)) <= LONGEST_SLUG
