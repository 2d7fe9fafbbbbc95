"""Schemathesis at the door: whatever its description lets in or keeps out is answered as described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from doors import TestDoor
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy import Engine
from test_door_wire import listening

from publisher.subscribers.tokens import Purpose
from publisher.webapp.guard import HEADERS

EXAMPLES = 40
load_all_checks()
KEPT = CHECKS.get_by_names(
    [
        *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
        *("response_headers_conformance", "unsupported_method", "allow_header_conformance"),
    ]
)
PAGE = {
    "description": "A page.",
    "content": {"text/html; charset=utf-8": {}},
    "headers": {name: {"required": True, "schema": {"type": "string"}} for name in HEADERS},
}


def pages(*codes: int) -> dict[str, Any]:
    """The answers that a route may give."""
    return {str(code): PAGE for code in codes}


def form(**fields: dict[str, Any]) -> dict[str, Any]:
    """A form in both of its dresses (RFC 8058 sec. 3.1)."""
    schema = {"schema": {"type": "object", "properties": fields, "required": list(fields)[:1]}}
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    return {"required": True, "content": dict.fromkeys(kinds, schema)}


def by_token(token: str, body: dict[str, Any], *codes: int) -> dict[str, Any]:
    """A route that a link in a letter opens: right is the genuine token, cut short or forged; wrong is all else."""
    tokens = {"type": "string", "enum": [token, token[:-1], "forged"]}
    parameter = {"name": "token", "in": "path", "required": True, "schema": tokens}
    return {
        "parameters": [parameter],
        "get": {"responses": pages(200, 404, 410)},
        "post": {"requestBody": body, "responses": pages(200, 404, 410, *codes)},
    }


def description(door: TestDoor, number: int) -> dict[str, Any]:
    """The door in OpenAPI's words."""
    ring, text = door.store.keyring, {"type": "string"}
    confirm = ring.sign(Purpose.CONFIRM, number, door.clock())
    leave, choose = (ring.sign(purpose, number) for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES))
    wish = form(email={"type": "string", "format": "email"}, stamp=text, website=text)
    topics = form(topic={"type": "array", "items": {"enum": ["economy", "nature", "x"]}}, save=text)
    return {
        "openapi": "3.1.0",
        "info": {"title": "The door", "version": "1"},
        "paths": {
            "/subscribe": {
                "get": {"responses": pages(200)},
                "post": {"requestBody": wish, "responses": pages(200, 400, 413, 429, 503)},
            },
            "/confirm/{token}": by_token(confirm, form(button=text), 413),
            "/unsubscribe/{token}": by_token(
                leave, form(**{"List-Unsubscribe": {"enum": ["One-Click", "x"]}}), 400, 413
            ),
            "/preferences/{token}": by_token(choose, topics, 400, 413),
        },
    }


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_door_keeps_to_its_description(
    sqlite_engine: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str], mode: GenerationMode
) -> None:
    """Right and wrong forms and tokens: never 500, always guarded, only the answers that are foreseen."""
    door = TestDoor(sqlite_engine, tmp_path, subscribers={"tries_per_client": 1_000})
    reader = door.reader("a@b.org")
    schema = schemathesis.openapi.from_dict(description(door, reader.id))
    asked = set()
    with listening(door) as port:
        for found in schema.get_all_operations():
            operation = found.ok()
            if mode is GenerationMode.NEGATIVE and operation.label == "GET /subscribe":
                continue  # it takes nothing that could be wrong

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def keeps_to_it(case: schemathesis.Case) -> None:
                answer = case.call(base_url=f"http://127.0.0.1:{port}", headers={"Host": "letter.example"})
                asked.add((case.operation.path, case.operation.method, answer.status_code))
                case.validate_response(answer, checks=KEPT)

            keeps_to_it()
    assert capfd.readouterr().err == ""
    assert {active.id for active in door.store.active()} <= {reader.id}
    if mode is GenerationMode.POSITIVE:
        assert {path for path, _, status in asked if status == 200} == set(schema.raw_schema["paths"])
