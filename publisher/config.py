"""publication.toml and PUBLISHER_* variables, read once and passed down as values.

Any setting can come from the environment: `[email] content` is PUBLISHER_EMAIL_CONTENT, and
PUBLISHER_EMAIL_CONTENT_FILE names a file that holds it. Secrets come from there only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from publisher.content import marked_toml
from publisher.content.findings import Findings
from publisher.content.marked import Marked
from publisher.content.marked import Path as FieldPath
from publisher.content.models import SET_BY_LOADER, Publication
from publisher.content.reading import read_text
from publisher.content.validation import inner_model, nearest, validate
from publisher.delivery.settings import DeliverySettings
from publisher.errors import Finding, ForbiddenError, InputError
from publisher.rates.settings import RatesSettings
from publisher.rendering.links import RESERVED
from publisher.rendering.settings import EmailSettings, FeedSettings, PageSettings
from publisher.rendering.theme import Theme
from publisher.subscribers.settings import SubscriberSettings

PREFIX = "PUBLISHER"
_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


class WebSettings(BaseModel):
    """The `[web]` table: the public door."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="The address to listen at, for example 127.0.0.1.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen at, for example 8000.")
    hosts: tuple[str, ...] = Field(
        default=(), description="Further names the door answers to, for example www.example.org."
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(),
        description="Whose X-Forwarded-For is believed: addresses or networks, for example 127.0.0.1.",
    )
    site: bool = Field(
        default=True, description="Serve public/ too; false where a static host does, for example on a CDN."
    )
    metrics: bool = Field(default=False, description="Answer at /metrics for Prometheus; true or false.")


class Settings(BaseModel):
    """Everything that is set, as each room wants it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path = Field(
        exclude=True,
        json_schema_extra=SET_BY_LOADER,
        description="The folder of publication.toml; all paths are relative to it.",
    )
    publication: Publication
    theme: Theme = Theme()
    feeds: FeedSettings = FeedSettings()
    email: EmailSettings = EmailSettings()
    pages: PageSettings = PageSettings()
    rates: RatesSettings = RatesSettings()
    delivery: DeliverySettings = DeliverySettings()
    subscribers: SubscriberSettings = SubscriberSettings()
    web: WebSettings = WebSettings()


@dataclass(frozen=True)
class Variable:
    """One setting as the environment knows it."""

    name: str  # PUBLISHER_EMAIL_CONTENT
    path: FieldPath  # ("email", "content")
    secret: bool
    listed: bool  # several values, with commas between them


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read the project file, then let the environment have the last word.

    Raises InputError with every wrong or unknown setting, and ForbiddenError when a secret's
    file can be read by everybody.
    """
    findings = Findings()
    marked = marked_toml.load(read_text(path, path.name, within=path.parent), path.name)
    findings.add(*_typed_secrets(marked))
    findings.add(*_misspelt(environ))
    marked, overridden = _override(marked, environ)
    with findings:
        settings = validate(Settings, marked.replacing(root=path.resolve().parent))
        findings.add(*_check_sections(settings.publication, marked))
        findings.raise_errors()
        return settings
    raise InputError(_name_variable(finding, overridden) for finding in findings.all)


@cache
def variables() -> tuple[Variable, ...]:
    """Every setting that the environment can set, in the order of the models."""
    return tuple(_variables_of(Settings, ()))


def _variables_of(model: type[BaseModel], path: FieldPath) -> Iterator[Variable]:
    """The settings of one table and of those inside it; lists of tables are left to the file."""
    for name, field in model.model_fields.items():
        here = (*path, name)
        inner = inner_model(field.annotation)
        listed = "tuple[" in str(field.annotation)
        if inner and not listed:
            yield from _variables_of(inner, here)
        elif not inner and not field.exclude:
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            standard = "_".join([PREFIX, *(str(part).upper() for part in here)])
            secret = "SecretStr" in str(field.annotation)
            yield Variable(str(extra.get("environment", standard)), here, secret, listed)


def _variables_by_name() -> dict[str, Variable]:
    """Each variable under its name."""
    return {variable.name: variable for variable in variables()}


def _override(marked: Marked, environ: Mapping[str, str]) -> tuple[Marked, dict[FieldPath, str]]:
    """Lay the environment's values over the file's; also gives the variable that set each path."""
    known = _variables_by_name()
    data = marked.data
    overridden: dict[FieldPath, str] = {}
    for name in sorted(environ):
        variable = known.get(name) or known.get(name.removesuffix("_FILE"))
        if not variable:
            continue
        text = environ[name] if name in known else _read_secret(Path(environ[name]), name)
        value: Any = SecretStr(text) if variable.secret else text
        if variable.listed:
            value = [item.strip() for item in text.split(",") if item.strip()]
        data = _with_value(data, variable.path, value)
        overridden[variable.path] = name
    return replace(marked, data=data), overridden


def _with_value(data: Mapping[str, Any], path: FieldPath, value: Any) -> dict[str, Any]:
    """A copy of nested data with one value set."""
    head, *rest = path
    inner = data.get(str(head))
    deeper = _with_value(inner if isinstance(inner, dict) else {}, tuple(rest), value) if rest else value
    return {**data, str(head): deeper}


def _read_secret(path: Path, name: str) -> str:
    """Read a setting from the file that a variable names."""
    text = read_text(path, name, within=Path("/")).strip()
    if path.stat().st_mode & 0o007:
        raise ForbiddenError(f"{name}: {path} can be read by everybody", hint=f"chmod 600 {path}")
    return text


def _misspelt(environ: Mapping[str, str]) -> list[Finding]:
    """A variable that looks much like one of ours is a slip; others are none of our business."""
    known = _variables_by_name()
    unknown = [
        name
        for name in sorted(environ)
        if name.startswith(f"{PREFIX}_") and name not in known and name.removesuffix("_FILE") not in known
    ]
    return [
        Finding(name, 0, 0, "", "is not a known variable", hint, "F104")
        for name in unknown
        if (hint := nearest(name, known, likeness=0.85))
    ]


def _typed_secrets(marked: Marked) -> list[Finding]:
    """A secret in publication.toml would be in the history of the repository for ever."""
    return [
        marked.finding(
            variable.path,
            "holds a secret, which must not stand in this file",
            f"delete it, change it, and set {variable.name} or {variable.name}_FILE",
            code="F114",
        )
        for variable in variables()
        if variable.path in marked.keys and (variable.secret or _has_password(marked, variable.path))
    ]


def _has_password(marked: Marked, path: FieldPath) -> bool:
    """Whether a setting is an address with a password in it, such as a database's."""
    table: Any = marked.data
    for part in path:
        table = table.get(part) if isinstance(table, dict) else None
    return isinstance(table, str) and bool(_PASSWORD.search(table))


def _check_sections(publication: Publication, marked: Marked) -> list[Finding]:
    """A section's id is a folder of the site: it must be free."""
    findings: list[Finding] = []
    seen: set[str] = set()
    for number, section in enumerate(publication.sections):
        path: FieldPath = ("publication", "sections", number, "id")
        if section.id in RESERVED | {"all"}:
            hint = f"choose another, for example {section.id}-news"
            findings.append(
                marked.finding(path, f'"{section.id}" is a folder that the site needs', hint, code="F109")
            )
        if section.id in seen:
            findings.append(
                marked.finding(path, f'"{section.id}" is the id of two sections', "change one", code="F109")
            )
        seen.add(section.id)
    return findings


def _name_variable(finding: Finding, overridden: Mapping[FieldPath, str]) -> Finding:
    """What the environment set wrongly is looked for there, not in the file."""
    for path, name in overridden.items():
        if finding.field == ".".join(str(part) for part in path):
            return replace(finding, path=name, line=0, column=0, field="")
    return finding
