"""What the rules of schema/routing.yml say of a report: for each field the first that matches and says it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Generic, TypeVar

from incidentbook.records import Level
from incidentbook.taxonomy.settings.routing import RoutingRule
from incidentbook.taxonomy.taxonomy import Taxonomy

T = TypeVar("T")

_TOLD = 3
"""How many words a reason names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a report: its texts, the keys of its services, how it came in, and when."""

    texts: Sequence[str]
    services: Sequence[str] = ()
    channel: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """A rule that matches a report: its number, counted from 1, and by what in words."""

    number: int
    rule: RoutingRule
    matched: str

    @property
    def reason(self) -> str:
        """Why it says what it says, for whoever is shown it."""
        why = f": {self.rule.reason.rstrip('.')}" if self.rule.reason else ""
        return f"rule {self.number} ({self.matched}){why}"


@dataclass(frozen=True, slots=True)
class Routed(Generic[T]):
    """A value that a rule says, and the rule."""

    value: T
    by: MatchingRule


@dataclass(frozen=True, slots=True)
class Routing:
    """What the rules say of a report; None where none does."""

    category: Routed[str] | None
    impact: Routed[Level] | None
    urgency: Routed[Level] | None
    team: Routed[str] | None


def route(taxonomy: Taxonomy, told: Told) -> Routing:
    """Ask the rules about a report. Categories and teams that are not in force then are passed over."""
    matching = tuple(matching_rules(taxonomy, told))
    return Routing(
        category=_first(matching, lambda rule: category_in_force(taxonomy, rule.category, told.at)),
        impact=_first(matching, lambda rule: rule.impact),
        urgency=_first(matching, lambda rule: rule.urgency),
        team=_first(matching, lambda rule: team_in_force(taxonomy, rule.team, told.at)),
    )


def matching_rules(taxonomy: Taxonomy, told: Told) -> Iterator[MatchingRule]:
    """Yield the rules that match a report, in their order."""
    # no phrase goes over from one text to the next: this is neither a word nor a blank
    text = "\0".join(map(_plain, told.texts))
    services = {_service_key(taxonomy, key, told.at): key for key in told.services}
    for number, rule in enumerate(taxonomy.routing.rules, start=1):
        touched = [
            key for name in rule.services if (key := _service_key(taxonomy, name, told.at)) in services
        ]
        said = [words for words in rule.words if _has(text, words)] if rule.words else []
        if (rule.services and not touched) or (rule.words and not said):
            continue
        if rule.channels and told.channel not in rule.channels:
            continue
        yield MatchingRule(number, rule, _matched(rule, touched, said, told.channel))


def says(text: str, words: str) -> bool:
    """Tell whether a text has a word or phrase, whole and in any case; `*` stands for any ending."""
    return _has(_plain(text), words)


def can_match(words: str) -> bool:
    """Tell whether there is a text that has this word or phrase: not where it is only `*`."""
    return _pattern(words) is not None


def category_in_force(taxonomy: Taxonomy, path: str | None, at: datetime | None) -> str | None:
    """Return the path of a category by its own keys; None where there is none at the time."""
    found = taxonomy.category(path, at) if path else None
    if found is None:
        return None
    category, below = found
    return f"{category.id}/{below.id}" if below else category.id


def team_in_force(taxonomy: Taxonomy, key: str | None, at: datetime | None) -> str | None:
    """Return the own key of a team; None where there is none at the time."""
    found = taxonomy.team(key, at) if key else None
    return found.id if found else None


def _first(matching: Sequence[MatchingRule], value_of: Callable[[RoutingRule], T | None]) -> Routed[T] | None:
    for one in matching:
        value = value_of(one.rule)
        if value is not None:
            return Routed(value, one)
    return None


def _service_key(taxonomy: Taxonomy, key: str, at: datetime | None) -> str:
    service = taxonomy.service(key, at)
    return service.id if service else key


def _matched(rule: RoutingRule, touched: Sequence[str], said: Sequence[str], channel: str | None) -> str:
    """Name what matched, in words."""
    parts = []
    if touched:
        parts.append(f"service {', '.join(dict.fromkeys(touched))}")
    if said:
        parts.append("it says " + ", ".join(f'"{words}"' for words in said[:_TOLD]))
    if rule.channels:
        parts.append(f"channel {channel}")
    return "; ".join(parts) or "matches everything"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _has(plain: str, words: str) -> bool:
    pattern = _pattern(words)
    return pattern is not None and pattern.search(plain) is not None


@lru_cache(maxsize=512)
def _pattern(words: str) -> re.Pattern[str] | None:
    parts = []
    for word in _plain(words).split():
        stem = word.rstrip("*")
        if not stem:
            return None
        parts.append(re.escape(stem) + (r"\w*" if stem != word else ""))
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)") if parts else None
