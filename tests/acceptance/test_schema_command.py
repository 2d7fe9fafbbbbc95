"""`publisher schema` as an editor of text asks for it."""

import json

from commands import PUBLISHER, run


def test_a_schema_is_printed(tmp_path) -> None:
    """Data goes to standard output, and nothing else does."""
    done = run(PUBLISHER, "schema", "article", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "title" in json.loads(done.stdout)["properties"]


def test_all_schemas_are_written_into_a_folder(tmp_path) -> None:
    """One command, kept in the repository."""
    done = run(PUBLISHER, "schema", "--output", ".schemas", cwd=tmp_path)
    assert done.returncode == 0
    expected = ["article.schema.json", "issue.schema.json", "publication.schema.json", "rates.schema.json"]
    assert sorted(path.name for path in (tmp_path / ".schemas").iterdir()) == expected


def test_nothing_asked_is_explained(tmp_path) -> None:
    """The usage says what can be given."""
    done = run(PUBLISHER, "schema", cwd=tmp_path)
    assert done.returncode == 2
    assert "give one of article, issue, publication, rates" in done.stderr
