"""Hostile inputs through the command itself; all of the corpus is read in tests/unit/content."""

import pytest
from commands import PUBLISH_ISSUE, run, tree
from spoilt import CASES

EVERY = 20
SOME = [case for number, case in enumerate(CASES) if number % EVERY == 0 or case.name.startswith("faults in")]


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.name)
def test_a_hostile_input_ends_in_one_clear_line_and_an_untouched_site(case, tmp_path) -> None:
    """Exit code 2, file and line, no traceback; what was published before stands as it was."""
    root = case.build(tmp_path)
    public = root / "public"
    (public / "feeds").mkdir(parents=True)
    (public / "feeds" / "rss.xml").write_text("yesterday's feed")
    before = tree(public)
    done = run(PUBLISH_ISSUE, "2025-12-10", cwd=root)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    *findings, count = done.stderr.splitlines()
    assert count == f"{len(findings)} problem{'s' if len(findings) > 1 else ''}; nothing was changed."
    assert all(line.startswith("error: ") and " -> " in line for line in findings)
    assert "Traceback" not in done.stderr
    assert tree(public) == before
    assert sorted(path.name for path in root.iterdir()) == ["issues", "public", "publication.toml"]
