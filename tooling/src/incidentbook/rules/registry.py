"""What a rule is: a function that finds a fault, with a code, a severity and its documentation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar

from incidentbook.diagnostics import Severity, Span
from incidentbook.records import KINDS, Record
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.history.cases import ChangeCase, Comparison

RecordT = TypeVar("RecordT", bound=Record)

EVERY_KIND = tuple(KINDS)
"""Of a rule that is asked about each record, whatever it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says: where, what is wrong, what to do. It knows neither code nor severity.

    `path` is only given where the place is not in the record that was asked about. `from_source`: an
    import is as its source has it, so that this weighs no more than what imported records lack.
    """

    span: Span | None
    message: str
    help: str | None = None
    path: str | None = None
    from_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Which records a rule is asked about: most rules have nothing to say of most records.

    `having` are fields that must have a value, each of them; `lacking` fields of which none may.
    """

    kinds: frozenset[str] = frozenset()
    states: frozenset[str] | None = None
    having: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of fault: how it is named, how much it weighs, and its page of documentation.

    `draft_severity` is the severity in a review or article that is still a draft, where it differs.
    This class itself stands for what is found while a file is read; the subclasses look for more.
    """

    code: str
    family: str
    severity: Severity
    text: str
    draft_severity: Severity | None = None
    subject: Subject = Subject()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of record that it is asked about."""
        return self.subject.kinds

    @property
    def documentation(self) -> str:
        """Its page, in Markdown."""
        return inspect.cleandoc(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRule(Rule):
    """A rule whose findings follow from one file and the taxonomy, so that they can be kept.

    With `unreadable` it is asked about files of which no record could be made, too.
    """

    find: Callable[[RecordCase[Any]], Iterator[Finding]]
    unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRule(Rule):
    """A rule that reads other records or the clock, and therefore runs every time.

    `facts` says, from one record alone, whether the rule can matter for it at all: None means no.
    What it returns is kept as JSON and given to `find`, so that most runs never decode the record.
    """

    facts: Callable[[RecordCase[Any]], Any]
    find: Callable[[ArchiveCase[Any]], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRule(Rule):
    """A rule about the repository as a whole; each finding names its path."""

    find: Callable[[RepositoryCase], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule(Rule):
    """A rule about what became of one record between two revisions.

    It is asked about records that could be read on each side where there is a file; with `gone` about
    those that are no longer there, and otherwise about those that are. With `unreadable` it is asked about
    files of which no record could be made, too.
    """

    find: Callable[[ChangeCase[Any]], Iterator[Finding]]
    gone: bool = False
    unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRule(Rule):
    """A rule about a change as a whole; each finding names its path."""

    find: Callable[[Comparison], Iterator[Finding]]


def record_rule(
    severity: Severity,
    *,
    kinds: tuple[str, ...] = ("incident",),
    having: tuple[str, ...] = (),
    draft: Severity | None = None,
    unreadable: bool = False,
) -> Callable[[Callable[[RecordCase[RecordT]], Iterator[Finding]]], RecordRule]:
    """Make a rule of a function that looks at one record; its name is the code.

    It is asked only about records in which every field of `having` has a value.
    """

    def make(find: Callable[[RecordCase[RecordT]], Iterator[Finding]]) -> RecordRule:
        return RecordRule(
            **_named_by(find),
            severity=severity,
            draft_severity=draft,
            subject=Subject(kinds=frozenset(kinds), having=frozenset(having)),
            find=find,
            unreadable=unreadable,
        )

    return make


def always(case: RecordCase[Any]) -> Any:  # noqa: ARG001
    """The fact of a rule that matters for every record of its kinds."""
    return True


def archive_rule(
    severity: Severity,
    *,
    kinds: tuple[str, ...] = ("incident",),
    having: tuple[str, ...] = (),
    facts: Callable[[RecordCase[Any]], Any] = always,
    draft: Severity | None = None,
) -> Callable[[Callable[[ArchiveCase[RecordT]], Iterator[Finding]]], ArchiveRule]:
    """Make a rule of a function that looks at one record among the others, at a time.

    It is asked only about records in which every field of `having` has a value.
    """

    def make(find: Callable[[ArchiveCase[RecordT]], Iterator[Finding]]) -> ArchiveRule:
        return ArchiveRule(
            **_named_by(find),
            severity=severity,
            draft_severity=draft,
            subject=Subject(kinds=frozenset(kinds), having=frozenset(having)),
            facts=facts,
            find=find,
        )

    return make


def repository_rule(
    severity: Severity,
) -> Callable[[Callable[[RepositoryCase], Iterator[Finding]]], RepositoryRule]:
    """Make a rule of a function that looks at the whole repository once."""

    def make(find: Callable[[RepositoryCase], Iterator[Finding]]) -> RepositoryRule:
        return RepositoryRule(
            **_named_by(find),
            severity=severity,
            find=find,
        )

    return make


def change_rule(
    severity: Severity,
    *,
    kinds: tuple[str, ...] = ("incident",),
    draft: Severity | None = None,
    gone: bool = False,
    unreadable: bool = False,
) -> Callable[[Callable[[ChangeCase[RecordT]], Iterator[Finding]]], ChangeRule]:
    """Make a rule of a function that looks at one record before and after a change."""

    def make(find: Callable[[ChangeCase[RecordT]], Iterator[Finding]]) -> ChangeRule:
        return ChangeRule(
            **_named_by(find),
            severity=severity,
            draft_severity=draft,
            subject=Subject(kinds=frozenset(kinds)),
            find=find,
            gone=gone,
            unreadable=unreadable,
        )

    return make


def comparison_rule(
    severity: Severity,
) -> Callable[[Callable[[Comparison], Iterator[Finding]]], ComparisonRule]:
    """Make a rule of a function that looks at a whole change once."""

    def make(find: Callable[[Comparison], Iterator[Finding]]) -> ComparisonRule:
        return ComparisonRule(
            **_named_by(find),
            severity=severity,
            find=find,
        )

    return make


def parser_rule(family: str, code: str, documentation: str, severity: Severity = Severity.ERROR) -> Rule:
    """Document a fault that is found while a file is read, not by a function of this package."""
    return Rule(code=code, family=family, severity=severity, text=documentation)


class _Named(TypedDict):
    """What a rule has from its function alone."""

    code: str
    family: str
    text: str


def _named_by(function: Callable[..., Any]) -> _Named:
    """The name, the module and the docstring of a function, as a rule calls them."""
    return {"code": code_of(function), "family": family_of(function), "text": function.__doc__ or ""}


def code_of(function: Callable[..., Any]) -> str:
    """`resolved_before_detected` is the rule `resolved-before-detected`."""
    return function.__name__.replace("_", "-")


def family_of(function: Callable[..., Any]) -> str:
    """The module a rule stands in is its family: `chronology`, or `history: times`."""
    return function.__module__.partition(".rules.")[2].replace(".", ": ")
