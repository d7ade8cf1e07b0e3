"""The table of record kinds: where each lies, how its files are named, what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from incidentbook.records.article import Article, ArticleStatus
from incidentbook.records.fields import NUMBER_PATTERN, Audience
from incidentbook.records.handover import Handover, HandoverStatus
from incidentbook.records.incident import Incident, IncidentStatus
from incidentbook.records.maintenance import Maintenance, MaintenanceStatus
from incidentbook.records.problem import Problem, ProblemStatus
from incidentbook.records.review import Review, ReviewStatus

Record = Incident | Review | Problem | Article | Maintenance | Handover


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `name_pattern` matches the file name without `.md`; its group `year`, where it has one,
    names the folder below `folder`. `open_states` are those in which somebody still has to act.
    `body` says who may read the Markdown body of a record; `widest` is the widest audience that may ever
    read one, whatever its visibility says.
    """

    name: str
    plural: str
    model: type[Record]
    states: type[StrEnum]
    open_states: frozenset[str]
    folder: str
    by_year: bool
    name_pattern: re.Pattern[str]
    body: Audience
    prefix: str = ""
    widest: Audience = Audience.PUBLIC


def _numbered(prefix: str, ending: str = "") -> re.Pattern[str]:
    return re.compile(f"{prefix}-(?P<year>[0-9]{{4}})-(?P<number>{NUMBER_PATTERN}){ending}")


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                name="incident",
                plural="incidents",
                model=Incident,
                states=IncidentStatus,
                open_states=frozenset({"new", "assigned", "in_progress", "on_hold"}),
                folder="incidents",
                by_year=True,
                name_pattern=_numbered("INC"),
                body=Audience.INTERNAL,
                prefix="INC",
            ),
            Kind(
                name="review",
                plural="reviews",
                model=Review,
                states=ReviewStatus,
                open_states=frozenset({"draft", "in_review"}),
                folder="incidents",
                by_year=True,
                name_pattern=_numbered("INC", r"\.review"),
                body=Audience.PUBLIC,
            ),
            Kind(
                name="maintenance",
                plural="maintenance",
                model=Maintenance,
                states=MaintenanceStatus,
                open_states=frozenset({"scheduled", "in_progress"}),
                folder="incidents",
                by_year=True,
                name_pattern=_numbered("MNT"),
                body=Audience.INTERNAL,
                prefix="MNT",
            ),
            Kind(
                name="problem",
                plural="problems",
                model=Problem,
                states=ProblemStatus,
                open_states=frozenset({"open", "known_error"}),
                folder="knowledge/problems",
                by_year=False,
                name_pattern=_numbered("PRB"),
                body=Audience.INTERNAL,
                prefix="PRB",
            ),
            Kind(
                name="article",
                plural="articles",
                model=Article,
                states=ArticleStatus,
                open_states=frozenset({"draft"}),
                folder="knowledge/articles",
                by_year=False,
                name_pattern=re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*"),
                body=Audience.PUBLIC,
            ),
            Kind(
                name="handover",
                plural="handovers",
                model=Handover,
                states=HandoverStatus,
                open_states=frozenset({"written"}),
                folder="handovers",
                by_year=True,
                name_pattern=_numbered("HND"),
                body=Audience.INTERNAL,
                prefix="HND",
                widest=Audience.INTERNAL,
            ),
        )
    }
)
"""Every kind by its name, in the order in which people meet them."""

_BY_MODEL = {kind.model: kind for kind in KINDS.values()}


def kind_of(record: Record) -> Kind:
    """Return the row of KINDS for a record."""
    return _BY_MODEL[type(record)]


@dataclass(frozen=True, slots=True)
class RecordName:
    """What a record's path says of it: its kind and its ID, which is the file name and nothing else."""

    kind: str
    id: str
    year: int | None = None
    number: int | None = None

    def sort_key(self) -> tuple[str, int, int, str]:
        """IDs sort as numbers: INC-2026-10000 after INC-2026-9999."""
        return (self.kind, self.year or 0, self.number or 0, self.id)

    @property
    def lead_incident(self) -> str | None:
        """The incident that a review lies beside."""
        return self.id.removesuffix(".review") if self.kind == "review" else None


def parse_name(path: str) -> RecordName | None:
    """Tell kind and ID from a repository path; None where the path is no record's.

    Only the folder's beginning and the file's name are looked at: a record in the wrong year
    folder still has its ID, and a rule says where it belongs.
    """
    folder, _, file_name = path.rpartition("/")
    stem = file_name.removesuffix(".md")
    if stem == file_name:
        return None
    for kind in KINDS.values():
        if folder == kind.folder or folder.startswith(kind.folder + "/"):
            match = kind.name_pattern.fullmatch(stem)
            if match:
                groups = match.groupdict()
                return RecordName(
                    kind=kind.name,
                    id=stem,
                    year=int(groups["year"]) if groups.get("year") else None,
                    number=int(groups["number"]) if groups.get("number") else None,
                )
    return None


def home_of(name: RecordName) -> str:
    """The path at which a record of this name belongs."""
    kind = KINDS[name.kind]
    folder = f"{kind.folder}/{name.year:04d}" if kind.by_year else kind.folder
    return f"{folder}/{name.id}.md"
