"""What editors of text offer while somebody types."""

import json
import tomllib

import jsonschema
import pytest

from publisher.config import Settings
from publisher.content import front_matter, marked_yaml
from publisher.content.models import Article, Issue
from publisher.content.schema import typed_schema
from publisher.rates.models import RatesFile

ARTICLE = typed_schema(Article, filled_in=("slug", "published"))
ISSUE = typed_schema(Issue, filled_in=("date", "published"))
RATES = typed_schema(RatesFile)
PROJECT = typed_schema(Settings)


def faults(schema, data) -> list[str]:
    """Where a schema finds fault."""
    validator = jsonschema.Draft202012Validator(schema)
    return [error.json_path for error in validator.iter_errors(json.loads(json.dumps(data, default=str)))]


@pytest.mark.parametrize("schema", [ARTICLE, ISSUE, RATES, PROJECT])
def test_a_schema_is_one(schema) -> None:
    """Draft 2020-12, with every reference inside."""
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert all(f"#/$defs/{name}" in text for name in schema.get("$defs", ()))


def test_an_article_needs_what_the_loader_cannot_know() -> None:
    """Slug and time have defaults; the text below the fields and measured sizes are not offered."""
    assert ARTICLE["required"] == ["id", "title", "section"]
    assert not {"body", "file", "lines", "pictures"} & set(ARTICLE["properties"])
    assert set(ARTICLE["$defs"]["Image"]["properties"]) == {"path", "alt", "credit", "caption"}
    assert ISSUE["required"] == ["title", "number"]
    assert not {"articles", "lead", "rates"} & set(ISSUE["properties"])


def test_secrets_and_paths_are_not_offered() -> None:
    """They never stand in publication.toml."""
    assert "root" not in PROJECT["properties"]
    assert "secret_key" not in PROJECT["$defs"]["SubscriberSettings"]["properties"]


def test_what_is_published_fits_its_schema(repository) -> None:
    """Every file of the example and the sample publication."""
    for root in (repository, repository / "tests" / "samples" / "publication"):
        assert faults(PROJECT, tomllib.loads((root / "publication.toml").read_text("utf-8"))) == []
        for path in root.glob("issues/*/*.md"):
            fields = front_matter.read(path.read_text("utf-8"), path.name).fields.data
            if path.name == "issue.md":
                fields["number"] = int(fields["number"])
            assert faults(ISSUE if path.name == "issue.md" else ARTICLE, fields) == [], path
        for path in root.glob("issues/*/rates.yml"):
            assert faults(RATES, marked_yaml.load(path.read_text("utf-8"), path.name).data) == [], path


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"authors": "A"}, []),
        ({"authors": ["A", {"name": "B", "url": "https://b.example/"}]}, []),
        ({"source": "Kabar", "tags": "bridges", "published": "2025-12-10"}, []),
        ({"published": "2025-12-10T07:00"}, []),
        ({"published": "tomorrow"}, ["$.published"]),
        ({"titel": "x"}, ["$"]),
        ({"image": {"path": "images/a.gif", "alt": "A"}}, ["$.image"]),
    ],
)
def test_short_forms_are_allowed_and_slips_are_not(fields, expected) -> None:
    """The schema says what the loader says, as far as one field can tell."""
    assert faults(ARTICLE, {"id": "a", "title": "A", "section": "economy"} | fields) == expected
