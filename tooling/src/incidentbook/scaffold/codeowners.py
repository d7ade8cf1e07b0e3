"""Who must approve a change of which file, as a CODEOWNERS file of GitHub or GitLab."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.diagnostics import IncidentbookError
from incidentbook.taxonomy import Taxonomy

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the forges look, one after the other; the first is where a new file goes."""

BEGIN = (
    "# BEGIN incidentbook: written by `incidentbook codeowners` from schema/teams.yml and schema/people.yml"
)
END = "# END incidentbook"
LIMIT = 3_000_000
"""Bytes that GitHub reads; of a larger file it reads nothing, and nobody owns anything."""

_MAIL = re.compile(r"[^@\s#]+@[^@\s#]+")
_LOGGED = ("incidents/", "handovers/")


class BrokenBlockError(IncidentbookError):
    """The part of the file that is ours has a beginning without an end."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: `# BEGIN incidentbook` without `{END}` below it; put it back, or take both out"
        )


class TooManyOwnersError(IncidentbookError):
    """The file is larger than GitHub reads."""

    def __init__(self, path: str, size: int) -> None:
        super().__init__(
            f"{path} would be {size:,} bytes and GitHub reads {LIMIT:,}; name fewer teams in `owns`"
        )


def owners_block(archive: Archive, prefix: str = "") -> str | None:
    """Return the lines that say who owns what, between our two marks; None where no account is known.

    `prefix` leads from the top of the Git repository to the records. The last line that fits a path
    counts, so that what is general comes first. Nobody owns what is logged: an outage waits for no
    approval, and a line a record would have every pull request change this file.
    """
    taxonomy = archive.taxonomy
    if not any(team.forge for team in taxonomy.teams) and not any(one.forge for one in taxonomy.people):
        return None
    policies = sorted(_of_teams(taxonomy).items(), key=lambda item: (item[0].count("/"), item[0]))
    lines = [_line(prefix, pattern, owners) for pattern, owners in policies if not _is_logged(pattern)]
    lines += [
        "# Nobody: logging an outage waits for no approval.",
        *(_line(prefix, folder, ()) for folder in _LOGGED),
    ]
    lines += [_line(prefix, pattern, owners) for pattern, owners in policies if _is_logged(pattern)]
    lines += [_line(prefix, path, owners) for path, owners in _of_knowledge(archive) if owners]
    return "\n".join((BEGIN, *lines, END, ""))


def with_block(text: str | None, block: str | None, *, path: str) -> str | None:
    """Put our block into what a file holds, in the place where it was, or at its end.

    None where there is neither a file nor a block. Raises BrokenBlockError or TooManyOwnersError.
    """
    before, found, after = _split(text or "", path)
    if block is None and not found:
        return text
    newline = "\r\n" if "\r\n" in before + after else "\n"
    if not found and before and not before.endswith("\n"):
        before += newline
    made = before + (block or "").replace("\n", newline) + after
    size = len(made.encode("utf-8"))
    if size > LIMIT:
        raise TooManyOwnersError(path, size)
    return made


def _split(text: str, path: str) -> tuple[str, bool, str]:
    """What stands before our block, whether there is one, and what stands after it."""
    lines = text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if line.startswith("# BEGIN incidentbook")), None)
    if start is None:
        return text, False, ""
    end = next((n for n, line in enumerate(lines) if n > start and line.strip() == END), None)
    if end is None:
        raise BrokenBlockError(path)
    return "".join(lines[:start]), True, "".join(lines[end + 1 :])


def _is_logged(pattern: str) -> bool:
    return pattern.startswith(_LOGGED)


def _of_teams(taxonomy: Taxonomy) -> Mapping[str, tuple[str, ...]]:
    """The accounts by what teams say that they own."""
    found: dict[str, dict[str, None]] = {}
    for team in taxonomy.teams:
        for pattern in team.owns if team.valid_until is None else ():
            found.setdefault(pattern, {}).update(dict.fromkeys(_accounts(taxonomy, [team.id], team.members)))
    return {pattern: tuple(owners) for pattern, owners in found.items()}


def _of_knowledge(archive: Archive) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Articles and problems: their own owner and team, then those of their services."""
    for entry in sorted(archive.entries, key=lambda entry: entry.path):
        if entry.kind in {"article", "problem"} and entry.readable:
            yield entry.path, _owners(archive.taxonomy, entry)


def _owners(taxonomy: Taxonomy, entry: Entry[Any]) -> tuple[str, ...]:
    record = entry.record
    services = [found for key in record.services if (found := taxonomy.service(key)) is not None]
    teams = [record.team, *(service.team for service in services)]
    people = [record.owner, *(service.technical_owner for service in services)]
    return _accounts(taxonomy, teams, people)


def _accounts(
    taxonomy: Taxonomy, teams: Iterable[str | None], people: Iterable[str | None]
) -> tuple[str, ...]:
    """The accounts of teams and people: any one of them may approve.

    Where nobody has one, the addresses by which GitHub may know the people. Whoever has a last day is
    left out, whether it has come or not: the file is to depend on no clock. Bots approve nothing.
    """
    named = [team for key in teams if key and (team := taxonomy.team(key)) and team.valid_until is None]
    persons = [person for key in people if key and (person := taxonomy.person(key))]
    persons = [person for person in persons if not person.bot and person.valid_until is None]
    accounts = [one.forge for one in named if one.forge] + [one.forge for one in persons if one.forge]
    mails = (next(filter(_MAIL.fullmatch, person.emails), None) for person in persons)
    return tuple(dict.fromkeys(accounts or [mail for mail in mails if mail]))


def _line(prefix: str, pattern: str, owners: Iterable[str]) -> str:
    path = re.sub(r"[*?]", "?", prefix) + pattern
    return " ".join((f"/{_escaped(path)}", *owners))


def _escaped(path: str) -> str:
    """Write a path as a pattern: GitHub can escape a space, and nothing else."""
    return re.sub(r"[\x00-\x1f\x7f!#\[\]\\]", "?", path).replace(" ", "\\ ")
