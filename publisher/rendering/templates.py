"""The one Jinja environment: everything is escaped, and a name that is not there is an error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from publisher.errors import ConfigurationError


def environment(folders: Sequence[Path], compiled: BytecodeCache | None = None) -> Environment:
    """Look templates up in the publication's own folder first, then in the ones we ship.

    The last folder is the shipped one; it can be named outright, `shipped/web/base.html`, so that a
    template of the publication may extend the one that it stands in for. `compiled` remembers templates.
    """
    shipped = PrefixLoader({"shipped": FileSystemLoader(str(folders[-1]))})
    return Environment(
        loader=ChoiceLoader([shipped, FileSystemLoader([str(folder) for folder in folders])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )


def shipped_folder() -> Path:
    """Where our own templates lie: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def fill(templates: Environment, name: str, **content: object) -> str:
    """Set a template.

    Raises ConfigurationError when it cannot be read or asks for what it is not given: a template of
    the publication's own is its editors' to put right.
    """
    try:
        return templates.get_template(name).render(**content)
    except TemplateSyntaxError as error:
        place = f"templates/{error.name or name}:{error.lineno}"
        raise ConfigurationError(f"{place}: {error.message}", hint="see docs/templates.md") from error
    except TemplateError as error:
        hint = "docs/templates.md lists what a template is given"
        raise ConfigurationError(
            f"templates/{name}, or one it extends: {error.message}", hint=hint
        ) from error
