"""Actions from reviews and problems: what was promised so that it does not happen again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.pages.hypertext import Html, chip, note, text
from incidentbook.pages.site import Site, address
from incidentbook.pages.times import day_tag
from incidentbook.pages.words import label, with_code
from incidentbook.records import Action, ActionState


@dataclass(frozen=True)
class Promise:
    """One action with the record that made it."""

    action: Action
    entry: RecordEntry[Any]
    overdue: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.action.state is ActionState.OPEN

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Open ones by due day, then what is done, newest first, then what was dropped."""
        action = self.action
        if self.is_open:
            return (0, (action.due or date.max).toordinal(), self.entry.id, action.title)
        newest_first = -(action.done or date.min).toordinal()
        return (1 if action.state is ActionState.DONE else 2, newest_first, self.entry.id, action.title)


def makers(site: Site) -> list[RecordEntry[Any]]:
    """The reviews and problems that promised something."""
    entries = chain[RecordEntry[Any]](site.published.reviews, site.published.problems)
    return [entry for entry in entries if entry.record.actions]


def promises(site: Site, entries: Iterable[RecordEntry[Any]]) -> tuple[Promise, ...]:
    """Every action of some records, in their order."""
    found = (
        Promise(action, entry, site.overdue(action)) for entry in entries for action in entry.record.actions
    )
    return tuple(sorted(found, key=lambda promise: promise.order))


def open_promises(site: Site) -> tuple[Promise, ...]:
    """Every action that is still to be done, what is due first before the others."""
    return tuple(promise for promise in promises(site, makers(site)) if promise.is_open)


def cards_of(actions: Iterable[Action], site: Site) -> Html:
    """Show each action with how far it is."""
    cards = "".join([_card(action, site) for action in actions])
    return Html(f'<div class="ib-actions">\n{cards}</div>\n') if cards else Html("")


def _card(action: Action, site: Site) -> Html:
    overdue, is_open = site.overdue(action), action.state is ActionState.OPEN
    state = chip("overdue", "Overdue", "bad") if overdue else chip(action.state)
    said = [state]
    if action.type:
        said.append(Html(f"<span>{label(action.type)}</span>"))
    if action.due and is_open:
        said.append(Html(f"<span>due {day_tag(action.due)}</span>"))
    if action.done:
        said.append(Html(f"<span>{day_tag(action.done)}</span>"))
    if action.owner:
        said.append(Html(f"<span>{text(site.person(action.owner))}</span>"))
    below = ""
    if action.evidence:
        below = note(Html(f"Evidence: {address(action.evidence, action.evidence)}"))
    if action.reason and action.state is ActionState.DROPPED:
        below += note(text(action.reason))
    return Html(
        f'<article class="ib-action ib-action--{"late" if overdue else action.state}">'
        f'<p class="ib-action__title">{with_code(action.title)}</p>'
        f'<p class="ib-meta">{" ".join(said)}</p>{below}</article>\n'
    )


def tally(actions: Iterable[Action], site: Site) -> Html:
    """Say in one line how far actions are: `2 of 5 actions done, 1 overdue`."""
    wanted = [action for action in actions if action.state is not ActionState.DROPPED]
    done = sum(action.state is ActionState.DONE for action in wanted)
    late = sum(site.overdue(action) for action in wanted)
    if not wanted:
        return Html("No action is planned")
    noun = "action" if len(wanted) == 1 else "actions"
    words = f"{done} of {len(wanted)} {noun} done"
    return Html(f"{words} {chip('overdue', f'{late} overdue', 'bad')}" if late else words)
