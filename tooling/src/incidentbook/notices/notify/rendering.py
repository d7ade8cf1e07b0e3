"""Templates of messages: ours, and those by which a repository replaces them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateNotFound
from jinja2.loaders import FunctionLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from incidentbook.notices.notify.inert import MAKE_INERT, Inert
from incidentbook.taxonomy.settings.notifications import MessageFormat
from incidentbook.template_faults import TEMPLATE_FAULTS, reason_of

FOLDER = "templates/notify"
_OURS = "builtin/"
_LONGEST_SUBJECT = 200
_LONGEST_BODY = 8000
_LINE_END = re.compile(r"(?<=\S)\n(?=\S)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; `fault` says why a template of the repository was not used."""

    subject: str
    body: str
    fault: str | None = None


class Templates:
    """The templates of one repository.

    Whatever a template puts out is first made to be nothing but text in the message's format; only a
    template's own words can call somebody or link somewhere.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._environments = {one: self._environment(one) for one in MessageFormat}

    def render(self, names: Sequence[str], format_: MessageFormat, values: Mapping[str, Any]) -> Rendered:
        """Fill the first template that is there; where one of the repository fails, ours."""
        environment, fault = self._environments[format_], None
        for name in (*(f"{name}.j2" for name in names), f"{_OURS}{names[-1]}.j2"):
            try:
                template = environment.get_template(name)
                return Rendered(*_parts(template, values, format_), fault)
            except TemplateNotFound as error:
                if error.name != name:
                    fault = f"{FOLDER}/{name}: there is no template {error.name}"
            except TEMPLATE_FAULTS as error:
                if name.startswith(_OURS):
                    raise
                line = f", line {error.lineno}" if hasattr(error, "lineno") else ""
                fault = f"{FOLDER}/{name}{line}: {reason_of(error)}; the built-in template was used"
        raise TemplateNotFound(names[-1])

    def _environment(self, format_: MessageFormat) -> ImmutableSandboxedEnvironment:
        make_inert = MAKE_INERT[format_]

        def finalize(value: Any) -> Any:
            return value if isinstance(value, (Inert, int)) else make_inert(str(value))

        return ImmutableSandboxedEnvironment(
            loader=FunctionLoader(self._text),
            undefined=StrictUndefined,
            finalize=finalize,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _text(self, name: str) -> str | None:
        if name.startswith(_OURS):
            return _built_in(name.removeprefix(_OURS))
        folder = (self._root / FOLDER).resolve()
        path = folder / name
        # a link may lead to a file that nobody meant to send
        if not path.is_file() or path.is_symlink() or not path.resolve().is_relative_to(self._root.resolve()):
            return None
        return path.read_text(encoding="utf-8")


@cache
def _built_in(name: str) -> str | None:
    found = files(__package__) / "templates" / name
    return found.read_text(encoding="utf-8") if found.is_file() else None


def _parts(template: Template, values: Mapping[str, Any], format_: MessageFormat) -> tuple[str, str]:
    context = template.new_context(dict(values))
    for _ in template.root_render_func(context):
        pass  # a template that extends another has the blocks of that only now
    blocks = context.blocks
    subject = "".join(blocks["subject"][0](context))
    body = "".join(blocks["body"][0](context))
    tidy = "\n".join(line.rstrip() for line in body.strip().splitlines())
    if format_ is MessageFormat.MARKDOWN:
        # else Markdown makes one paragraph of lines that are none
        tidy = _LINE_END.sub("  \n", tidy)
    return " ".join(subject.split())[:_LONGEST_SUBJECT], tidy[:_LONGEST_BODY]
