"""`publisher schema`: what may be typed, for editors that complete and underline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from publisher.cli import console

NAMES = ("article", "issue", "publication", "rates")


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all four into this folder, as article.schema.json and so on.",
)
def schema(name: str | None, output: Path | None) -> None:
    """Print the JSON Schema of a file: an article's or issue's fields, publication.toml or rates.yml.

    docs/schema.md tells how an editor is made to use it.

    \b
    Examples:
      publisher schema article
      publisher schema --output .schemas
    """
    if (name is None) == (output is None):
        raise click.UsageError(f"give one of {', '.join(NAMES)}, or --output FOLDER for all")
    if name:
        console.emit(_json(name))
    if output:
        output.mkdir(parents=True, exist_ok=True)
        for each in NAMES:
            (output / f"{each}.schema.json").write_text(_json(each) + "\n", encoding="utf-8")
        console.say(f"Wrote {len(NAMES)} schemas into {output}; docs/schema.md says how to attach them.")


def _json(name: str) -> str:
    """The schema as it is written."""
    return json.dumps(_schema(name), indent=2, ensure_ascii=False)


def _schema(name: str) -> dict[str, Any]:
    """The schema of one kind of file."""
    from publisher.config import Settings
    from publisher.content.models import Article, Issue
    from publisher.content.schema import typed_schema
    from publisher.rates.models import RatesFile

    if name == "article":
        return typed_schema(Article, filled_in=("slug", "published"))
    if name == "issue":
        return typed_schema(Issue, filled_in=("date", "published"))
    if name == "rates":
        return typed_schema(RatesFile)
    return typed_schema(Settings)
