"""`explain`: prints the documentation of rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.rules import Rule


class UnknownRuleError(IncidentbookError):
    """There is no rule of that code."""

    def __init__(self, code: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches  # noqa: PLC0415

        close = get_close_matches(code.lower(), sorted(known), n=1)
        advice = f"did you mean `{close[0]}`?" if close else "`incidentbook explain --all` prints every rule"
        super().__init__(f"there is no rule `{code}`; {advice}")


@click.command(epilog="Example: incidentbook explain missing-owner")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--all", "every", is_flag=True, help="Every rule, family by family.")
@click.pass_obj
def command(session: Session, *, codes: tuple[str, ...], every: bool) -> int:  # noqa: ARG001
    """Print what a rule does, why it matters, an example, and what to write instead."""
    if not codes and not every:
        raise click.UsageError("name the CODE of a rule, or say --all")
    return run(codes, every=every)


def run(codes: Iterable[str], *, every: bool = False) -> int:
    """Print the pages of rules. Raises UnknownRuleError."""
    from incidentbook.rules import RULES  # noqa: PLC0415

    wanted = list(RULES) if every else list(dict.fromkeys(codes))
    for code in wanted:
        if code not in RULES:
            raise UnknownRuleError(code, RULES)
    click.echo("\n\n".join(_page(RULES[code]) for code in wanted))
    return 0


def _page(rule: Rule) -> str:
    severity = rule.severity.value
    if rule.draft_severity is not None:
        severity += f", {rule.draft_severity.value} in a draft"
    return f"# {rule.code}\n\n{rule.family} ({severity})\n\n{rule.documentation}"
