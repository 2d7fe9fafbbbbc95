"""Marked data -> a model, or findings in an editor's words.

pydantic says what is wrong with a value; here it learns where the value stands and what to
type instead. Its `input` is never printed: it may be long, hostile, or somebody's address.
Only a character that nobody sees is named.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from publisher.content.marked import Marked, Path, dotted
from publisher.content.text import invisible, shown
from publisher.errors import Finding, InputError

Model = TypeVar("Model", bound=BaseModel)

_WHAT_ELSE = "see docs/schema.md for what may be typed"
_LONGEST_MESSAGE = 200
_EXAMPLE = re.compile(r"for example (.+?)\.?$")
_MESSAGES: dict[str, tuple[str, str]] = {
    # pydantic's error type: (what is wrong, what to type); {…} are the error's own values
    "string_too_short": ("is empty", ""),
    "string_too_long": ("has more than {max_length} characters", "shorten it"),
    "too_short": ("is empty", ""),
    "too_long": ("has a length of {actual_length}; the limit is {max_length}", "shorten it"),
    "string_unicode": ("holds half a character", "delete it and type it again"),
    "string_type": ("must be text", "type text, in quotes if need be"),
    "bool_parsing": ("must be true or false", "type true or false, without quotes"),
    "bool_type": ("must be true or false", "type true or false, without quotes"),
    "int_parsing": ("must be a whole number", "type digits only"),
    "int_type": ("must be a whole number", "type digits only"),
    "int_parsing_size": ("has far too many digits", "type a smaller number"),
    "int_from_float": ("must be a whole number", "type digits only"),
    "decimal_parsing": ("must be a number", "type digits with a decimal point, for example 87.45"),
    "decimal_type": ("must be a number", "type digits with a decimal point, for example 87.45"),
    "finite_number": ("must be a number", "type digits with a decimal point, for example 87.45"),
    "greater_than": ("must be more than {gt}", ""),
    "greater_than_equal": ("must be {ge} or more", ""),
    "less_than": ("must be less than {lt}", ""),
    "less_than_equal": ("must be {le} or less", ""),
    "date_from_datetime_parsing": ("is not a date", "write it as 2025-12-10"),
    "date_parsing": ("is not a date", "write it as 2025-12-10"),
    "date_type": ("is not a date", "write it as 2025-12-10"),
    "date_from_datetime_inexact": ("must be a date without a time", "write it as 2025-12-10"),
    "datetime_from_date_parsing": ("is not a date and time", "write it as 2025-12-10T07:00+06:00"),
    "datetime_parsing": ("is not a date and time", "write it as 2025-12-10T07:00+06:00"),
    "datetime_type": ("is not a date and time", "write it as 2025-12-10T07:00+06:00"),
    "timezone_aware": ("has no time zone", "write it as 2025-12-10T07:00+06:00"),
    "tuple_type": ("must be a list", "begin each item with a hyphen, on a line of its own"),
    "list_type": ("must be a list", "begin each item with a hyphen, on a line of its own"),
    "url_parsing": ("is not a web address", "type it in full, for example https://example.org/"),
    "url_type": ("is not a web address", "type it in full, for example https://example.org/"),
    "url_syntax_violation": ("is not a web address", "type it in full, for example https://example.org/"),
    "url_scheme": ("is not a web address", "begin it with https:// or http://"),
    "url_too_long": ("is longer than {max_length} characters", "use a shorter address"),
    "faint_pair": ("{said}", "take a darker or a lighter colour; docs/theme.md has those we ship"),
}


def validate(model: type[Model], marked: Marked) -> Model:
    """Make the model, or raise InputError with a finding for every wrong field."""
    try:
        valid = model.model_validate(marked.data)
    except ValidationError as error:
        raise InputError([*_set_elsewhere(model, marked), *findings_of(error, model, marked)]) from None
    if findings := _set_elsewhere(model, marked):
        raise InputError(findings)
    return valid


def _set_elsewhere(model: type[BaseModel], marked: Marked) -> list[Finding]:
    """A field that the loader measures or fills in cannot be typed."""
    names = _loader_names(model)
    return [
        _unknown(path, "", _names(model, path[:-1]), marked)
        for path in marked.keys
        if path[-1] in names and set_by_loader(_field(model, path))
    ]


@cache
def _loader_names(model: type[BaseModel]) -> frozenset[str]:
    """The names of all such fields, to tell quickly that a file has none of them."""
    own = {name for name, field in model.model_fields.items() if set_by_loader(field)}
    inner = (inner_model(field.annotation) for field in model.model_fields.values())
    return frozenset(own.union(*(_loader_names(deeper) for deeper in inner if deeper)))


def set_by_loader(field: FieldInfo | None) -> bool:
    """Whether the loader measures or fills in a field."""
    extra = field.json_schema_extra if field else None
    return isinstance(extra, dict) and bool(extra.get("x-set-by-loader"))


def findings_of(error: ValidationError, model: type[BaseModel], marked: Marked) -> list[Finding]:
    """One finding a fault; an unknown field that was meant for a missing one counts once."""
    faults: list[Mapping[str, Any]] = [dict(fault) for fault in error.errors(include_url=False)]
    missing = {tuple(fault["loc"]) for fault in faults if fault["type"] == "missing"}
    findings: list[Finding] = []
    meant: set[Path] = set()
    for fault in faults:
        if fault["type"] == "extra_forbidden":
            path: Path = tuple(fault["loc"])
            suggestion = _nearest(str(path[-1]), _names(model, path[:-1]))
            meant.add((*path[:-1], suggestion))
            findings.append(_unknown(path, suggestion, _names(model, path[:-1]), marked))
    for fault in faults:
        path = tuple(fault["loc"])
        if fault["type"] != "extra_forbidden" and path not in missing & meant:
            findings.append(_finding(fault, path, model, marked))
    return findings


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """`did you mean "economy"?`, or nothing when no known word is near."""
    found = _nearest(word, known, likeness)
    return f'did you mean "{found}"?' if found else ""


def _nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    names = {name.lower(): name for name in known}
    return next((names[name] for name in difflib.get_close_matches(word.lower(), names, 1, likeness)), "")


def _unknown(path: Path, suggestion: str, known: list[str], marked: Marked) -> Finding:
    """A field that is not there, and the one that was meant."""
    message = "is not a known field"
    hint = f'did you mean "{suggestion}"?' if suggestion else f"known here: {', '.join(known)}"
    if odd := invisible(str(path[-1])):
        message, hint = f"has the character {odd} in its name", "delete it, and type the blanks again"
    return Finding(marked.file, *marked.key_mark(path), dotted(path), message, hint, "F104")


def _finding(fault: Mapping[str, Any], path: Path, model: type[BaseModel], marked: Marked) -> Finding:
    """Any other fault."""
    field = _field(model, path)
    context: Mapping[str, Any] = fault.get("ctx", {})
    kind = str(fault["type"])
    if kind == "missing":
        hint = _how_to_add(str(path[-1]), field, marked)
        return Finding(marked.file, *marked.key_mark(path), dotted(path), "is missing", hint, "F105")
    if kind in {"literal_error", "enum"}:
        message, hint = f"must be {context['expected']}", "type one of them"
    elif kind in {"model_type", "model_attributes_type", "dict_type"}:
        known = ", ".join(_names(model, path)) or "name: value"
        message, hint = "must have fields of its own", f"type them below it, indented: {known}"
    elif kind == "value_error":
        said, _, hint = str(context["error"]).partition("; ")  # what is wrong; what to type
        message = shown(said, _LONGEST_MESSAGE)
    elif kind == "string_pattern_mismatch":
        message, hint = _misshapen(str(fault.get("input", "")), field)
    elif kind in _MESSAGES:
        template, hint = _MESSAGES[kind]
        message, hint = template.format_map(dict(context)), hint or _hint(field)
    else:
        message, hint = str(fault["msg"]), _hint(field)
    hint = hint or _hint(field) or _WHAT_ELSE
    return Finding(marked.file, *marked.value_mark(path), dotted(path), message, hint, "F106")


def _misshapen(typed: str, field: FieldInfo | None) -> tuple[str, str]:
    """What no pattern could tell: a word that looks right and has something in it that nobody sees."""
    if odd := invisible(typed):
        return f"has the invisible character {odd} in it", "delete it"
    return "has a form that is not allowed", _description(field)


def _how_to_add(name: str, field: FieldInfo | None, marked: Marked) -> str:
    """What to type for a field that is missing."""
    if field and (inner := inner_model(field.annotation)):
        needed = [name for name, info in inner.model_fields.items() if info.is_required()]
        return f"add {name} with {', '.join(needed)}"
    example = _example(field) or _description(field) or "…"
    return f"add {marked.form.format(name, example)}"


def _hint(field: FieldInfo | None) -> str:
    """What a right value looks like."""
    example = _example(field)
    return f"for example {example}" if example else _description(field)


def _description(field: FieldInfo | None) -> str:
    return (field.description or "").rstrip(".") if field else ""


def _example(field: FieldInfo | None) -> str:
    """The field's own example, or the one in its description."""
    if field and field.examples:
        return str(field.examples[0])
    found = _EXAMPLE.search(_description(field))
    return found[1] if found else ""


def _field(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The declaration that speaks for a path: the innermost one with a name."""
    found: FieldInfo | None = None
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and current and part in current.model_fields:
            found = current.model_fields[part]
            current = inner_model(found.annotation)
    return found


def _names(model: type[BaseModel], path: Path) -> list[str]:
    """The fields that may be typed at a path, those measured by the loader left out."""
    field = _field(model, path)
    inner = inner_model(field.annotation) if field else model
    if not inner:
        return []
    return [name for name, info in inner.model_fields.items() if not set_by_loader(info)]


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """`tuple[Person, ...]` -> Person, `Image | None` -> Image."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, types.UnionType, tuple, list, Annotated}:
        for inner in get_args(annotation):
            if found := inner_model(inner):
                return found
    return None
