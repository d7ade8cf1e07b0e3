"""Text without what steers a terminal: a colour is no word."""

from __future__ import annotations

import re

_STEERING = re.compile(
    # colours and moves; titles and links, up to the end of the line where nothing ends them; all others.
    # The first two are known in a form of one byte, too
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
    # what is left of controls, but for blanks and ends of lines
    r"|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)


def plain(text: str) -> str:
    """Take whole control sequences and control characters out; blanks and ends of lines stay."""
    return text if text.isprintable() else _STEERING.sub("", text)
