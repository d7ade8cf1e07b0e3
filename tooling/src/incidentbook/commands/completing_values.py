"""Values that a shell may complete, found without loading records: file names, and files of `schema/`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from incidentbook.commands.completing_states import HEAD, in_states

Value = tuple[str, str]
"""A value, and what it is called; empty where that is not known."""

HOMES: Mapping[str, tuple[str, str]] = {
    "incident": ("incidents", r"INC-(\d{4})-(\d{4,})"),
    "review": ("incidents", r"INC-(\d{4})-(\d{4,})\.review"),
    "maintenance": ("incidents", r"MNT-(\d{4})-(\d{4,})"),
    "problem": ("knowledge/problems", r"PRB-(\d{4})-(\d{4,})"),
    "article": ("knowledge/articles", r"[a-z0-9]+(?:[._-][a-z0-9]+)*"),
    "handover": ("handovers", r"HND-(\d{4})-(\d{4,})"),
}
"""By kind: where its files lie, and how they are named. KINDS says the same; importing the models takes
longer than somebody who presses Tab wants to wait."""

MOST = 200
"""More than this many records are not offered at once: the newest of each kind are."""

SERVICE_STATES = ("operational", "degraded_performance", "partial_outage", "major_outage")
"""The states of a service; ServiceState says the same."""

_TITLED = 40
_LONGEST = 70
_SAFE = re.compile(r"[\w./@+=-]+", re.ASCII)
_TITLE = re.compile(r"^title:[ \t]*(\S.*)$", re.MULTILINE)


def ids(root: Path, kinds: Sequence[str], typed: str, states: Sequence[str] = ()) -> list[Value]:
    """IDs that begin as typed, or have that number, the newest first; of few of them also the titles.

    With `states` only those in one of them, but for an ID that is typed so far that no other is meant.
    """
    wanted = tuple(kinds) or tuple(HOMES)
    found: list[tuple[str, str]] = []
    share = max(MOST // len(wanted), 1)
    for kind in wanted:
        mine = sorted(
            ((path, name) for path, name in _files(root, kind) if _fits(name, typed)),
            key=lambda file: _order(file[1]),
            reverse=True,
        )
        most = len(mine) if len(mine) <= share or len(typed) > len("INC-2026-") else share
        if states and not (typed and len(mine) == 1):
            mine = in_states(mine, states, most)
        found += mine[:most]
    few = len(found) <= _TITLED
    return [(name, _title(path) if few else "") for path, name in found]


def articles(root: Path) -> list[Value]:
    """Every article by its name."""
    return ids(root, ("article",), "")


def named(root: Path, file: str, key: str) -> list[Value]:
    """The entries of a list of schema/, by key and name."""
    entries = _schema(root, file).get(key)
    return [
        (str(one["id"]), _shown(one.get("name") or one.get("definition")))
        for one in (entries if isinstance(entries, list) else ())
        if isinstance(one, dict) and _SAFE.fullmatch(str(one.get("id")))
    ]


def pinned_now(root: Path) -> str | None:
    """The clock that a repository pins, as its settings write it."""
    now = _schema(root, "incidentbook").get("now")
    return str(now) if now else None


def people(root: Path, day: date) -> list[Value]:
    """Handles of those who are here on a day, each with the person's name."""
    entries = _schema(root, "people").get("people")
    return [
        (str(one["handle"]), _shown(one.get("name")))
        for one in (entries if isinstance(entries, list) else ())
        if isinstance(one, dict) and _SAFE.fullmatch(str(one.get("handle"))) and _is_here(one, day)
    ]


def _is_here(person: Mapping[str, Any], day: date) -> bool:
    """Whether somebody has come, and has not left; the reader gives days as text, which sorts as they do."""
    first, gone = person.get("valid_from"), person.get("valid_until")
    return (first is None or str(first) <= str(day)) and (gone is None or str(day) < str(gone))


def categories(root: Path) -> list[Value]:
    """Categories and what is below them."""
    found: list[Value] = []
    for one in _schema(root, "categories").get("categories") or ():
        above = [(str(one["id"]), _shown(one.get("name")))]
        below = [
            (f"{one['id']}/{inner['id']}", _shown(inner.get("name")))
            for inner in one.get("subcategories") or ()
        ]
        found += [value for value in (*above, *below) if _SAFE.fullmatch(value[0])]
    return found


def services(root: Path, typed: str) -> list[Value]:
    """Services by key, and behind `=` the states in which one may be."""
    keys = named(root, "services", "services")
    if "=" not in typed:
        return keys
    wanted = typed.partition("=")[0]
    return [(f"{key}={state}", "") for key, _ in keys if key == wanted for state in SERVICE_STATES]


def levels() -> list[Value]:
    """How wide or how pressing."""
    return [("high", ""), ("medium", ""), ("low", "")]


def states() -> list[Value]:
    """The states of every kind."""
    from incidentbook.records import KINDS  # noqa: PLC0415

    names = sorted({state.value for kind in KINDS.values() for state in kind.states})
    return [(name, "") for name in names]


def actions(root: Path, said: str) -> list[Value]:
    """The actions of a record, or of the review of an incident, each with its title."""
    from incidentbook.source import read_document  # noqa: PLC0415

    for name in (f"{said}.review", said):
        path = next((path for kind in HOMES for path, one in _files(root, kind) if one == name), None)
        if path is not None:
            values = read_document(path, Path(path).read_bytes()).values or {}
            return [
                (str(one.get("id") or place), _shown(one.get("title")))
                for place, one in enumerate(values.get("actions") or (), 1)
                if _SAFE.fullmatch(str(one.get("id") or place))
            ]
    return []


def _files(root: Path, kind: str) -> Iterator[tuple[str, str]]:
    """The record files of a kind: path and ID."""
    folder, pattern = HOMES[kind]
    fits = re.compile(pattern).fullmatch
    for path, name in _names(root / folder, below=not folder.startswith("knowledge")):
        if name.endswith(".md") and fits(name[:-3]):
            yield path, name[:-3]


def _names(folder: Path, *, below: bool) -> Iterable[tuple[str, str]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if below and entry.name.isdigit():
                    yield from _names(folder / entry.name, below=False)
                else:
                    yield entry.path, entry.name
    except OSError:
        return


def _fits(name: str, typed: str) -> bool:
    if typed.isdigit():
        number = name.removesuffix(".review").rpartition("-")[2]
        return number.isdigit() and str(int(number)).startswith(typed.lstrip("0") or "0")
    return name.casefold().startswith(typed.casefold())


def _order(name: str) -> tuple[int, int, str]:
    parts = name.removesuffix(".review").split("-")
    numbers = [int(part) for part in parts[1:] if part.isdigit()] if parts[0].isupper() else []
    return (numbers[0], numbers[1], name) if len(numbers) == 2 else (0, 0, name)


def _title(path: str) -> str:
    """The title in the first lines of a record; empty where it is not on a line of its own."""
    from incidentbook.source import read_yaml  # noqa: PLC0415

    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD).decode("utf-8", "replace")
    except OSError:
        return ""
    line = _TITLE.search(head)
    values = read_yaml(path, line[0].encode()).values if line else None
    return _shown((values or {}).get("title"))


def _shown(text: Any) -> str:
    """Text of a record or of schema/ beside a value: one line, in which nothing acts on a terminal."""
    from incidentbook.reports.diagnostics.text import visible  # noqa: PLC0415

    line = " ".join(str(text or "").split())
    cut = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return visible(cut).replace("\\", "")


def _schema(root: Path, name: str) -> dict[str, Any]:
    from incidentbook.source import read_yaml  # noqa: PLC0415

    path = f"schema/{name}.yml"
    try:
        return read_yaml(path, (root / path).read_bytes()).values or {}
    except OSError:
        return {}
