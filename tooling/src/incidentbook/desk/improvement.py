"""Improvements that a review or a problem promises: added, done, dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from incidentbook.desk.change import Change, RefusedError
from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import Action, ActionState, ActionType, Problem, Review

_NUMBERED = re.compile(r"a(\d{1,6})")
_SHOWN = 60


class UnknownActionError(IncidentbookError):
    """No action, or more than one, is what somebody means."""

    def __init__(self, id_: str, said: str, actions: Sequence[Action], *, several: bool) -> None:
        listed = "".join(f"\n  {name}" for name in names_of(actions))
        if not actions:
            reason = f"{id_} has no actions; `incidentbook action add {id_} -m TITLE` adds one"
        elif several:
            reason = f"`{said}` begins several actions of {id_}; say its id or number:{listed}"
        else:
            reason = f"{id_} has no action `{said}`; it has:{listed}"
        super().__init__(reason)


def names_of(actions: Sequence[Action]) -> list[str]:
    """Each action by what it can be called, and its title."""
    return [
        f"{action.id or place}  {_short(action.title)} ({action.state})"
        for place, action in enumerate(actions, 1)
    ]


def find_action(id_: str, actions: Sequence[Action], said: str) -> int:
    """The place of an action, named by its id, its number, or how its title begins.

    Raises UnknownActionError, which lists what there is.
    """
    wish = said.strip().casefold()
    by_id = [place for place, action in enumerate(actions) if (action.id or "").casefold() == wish]
    if by_id and wish:
        return by_id[0]
    if wish.isascii() and wish.isdigit() and 1 <= int(wish) <= len(actions):
        return int(wish) - 1
    beginning = [place for place, one in enumerate(actions) if one.title.casefold().startswith(wish)]
    exact = [place for place in beginning if actions[place].title.casefold() == wish]
    if wish and len(exact or beginning) == 1:
        return (exact or beginning)[0]
    several = bool(wish) and len(beginning) > 1
    raise UnknownActionError(
        id_, said, [actions[p] for p in beginning] if several else actions, several=several
    )


def added(
    id_: str,
    record: Review | Problem,
    title: str,
    owner: str | None,
    due: date | None,
    type_: ActionType | None,
) -> Change:
    """Promise one more improvement. Raises RefusedError where the record is closed."""
    if isinstance(record, Problem) and record.status == "closed":
        raise RefusedError(f"{id_} is closed, and promises nothing more", ("problem new -m TITLE",))
    name = _free_id(record.actions)
    given: dict[str, Any] = {
        "id": name,
        "title": title,
        "type": type_.value if type_ else None,
        "owner": owner,
        "due": due,
        "state": ActionState.OPEN.value,
    }
    entry = {key: value for key, value in given.items() if value is not None}
    return Change(said=f"action {name} added", added={"actions": [entry]})


def done(id_: str, record: Review | Problem, said: str, day: date, evidence: str | None) -> Change:
    """An improvement is made. Raises UnknownActionError, or RefusedError where it was settled before."""
    place = find_action(id_, record.actions, said)
    action = _open(id_, record.actions[place], place, "done")
    values: dict[str, Any] = {"state": ActionState.DONE.value, "done": day}
    if evidence is not None:
        values["evidence"] = evidence
    return Change(said=f"action {_name(action, place)} done", nested={("actions", place): values})


def dropped(id_: str, record: Review | Problem, said: str, reason: str) -> Change:
    """An improvement will not be made. Raises UnknownActionError, or RefusedError where it was settled."""
    place = find_action(id_, record.actions, said)
    action = _open(id_, record.actions[place], place, "dropped")
    values = {"state": ActionState.DROPPED.value, "reason": reason}
    return Change(said=f"action {_name(action, place)} dropped", nested={("actions", place): values})


def _open(id_: str, action: Action, place: int, wish: str) -> Action:
    if action.state is ActionState.OPEN:
        return action
    when = f" since {action.done}" if action.done and action.state is ActionState.DONE else ""
    raise RefusedError(
        f"action {_name(action, place)} of {id_} is {action.state}{when}, and cannot be {wish}",
        (f"edit {id_}",),
    )


def _name(action: Action, place: int) -> str:
    return action.id or str(place + 1)


def _free_id(actions: Sequence[Action]) -> str:
    numbers = [int(found[1]) for one in actions if (found := _NUMBERED.fullmatch(one.id or ""))]
    return f"a{max((*numbers, len(actions))) + 1}"


def _short(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
