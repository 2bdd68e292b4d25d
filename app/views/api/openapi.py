"""The OpenAPI 3.1 document, made from the table of endpoints and the shapes that they read and write."""

from typing import Any

from app.people.tokens import PREFIX
from app.views.api import shapes
from app.views.api.endpoints import PATH_PART, Download, Endpoint
from app.views.api.kinds import Kind
from app.views.api.problems import MEDIA_TYPE
from app.views.api.shapes import Many, Nullable, Record

VERSION = "1.0"
BASE = "/api/v1"

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Further members depend on the type: both sides of a conflict, for instance.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "object",
            "description": "Path of a value → what is wrong with it.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}

PROBLEM_ANSWER = {
    "description": "Refused; nothing was saved.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def document(table: list[Endpoint]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in table:
        paths.setdefault(BASE + entry.path, {})[entry.method.lower()] = _operation(entry)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Splot",
            "version": VERSION,
            "description": "What a user can do in Splot, for programs. See docs/api.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name} for name in dict.fromkeys(entry.group for entry in table)],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"An access token of POST {BASE}/security/login, or a personal token ({PREFIX}…).",
                }
            },
            "schemas": {"Problem": _PROBLEM, **_records(table)},
        },
    }


def _operation(entry: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": entry.name,
        "summary": entry.summary,
        "tags": [entry.group],
        "parameters": [*_path_parts(entry), *_query(entry), *_headers(entry)],
        "responses": {str(entry.status): _answer(entry), "default": PROBLEM_ANSWER},
    }
    if entry.public:
        made["security"] = []
    else:
        made["x-scope"] = entry.scope.value
        made["x-permissions"] = [permission.value for permission in entry.permissions]
    if entry.body is not None:
        schema = shapes.kind_of(entry.body).schema()
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if entry.upload:
        schema = {
            "type": "object",
            "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
            "required": ["file"],
        }
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return made


def _path_parts(entry: Endpoint) -> list[dict[str, Any]]:
    schema = {"type": "integer", "minimum": 0}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in PATH_PART.findall(entry.path)]


def _query(entry: Endpoint) -> list[dict[str, Any]]:
    if entry.query is None:
        return []
    return [
        {"name": name, "in": "query", "required": field.is_required, "schema": _bare(field.kind).schema()}
        for name, field in shapes.record_of(entry.query).fields.items()
    ]


def _headers(entry: Endpoint) -> list[dict[str, Any]]:
    found = []
    if entry.method == "POST" and not entry.public:
        found.append(("Idempotency-Key", "The same key with the same body is done once.", {"maxLength": 200}))
    if entry.method == "PATCH":
        found.append(("If-Match", "The version that the change builds on, as the ETag of an answer names it.", {}))
    return [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string", **limits}}
        for name, text, limits in found
    ]


def _answer(entry: Endpoint) -> dict[str, Any]:
    if entry.answer is None:
        return {"description": "Done; there is nothing to tell."}
    if entry.answer is Download:
        schema = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"description": "The bytes of the file.", "content": {"application/octet-stream": {"schema": schema}}}
    schema = shapes.kind_of(entry.answer).schema()
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _records(table: list[Endpoint]) -> dict[str, Any]:
    """Every record that a body or an answer names, and those inside them."""
    found: dict[str, Record] = {}
    waiting = [shapes.kind_of(hint) for entry in table for hint in (entry.body, entry.answer) if _has_shape(hint)]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, Nullable | Many):
            waiting.append(kind.inner)
        elif isinstance(kind, Record) and kind.title not in found:
            found[kind.title] = kind
            waiting.extend(field.kind for field in kind.fields.values())
        elif isinstance(kind, Record) and found[kind.title].made is not kind.made:
            message = f"two shapes are called {kind.title}"
            raise TypeError(message)
    return {title: found[title].definition() for title in sorted(found)}


def _has_shape(hint: Any) -> bool:
    return hint is not None and hint is not Download


def _bare(kind: Kind) -> Kind:
    """In a query string there is no null: what is optional is left out."""
    return kind.inner if isinstance(kind, Nullable) else kind
