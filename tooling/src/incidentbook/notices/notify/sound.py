"""What of schema/notifications.yml can be gone by: an entry with an error in it is left out whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from incidentbook.archive import Archive
from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity
from incidentbook.source import Document, read_shape, read_yaml
from incidentbook.taxonomy.settings.notifications import Channel, Notifications, Subscription

PATH = "schema/notifications.yml"
T = TypeVar("T")


class NobodyToTellError(IncidentbookError):
    """The file has errors, and without what they spoil nobody is told anything."""

    def __init__(self, found: Diagnostic) -> None:
        place = f":{found.span.line}:{found.span.column}" if found.span else ""
        super().__init__(f"{PATH}{place}: {found.message}; nobody can be told anything by it")


def errors_in_settings(archive: Archive) -> tuple[Diagnostic, ...]:
    """What is wrong with the file. Raises NobodyToTellError where too little of it is left."""
    errors = tuple(
        found for found in archive.configuration if found.path == PATH and found.severity is Severity.ERROR
    )
    if errors:
        left = sound_settings(archive)
        if not (left.channels and left.subscriptions):
            raise NobodyToTellError(errors[0])
    return errors


def sound_settings(archive: Archive) -> Notifications:
    """The settings without the channels and subscriptions that have an error.

    A channel whose `audience` is misspelt would else be an internal one, and a subscription whose
    `priorities` are no list would choose everything.
    """
    settings = archive.taxonomy.notifications
    if not any(found.path == PATH for found in archive.configuration):
        return settings
    document = read_yaml(PATH, archive.tree.read(PATH))
    return replace(
        settings,
        channels=tuple(_sound(document, "channels", Channel)),
        subscriptions=tuple(_sound(document, "subscriptions", Subscription)),
    )


def _sound(document: Document, key: str, model: type[T]) -> Iterator[T]:
    entries = (document.values or {}).get(key)
    for entry in entries if isinstance(entries, list | tuple) else ():
        value, found = read_shape(document, model, entry) if isinstance(entry, dict) else (None, ())
        if value is not None and not found:
            yield value
