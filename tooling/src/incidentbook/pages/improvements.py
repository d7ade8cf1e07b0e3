"""The page of improvements: every action of reviews and problems, the late ones first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.records import Action, ActionState

LONG = 10
"""More actions than this that are over are folded away: what is open is what one comes for."""


@dataclass(frozen=True)
class Promise:
    """One action with the record that made it."""

    action: Action
    entry: RecordEntry[Any]
    title: str
    overdue: bool


def promises(site: Site) -> tuple[Promise, ...]:
    """Gather every action: open ones by due day, then what is done or dropped, newest first."""
    found = [
        Promise(action, entry, site.title(entry), site.overdue(action))
        for entry in chain[RecordEntry[Any]](site.published.reviews, site.published.problems)
        for action in entry.record.actions
    ]
    open_ = [promise for promise in found if promise.action.state is ActionState.OPEN]
    over = [promise for promise in found if promise.action.state is not ActionState.OPEN]
    open_.sort(key=lambda promise: (promise.action.due or date.max, promise.entry.id, promise.action.title))
    over.sort(key=lambda promise: (promise.action.done or date.min, promise.entry.id), reverse=True)
    return (*open_, *over)


def index(site: Site) -> Page:
    """Plan the page of improvements."""
    return Page(
        path=urls.IMPROVEMENTS,
        kind="improvements",
        title="Improvements",
        description="What reviews and problems promised: open, late and done.",
        make=lambda: _content(site),
        single=True,
    )


def _content(site: Site) -> Content:
    every = promises(site)
    open_ = [promise for promise in every if promise.action.state is ActionState.OPEN]
    over = [promise for promise in every if promise.action.state is not ActionState.OPEN]
    return site.fill(
        "improvements.html",
        urls.IMPROVEMENTS,
        [TocItem("open", "Open"), TocItem("done", "Done and dropped")],
        open_promises=open_,
        over=over,
        late=sum(promise.overdue for promise in open_),
        long=LONG,
        done=sum(promise.action.state is ActionState.DONE for promise in over),
    )
