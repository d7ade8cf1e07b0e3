"""What one file says about itself: asked of the rules once, and kept by content hash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec

from incidentbook.archive import Archive, Entry, load_entries
from incidentbook.archive.loading import map_entries, recall_hashes
from incidentbook.cache import code_fingerprint
from incidentbook.clocks import left_out_of_measures
from incidentbook.diagnostics import Span
from incidentbook.rules import RULES
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.configuration import RULE_FAILED
from incidentbook.rules.duties import owes_by_itself
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import ArchiveRule, Finding, RecordRule, Rule
from incidentbook.taxonomy import Taxonomy

_SPACE = "check"
_KEY = "examinations"


class NotedWaiver(msgspec.Struct, array_like=True, frozen=True):
    """A waiver of a record, so that most runs can weigh findings without decoding the record.

    `void` is why it does not count of a change.
    """

    code: str
    until: date | None
    span: Span
    by: str | None = None
    reason: str = ""
    void: str = ""


class Examination(msgspec.Struct, array_like=True):
    """All that a file alone, with the taxonomy, says about itself: findings, and what other rules ask of it.

    `findings` are pairs of code and finding, not masked yet. `facts` are what archive rules asked of
    the record, by their codes. `opened`, in seconds since 1970, is absent where the record counts
    in no measure; `owes` says whether something in the record itself asks for a review.
    """

    content_hash: str = ""
    findings: list[tuple[str, Finding]] = []
    facts: dict[str, Any] = {}
    opened: float | None = None
    owes: bool = False
    imported: bool = False
    draft: bool = False
    waivers: tuple[NotedWaiver, ...] = ()


class _Kept(msgspec.Struct, array_like=True):
    """The examinations of a whole archive by path, and the hash of what they depend on besides the files."""

    fingerprint: str
    examinations: dict[str, Examination]


_DECODE_KEPT = msgspec.msgpack.Decoder(_Kept)
_DECODE = msgspec.msgpack.Decoder(Examination)
_ENCODE = msgspec.msgpack.Encoder()


def examine(entry: Entry[Any], taxonomy: Taxonomy) -> Examination:
    """Find out what a file alone says about itself."""
    findings = [(found.code, Finding(found.span, found.message, found.help)) for found in entry.diagnostics]
    result = Examination(entry.content_hash, findings)
    case: RecordCase[Any] = RecordCase(entry, taxonomy)
    if not entry.readable:
        for rule in _record_rules(entry.kind, None):
            ask(rule, case, findings)
        return result
    record = case.record
    given = {name for name, value in vars(record).items() if value}
    for rule in _record_rules(entry.kind, record.status):
        if rule.subject.having <= given and rule.subject.lacking.isdisjoint(given):
            ask(rule, case, findings)
    for archive_rule in _archive_rules(entry.kind):
        if archive_rule.subject.having <= given:
            fact = archive_rule.facts(case)
            if fact is not None:
                result.facts[archive_rule.code] = fact
    _note(result, case)
    return result


def ask(rule: RecordRule | ArchiveRule, case: Any, findings: list[tuple[str, Finding]]) -> None:
    """Add what a rule finds, or that it broke down: one rule must not hide what the others find."""
    try:
        for finding in rule.find(case):
            findings.append((rule.code, finding))  # noqa: PERF401 - what was found before it broke down counts
    except Exception as error:
        findings.append(broke_down(rule, error))


def broke_down(rule: Rule, error: Exception) -> tuple[str, Finding]:
    """What is said of a rule that could not go on."""
    message = f"the rule `{rule.code}` broke down: {type(error).__name__}: {error}"
    return RULE_FAILED.code, Finding(None, message, "this is a fault of incidentbook; please report it")


def _note(result: Examination, case: RecordCase[Any]) -> None:
    """Note of a record what relations, duties and the weighing of findings ask."""
    record = case.record
    if case.entry.kind == "incident":
        result.owes = owes_by_itself(case)
        counts = record.opened is not None and not left_out_of_measures(record)
        result.opened = record.opened.timestamp() if counts else None
    result.imported = is_imported(record)
    result.draft = record.status == "draft"
    result.waivers = tuple(
        NotedWaiver(waiver.rule, waiver.until, case.span("waivers", index), waiver.by, waiver.reason)
        for index, waiver in enumerate(record.waivers)
    )


@cache
def _record_rules(kind: str, status: str | None) -> tuple[RecordRule, ...]:
    """The rules that may have something to say of a kind in a state, or (None) of a file without a record."""
    rules = (rule for rule in RULES.values() if isinstance(rule, RecordRule) and kind in rule.kinds)
    if status is None:
        return tuple(rule for rule in rules if rule.unreadable)
    return tuple(rule for rule in rules if rule.subject.states is None or status in rule.subject.states)


@cache
def _archive_rules(kind: str) -> tuple[ArchiveRule, ...]:
    return tuple(rule for rule in RULES.values() if isinstance(rule, ArchiveRule) and kind in rule.kinds)


def examine_all(archive: Archive, *, key: str = _KEY) -> Mapping[str, Examination]:
    """Examine every file of an archive, by path: what is kept is recalled, the rest shared by processes.

    What was found out is kept under `key`.
    """
    fingerprint = f"{code_fingerprint()}:{archive.taxonomy.fingerprint}"
    kept = _recalled(archive, fingerprint, key)

    def work(entry: Entry[Any]) -> bytes:
        return _ENCODE.encode(examine(entry, archive.taxonomy))

    fresh = load_entries(archive, work)
    found: dict[str, Examination] = {}
    pending: list[Entry[Any]] = []
    for entry in archive.entries:
        known = kept.get(entry.path)
        if known is not None and known.content_hash == entry.content_hash:
            found[entry.path] = known
        elif entry.path in fresh:
            found[entry.path] = _DECODE.decode(fresh[entry.path])
        else:
            pending.append(entry)
    for entry, _, encoded in map_entries(pending, work):
        if encoded is not None:
            found[entry.path] = _DECODE.decode(encoded)
    if fresh or pending or len(kept) != len(found):
        archive.cache.put_many(_SPACE, {key: _ENCODE.encode(_Kept(fingerprint, found))})
    return found


FEW = 100
"""So many files are examined here and now, rather than everything that is kept of records asked for."""


def examine_changed(archive: Archive) -> Mapping[str, Examination]:
    """Examine every file as `examine_all` does, quicker where but a few differ from what is kept.

    Nothing is kept of those few.
    """
    fingerprint = f"{code_fingerprint()}:{archive.taxonomy.fingerprint}"
    kept = _recalled(archive, fingerprint, _KEY)
    recall_hashes(archive)
    if not kept or sum(1 for entry in archive.entries if not entry.is_hashed) > FEW:
        return examine_all(archive)
    found: dict[str, Examination] = {}
    missing = []
    for entry in archive.entries:
        known = kept.get(entry.path)
        if known is not None and known.content_hash == entry.content_hash:
            found[entry.path] = known
        else:
            missing.append(entry)
    if len(missing) > FEW:
        return examine_all(archive)
    for entry in missing:
        with entry.opened():
            found[entry.path] = examine(entry, archive.taxonomy)
    return found


def _recalled(archive: Archive, fingerprint: str, key: str) -> Mapping[str, Examination]:
    data = archive.cache.get(_SPACE, key)
    if data is None:
        return {}
    try:
        kept = _DECODE_KEPT.decode(data)
    except msgspec.DecodeError:
        return {}
    return kept.examinations if kept.fingerprint == fingerprint else {}
