"""Pydantic's complaints as diagnostics a person can act on."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from functools import cache, cached_property
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic_core import ErrorDetails

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.records.fields import SPELLINGS
from incidentbook.source.document import Document

Location = tuple[str | int, ...]

_LONG_NUMBER = 40
_CLOSE = 0.75
"""How alike a word must be to be suggested: `titel` is `title`, and `date` is not `updates`."""

_KINDS_OF_VALUE = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "fields (`key: value`)",
    "dataclass_type": "fields (`key: value`)",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
}


def location_of(detail: ErrorDetails) -> Location:
    """The path of keys to what is complained of."""
    return tuple(step for step in detail["loc"] if step != "[key]")


@dataclass(frozen=True)
class _Complaint:
    """One complaint of pydantic's, as the words about it need it."""

    document: Document
    model: type[Any]
    detail: ErrorDetails

    @cached_property
    def location(self) -> Location:
        return location_of(self.detail)

    @property
    def kind(self) -> str:
        return self.detail["type"]

    @property
    def given(self) -> Any:
        return self.detail.get("input")

    @property
    def context(self) -> Mapping[str, Any]:
        return self.detail.get("ctx", {})

    @property
    def name(self) -> str:
        return _spell(self.location)

    @property
    def key(self) -> str:
        return str(self.location[-1]) if self.location else ""

    @property
    def written(self) -> str:
        """The value as the file has it: what a model made of it means nothing to who wrote it."""
        return "empty" if self.given is None else _quote(self._text)

    @property
    def _text(self) -> str:
        if isinstance(self.given, str):
            return self.given
        about_key = self.detail["loc"][-1:] == ("[key]",)
        text = None if about_key else self.document.written(*self.location)
        return str(self.given) if text is None else text

    @property
    def described(self) -> str:
        match self.given:
            case int() | float() if not isinstance(self.given, bool):
                return f"the number {self._text}" if len(self._text) < _LONG_NUMBER else "a number"
            case dict():
                return "a mapping"
            case list() | tuple():
                return "a list"
            case _:
                return self.written

    @property
    def due(self) -> str:
        return _KINDS_OF_VALUE[self.kind]

    @property
    def pattern(self) -> str:
        pattern = str(self.context.get("pattern"))
        return SPELLINGS.get(pattern, f"text like {pattern}")

    @property
    def choices(self) -> list[str]:
        expected = str(self.context.get("expected", "")).replace(" or ", ", ")
        return [part.strip().strip("'") for part in expected.split(",") if part.strip()]

    @property
    def one_of(self) -> str:
        return ", ".join(self.choices)

    @property
    def reason(self) -> str:
        return self.detail["msg"]

    @property
    def reason_inside(self) -> str:
        return self.reason[:1].lower() + self.reason[1:]

    @property
    def span(self) -> Span:
        if self.kind in _ABSENT:
            return self.document.span(*self.location[:-1])
        is_key = self.kind in _UNEXPECTED or self.detail["loc"][-1:] == ("[key]",)
        return (self.document.key_span if is_key else self.document.span)(*self.location)

    def diagnostic(self) -> Diagnostic:
        code, message, advice = _WORDS.get(self.kind, _OTHERWISE)
        text = message.format(c=self)
        return Diagnostic(code, Severity.ERROR, text, self.document.path, self.span, advice(self))


def _suggest_key(complaint: _Complaint) -> str | None:
    return _suggest(complaint.key, _keys_at(complaint.model, complaint.location[:-1]))


def _suggest_value(complaint: _Complaint) -> str | None:
    return _suggest(str(complaint.given), complaint.choices)


def _quote_it(complaint: _Complaint) -> str | None:
    return "put quotes around it" if isinstance(complaint.given, bool | int | float) else None


def _true_or_false(complaint: _Complaint) -> str | None:
    word = str(complaint.given).lower()
    meant = "true" if word in ("yes", "on", "y") else "false" if word in ("no", "off", "n") else None
    return f"did you mean `{meant}`?" if meant else None


def _name_offset(complaint: _Complaint) -> str:
    return f"write `{complaint.context.get('fix')}`, if it was UTC; else with the offset of the place"


def _advise(text: str) -> Callable[[_Complaint], str | None]:
    return lambda complaint: text.format(c=complaint)


def _nothing(_: _Complaint) -> None:
    return None


_Words = tuple[str, str, Callable[[_Complaint], str | None]]

_ABSENT = ("missing", "missing_argument")
_UNEXPECTED = ("unexpected_keyword_argument", "extra_forbidden")

_UNKNOWN_KEY: _Words = ("unknown-key", "`{c.name}` is not a field here", _suggest_key)
_MISSING_KEY: _Words = ("missing-key", "`{c.name}` is missing", _advise("add `{c.key}:`"))
_UNKNOWN_VALUE: _Words = (
    "unknown-value",
    "`{c.name}` is {c.written}; expected one of {c.one_of}",
    _suggest_value,
)
_EMPTY: _Words = (
    "invalid-value",
    "`{c.name}` is empty",
    _advise("fill it in, or leave the key out"),
)
_NOT_A_TIME: _Words = ("invalid-time", "`{c.name}` is {c.written}; {c.reason}", _nothing)
_NOT_A_DATE: _Words = ("invalid-date", "`{c.name}` is {c.written}; {c.reason}", _nothing)
_NOT_A_DURATION: _Words = ("invalid-duration", "`{c.name}` is {c.written}; {c.reason}", _nothing)
_OTHERWISE: _Words = ("invalid-value", "`{c.name}` is {c.written}; {c.reason_inside}", _nothing)

_ADVICE_ON_TYPE: Mapping[str, Callable[[_Complaint], str | None]] = {
    "string_type": _quote_it,
    "bool_type": _true_or_false,
    "tuple_type": _advise("put `- ` before it"),
    "list_type": _advise("put `- ` before it"),
}

_WORDS: Mapping[str, _Words] = {
    **dict.fromkeys(_UNEXPECTED, _UNKNOWN_KEY),
    **dict.fromkeys(_ABSENT, _MISSING_KEY),
    **dict.fromkeys(("enum", "literal_error"), _UNKNOWN_VALUE),
    **{
        kind: (
            "wrong-type",
            "`{c.name}` is {c.described}; expected {c.due}",
            _ADVICE_ON_TYPE.get(kind, _nothing),
        )
        for kind in _KINDS_OF_VALUE
    },
    "instant_naive": ("naive-time", "`{c.name}` has no offset from UTC: {c.written}", _name_offset),
    **dict.fromkeys(("instant_shape", "instant_value", "instant_range"), _NOT_A_TIME),
    **dict.fromkeys(("day_shape", "day_value"), _NOT_A_DATE),
    **dict.fromkeys(("duration_shape", "duration_range"), _NOT_A_DURATION),
    "string_pattern_mismatch": ("invalid-value", "`{c.name}` is {c.written}; expected {c.pattern}", _nothing),
    **dict.fromkeys(("string_too_short", "too_short"), _EMPTY),
}
"""What is said of each kind of complaint: code, message, advice."""


def explain(document: Document, model: type[Any], details: Iterable[ErrorDetails]) -> tuple[Diagnostic, ...]:
    """Say what pydantic complains of in a document's values, at the place of each."""
    complaints = (_Complaint(document, model, detail) for detail in details)
    return tuple(one.diagnostic() for one in complaints if not _is_told(one))


def _is_told(complaint: _Complaint) -> bool:
    """Whether a value is missing only because the parser could make nothing of it, and said so."""
    document, location = complaint.document, complaint.location
    is_missing = complaint.kind in _ABSENT or complaint.given is None
    if not is_missing or document.written(*location) is None:
        return False
    place = document.span(*location)
    start, end = (place.line, place.column), (place.end_line, place.end_column)
    return any(
        found.span is not None and start <= (found.span.line, found.span.column) < end
        for found in document.diagnostics
    )


def _spell(location: Location) -> str:
    """Write a location as people do: services[0].from."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "the file"


def _quote(text: str) -> str:
    return f"`{text[:77]}...`" if len(text) > 80 else f"`{text}`"


def _suggest(word: str, choices: Iterable[str]) -> str | None:
    known = sorted(choices)
    close = get_close_matches(word.lower(), known, n=1, cutoff=_CLOSE)
    return f"did you mean `{close[0]}`?" if close else None


def _keys_at(model: Any, location: Location) -> set[str]:
    """The keys that the model has at a location of its values."""
    current: Any = _bare(model)
    for step in location:
        if isinstance(step, int):
            arguments = [argument for argument in get_args(current) if argument is not Ellipsis]
            current = _bare(arguments[0]) if arguments else None
        elif _has_fields(current):
            current = _bare(_fields(current).get(str(step)))
        elif get_origin(current) is dict:
            current = _bare(get_args(current)[1])
    return set(_fields(current)) - {"extra"} if _has_fields(current) else set()


def _has_fields(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint)


@cache
def _fields(model: Any) -> dict[str, Any]:
    """Keys of a model as they are written in a file, with their types."""
    hints = get_type_hints(model, include_extras=True)
    return {_alias(hint) or name: hint for name, hint in hints.items()}


def _alias(hint: Any) -> str | None:
    return next(
        (meta.alias for meta in getattr(hint, "__metadata__", ()) if getattr(meta, "alias", None)), None
    )


def _bare(hint: Any) -> Any:
    """Take Annotated and Optional off a type."""
    while hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    if get_origin(hint) in (Union, types.UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        return _bare(members[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return hint
