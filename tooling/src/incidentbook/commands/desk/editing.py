"""The editor of whoever types, and what becomes of a file in it."""

from __future__ import annotations

import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError


class NoEditorError(IncidentbookError):
    """There is no editor, or it is not what a shell could call."""

    def __init__(self, said: str, reason: str) -> None:
        super().__init__(f"the editor `{said}` cannot be run: {reason}; set VISUAL or EDITOR")


class EditorFailedError(IncidentbookError):
    """The editor says that something went wrong, as `:cq` in vi does on purpose."""

    def __init__(self, said: str, code: int) -> None:
        how = f"was ended by signal {-code}" if code < 0 else f"exited with {code}"
        super().__init__(f"the editor `{said}` {how}; nothing was written")


def the_editor(root: Path, environment: Mapping[str, str]) -> Sequence[str]:
    """The words of the editor's command: VISUAL, else EDITOR, else Git's own setting, else vi.

    Raises NoEditorError where they are no words of a shell.
    """
    from incidentbook.gitrepo import GitError, configured  # noqa: PLC0415

    said = environment.get("VISUAL") or environment.get("EDITOR")
    if not said:
        try:
            said = configured(root, "core.editor")
        except GitError:
            said = None
    said = said or "vi"
    try:
        words = shlex.split(said)
    except ValueError as error:
        raise NoEditorError(said, str(error).lower()) from None
    if not words:
        raise NoEditorError(said, "it is empty")
    return words


def edited(editor: Sequence[str], draft: Path) -> bytes:
    """Let somebody edit a file, and return what it holds then. Raises NoEditorError or EditorFailedError."""
    said = shlex.join(editor)
    with _left_to_the_editor():
        try:
            outcome = subprocess.run([*editor, str(draft)], check=False)
        except OSError as error:
            raise NoEditorError(said, error.strerror or str(error)) from None
    if outcome.returncode != 0:
        raise EditorFailedError(said, outcome.returncode)
    try:
        return draft.read_bytes()
    except OSError as error:
        raise NoEditorError(said, f"it left no file: {error.strerror}") from None


@contextmanager
def _left_to_the_editor() -> Iterator[None]:
    """Ctrl-C goes to every program of the terminal; an editor has its own use for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # a handler of our own, for what is ignored here would be ignored in the editor too
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
