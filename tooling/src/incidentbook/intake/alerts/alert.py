"""One alert, whatever system sent it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from incidentbook.intake.addresses import without_secrets
from incidentbook.intake.texts import clean, one_line


class AlertState(StrEnum):
    """How an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert as it stands now; all its texts are clean.

    `id` is the same each time the system speaks of the same thing. `at` is when the state began, where
    the system says so, and `told` when it said this, where that may be later. `services` are words that
    may name services; `by` is who changed its state.

    `group` is the same for all that the system says belong together, and `is_all` False where it left some
    of them out. An alert that stands for a group has the `members` that it speaks of.
    """

    system: str
    id: str
    state: AlertState
    title: str
    text: str = ""
    at: datetime | None = None
    told: datetime | None = None
    severity: str = ""
    services: tuple[str, ...] = ()
    url: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    group: str = ""
    is_all: bool = True
    members: tuple[Alert, ...] = ()

    @property
    def news(self) -> datetime | None:
        """The newest moment that it tells of: what is older than what a record knows comes late."""
        return self.told or self.at

    @property
    def digest(self) -> str:
        """What tells whether there is anything new in a second delivery, and of what kind."""
        return f"{self.severity_digest}-{self.words_digest}"

    @property
    def severity_digest(self) -> str:
        """The part of the digest that another severity changes."""
        return hashed(self.severity.casefold())

    @property
    def words_digest(self) -> str:
        """The part of the digest that other words change."""
        return hashed(self.title, self.text)


@dataclass(frozen=True)
class Unmoved:
    """A message that is understood and says nothing of an incident, with the reason."""

    reason: str


Reading = Iterator[Alert | Unmoved]


@dataclass(frozen=True, kw_only=True)
class System:
    """One system that sends alerts: how its messages are known, and how they are read.

    `looks_for` says in words by what a message is known; `title` is what people call the system.
    """

    name: str
    title: str
    looks_for: str
    knows: Callable[[Any], bool]
    read: Callable[[Any], Reading]


def labels_of(value: Any) -> dict[str, str]:
    """Labels, tags or dimensions as text, the first forty."""
    if not isinstance(value, dict):
        return {}
    # what a probe watches stands in a label, often with the password that it needs
    pairs = (
        (one_line(key, 80), without_secrets(one_line(text, 300))) for key, text in list(value.items())[:40]
    )
    return {key: text for key, text in pairs if key}


def known_words(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Values of the labels by which monitoring usually names a service."""
    return tuple(dict.fromkeys(labels[key] for key in _NAMING if labels.get(key)))


def hashed(*parts: str) -> str:
    """A short stable name of some texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def identity(value: Any, limit: int = 160) -> str:
    """The ID that a system gives, on one line; of a longer one the beginning and a hash of all of it.

    Two that share their beginning would be one record.
    """
    whole = one_line(value, 20_000)
    return whole if len(whole) <= limit else f"{whole[: limit - 17]}-{hashed(str(value))}"


def paragraphs(*texts: Any) -> str:
    """Texts below each other; what is empty or was said already is left out."""
    said = [without_secrets(clean(text)) for text in texts]
    return clean("\n\n".join(dict.fromkeys(text for text in said if text)))


_NAMING = (
    "service",
    "service_name",
    "app",
    "application",
    "component",
    "job",
    "app_kubernetes_io_name",
    "deployment",
)
