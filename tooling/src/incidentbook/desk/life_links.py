"""What else one should read beside an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.finding import find_record
from incidentbook.desk.words import NoTextError, plain_text

_KINDS: Mapping[str, str] = {
    "problem": "problem",
    "known_error": "problem",
    "parent": "incident",
    "duplicate_of": "incident",
    "articles": "article",
    "earlier": "incident",
}


@dataclass(frozen=True, kw_only=True)
class Ties:
    """What an incident is to be linked to, as somebody names it; lists are added to."""

    problem: str | None = None
    known_error: str | None = None
    parent: str | None = None
    apart: str | None = None
    duplicate_of: str | None = None
    caused_by_change: str | None = None
    fixed_by_change: str | None = None
    articles: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class NoLinkError(NoTextError):
    """Nothing is said that could be linked to."""

    def __init__(self) -> None:
        super().__init__(
            "the link", "leads nowhere; say one of --problem, --article, --earlier (`link --help`)"
        )


def linked(id_: str, present: Mapping[str, Any], ties: Ties, records: Records[Any]) -> Change:
    """Link an incident; `present` are its links as they are written.

    Raises NoLinkError, UnknownRecordError, or RefusedError where it would follow nobody, or itself, or
    where what is called an earlier occurrence came later.
    """
    if ties == Ties():
        raise NoLinkError
    values = link_values(id_, present, ties, records)
    if ties.apart is not None and not (values.get("parent") or present.get("parent")):
        said = f"{id_} has no parent from which it could go on apart"
        raise RefusedError(said, (f"link {id_} --parent INC-... --apart WHY",))
    _refuse_later(id_, values.get("earlier", ()), records)
    if _parts_from_another(present, values):
        values = {**values, "apart": None}
    named = ", ".join(
        f"{key.replace('_', ' ')} {_said(value, present.get(key))}" for key, value in values.items()
    )
    return Change(said=f"linked: {named}", nested={("links",): values} if values else {})


def _refuse_later(id_: str, earlier: Sequence[str], records: Records[Any]) -> None:
    own = _opened(id_, records)
    for other in earlier:
        at = _opened(other, records)
        if own is not None and at is not None and at > own:
            raise RefusedError(
                f"{other} was opened after {id_}, and is no earlier occurrence of it",
                (f"link {other} --earlier {id_}",),
            )


def _opened(id_: str, records: Records[Any]) -> datetime | None:
    entry = records.get(id_)
    if entry is None or entry.kind != "incident" or not entry.readable:
        return None
    opened: datetime | None = entry.record.opened
    return opened


def _parts_from_another(present: Mapping[str, Any], values: Values) -> bool:
    """Whether `apart` would be left that says why it does not follow another parent than its new one."""
    has_reason = present.get("apart") is not None and "apart" not in values
    return has_reason and present.get("parent") is not None and "parent" in values


def link_values(id_: str, present: Mapping[str, Any], ties: Ties, records: Records[Any]) -> Values:
    """The links that are new, with what a list had before. Raises UnknownRecordError or RefusedError."""
    found: dict[str, Any] = {}
    for key in ("problem", "known_error", "parent", "duplicate_of"):
        if (said := getattr(ties, key)) is not None:
            found[key] = _id(records, said, key, id_)
    for key in ("apart", "caused_by_change", "fixed_by_change"):
        if (said := getattr(ties, key)) is not None:
            found[key] = plain_text(said, f"--{_FLAGS.get(key, key)}")
    for key in ("articles", "earlier"):
        _add(found, present, key, [_id(records, said, key, id_) for said in getattr(ties, key)])
    _add(found, present, "outside", [_outside(said) for said in ties.outside])
    return {key: value for key, value in found.items() if present.get(key) != value}


_FLAGS: Mapping[str, str] = {"caused_by_change": "caused-by", "fixed_by_change": "fixed-by"}


def _add(found: dict[str, Any], present: Mapping[str, Any], key: str, items: Sequence[Any]) -> None:
    """Put what is new behind what is there."""
    there = present.get(key)
    known = list(there) if isinstance(there, list) else []
    new = [item for place, item in enumerate(items) if item not in known and item not in items[:place]]
    if new:
        found[key] = [*known, *new]


def _id(records: Records[Any], said: str, key: str, own: str) -> str:
    target: str = find_record(records, said, (_KINDS[key],)).id
    if target == own:
        raise RefusedError(f"{own} cannot be linked to itself")
    return target


def _outside(said: str) -> dict[str, str]:
    """TYPE=URL as a link to something that is no record."""
    type_, equals, url = (part.strip() for part in plain_text(said, "--outside").partition("="))
    if not (type_ and equals and url):
        raise NoTextError(f"--outside {said}", "is no TYPE=URL, such as `ticket=https://desk.example/4711`")
    return {"type": type_, "url": url}


def _said(value: Any, before: Any) -> str:
    """A link in words; of a list what is new."""
    if value is None:
        return "taken out, for it was about the parent before"
    if not isinstance(value, list):
        return str(value)
    new = value[len(before) if isinstance(before, list) else 0 :]
    return ", ".join(one["url"] if isinstance(one, dict) else str(one) for one in new)
