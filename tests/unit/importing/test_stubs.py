"""A new issue: in place, numbered, and impossible to publish unfilled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import publication

from publisher.content.loading import load_issue
from publisher.content.models import Section
from publisher.errors import InputError
from publisher.importing.stubs import stub_files
from publisher.importing.writing import write_issue

SEVEN = datetime(2025, 12, 11, 7, tzinfo=UTC)
ECONOMY, NATURE = Section(id="economy", title="Economy"), Section(id="nature", title="Nature")


def test_each_section_gets_an_article_with_an_id():
    """Two of one section, and one that was used before, are counted."""
    files = stub_files([ECONOMY, NATURE, ECONOMY], number=8, published=SEVEN, taken={"2025-12-11.nature"})
    ids = [line for text in files.values() for line in text.splitlines() if line.startswith("id:")]
    assert list(files) == ["issue.md", "01-economy.md", "02-nature-2.md", "03-economy-2.md"]
    assert ids == ["id: 2025-12-11.economy", "id: 2025-12-11.nature-2", "id: 2025-12-11.economy-2"]


def test_it_cannot_be_published_unfilled(tmp_path):
    """The loader names every mark, and nothing else is wrong with the files."""
    files = stub_files([ECONOMY, NATURE], number=8, published=SEVEN)
    folder = write_issue(tmp_path, SEVEN.date(), files)
    with pytest.raises(InputError) as refused:
        load_issue(folder, publication())
    assert [(finding.path, finding.code) for finding in refused.value.findings] == [
        (f"issues/2025-12-11/{name}", "I001")
        for name in ("01-economy.md", "01-economy.md", "02-nature.md", "02-nature.md", "issue.md", "issue.md")
    ]


def test_it_can_be_published_when_it_is_written(tmp_path):
    """Without the marks, and with a story, the issue loads as it was made."""
    files = {
        name: "\n".join(line for line in text.splitlines() if "CHECK" not in line) + "\nA story.\n"
        for name, text in stub_files([ECONOMY], number=8, published=SEVEN).items()
    }
    issue = load_issue(write_issue(tmp_path, SEVEN.date(), files), publication())
    assert (issue.number, issue.articles[0].section, issue.articles[0].body.strip()) == (
        8,
        "economy",
        "A story.",
    )
