"""A record's card as text for the terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.text import Text

from incidentbook.markdown.literal import literal
from incidentbook.reports.diagnostics.text import visible
from incidentbook.reports.records.card import Card, Section

_LABEL = 13


def card_as_text(card: Card) -> RenderableType:
    """Lay a card out for a terminal; nothing that anybody wrote can act on it."""
    head = Text.assemble((visible(card.id), "bold"), "  ", (", ".join(map(visible, card.marks)), "bold"))
    parts = [head, Text(visible(card.title)), Text()]
    for label, words in card.facts:
        parts.append(Text.assemble((f"{label:<{_LABEL}}", "dim"), visible(words)))
    for section in card.sections:
        parts += [Text(), Text(section.title, "bold")]
        parts += [Text(f"  {line}" if line else "") for line in _lines(section)]
    return Stack(*parts)


def _lines(section: Section) -> Iterator[str]:
    for line in section.lines:
        # what somebody wrote on several lines stays so: a line end is no control character here
        yield from (visible(part) for part in line.split("\n"))


def card_as_markdown(card: Card) -> str:
    """Write a card as Markdown: what stands in fields is nothing but text, the record's text is its own."""
    parts = [f"# {literal(card.id)}: {literal(card.title)}", "", ", ".join(map(literal, card.marks)), ""]
    parts += [f"- {label}: {literal(words)}" for label, words in card.facts]
    for section in card.sections:
        parts += ["", f"## {section.title}", ""]
        parts += section.lines if section.is_text else [_item(line) for line in section.lines]
    return "\n".join(parts) + "\n"


def _item(line: str) -> str:
    return f"- {literal(line.removeprefix('- '))}"
