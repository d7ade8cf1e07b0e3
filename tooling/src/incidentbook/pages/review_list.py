"""The list of reviews: what is still owed first, then what was learned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from incidentbook.archive import RecordEntry
from incidentbook.clocks import DutyStatus, ReviewDuty
from incidentbook.pages.improvements import share
from incidentbook.pages.list_choices import Choices, named_services, year_of_id
from incidentbook.pages.list_pages import ListPage, Shelf, by_year, grouped, planned
from incidentbook.pages.lists import (
    Choice,
    Column,
    Facet,
    Figure,
    Kind,
    Listing,
    Place,
    PlannedList,
    Record,
    Row,
)
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry
from incidentbook.records import ActionState, Review, ReviewStatus

ReviewEntry = RecordEntry[Review]

FACTORS = 2
"""How many contributing factors say what was learned; the review has them all."""


def index(site: Site) -> PlannedList:
    """Plan the list."""
    about = ListPage(
        path=urls.REVIEWS,
        kind="reviews",
        title="Reviews",
        description="Post-incident reviews: what happened, why it could, and what was learned.",
        lead="What was learned from incidents: blameless, in the open, with promises that are kept.",
        empty=(
            "No review yet",
            "After an incident, its review will tell here what happened, why it could, and what will change. "
            "The first is a file beside the incident's, such as `INC-2026-0001.review.md`."
            if site.internal
            else "After an incident, its review will tell here what happened, why it could, "
            "and what will change.",
        ),
        links=((urls.IMPROVEMENTS, "What reviews promised"),),
    )
    return planned(
        site, about, lambda: listing(site), figures=partial(_figures, site=site), shelves=_shelves(site)
    )


def listing(site: Site) -> Listing:
    """Gather the rows: overdue and due reviews first, then drafts, then what is published, newest first."""
    # Who owes a review, and by when, is for the house: a public build lists what is published.
    owed = [duty for duty in site.duties if not duty.is_done] if site.internal else []
    owed.sort(key=lambda duty: (duty.due_day or date.max, duty.incident.id))
    begun = {duty.review.id for duty in owed if duty.review}
    others = [entry for entry in site.published.reviews if entry.id not in begun]
    gathering = _Gathering(site)
    rows = [*map(gathering.owed, owed), *map(gathering.written, _in_order(others))]
    return Listing.of(("review", "reviews"), _COLUMNS, rows)


def _in_order(entries: Iterable[ReviewEntry]) -> list[ReviewEntry]:
    def rank(entry: ReviewEntry) -> tuple[bool, float, str]:
        at = entry.record.published or entry.record.started
        is_published = entry.record.status is ReviewStatus.PUBLISHED
        return (not is_published, at.timestamp() if at else 0.0, entry.id)

    return sorted(entries, key=rank, reverse=True)


_STATES = ("overdue", "owed", *DutyStatus)
_COLUMNS = (
    Column("review", "Review", Kind.RECORD),
    Column("late", "Late", Kind.CHOICES, Place.TAG),
    Column("learned", "Learned", Kind.TEXT, Place.NOTE, code=True),
    Column("status", "State", Kind.CHOICE, order=tuple(DutyStatus)),
    Column("state", "State", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, order=_STATES),
    Column("due", "Due", Kind.DAY),
    Column("published", "Published", Kind.DAY),
    Column("owner", "Answers for it", Kind.CHOICE, facet=Facet.FURTHER, missing="Nobody yet"),
    Column("open", "Actions open", Kind.NUMBER),
    Column("service", "Service", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="No service"),
    Column("team", "Team", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="No team"),
    Column("reason", "Required because", Kind.CHOICES, Place.UNSEEN, Facet.FURTHER),
    Column("year", "Year", Kind.CHOICE, Place.UNSEEN, Facet.FIRST, descending=True),
)


class _Gathering:
    """What the list shows of reviews: their values, each made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._choices = Choices(site)
        self._late = Choice("overdue", "Overdue", "bad")
        self._owed = Choice("owed", "All to be written")

    def owed(self, duty: ReviewDuty) -> Row:
        """The values of a review that is still to be published, in the order of `_COLUMNS`."""
        choices, review = self._choices, duty.review
        status = choices.state(
            duty.status.value, "Once resolved" if duty.status is DutyStatus.WAITING else ""
        )
        late = (self._late,) if duty.overdue else ()
        reasons = tuple(choices.plain(trigger.value) for trigger in duty.required_because)
        words = ", ".join(reason.label for reason in reasons) or duty.overridden or "asked for"
        page = urls.path_of((review or duty.incident).name).removesuffix("/")
        title = self._site.title(review) if review else duty.incident.record.title
        return (
            Record(page, title),
            late,
            f"Required: {words}",
            status,
            (*late, self._owed, status),
            duty.due_day,
            None,
            choices.person(duty.owner) if duty.owner else None,
            _open_actions(review.record) if review else None,
            choices.services(named_services(duty.incident.record)),
            choices.teams_of(duty.owner, duty.team),
            reasons,
            choices.year(year_of_id(duty.incident)),
        )

    def written(self, entry: ReviewEntry) -> Row:
        """The values of a review that is published, or that nobody had to write."""
        choices, review = self._choices, entry.record
        lead: IncidentEntry | None = self._site.readable(entry.name.lead_incident)
        owner = review.facilitator or next(iter(review.authors), None)
        teams = [one.team for one in lead.record.assignments if one.team] if lead else []
        status = choices.state(review.status.value)
        return (
            Record(urls.path_of(entry.name).removesuffix("/"), self._site.title(entry)),
            (),
            " ".join(f"{factor.rstrip('.')}." for factor in review.contributing_factors[:FACTORS]) or None,
            status,
            (status,),
            None,
            review.published.astimezone(self._site.zone).date() if review.published else None,
            choices.person(owner) if owner else None,
            _open_actions(review),
            choices.services(named_services(lead.record)) if lead else (),
            choices.teams_of(owner, teams[-1] if teams else None),
            (),
            choices.year(year_of_id(entry)),
        )


def _open_actions(review: Review) -> int:
    return sum(action.state is ActionState.OPEN for action in review.actions)


def _figures(listing: Listing, site: Site) -> tuple[Figure, ...]:
    keys = ("overdue", "owed", "draft", "in_review", "published")
    late, owed, draft, in_review, published = (listing.count("state", key) for key in keys)
    figures = []
    if site.internal:
        figures.append(
            Figure(f"{late:,}", "overdue", "?state=overdue" if late else "", "bad" if late else "")
        )
        figures.append(Figure(f"{owed:,}", "to be written", "?state=owed" if owed else ""))
        figures.append(Figure(f"{draft + in_review:,}", f"begun, {in_review:,} in review"))
    figures.append(Figure(f"{published:,}", "published", "?state=published" if published else ""))
    verdicts = [duty.is_on_time for duty in site.duties] if site.internal else []
    on_time, over = verdicts.count(True), len(verdicts) - verdicts.count(None)
    if over:
        figures.append(Figure(share(on_time, over), "on time", note=f"{on_time:,} of {over:,} that were due"))
    return tuple(figures)


def _shelves(site: Site) -> tuple[Shelf, ...]:
    def shelf(year: str, entries: list[ReviewEntry]) -> Shelf:
        leads = [lead for entry in entries if (lead := site.readable(entry.name.lead_incident)) is not None]

        def rows() -> Listing:
            gathering = _Gathering(site)
            return Listing.of(("review", "reviews"), _COLUMNS, map(gathering.written, _in_order(entries)))

        return Shelf(f"{urls.REVIEWS}{year}/", year, rows, site.key(*entries, *leads))

    return by_year(grouped(site.published.reviews, year_of_id).items(), shelf)
