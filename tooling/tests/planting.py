"""A repository with a text of the test's own in every field of every record kind and of the taxonomy.

Both walk the models: a field that is new tomorrow is planted tomorrow, and a text of the taxonomy that
nothing reaches fails the test of this file's own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args, get_origin

from filling import Filler, bare, leaf_kind, places

from incidentbook.records import KINDS
from incidentbook.source import read_yaml, render_document, to_yaml
from incidentbook.taxonomy import FILES
from testbed import SCHEMA

Text = Callable[[tuple[str | int, ...], bool], str]
"""The words for a place of a model; whether the public may read it is told."""

BASE = {
    **SCHEMA,
    "schema/incidentbook.yml": SCHEMA["schema/incidentbook.yml"]
    + "report: {phone: x, text: x}\nhistory: {deleted: [{id: INC-2026-0099, reason: x}]}\n",
    "schema/priority.yml": SCHEMA["schema/priority.yml"]
    + "impact: [{level: high, definition: x}]\nurgency: [{level: low, definition: x}]\n",
    "schema/reviews.yml": SCHEMA["schema/reviews.yml"]
    + "gate: {waivers: [{service: checkout, by: duty-one, reason: x, until: 2026-12-31}]}\n",
    "schema/teams.yml": SCHEMA["schema/teams.yml"].replace(
        "line: 2, members: [duty-one]}",
        "line: 2, members: [duty-one], rotation: {since: 2026-01-05, order: [duty-one], "
        "overrides: [{from: 2026-11-20T00:00Z, to: 2026-11-21T00:00Z, who: duty-two}]}}",
    ),
    "schema/routing.yml": "rules: [{team: payments}]\n",
    "schema/intake.yml": SCHEMA["schema/intake.yml"]
    + "form: {}\nmail: {}\nalerts:\n"
    + "  severities: [{severity: [x], impact: high, urgency: high}]\n  rules: [{system: alertmanager}]\n",
    "schema/notifications.yml": "channels: [{id: chat, kind: mail, url_from: X}]\n"
    + "subscriptions: [{channels: [chat]}]\n",
    "schema/major.yml": "when: [{priority: [P1]}]\nstakeholders: [{name: x}]\nupdate_every: 45m\n",
    "schema/escalation.yml": "paths:\n"
    + "  - {id: all, name: All, steps: [{id: one, kind: functional, to: x}]}\n",
}
"""The testbed's schema, with what it lacks for every text of the models to be reached."""


STATUS = {
    "incident": "resolved",
    "review": "published",
    "maintenance": "in_progress",
    "problem": "known_error",
    "article": "published",
    "handover": "acknowledged",
}
UPDATE_STATUS = "monitoring"

KNOWN = {
    "service": "checkout",
    "services": "checkout",
    "team": "payments",
    "category": "application/deployment",
    "code": "fixed",
    "channel": "alert",
    "reason": "vendor",
    "articles": "named-article",
    "replaced_by": "named-article",
    "rule": "naive-time",
}
"""What a key of the taxonomy, or of another record, has to be for a page to look it up."""

NAMED = {
    "incidents/2026/INC-2026-0900.md": "---\ntitle: Named\nstatus: new\nvisibility: public\n"
    "opened: 2026-11-18T09:00+00:00\nservices: [{service: checkout, state: partial_outage}]\n---\n",
    "knowledge/problems/PRB-2026-0900.md": "---\ntitle: Named\nstatus: open\nvisibility: public\n---\n",
    "knowledge/articles/named-article.md": "---\ntitle: Named\nstatus: published\ntype: faq\n"
    "visibility: public\n---\nNamed.\n",
}
"""Records, all public, that planted ones name."""


class Planter(Filler):
    """Fills a record with known keys, real states and the test's own texts."""

    def __init__(self, kind: str, text: Text, *, slugs: bool, **fixed: Any) -> None:
        super().__init__(fixed)
        self.kind = kind
        self.text = text
        self.slugs = slugs

    def _value(self, hint: Any, path: tuple[str | int, ...], public: bool) -> Any:
        if path == ("status",):
            return STATUS[self.kind]
        if path[-1] == "status" and path[0] == "updates":
            return UPDATE_STATUS
        if path[-1] == "id" and path[0] in {"updates", "actions"}:
            return f"n{path[1]}"
        if path[-1] == "corrects":
            return "n0" if path[1] else None
        kind = leaf_kind(hint)
        if get_origin(bare(hint)) is not tuple:
            if kind == "text":
                return self.text(path, public)
            if kind == "slug" and (public or not self.slugs):
                return KNOWN[next(step for step in reversed(path) if isinstance(step, str))]
            if kind == "category":
                return KNOWN["category"]
            if kind in {"slug", "handle"}:
                return self.text(path, public) if self.slugs else "duty-one"
            if kind in {"incident", "problem"}:
                return {"incident": "INC", "problem": "PRB"}[kind] + "-2026-0900"
        if path == ("extra",):
            return {"x-mine": self.text(path, False)}
        return super()._value(hint, path, public)


def record(kind: str, text: Text, *, slugs: bool = False, body: str = "", **fixed: Any) -> str:
    """The file of one record; with `slugs`, keys that the public does not see are texts of the test too."""
    values = Planter(kind, text, slugs=slugs, **{"drill": False, **fixed}).fill(KINDS[kind].model)
    return render_document({key: value for key, value in values.items() if value is not None}, body)


def unfinished(written: str) -> str:
    """A planted record whose incident is still open, and whose actions are not done."""
    written = re.sub(r"^(restored|resolved|mitigated): .*\n", "", written, flags=re.MULTILINE)
    written = written.replace("status: resolved\n", "status: in_progress\n", 1)
    return written.replace("state: dropped", "state: open")


def path_of(kind: str, number: int) -> str:
    """Where the file of a planted record lies."""
    return {
        "incident": f"incidents/2026/INC-2026-{number:04d}.md",
        "review": f"incidents/2026/INC-2026-{number:04d}.review.md",
        "maintenance": f"incidents/2026/MNT-2026-{number:04d}.md",
        "problem": f"knowledge/problems/PRB-2026-{number:04d}.md",
        "article": f"knowledge/articles/article-{number:04d}.md",
        "handover": f"handovers/2026/HND-2026-{number:04d}.md",
    }[kind]


class TextPlace(NamedTuple):
    """A text of a model, by the class that has it and the field's name."""

    model: str
    field: str


def texts_of(model: Any, seen: frozenset[Any] = frozenset()) -> Iterator[TextPlace]:
    """Every text that a model and its parts can hold."""
    if model in seen:
        return
    for place in places(model):
        inner = bare(place.hint)
        while get_origin(inner) is tuple:
            inner = bare(get_args(inner)[0])
        if dataclasses.is_dataclass(inner):
            yield from texts_of(inner, seen | {model})
        elif _is_text(place.hint):
            yield TextPlace(model.__name__, place.name)


def _is_text(hint: Any) -> bool:
    inner = bare(hint)
    if get_origin(inner) is tuple:
        return _is_text(get_args(inner)[0])
    return leaf_kind(hint) == "text"


FORMED = {"forge": "@{}", "owns": "{}/", "emails": "{}@example.invalid"}
"""Texts of people and teams that must have a form, which no hostile text has."""


class Decorator:
    """Puts texts into a schema that holds together: its keys, numbers and times stay."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.reached: set[TextPlace] = set()

    def decorate(self, model: Any, values: dict[str, Any], path: tuple[str | int, ...], public: bool) -> None:
        """Fill every text of one part of the file, present or not."""
        for place in places(model):
            inner, inside = bare(place.hint), (*path, place.name)
            mine = public and place.public and values.get("visibility", "public") == "public"
            if _is_text(place.hint):
                self.reached.add(TextPlace(model.__name__, place.name))
                words = self.text(inside, mine)
                values[place.key] = [words] if get_origin(inner) is tuple else words
            elif place.name in FORMED and (words := self.text(inside, mine)).isalnum():
                formed = FORMED[place.name].format(words)
                values[place.key] = [formed] if get_origin(inner) is tuple else formed
            elif dataclasses.is_dataclass(inner) and isinstance(values.get(place.key), dict):
                self.decorate(inner, values[place.key], inside, mine)
            elif get_origin(inner) is tuple and dataclasses.is_dataclass(bare(get_args(inner)[0])):
                for index, item in enumerate(values.get(place.key) or ()):
                    if isinstance(item, dict):
                        self.decorate(bare(get_args(inner)[0]), item, (*inside, index), mine)


def schema(text: Text) -> tuple[dict[str, str], set[TextPlace]]:
    """Every file of schema/ with the test's own texts; also which texts of the models they reach."""
    decorator = Decorator(text)
    made = {}
    for name, model in FILES.items():
        path = f"schema/{name}.yml"
        values = dict(read_yaml(path, BASE[path].encode()).values or {})
        decorator.decorate(model, values, (name,), True)
        made[path] = to_yaml(values)
    return made, decorator.reached
