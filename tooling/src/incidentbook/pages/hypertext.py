"""Pieces of HTML made without a template, for the pages of which there are thousands.

A template costs a microsecond for each word that it looks up. `Html` tells the type checker what is
safe: it comes from here, or from `Site`; a text of a record becomes it through `text` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import NewType

from incidentbook.pages import words

Html = NewType("Html", str)

NOTHING = Html("")


def text(said: object) -> Html:
    """Words of a record, or of anybody else, as they are."""
    return Html(escape(str(said)))


def joined(pieces: Iterable[Html], between: str = "") -> Html:
    """Several pieces as one."""
    return Html(between.join(pieces))


def heading(id_: str, title: str) -> Html:
    """The heading of a section."""
    return Html(f'<h2 id="{id_}">{title}</h2>\n')


def fact(name: str, value: Html, note: Html = NOTHING) -> Html:
    """A name with its value, for a list of facts."""
    small = f"<small>{note}</small>" if note else ""
    return Html(f'<div class="ib-fact"><dt>{name}</dt><dd>{value}{small}</dd></div>\n')


def facts(found: Sequence[Html]) -> Html:
    """A list of facts; nothing, where there are none."""
    return Html(f'<dl class="ib-facts">\n{"".join(found)}</dl>\n') if found else NOTHING


def pair(name: str, value: Html) -> Html:
    """A name with what belongs to it, for a list of pairs."""
    return Html(f"<div><dt>{name}</dt><dd>{value}</dd></div>\n")


def items(found: Iterable[Html]) -> Html:
    """A plain list."""
    return Html("<ul>" + "".join([f"<li>{one}</li>" for one in found]) + "</ul>")


@lru_cache(maxsize=256)
def chip(state: str, said: str | None = None, tone: str | None = None) -> Html:
    """A state as a sign, a word and a colour: never the colour alone."""
    shown = escape(tone or words.tone(state))
    return Html(f'<span class="ib-chip ib-chip--{shown}">{escape(said or words.label(state))}</span>')


def tag(said: Html) -> Html:
    """A word in a box."""
    return Html(f'<span class="ib-tag">{said}</span>')


def note(said: Html) -> Html:
    """A small line."""
    return Html(f'<p class="ib-note">{said}</p>')


def link(address: str, said: Html) -> Html:
    """A link to a page of the site; the address is one of ours."""
    return Html(f'<a href="{escape(address)}">{said}</a>')


def empty(title: str, said: str) -> Html:
    """What stands where nothing is, on purpose."""
    return Html(f'<div class="ib-empty"><p class="ib-empty__title">{title}</p><p>{said}</p></div>\n')
