"""What is done so that an incident does not return: its reviews, their actions, its problem."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.archive import RecordEntry
from incidentbook.clocks import ReviewDuty
from incidentbook.pages.actions import cards_of, tally
from incidentbook.pages.hypertext import NOTHING, Html, chip, link, text
from incidentbook.pages.site import Site
from incidentbook.pages.times import day_tag, time_tag
from incidentbook.pages.words import label
from incidentbook.records import Problem, Review, ReviewStatus


def section_of(
    reviews: tuple[RecordEntry[Review], ...], duty: ReviewDuty | None, site: Site, prefix: str
) -> Html:
    """Show the reviews, what is still owed, and every action."""
    parts = [_review(entry, site, prefix) for entry in reviews]
    if duty is not None and not duty.is_done:
        why = (
            f" ({', '.join([label(one) for one in duty.required_because]).lower()})"
            if duty.required_because
            else ""
        )
        tone = "bad" if duty.overdue else "warn"
        parts.append(
            Html(f'<p class="ib-callout ib-callout--{tone}">A review is required{why}{_by(duty)}.</p>\n')
        )
    parts.extend(cards_of(entry.record.actions, site) for entry in reviews)
    return Html("".join(parts))


def _by(duty: ReviewDuty) -> str:
    if duty.due_day is None:
        return " once service is back"
    return f" and {'was' if duty.overdue else 'is'} due by {day_tag(duty.due_day)}"


def _review(entry: RecordEntry[Review], site: Site, prefix: str) -> Html:
    review = entry.record
    words = "Read the review" if review.status is ReviewStatus.PUBLISHED else "Review"
    said = [
        link(prefix + (site.page(entry.id) or ""), Html(f"<strong>{words}</strong>")),
        chip(review.status),
    ]
    if review.published:
        said.append(Html(f"<span>{time_tag(review.published, site.zone, 'day')}</span>"))
    if review.facilitator:
        said.append(Html(f"<span>led by {text(site.person(review.facilitator))}</span>"))
    return Html(f'<p class="ib-meta">{" ".join(said)}</p>\n')


def in_short(
    reviews: tuple[RecordEntry[Review], ...],
    duty: ReviewDuty | None,
    problem: RecordEntry[Problem] | None,
    site: Site,
    prefix: str,
) -> Iterator[Html]:
    """Say in a line each what is done so that it does not return."""
    actions = [action for entry in reviews for action in entry.record.actions]
    if actions:
        yield Html(f'<a href="#review">{_reviewed(reviews)}</a>: {tally(actions, site)}')
    elif reviews:
        yield Html(f'<a href="#review">{_reviewed(reviews)}</a>')
    if duty is not None and not duty.is_done:
        state = chip("overdue", "Overdue", "bad") if duty.overdue else NOTHING
        yield Html(f'<a href="#review">A review is required</a>{_by(duty)} {state}')
    if problem is not None:
        record = problem.record
        line = f"{site.record_link(problem.id, prefix)} {chip(record.status)}"
        yield Html(f"{line} {tally(record.actions, site)}" if record.actions else line)


def _reviewed(reviews: tuple[RecordEntry[Review], ...]) -> str:
    published = any(entry.record.status is ReviewStatus.PUBLISHED for entry in reviews)
    return "Reviewed" if published else "Review begun"
