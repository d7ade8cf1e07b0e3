"""Links in texts that lead nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote, urlsplit

from incidentbook.diagnostics import Severity, Span
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.registry import EVERY_KIND, Finding, archive_rule
from incidentbook.source import ROOMS

_MARKDOWN = frozenset(
    {"summary", "text", "workaround", "root_cause", "permanent_fix", "do_first", "answer", "symptoms"}
)
"""Keys whose texts the site shows as Markdown."""


def _links(case: RecordCase[Any]) -> Any:
    """Relative links: keys of their text, its place, the file that is meant, and the anchor in it."""
    found = [
        [list(keys), start, end, target, fragment]
        for keys, text, offset in _texts(case)
        for start, end, target, fragment in _in_text(case.entry.path, text, offset)
    ]
    return found or None


def _texts(case: RecordCase[Any]) -> Iterator[tuple[tuple[str | int, ...], str, int]]:
    from incidentbook.markdown.targets import may_link  # noqa: PLC0415

    body = case.document.body
    if may_link(body):
        yield (), body, case.document.body_start
    if may_link(case.text[: case.document.body_start]):
        yield from ((keys, text, 0) for keys, text in _strings(case.document.values) if may_link(text))


def _strings(value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*keys, index))
    elif isinstance(value, str) and any(key in _MARKDOWN for key in keys):
        yield keys, value


def _in_text(path: str, text: str, offset: int) -> Iterator[tuple[int, int, str, str]]:
    from incidentbook.markdown.targets import relative_addresses  # noqa: PLC0415

    for address in relative_addresses(text):
        parts = urlsplit(address)
        written = next((one for one in (address, unquote(address)) if one in text), "")
        start = offset + (text.find(f"({written}") + 1 or text.find(written)) if written else offset
        target = _file_meant(path, unquote(parts.path))
        yield start, start + len(written), target, unquote(parts.fragment)


def _file_meant(source: str, target: str) -> str:
    """The path in the repository; as on the forge, a slash before it counts from the root."""
    if not target:
        return source
    folder = "" if target.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join(folder, target.lstrip("/")))


def _span(case: ArchiveCase[Any], keys: list[str | int], start: int, end: int) -> Span:
    return case.span(*keys) if keys else case.text_span(start, end)


@archive_rule(Severity.WARNING, kinds=EVERY_KIND, facts=_links)
def broken_link(case: ArchiveCase[Any]) -> Iterator[Finding]:
    """A text links to a file that does not exist.

    ## What it does

    Looks up every relative link and picture in the body, and in updates, steps and other texts that
    are shown as Markdown: to other records, to attachments, to files of schema/. Links to other
    folders of the repository are not looked up. A link that begins with a slash counts from the
    repository's root, as on GitHub.

    ## Why it matters

    The reader of the pull request finds nothing, and on the site the words are there without a
    link: a graph that everybody refers to is missing.

    ## Example

    ```markdown
    See [the graph of errors](INC-2026-0001/errors.png).
    ```

    ## Use instead

    ```markdown
    See [the earlier outage](INC-2026-0002.md).
    ```
    """
    for keys, start, end, target, _ in case.fact:
        if target.split("/", 1)[0] in ROOMS and not _exists(case, target):
            yield Finding(
                _span(case, keys, start, end), f"there is no file `{target}`", _advice(case, target)
            )
        elif target.startswith("../") or target == "..":
            yield Finding(
                _span(case, keys, start, end),
                "the link leads out of the repository",
                "link to a file in it, or give the whole address",
            )


@archive_rule(Severity.WARNING, kinds=EVERY_KIND, facts=_links)
def broken_anchor(case: ArchiveCase[Any]) -> Iterator[Finding]:
    """A text links to a heading that does not exist.

    ## What it does

    Looks up the part after `#` of links to records among the headings of that record's body, by the
    names that GitHub gives them: `## What we saw` is `#what-we-saw`, and a second one
    `#what-we-saw-1`. An anchor that the author set, such as `<a name="graph"></a>`, counts too.

    ## Why it matters

    The reader arrives at the top of a long page and has to search.

    ## Example

    ```markdown
    How it went is told [below](#time-line).

    ## Timeline

    It went on for an hour.
    ```

    ## Use instead

    ```markdown
    How it went is told [below](#timeline).

    ## Timeline

    It went on for an hour.
    ```
    """
    from incidentbook.markdown.targets import anchors  # noqa: PLC0415

    for keys, start, end, target, fragment in case.fact:
        if not fragment or not target.endswith(".md"):
            continue
        entry = case.archive.at(target)
        if entry is None:
            continue
        known = anchors(entry.document.body)
        if fragment not in known:
            near = get_close_matches(fragment, sorted(known), 1)
            yield Finding(
                _span(case, keys, start, end),
                f"`{target}` has no heading `#{fragment}`",
                f"did you mean `#{near[0]}`?"
                if near
                else "link to one of its headings, or leave out the `#`",
            )


def _exists(case: ArchiveCase[Any], target: str) -> bool:
    files = case.archive.files
    return target in files or any(path.startswith(f"{target}/") for path in files)


def _advice(case: ArchiveCase[Any], target: str) -> str:
    folder = posixpath.dirname(target)
    beside = [path for path in case.archive.files if posixpath.dirname(path) == folder]
    near = get_close_matches(posixpath.basename(target), map(posixpath.basename, beside), 1)
    if near:
        return f"did you mean `{near[0]}`?"
    return "correct the address, add the file, or remove the link"
