"""What readers were told, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Incident, Maintenance
from incidentbook.records.fields import Audience
from incidentbook.records.parts import Update
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import EVERY_KIND, Finding, change_rule
from incidentbook.rules.spelling import spell

_WIDTH = {Audience.RESTRICTED: 0, Audience.INTERNAL: 1, Audience.PUBLIC: 2}
_TOLD = ("at", "status", "text", "corrects")

_Pair = tuple[Update, int | None]


def matched(before: Sequence[Update], after: Sequence[Update]) -> list[_Pair]:
    """For each update before a change, the place of the same one after it; None where it is gone.

    The same is an equal one, else one that says the same under another `id` (two sides had taken one
    ID, and a merge renamed the one), else one with the same `id`, else one of the same time, else the
    same text.
    """
    free = dict(enumerate(after))
    found: dict[int, int] = {}
    for alike in (_equal, _says_the_same, _same_id, _same_time, _same_text):
        for index, update in enumerate(before):
            place = (
                None if index in found else next((at for at, one in free.items() if alike(update, one)), None)
            )
            if place is not None:
                found[index] = place
                del free[place]
    return [(update, found.get(index)) for index, update in enumerate(before)]


def _equal(one: Update, other: Update) -> bool:
    return one == other


def _says_the_same(one: Update, other: Update) -> bool:
    if one.id is None or other.id is None:
        return False
    return replace(one, id=other.id, corrects=other.corrects) == other


def _same_id(one: Update, other: Update) -> bool:
    return one.id is not None and one.id == other.id


def _same_time(one: Update, other: Update) -> bool:
    return one.at == other.at and (one.id is None or other.id is None)


def _same_text(one: Update, other: Update) -> bool:
    return one.text == other.text and (one.id is None or other.id is None)


@change_rule(Severity.ERROR, kinds=("incident", "maintenance"))
def update_rewritten(case: ChangeCase[Incident | Maintenance]) -> Iterator[Finding]:
    """An update that readers had been given was edited or removed.

    ## What it does

    Finds updates of the base whose time, status or text is another now, that are gone, or that fewer
    readers may see. An `id` or a `by` that was absent may be filled in; an `id` may become another where
    a new update has taken it, as the merge driver does it. Where a new update corrects one (`corrects`
    names its `id`) and all its readers may read that, too, the text of that one may be changed; time,
    status and author stay.

    Of an import that is as its source has it (`origin.digest` fits), what the source rewrote weighs no
    more than `imported` in schema/incidentbook.yml says.

    ## Why it matters

    Subscribers have the first text in their mail. A page that now says something else makes them doubt
    both, and the next update as well.

    ## Example

    Before:

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:30+00:00, status: investigating, text: All cards are refused.}
    ```

    After:

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:30+00:00, status: investigating, text: Some cards fail.}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:30+00:00, status: investigating, text: All cards are refused.}
    ```

    After:

    ```yaml
    updates:
      - {id: first, at: 2026-03-02T08:30+00:00, status: investigating, text: All cards are refused.}
      - {at: 2026-03-02T08:40+00:00, status: identified, text: Only one brand is refused., corrects: first}
    ```
    """
    if case.pair is None:
        return
    before, after = case.pair
    advice = "put it back, and add an update with `corrects: {}` that says what was wrong"
    pairs = matched(before.updates, after.updates)
    renamed = _renamed(pairs, after.updates)
    for update, place in pairs:
        name = update.id or "(its id)"
        if place is None:
            span = case.span("updates") if after.updates else case.span()
            message = f"the update of {spell(update.at)} is gone"
            yield Finding(span, message, advice.format(name), from_source=case.follows_source)
            continue
        changed = list(_edited(update, after.updates[place], renamed))
        if "text" in changed and _is_corrected(update, place, pairs, after.updates):
            changed.remove("text")
        if changed:
            fields = ", ".join(f"`{field}`" for field in changed)
            yield Finding(
                case.span("updates", place),
                f"the update of {spell(update.at)} was edited: {fields}",
                advice.format(name),
                from_source=case.follows_source,
            )


def _new(pairs: Iterable[_Pair], after: Sequence[Update]) -> list[Update]:
    """The updates that were not there before."""
    known = {place for _, place in pairs}
    return [update for index, update in enumerate(after) if index not in known]


def _renamed(pairs: Sequence[_Pair], after: Sequence[Update]) -> dict[str, str]:
    """The IDs that became others because a new update has them."""
    taken = {update.id for update in _new(pairs, after)}
    return {
        update.id: new
        for update, place in pairs
        if place is not None and update.id in taken and update.id and (new := after[place].id)
    }


def _edited(was: Update, is_: Update, renamed: Mapping[str, str]) -> Iterator[str]:
    """The fields of an update that are not as readers had them."""
    followed = replace(
        was,
        id=renamed.get(was.id or "", was.id),
        corrects=renamed.get(was.corrects or "", was.corrects),
    )
    yield from (field for field in _TOLD if getattr(is_, field) != getattr(followed, field))
    yield from (
        field for field in ("id", "by") if getattr(followed, field) not in (None, getattr(is_, field))
    )
    if _WIDTH[is_.visibility] < _WIDTH[was.visibility]:
        yield "visibility"


def _is_corrected(was: Update, place: int, pairs: Sequence[_Pair], after: Sequence[Update]) -> bool:
    """Whether a new update, for everybody who had read this one, says what was wrong with it."""
    id_ = after[place].id
    return id_ is not None and any(
        one.corrects == id_ and _WIDTH[one.visibility] >= _WIDTH[was.visibility] for one in _new(pairs, after)
    )


@change_rule(Severity.WARNING, kinds=("incident", "maintenance"))
def published_withdrawn(case: ChangeCase[Incident | Maintenance]) -> Iterator[Finding]:
    """A record that told everybody something is not shown to them any more.

    ## What it does

    Finds incidents and maintenance that were public, with public updates, and whose `visibility` is
    `internal` or `restricted` now. Single updates that fewer may read are `update-rewritten`.

    ## Why it matters

    Subscribers have the mails and the feed; the page they link to is gone, and nobody tells them why.
    Where something had to be taken down at once, do it: this is a warning, and stops nobody.

    ## Example

    Before:

    ```yaml
    visibility: public
    updates:
      - at: 2026-03-02T08:30+00:00
        status: investigating
        text: All cards are refused.
        visibility: public
    ```

    After:

    ```yaml
    visibility: internal  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    visibility: public
    updates:
      - at: 2026-03-02T08:30+00:00
        status: investigating
        text: All cards are refused.
        visibility: public
    ```

    After:

    ```yaml
    visibility: internal
    corrections:
      - {field: visibility, was: public, reason: It named a customer; readers were told by mail.}
    ```
    """
    if case.pair is None or "visibility" in case.corrected:
        return
    before, after = case.pair
    told = sum(update.visibility is Audience.PUBLIC for update in before.updates)
    if told and before.visibility is Audience.PUBLIC and after.visibility is not Audience.PUBLIC:
        updates = f"{told} update{'' if told == 1 else 's'}"
        yield Finding(
            case.span("visibility"),
            f"the {case.change.name.kind} was public, with {updates}, and is `{after.visibility}`",
            "keep it public and correct what was wrong by an update; if it must go, say why: "
            "`corrections: [{field: visibility, was: public, reason: ...}]`",
        )


@change_rule(Severity.ERROR, kinds=EVERY_KIND)
def restricted_made_readable(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A restricted record, or a restricted update, is given to readers.

    ## What it does

    Finds records and updates whose `visibility` was `restricted` and is `internal` or `public`.

    ## Why it matters

    Somebody restricted it for a reason: a person, an attack, a contract. What was published once
    cannot be taken back. A waiver on the record says who decided that the reason is gone.

    ## Example

    Before:

    ```yaml
    visibility: restricted
    ```

    After:

    ```yaml
    visibility: public  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    visibility: restricted
    ```

    After:

    ```yaml
    visibility: public
    waivers:
      - rule: restricted-made-readable
        reason: The hole is closed and the customers have been told.
        by: response-lead
    ```
    """
    for keys, was, is_ in _widened(case):
        if was is Audience.RESTRICTED:
            thing = "the update" if keys[0] == "updates" else f"the {case.change.name.kind}"
            yield Finding(
                case.span(*keys),
                f"{thing} was `restricted` and is `{is_}`",
                "keep it restricted, or add a waiver that says who decided that it may be read",
            )


@change_rule(Severity.NOTE, kinds=EVERY_KIND)
def made_public(case: ChangeCase[Any]) -> Iterator[Finding]:
    """An internal record, or an internal update, is shown to everybody.

    ## What it does

    Finds records and updates whose `visibility` was `internal` and is `public`. It is a note: this is
    how a status page is fed.

    ## Why it matters

    What was written for colleagues may name people, suppliers or weak spots. Read it once more with
    the eyes of a customer.

    ## Example

    Before:

    ```yaml
    visibility: internal
    ```

    After:

    ```yaml
    visibility: public  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    visibility: public
    ```

    After:

    ```yaml
    visibility: internal
    ```
    """
    for keys, was, is_ in _widened(case):
        if was is Audience.INTERNAL and is_ is Audience.PUBLIC:
            thing = "the update" if keys[0] == "updates" else f"the {case.change.name.kind}"
            yield Finding(
                case.span(*keys),
                f"{thing} was `internal`, and everybody will see it",
                "read it once more with the eyes of a customer",
            )


def _widened(case: ChangeCase[Any]) -> Iterator[tuple[tuple[str | int, ...], Audience, Audience]]:
    """Each place at which more people may read than before: the record's, and those of its updates."""
    if case.pair is None:
        return
    before, after = case.pair
    if _WIDTH[after.visibility] > _WIDTH[before.visibility]:
        yield ("visibility",), before.visibility, after.visibility
    pairs = matched(getattr(before, "updates", ()), getattr(after, "updates", ()))
    for update, place in pairs:
        if place is not None:
            now = after.updates[place]
            if _WIDTH[now.visibility] > _WIDTH[update.visibility]:
                yield ("updates", place, "visibility"), update.visibility, now.visibility
