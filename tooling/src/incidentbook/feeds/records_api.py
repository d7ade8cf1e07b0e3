"""The answers of `/api/incidentbook/v1/`: every record whole, and the figures that follow from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import blake2b
from importlib.resources import files
from typing import Any

import msgspec

from incidentbook.archive import RecordEntry
from incidentbook.archive.references import references
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.shapes import document_shape, record_shape
from incidentbook.publication import Output
from incidentbook.publication.redaction import may_read
from incidentbook.publication.urls import path_of
from incidentbook.records import KINDS

FOLDER = "api/incidentbook/v1/"
SCHEMAS = FOLDER + "schema/"
VERSION = 1
BLOCK = 1000
"""How many numbers of a year share a file: a changed record has one file of this size made again."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Entries = Sequence[RecordEntry[Any]]
Figures = Callable[[], dict[str, Any]]


def records_api(briefing: Briefing, statistics: Figures) -> Iterator[Output]:
    """Every file of the API; `statistics` are worked out when they are asked for."""
    blocks = _blocks(briefing)
    for (kind, name), entries in blocks.items():
        make = partial(_records, kind, entries, briefing, _place(kind, name))
        yield Output(_place(kind, name), make, _key(entries, briefing))
    yield Output(FOLDER + "index.json", partial(_index, blocks, briefing))
    yield Output(FOLDER + "statistics.json", lambda: msgspec.json.encode(statistics()))
    yield Output(SCHEMAS + "records.schema.json", partial(_record_schemas, briefing), key="schema")
    for name in ("index", "statistics"):
        yield Output(f"{SCHEMAS}{name}.schema.json", partial(_written_schema, name))


def block_of(entry: RecordEntry[Any]) -> str:
    """The file of a record, from its ID alone: that of INC-2026-1042 is `2026-1000`; articles share `all`."""
    name = entry.name
    if name.year is None or name.number is None:
        return "all"
    return f"{name.year}-{name.number // BLOCK * BLOCK:04d}"


def _blocks(briefing: Briefing) -> dict[tuple[str, str], list[RecordEntry[Any]]]:
    found: dict[tuple[str, str], list[RecordEntry[Any]]] = {}
    for kind in KINDS:
        for entry in briefing.published.of_kind(kind):
            found.setdefault((kind, block_of(entry)), []).append(entry)
    return found


def _place(kind: str, name: str) -> str:
    return f"{FOLDER}records/{kind}/{name}.json"


def _key(entries: Entries, briefing: Briefing) -> str:
    """Name what a file is made of: its records, and which of those that they name the audience may see."""
    digest = blake2b(briefing.addresses.base.encode(), digest_size=16)
    for entry in entries:
        named = " ".join(reference.target for reference in references(entry.record))
        digest.update(f"{entry.id} {entry.content_hash} {named}\n".encode())
    return digest.hexdigest()


def _records(kind: str, entries: Entries, briefing: Briefing, place: str) -> bytes:
    """One record a line, so that two versions of a file can be compared by lines."""
    audience = briefing.published.audience
    record_type, document_type = record_shape(kind, audience), document_shape(kind, audience)
    has_body = may_read(audience, KINDS[kind].body)
    encode = msgspec.json.Encoder().encode
    lines = []
    for entry in entries:
        values: dict[str, Any] = {
            "id": entry.id,
            "url": briefing.addresses.of_page(path_of(entry.name), place),
            "record": msgspec.convert(entry.record, record_type, from_attributes=True),
        }
        if kind == "incident":
            values["priority"] = briefing.taxonomy.priority_of(entry.record)
        if has_body:
            values["body"] = entry.body
        lines.append(encode(document_type(**values)))
    head = encode({"version": VERSION, "kind": kind})
    return head[:-1] + b',"records":[\n' + b",\n".join(lines) + b"\n]}\n"


def _index(blocks: dict[tuple[str, str], list[RecordEntry[Any]]], briefing: Briefing) -> bytes:
    published, place = briefing.published, FOLDER + "index.json"
    address = partial(briefing.addresses.of_page, place=place)
    return msgspec.json.encode(
        {
            "version": VERSION,
            "name": briefing.name,
            "url": briefing.addresses.root(place),
            "audience": published.audience.value,
            "time_zone": briefing.taxonomy.settings.zone,
            "now": briefing.now.isoformat(),
            "revision": published.revision,
            "dirty": published.dirty,
            "statistics": address(FOLDER + "statistics.json"),
            "schemas": {
                name: address(f"{SCHEMAS}{name}.schema.json") for name in ("index", "records", "statistics")
            },
            "records": [
                {"kind": kind, "count": len(entries), "url": address(_place(kind, name))}
                for (kind, name), entries in blocks.items()
            ],
        }
    )


def _record_schemas(briefing: Briefing) -> bytes:
    """What a file of records looks like, from the same types that write it."""
    audience = briefing.published.audience
    documents = {
        name: document_shape(name, audience)
        for name, kind in KINDS.items()
        if may_read(audience, kind.widest)
    }
    shapes, parts = msgspec.json.schema_components(tuple(documents.values()), ref_template="#/$defs/{name}")
    schema = {
        "$schema": DIALECT,
        "title": "Incidentbook API, version 1: a file of records",
        "description": "Records of one kind; what a record leaves out has its default.",
        "oneOf": [
            {
                "type": "object",
                "properties": {
                    "version": {"const": VERSION},
                    "kind": {"const": kind},
                    "records": {"type": "array", "items": shape},
                },
                "required": ["version", "kind", "records"],
                "additionalProperties": False,
            }
            for kind, shape in zip(documents, shapes, strict=True)
        ],
        "$defs": dict(sorted(parts.items())),
    }
    return json.dumps(schema, indent=2).encode() + b"\n"


def _written_schema(name: str) -> bytes:
    return (files("incidentbook.feeds") / "schemas" / f"{name}.schema.json").read_bytes()
