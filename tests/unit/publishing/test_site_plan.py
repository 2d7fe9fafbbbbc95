"""The plan of a site: pure comparison of bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.publishing.site import Fate, fate_of, is_safe, make_plan


@pytest.mark.parametrize(
    ("data", "before", "expected"),
    [
        (b"a", None, Fate.NEW),
        (b"a", b"b", Fate.CHANGED),
        (b"a", b"a", Fate.UNCHANGED),
        (b"", b"", Fate.UNCHANGED),
    ],
)
def test_the_fate_of_a_file_follows_from_its_bytes(data: bytes, before: bytes | None, expected: Fate) -> None:
    """New where nothing stood, unchanged only if every byte is the same."""
    assert fate_of(data, before) is expected


def test_only_what_we_published_before_is_removed() -> None:
    """A path that is no longer rendered goes; a path that we never wrote is not even mentioned."""
    plan = make_plan({"b": Fate.NEW, "a": Fate.UNCHANGED}, before=["a", "gone"])
    assert dict(plan.fates) == {"a": Fate.UNCHANGED, "b": Fate.NEW, "gone": Fate.REMOVED}


@given(st.dictionaries(st.text(min_size=1), st.sampled_from([Fate.NEW, Fate.CHANGED, Fate.UNCHANGED])))
def test_a_plan_is_in_order_of_path(fates: dict[str, Fate]) -> None:
    """However the files came, the plan reads the same."""
    assert list(make_plan(fates, before=()).fates) == sorted(fates)


def test_a_plan_of_unchanged_files_changes_nothing() -> None:
    """A second publish of the same words is no publish at all."""
    assert not make_plan({"a": Fate.UNCHANGED}, before=["a"]).changes


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../up", "a/../../up", "./index.html", "a/./b", "a\\b", "a\0b"]
)
def test_paths_that_leave_the_site_are_unsafe(path: str) -> None:
    """No slug, however hostile, may write outside the output folder."""
    assert not is_safe(path)
