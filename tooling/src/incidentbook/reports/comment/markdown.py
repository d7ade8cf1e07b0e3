"""A comment on a change as GitHub-flavoured Markdown, short at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from incidentbook.desk.next_steps import advice
from incidentbook.diagnostics import Severity
from incidentbook.history import EventType
from incidentbook.markdown.literal import code, literal, literal_with_code
from incidentbook.records import Audience
from incidentbook.reports.comment.gathering import Comment, Told
from incidentbook.reports.comment.records import Words
from incidentbook.reports.comment.touched import Touched, Touches
from incidentbook.reports.sla.words import minute
from incidentbook.reports.stats.words import plural

MARKER = "<!-- incidentbook:comment -->"
"""By which the comment is found again."""

LONGEST = 65_536
"""GitHub takes no longer comment. Counted in bytes here, of which there are never fewer than characters."""

_MOST_NAMED = 60
_MOST_LACKING = 20


def comment_as_markdown(comment: Comment, address: Callable[[str], str | None] = lambda _path: None) -> str:
    """Write the comment; where it would be too long, the last records are only named, and it says so.

    `address` gives the web address of a file, where it has one.
    """
    words = Words(comment, address)
    for many in range(len(comment.told), -1, -1):
        rest = (*(one.touched for one in comment.told[many:]), *comment.rest)
        text = _written(replace(comment, told=comment.told[:many], rest=rest), words)
        if len(text.encode()) <= LONGEST:
            break
    return text


def _written(comment: Comment, words: Words) -> str:
    blocks = [MARKER, _headline(comment)]
    if comment.touches.any:
        for one in comment.told:
            blocks += _record(one, words)
        if comment.rest:
            blocks.append(_rest(comment.rest, words, told=bool(comment.told)))
        blocks += _not_said(comment.touches, comment.audience)
        blocks += _figures(comment)
        blocks.append(f"<sub>{_origin(comment)}</sub>")
    return "\n\n".join(blocks)


def _headline(comment: Comment) -> str:
    if not comment.touches.any:
        return "This change touches no record."
    counted = len(comment.touches.records)
    said = (
        f"This change touches {plural(counted, 'record')}" if counted else "What it touches is not shown here"
    )
    found = [
        plural(comment.findings[severity], severity.value)
        for severity in Severity
        if comment.findings[severity]
    ]
    check = f"the check finds {' and '.join(found)}" if found else "the check finds nothing"
    return f"### {said}; {check}" if counted else f"### {said}"


def _record(told: Told, words: Words) -> Iterator[str]:
    """A heading, four lines (six of a major incident), and what else there is behind a click."""
    touched = told.touched
    yield f"#### {words.name(touched)}"
    yield "\n".join(f"- {line}" for line in words.facts(touched))
    if [happening.type for happening in touched.happenings] not in ([], [EventType.OPENED]):
        yield _details(
            f"What happened: {words.in_short(touched.happenings)}", words.happened(touched.happenings)
        )
    yield from _lacking(told)
    if told.help and (told.help.similar or told.help.known):
        yield _details(words.help_in_short(told.help), words.help(told.help))


def _lacking(told: Told) -> Iterator[str]:
    lacking = told.lacking
    if lacking is None:
        return
    state = f"<code>{lacking.status}</code>"
    count = len(lacking.found) + told.withheld
    if not count:
        yield f"Nothing is missing for `{lacking.status}`."
        return
    lines = [f"- {literal_with_code(advice(found), 400)} ({code(found.code)})" for found in lacking.found]
    more = len(lines) - _MOST_LACKING
    if more > 0:
        lines = [*lines[:_MOST_LACKING], f"- and {more} more"]
    if told.withheld:
        lines.append(f"- {plural(told.withheld, 'finding')} about a record that is not for you")
    yield _details(f"For {state} it still lacks {plural(count, 'thing')}", lines)


def _rest(records: Iterable[Touched], words: Words, *, told: bool) -> str:
    rest = list(records)
    named = [f"- {words.name(one)}: {words.state(one)}" for one in rest[:_MOST_NAMED]]
    if len(rest) > _MOST_NAMED:
        named.append(f"- and {len(rest) - _MOST_NAMED} more")
    return _details(f"{plural(len(rest), 'more record' if told else 'record')}, only named", named)


def _not_said(touches: Touches, audience: Audience | None) -> Iterator[str]:
    if touches.hidden:
        who = "restricted" if audience is Audience.INTERNAL else "not public"
        number = plural(touches.hidden, "more record", "more records")
        yield f"{number} that {'is' if touches.hidden == 1 else 'are'} {who} and not shown here."
    if touches.unreadable:
        yield f"{plural(touches.unreadable, 'file')} cannot be read as a record; the check says why."


def _figures(comment: Comment) -> Iterator[str]:
    for month in comment.figures.moved:
        rows = (f"| {literal(move.figure, 120)} | {move.before} | {move.after} |" for move in month.moves)
        yield "\n".join([f"| Figures of {month.month} | Before | After |", "| :--- | ---: | ---: |", *rows])
    if comment.figures.months and not comment.figures.moved:
        yield f"No figure of {', '.join(one.month for one in comment.figures.months)} moves."
    if comment.figures.not_looked_at:
        yield f"{plural(comment.figures.not_looked_at, 'older month')} not looked at."


def _origin(comment: Comment) -> str:
    base, head = comment.base.revision, comment.head.revision
    after = f"`{(head or '')[:12]}`" if not comment.head.dirty else "the files on disk"
    who = f"{comment.audience} records" if comment.audience else "all records"
    if comment.audience is Audience.INTERNAL:
        who = "public and internal records"
    return (
        f"`{(base or '')[:12]}` to {after}, as of {minute(comment.now, comment.head.taxonomy.zone)}, {who}. "
        "`incidentbook check --base` says what the check finds, `incidentbook stats` what the figures are of."
    )


def _details(summary: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
