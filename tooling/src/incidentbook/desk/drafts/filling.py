"""Filling a template: ours, or the one by which a repository replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from incidentbook.archive import Archive
from incidentbook.desk.drafts.errors import BrokenTemplateError
from incidentbook.markdown.literal import literal
from incidentbook.markdown.questions import question
from incidentbook.source import LinkError
from incidentbook.template_faults import TEMPLATE_FAULTS, reason_of

FOLDER = "templates"
_BREAK = "\u200b"


class Ours(str):
    """Words of ours, which are Markdown; every other text becomes nothing but text."""

    __slots__ = ()


def ask(asked: str) -> Ours:
    """A gap, as a question."""
    return Ours(question(_inert(asked)))


def fill(archive: Archive, name: str, values: Mapping[str, Any]) -> str:
    """Fill the template `draft-<name>.md.j2` of the repository, else ours. Raises BrokenTemplateError."""
    path = f"{FOLDER}/draft-{name}.md.j2"
    own = _own(archive, path)
    try:
        text = _template(own if own is not None else _built_in(name), path).render(**values, ask=ask)
    except TemplateSyntaxError as error:
        raise BrokenTemplateError(path, error.lineno, str(error.message or error)) from None
    except TEMPLATE_FAULTS as error:
        if own is None:
            raise  # a defect of the tool
        raise BrokenTemplateError(path, _line(error.__traceback__), reason_of(error)) from None
    return _tidy(text)


def _own(archive: Archive, path: str) -> str | None:
    try:
        return archive.tree.read(path).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except LinkError as error:
        raise BrokenTemplateError(path, None, f"it is {error.reason}") from None
    except OSError as error:
        raise BrokenTemplateError(path, None, error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise BrokenTemplateError(path, None, "it is no UTF-8 text") from None


@cache
def _built_in(name: str) -> str:
    return (files(__package__) / "templates" / f"draft-{name}.md.j2").read_text(encoding="utf-8")


def _template(source: str, path: str) -> Template:
    """Compile under the template's own name, so that an error can be told with its line."""
    environment = _environment()
    return Template.from_code(
        environment, environment.compile(source, path, path), environment.make_globals({})
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Templates come with the repository: they may read what they are given, and do nothing else."""
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_said,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _said(value: Any) -> Any:
    """What a template puts out: our words as they are, everything else as nothing but text."""
    if value is None or isinstance(value, Ours):
        return value or ""
    text = str(value)
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{_inert(text)}{' ' * after}"


def _inert(text: str) -> str:
    """Text that is literal in a file: no space without width, which the check would take for hidden."""
    return (
        literal(text)
        .replace(f":{_BREAK}//", r"\://")
        .replace(f"www{_BREAK}.", r"www\.")
        .replace(_BREAK, "")
        .replace("<span>$</span>", "$")
    )


def _line(traceback: TracebackType | None) -> int | None:
    """The line of the template in which it went wrong: the innermost that is one of a template."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.startswith(f"{FOLDER}/"):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def _tidy(text: str) -> str:
    """No blanks at the ends of lines, and no more than one empty line: what a condition leaves behind."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.rstrip()
        if bare or (kept and kept[-1]):
            kept.append(bare)
    return "\n".join(kept).strip("\n") + "\n"
