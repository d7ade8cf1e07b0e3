"""What every kind of intake shares on the command line: its options, its input, its lines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from incidentbook.diagnostics import IncidentbookError

F = TypeVar("F", bound=Callable[..., object])


class UnreadableInputError(IncidentbookError):
    """What is to be taken in cannot be opened."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be read: {reason}")


@dataclass(frozen=True)
class Outward:
    """How far what came in is to go: into the files, a branch, the remote, a pull request."""

    commit: bool = False
    push: bool = False
    pr: bool = False

    @property
    def commits(self) -> bool:
        """Whether it goes to a branch; each further step implies the ones before."""
        return self.commit or self.push or self.pr

    @property
    def pushes(self) -> bool:
        """Whether the branch goes to the remote."""
        return self.push or self.pr


def outward_options(function: F) -> F:
    """Add the options that say how far it is to go."""
    for option in (
        click.option("--pr", is_flag=True, help="And open a pull request through `gh`; implies --push."),
        click.option("--push", is_flag=True, help="And push the branch; implies --commit."),
        click.option(
            "--commit", is_flag=True, help="Write to a branch `intake/...`, not into the files here."
        ),
    ):
        function = option(function)
    return function


def read_input(file: str) -> tuple[bytes, str]:
    """The bytes of a file, or of standard input for `-`, and what to call it."""
    name = "standard input" if file == "-" else file
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()), name
    except OSError as error:
        raise UnreadableInputError(name, error.strerror or str(error)) from None


def tell(line: str) -> None:
    """Print one line, in which nothing that came from outside can steer a terminal."""
    from incidentbook.intake.texts import one_line  # noqa: PLC0415

    margin = line[: len(line) - len(line.lstrip(" "))]
    click.echo(margin + one_line(line, 2_000))
