"""Findings for people, programs and code hosts."""

import json

from publisher.checking.report import FORMATS, counted
from publisher.errors import Finding, Severity

FAULT = Finding(
    "issues/2025-12-10/01.md", 4, 7, "title", "has 50 %, too\nmany", "cut: it", "T101", Severity.WARNING
)
WHOLE = Finding("publication.toml", 0, 0, "", "is missing")


def test_text_is_a_line_a_finding_and_the_sum() -> None:
    """What a terminal shows can be clicked."""
    lines = FORMATS["text"]([WHOLE]).split("\n")
    assert lines == ["publication.toml: is missing [error]", "1 error"]


def test_sums_are_said_in_words() -> None:
    """One error is not 'errors'."""
    assert counted([FAULT, FAULT, WHOLE]) == "1 error, 2 warnings"
    assert counted([]) == "nothing to say"


def test_json_has_every_field() -> None:
    """Programs need not parse sentences."""
    (only,) = json.loads(FORMATS["json"]([FAULT]))
    assert (only["path"], only["line"], only["column"], only["code"]) == (FAULT.path, 4, 7, "T101")
    assert only["severity"] == "warning"


def test_github_commands_are_escaped() -> None:
    """A percent sign or line break in a title cannot begin a command of its own."""
    expected = (
        "::warning file=issues/2025-12-10/01.md,line=4,col=7,title=T101"
        "::title: has 50 %25, too%0Amany -> cut: it"
    )  # fmt: skip
    assert FORMATS["github"]([FAULT]) == expected
    assert FORMATS["github"]([WHOLE]) == "::error file=publication.toml::is missing"


def test_sarif_has_rules_places_and_levels() -> None:
    """The shape of SARIF 2.1.0, sec. 3: run, tool, results, locations."""
    (run,) = json.loads(FORMATS["sarif"]([FAULT, WHOLE]))["runs"]
    first, second = run["results"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["T101", "input"]
    assert (first["ruleIndex"], first["level"], second["level"]) == (0, "warning", "error")
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 7}
    assert "region" not in second["locations"][0]["physicalLocation"]
