"""A real terminal for tests: a program on one end of a pty, what a person types on the other."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_PATIENCE = 60.0
"""Seconds until silence is a failure; nothing is measured by it."""
_PAUSE = 3.0


class Terminal:
    """The tool at a terminal of 100 columns."""

    def __init__(self, root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        ours, theirs = pty.openpty()
        self.screen = ""
        self._ours = ours
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "INCIDENTBOOK"))
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "incidentbook", "--repo", str(root), *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # Ctrl-C reaches whom the terminal controls; no test has threads while it starts one
            preexec_fn=_take_terminal,  # noqa: PLW1509
            env={**kept, "TERM": "dumb", "COLUMNS": "100", **(environment or {})},
        )
        os.close(theirs)

    def see(self, text: str) -> str:
        """Wait until a text is on the screen; return what came up to it, and forget that."""
        while text not in self.screen:
            if not self._read():
                raise AssertionError(f"{text!r} never came; the screen has:\n{self.screen}")
        before, _, self.screen = self.screen.partition(text)
        return before + text

    def type(self, text: str) -> None:
        """Type something; `\\x03` is Ctrl-C, `\\x04` Ctrl-D, `\\t` Tab."""
        os.write(self._ours, text.encode())

    def end(self, again: str = "") -> tuple[int, str]:
        """Wait for the end; return the exit code and the rest of the screen.

        `again` is typed once more where nothing comes of it for a while, as a person does: what Python is
        told in the instant before it begins to read, it forgets.
        """
        while self._read(again):
            pass
        code = self._process.wait(_PATIENCE)
        os.close(self._ours)
        return code, self.screen

    def _read(self, again: str = "") -> bool:
        for _ in range(int(_PATIENCE / _PAUSE)):
            if select.select([self._ours], [], [], _PAUSE)[0]:
                break
            if again:
                self.type(again)
        else:
            self._process.kill()
            raise AssertionError(f"nothing more came; the screen has:\n{self.screen}")
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # the program has gone, and its end of the terminal with it
            return False
        self.screen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


def _take_terminal() -> None:
    import fcntl  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
