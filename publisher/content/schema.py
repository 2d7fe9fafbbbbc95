"""JSON Schema of what an editor types, for completion and red underlines while typing.

The models hold more than is typed (sizes that are measured, the text below the front matter);
a schema for editors must not offer these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

_NOT_TYPED = ("x-set-by-loader", "environment")
_REFERENCE = "#/$defs/"


def typed_schema(model: type[BaseModel], *, filled_in: Collection[str] = ()) -> dict[str, Any]:
    """The schema (draft 2020-12) of a model's file.

    `filled_in` are required fields that the loader has a default for. Secrets, which never
    stand in a file, are left out.
    """
    schema = model.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs", {})
    for part in (schema, *definitions.values()):
        _only_typed(part)
    schema["required"] = [name for name in schema.get("required", ()) if name not in filled_in]
    used = _reachable(schema, definitions)
    if used:
        schema["$defs"] = {name: definitions[name] for name in sorted(used)}
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


def _only_typed(part: dict[str, Any]) -> None:
    """Take out of an object what its reader cannot type."""
    properties: dict[str, Any] = part.get("properties", {})
    hidden = [name for name, field in properties.items() if any(field.get(mark) for mark in _NOT_TYPED)]
    for name in hidden:
        del properties[name]
    if "required" in part:
        part["required"] = [name for name in part["required"] if name not in hidden]


def _reachable(schema: dict[str, Any], definitions: dict[str, Any]) -> set[str]:
    """The definitions that are referred to, directly or through others."""
    found: set[str] = set()
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(definitions[name])
    return found


def _references(value: Any) -> Iterator[str]:
    """Every definition that a part of a schema refers to."""
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith(_REFERENCE):
            yield value["$ref"].removeprefix(_REFERENCE)
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
