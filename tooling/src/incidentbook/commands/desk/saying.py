"""Words for the terminal that the verbs have in common: what was typed and is kept, and what comes next."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from incidentbook.diagnostics import IncidentbookError

_TYPED = "incidentbook.typed"


class NotSentError(IncidentbookError):
    """The files are written, and what was to follow failed."""

    def __init__(self, done: str, reason: str) -> None:
        super().__init__(f"{done}; {reason}")


def visible_line(text: str) -> str:
    """A line for the terminal in which nothing of a record can act on it."""
    from incidentbook.reports.diagnostics.text import visible  # noqa: PLC0415

    return visible(text)


def is_terminal() -> bool:
    """Whether there is a person to ask: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def commit_command(root: Path, paths: Sequence[str], message: str) -> str:
    """What commits these files, typed where somebody stands now."""
    git = f"git{_there(root)}"
    files = " ".join(shlex.quote(path) for path in paths)
    return f"{git} add -- {files} && {git} commit -m {shlex.quote(message)} -- {files}"


def _there(root: Path) -> str:
    """The option by which Git takes paths as they are below a folder, where that is another one."""
    here = Path.cwd().resolve()
    if here == root.resolve():
        return ""
    way = os.path.relpath(root.resolve(), here)
    return f" -C {shlex.quote(min(way, str(root), key=len))}"


def say_next(lines: Sequence[str]) -> None:
    """The commands that come next, if there are any."""
    if lines:
        click.echo("Next:")
        for line in lines:
            click.echo(visible_line(f"  {line}"))


def remember_typed(text: str) -> None:
    """Note a text that a person typed, and that would be gone if the verb were refused from now on."""
    click.get_current_context().meta[_TYPED] = text


def forget_typed() -> None:
    """The text is where it was to go."""
    click.get_current_context().meta.pop(_TYPED, None)


@contextmanager
def keeping_typed() -> Iterator[None]:
    """Keep what a person typed in a file of theirs, where it was not written in the end; say where."""
    meta = click.get_current_context().meta
    try:
        yield
    finally:
        text = meta.pop(_TYPED, None)
        if text:
            click.echo(f"What you wrote is kept in {_kept(text)}", err=True)


def _kept(text: str) -> Path:
    import tempfile  # noqa: PLC0415

    path = Path(tempfile.mkdtemp(prefix="incidentbook-"), "text.md")
    path.write_text(text + "\n" if not text.endswith("\n") else text, encoding="utf-8")
    return path
