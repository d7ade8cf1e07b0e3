"""What may go wrong in a template that somebody wrote: their mistake, and no defect of the tool."""

from __future__ import annotations

from jinja2 import TemplateError

TEMPLATE_FAULTS: tuple[type[Exception], ...] = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,  # a file that cannot be read
    RuntimeError,  # a template that extends itself never ends; a link that leads to itself
    TypeError,
    ValueError,
)
"""Everything that loading and filling a template may raise where its words are to blame."""


def reason_of(error: Exception) -> str:
    """What went wrong, on one line; of a file that cannot be read without the place of this machine."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())[:200] or type(error).__name__
