"""Actions from reviews and problems: what was promised so that it does not happen again."""

from __future__ import annotations

from collections.abc import Iterable

from incidentbook.pages.hypertext import Html, chip, note, text
from incidentbook.pages.site import Site, address
from incidentbook.pages.times import day_tag
from incidentbook.pages.words import label, with_code
from incidentbook.records import Action, ActionState


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
