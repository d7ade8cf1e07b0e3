"""Which services of the catalogue a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from incidentbook.similarity.plain import plain
from incidentbook.taxonomy import Taxonomy

_GAP = re.compile(r"[\W_]+")


def services_named(text: str, taxonomy: Taxonomy) -> Iterator[str]:
    """Yield the keys of services that a text names by key, alias or name, as whole words in any case."""
    said = f" {_GAP.sub(' ', plain(text).casefold()).strip()} "
    for service in taxonomy.services:
        spellings = (service.id, service.name, *service.aliases)
        if any(_is_said(spelling, said) for spelling in spellings):
            yield service.id


def _is_said(spelling: str, said: str) -> bool:
    words = _GAP.sub(" ", spelling.casefold()).strip()
    return bool(words) and f" {words} " in said
