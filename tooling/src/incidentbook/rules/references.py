"""Records that name other records, and files that lie where no record belongs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC
from pathlib import PurePosixPath
from typing import Any

from incidentbook.archive import Archive, references
from incidentbook.diagnostics import Severity
from incidentbook.records import KINDS, Article, Incident, Maintenance, Problem, Review, parse_name
from incidentbook.records.kinds import home_of
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.registry import EVERY_KIND, Finding, archive_rule, record_rule, repository_rule

_MENTION = re.compile(r"(?<![\w/.-])(?:INC|MNT|PRB|HND)-\d{4}-\d{4,}(?:\.review)?(?![\w-])")
_NEARLY = re.compile(
    r"(?P<prefix>INC|MNT|HND)[-_ ]?(?P<year>\d{4})[-_ ]?(?P<number>\d{1,9})(?P<review>[._-]review)?\.md",
    re.IGNORECASE | re.ASCII,
)
"""Names that somebody meant as one of a record, with too few digits or in lower case."""

_WELCOME = frozenset({"readme.md", "index.md"})


def targets(case: RecordCase[Any]) -> Any:
    """Whom a record names: place, ID and relation of each."""
    found = [[list(r.keys), r.target, r.relation] for r in references(case.record)]
    return found or None


@archive_rule(Severity.ERROR, kinds=EVERY_KIND, facts=targets)
def dangling_reference(case: ArchiveCase[Any]) -> Iterator[Finding]:
    """A record names a record that does not exist.

    ## What it does

    Looks up every ID in `links`, in a review's `incidents`, in an article's `replaced_by` and in the
    `items` of a handover.

    ## Why it matters

    Whoever follows the link finds nothing, and what is counted over links (incidents of a problem,
    recurrences, use of an article) is counted wrong.

    ## Example

    ```yaml
    links: {problem: PRB-2026-9999}  # <- here
    ```

    ## Use instead

    ```yaml
    links: {problem: PRB-2026-0001}
    ```
    """
    for keys, target, relation in case.fact:
        if case.archive.get(target) is None:
            yield Finding(
                case.span(*keys),
                f"there is no {_kind_named(relation)} `{target}`",
                "correct the ID, or remove the link",
            )


def _kind_named(relation: str) -> str:
    if relation in ("problem", "known_error"):
        return "problem"
    return "article" if relation in ("article", "replaces") else "incident"


def _mentions(case: RecordCase[Any]) -> Any:
    body, start = case.document.body, case.document.body_start
    if not any(f"{kind.prefix}-" in body for kind in KINDS.values() if kind.prefix):
        return None
    found = [
        [start + match.start(), start + match.end(), match.group()]
        for match in _MENTION.finditer(body)
        if match.group() != case.entry.id
    ]
    return found or None


@archive_rule(Severity.WARNING, kinds=EVERY_KIND, facts=_mentions)
def dangling_mention(case: ArchiveCase[Any]) -> Iterator[Finding]:
    """A text mentions a record that does not exist.

    ## What it does

    Finds IDs such as INC-2026-0042 in the body of a record and looks them up.

    ## Why it matters

    The site makes links of such IDs, and a reader who types one into the search finds nothing. It
    is a warning, because another system may use IDs of the same form.

    ## Example

    ```markdown
    The same happened in INC-2026-9999.
    ```

    ## Use instead

    ```markdown
    The same happened in INC-2026-0002.
    ```
    """
    for start, end, target in case.fact:
        if case.archive.get(target) is None:
            yield Finding(
                case.text_span(start, end),
                f"there is no record `{target}`",
                "correct the ID, or leave it out",
            )


@archive_rule(Severity.ERROR, kinds=("review",))
def review_without_incident(case: ArchiveCase[Review]) -> Iterator[Finding]:
    """A review lies beside an incident that does not exist.

    ## What it does

    Looks up the incident that a review is named after: INC-2026-0042.review.md belongs to
    INC-2026-0042.md.

    ## Why it matters

    The review has no page to hang on, and the incident it was meant for still counts as not
    reviewed.

    ## Example

    ```markdown incidents/2026/INC-2026-0777.review.md
    ---
    status: draft
    ---
    ```

    ## Use instead

    ```markdown incidents/2026/INC-2026-0001.review.md
    ---
    status: draft
    ---
    ```
    """
    lead = case.entry.name.lead_incident
    if lead is not None and case.archive.get(lead) is None:
        yield Finding(
            case.span(),
            f"there is no incident `{lead}` to review",
            "rename the file after its lead incident, or add the incident",
        )


@record_rule(Severity.WARNING, kinds=("review",), having=("incidents",))
def lead_incident_not_covered(case: RecordCase[Review]) -> Iterator[Finding]:
    """A review lists its incidents, but not the one it lies beside.

    ## What it does

    Finds reviews whose `incidents` leave out the incident that the file is named after.

    ## Why it matters

    The list reads as complete; the lead incident is covered all the same, by the file's name.

    ## Example

    ```yaml
    incidents: [INC-2026-0002]  # <- here
    ```

    ## Use instead

    ```yaml
    incidents: [INC-2026-0001, INC-2026-0002]
    ```
    """
    lead = case.entry.name.lead_incident
    if case.record.incidents and lead not in case.record.incidents:
        yield Finding(
            case.span("incidents"),
            f"`incidents` leaves out `{lead}`, beside which the review lies",
            "add it to the list",
        )


def _followed(case: RecordCase[Any]) -> Any:
    record = case.record
    if isinstance(record, Incident) and record.links is not None:
        return True if record.links.duplicate_of or record.links.parent else None
    return True if isinstance(record, Article) and record.replaced_by else None


@archive_rule(Severity.ERROR, kinds=("incident", "article"), facts=_followed)
def circular_link(case: ArchiveCase[Incident | Article]) -> Iterator[Finding]:
    """Records are each other's duplicate, parent or replacement.

    ## What it does

    Follows `links.duplicate_of`, `links.parent` and `replaced_by` until they end, and finds chains
    that come back to where they began.

    ## Why it matters

    Of a circle of duplicates none is counted at all.

    ## Example

    ```yaml
    links: {parent: INC-2026-0001}  # <- here
    ```

    ## Use instead

    ```yaml
    links: {parent: INC-2026-0002}
    ```
    """
    for keys, relation in (
        (("links", "duplicate_of"), "duplicate_of"),
        (("links", "parent"), "parent"),
        (("replaced_by",), "replaced_by"),
    ):
        chain = [case.entry.id]
        target = _next(case.record, relation)
        while target is not None and target not in chain:
            chain.append(target)
            entry = case.archive.get(target)
            target = _next(entry.record, relation) if entry is not None and entry.readable else None
        if target == case.entry.id:
            way = " -> ".join((*chain, target))
            yield Finding(
                case.span(*keys),
                f"`{relation}` leads back here: {way}",
                "end the chain at the record that counts",
            )


def _next(record: Any, relation: str) -> str | None:
    if relation == "replaced_by":
        return record.replaced_by if isinstance(record, Article) else None
    links = record.links if isinstance(record, Incident) else None
    value: str | None = getattr(links, relation, None)
    return value


@record_rule(Severity.ERROR, kinds=EVERY_KIND, unreadable=True)
def wrong_folder(case: RecordCase[Any]) -> Iterator[Finding]:
    """A record lies in another folder than its ID says.

    ## What it does

    Compares the folder with the ID: INC-2026-0042.md belongs into incidents/2026/, problems into
    knowledge/problems/ and articles into knowledge/articles/, without folders below.

    ## Why it matters

    Two records with one ID collide in Git only where both lie at the same path.

    ## Example

    ```markdown incidents/2025/INC-2026-0042.md
    ---
    title: Checkout answers 502
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    ## Use instead

    ```markdown incidents/2026/INC-2026-0042.md
    ---
    title: Checkout answers 502
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```
    """
    home = home_of(case.entry.name)
    if case.entry.path != home:
        move = f"git mv {shlex.quote(case.entry.path)} {shlex.quote(home)}"
        yield Finding(case.span(), f"`{case.entry.id}` belongs at {home}", move)


@record_rule(Severity.ERROR, kinds=("incident", "problem"), having=("opened",))
def wrong_year(case: RecordCase[Incident | Problem]) -> Iterator[Finding]:
    """The year in the ID is not the year in which the record was opened.

    ## What it does

    Compares the year of the ID with the year of `opened` in UTC.

    ## Why it matters

    The ID is the only thing most people remember of an incident, and lists by year go by it.

    ## Example

    ```yaml
    opened: 2025-03-02T08:20+00:00  # <- here
    ```

    ## Use instead

    ```yaml
    opened: 2026-03-02T08:20+00:00
    ```
    """
    opened = case.record.opened
    if opened is None:
        return
    year = opened.astimezone(UTC).year
    if year != case.entry.name.year:
        yield Finding(
            case.span("opened"),
            f"`opened` is in {year} (UTC), but the ID says {case.entry.name.year}",
            "correct `opened`, or give the record an ID of that year",
        )


@record_rule(Severity.ERROR, kinds=("incident", "maintenance"), having=("updates",))
def unknown_correction(case: RecordCase[Incident | Maintenance]) -> Iterator[Finding]:
    """An update corrects an update that is not there.

    ## What it does

    Looks up `corrects` among the `id`s of the record's updates, and finds two updates with one `id`.

    ## Why it matters

    Readers are told that something they read was wrong; they have to be able to see what.

    ## Example

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:20+00:00, status: investigating, text: All cards are refused.}
      - {at: 2026-03-02T08:30+00:00, status: identified, text: One brand is., corrects: frist}  # <- here
    ```

    ## Use instead

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:20+00:00, status: investigating, text: All cards are refused.}
      - {at: 2026-03-02T08:30+00:00, status: identified, text: One brand is., corrects: first}
    ```
    """
    seen: set[str] = set()
    for index, update in enumerate(case.record.updates):
        if update.corrects is not None and update.corrects not in seen:
            yield Finding(
                case.span("updates", index, "corrects"),
                f"no earlier update has the id `{update.corrects}`",
                "give the update that was wrong an `id`, and name it here",
            )
        if update.id is not None:
            if update.id in seen:
                yield Finding(
                    case.span("updates", index, "id"),
                    f"a second update has the id `{update.id}`",
                    "an update is named once",
                )
            seen.add(update.id)


@record_rule(Severity.WARNING, kinds=("incident", "problem", "maintenance"))
def unsafe_link(case: RecordCase[Incident | Problem | Maintenance]) -> Iterator[Finding]:
    """A link to the outside is of a kind that browsers must not follow.

    ## What it does

    Finds entries of `links.outside`, and an `origin.url`, whose address does not begin with http:,
    https: or mailto:.

    ## Why it matters

    The site shows such an address as text: an address of another kind may run a script.

    ## Example

    ```yaml
    links:
      outside:
        - {type: dashboard, url: "javascript:alert(1)"}  # <- here
    ```

    ## Use instead

    ```yaml
    links:
      outside:
        - {type: dashboard, url: "https://dashboards.example/checkout"}
    ```
    """
    record = case.record
    places: list[tuple[tuple[str | int, ...], str]] = []
    if record.links is not None:
        places += [(("links", "outside", i, "url"), link.url) for i, link in enumerate(record.links.outside)]
    origin = None if isinstance(record, Problem) else record.origin
    if origin is not None and origin.url is not None:
        places.append((("origin", "url"), origin.url))
    for keys, url in places:
        if not url.lower().startswith(("http://", "https://", "mailto:")):
            yield Finding(
                case.span(*keys),
                f"`{url[:60]}` is no address that becomes a link",
                "begin with https://, http:// or mailto:",
            )


@repository_rule(Severity.ERROR)
def duplicate_id(case: RepositoryCase) -> Iterator[Finding]:
    """Two files have one ID.

    ## What it does

    Finds record files whose name another file in another folder has, too.

    ## Why it matters

    Links by ID lead to one of the two, and nobody knows to which. The first by path counts.

    ## Example

    ```markdown incidents/2026/INC-2026-0042.md
    ---
    title: Checkout answers 502
    status: new
    ---
    ```

    ```markdown incidents/2027/INC-2026-0042.md
    ---
    title: Another incident
    status: new
    ---
    ```

    ## Use instead

    ```markdown incidents/2026/INC-2026-0042.md
    ---
    title: Checkout answers 502
    status: new
    ---
    ```

    ```markdown incidents/2026/INC-2026-0043.md
    ---
    title: Another incident
    status: new
    ---
    ```
    """
    for entry in case.archive.duplicates:
        first = case.archive.get(entry.id)
        where = first.path if first is not None else "another folder"
        yield Finding(
            entry.span(),
            f"`{entry.id}` is already the ID of {where}",
            "give one of the two the next free ID",
            entry.path,
        )


@repository_rule(Severity.ERROR)
def invalid_file_name(case: RepositoryCase) -> Iterator[Finding]:
    """A Markdown file lies among the records, but is not named like one.

    ## What it does

    Finds Markdown files in incidents/, knowledge/ and handovers/ that are neither records nor attachments. A
    README.md or index.md is welcome; what lies in the folder of a record that is not there is
    `stray-file`.

    ## Why it matters

    Such a file is in no list, no figure and no search: an incident in it is an incident that nobody
    sees.

    ## Example

    ```markdown incidents/2026/INC-26-1.md
    ---
    title: Checkout answers 502
    status: new
    ---
    ```

    ## Use instead

    ```markdown incidents/2026/INC-2026-0042.md
    ---
    title: Checkout answers 502
    status: new
    ---
    ```
    """
    for path in _stray(case.archive):
        if path.lower().endswith(".md") and _owner_named(path) is None:
            yield Finding(
                None, f"`{path.rpartition('/')[2]}` is no name of a record", _expected_name(path), path
            )


@repository_rule(Severity.WARNING)
def stray_file(case: RepositoryCase) -> Iterator[Finding]:
    """A file lies among the records and belongs to none of them.

    ## What it does

    Finds files in incidents/, knowledge/ and handovers/ that are no records and do not lie in the folder of
    one, or in the folder of one that does not exist: attachments of INC-2026-0042 lie in
    incidents/2026/INC-2026-0042/, beside INC-2026-0042.md.

    ## Why it matters

    Nobody is shown the file, and nobody dares to delete it.

    ## Example

    ```text incidents/2026/graph.txt
    a graph of the error rate
    ```

    ## Use instead

    ```text incidents/2026/INC-2026-0001/graph.txt
    a graph of the error rate
    ```
    """
    for path in _stray(case.archive):
        owner = _owner_named(path)
        if owner is not None:
            yield Finding(
                None,
                f"the file lies in the folder of `{owner}`, and there is no such record",
                f"add {owner}.md beside the folder, or move the file into the folder of its record",
                path,
            )
        elif not path.lower().endswith(".md"):
            yield Finding(
                None,
                "the file is no record, and belongs to none",
                "move it into the folder of a record (incidents/2026/INC-2026-0042/), or delete it",
                path,
            )


def _stray(archive: Archive) -> Iterator[str]:
    for path in archive.stray:
        if path.rpartition("/")[2].lower() not in _WELCOME:
            yield path


def _owner_named(path: str) -> str | None:
    """The ID that a folder around a stray file is named after, if one is."""
    for folder in PurePosixPath(path).parents:
        name = parse_name(f"{folder}.md")
        if name is not None and KINDS[name.kind].prefix:
            return name.id
    return None


def _expected_name(path: str) -> str:
    if path.startswith("knowledge/articles"):
        return "articles are named in lower case, such as restart-the-queue.md"
    if path.startswith("knowledge/"):
        return "problems are named such as knowledge/problems/PRB-2026-0007.md"
    if path.startswith("handovers/") and not _NEARLY.fullmatch(path.rpartition("/")[2]):
        return "handovers are named such as handovers/2026/HND-2026-0003.md"
    near = _NEARLY.fullmatch(path.rpartition("/")[2])
    if near is not None:
        number = f"{int(near['number']):04d}"
        suffix = ".review" if near["review"] else ""
        return f"did you mean `{near['prefix'].upper()}-{near['year']}-{number}{suffix}.md`?"
    return (
        "records are named INC-2026-0042.md, INC-2026-0042.review.md or MNT-2026-0003.md, "
        "with four digits or more; attachments lie in a folder named after their record"
    )
