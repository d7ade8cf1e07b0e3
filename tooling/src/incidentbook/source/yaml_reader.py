"""YAML to plain values, by the core schema of YAML 1.2 and nothing beyond it.

PyYAML's own resolver is never used: it follows YAML 1.1 and makes 750 of `12:30` and False of `no`.
libyaml gives the nodes with their marks; this module makes values of them and refuses what a record
has no use for and an attacker has: tags, aliases, merge keys, duplicate keys, bottomless nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from incidentbook.records.fields import HIDING

MAX_DEPTH = 40
"""Nesting beyond this is no record; libyaml's composer would recurse on it."""

_STR = "tag:yaml.org,2002:str"
_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: _STR,
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
_PLAIN_TAGS = frozenset(_TAGS.values())
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NESTED_IN_ONE_LINE = re.compile(r"[-?:][ \t]+[-?:][ \t]+[-?:][ \t]")
"""`- - - ...`: two characters a level. Levels on lines of their own cost their indent, which bounds them."""
_CLOSERS = {"'": "'", '"': '"', "[": "]", "{": "}"}
_NUMBER_START = frozenset("0123456789+-.")
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the YAML itself, at character offsets of the text that was read."""

    code: str
    message: str
    start: int
    end: int
    help: str | None = None


class _Composer(yaml.CBaseLoader):
    """libyaml's composer without PyYAML's resolver, which took a third of the time."""

    def descend_resolver(self, current_node: yaml.Node | None, current_index: Any) -> None:
        """No tag depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """No tag depends on where a node stands."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:  # noqa: ARG002
        """The tag of a node without one, by its class alone: construct() looks at plain scalars itself."""
        return _TAGS[kind]


def compose(text: str) -> tuple[yaml.Node | None, list[Fault]]:
    """Return the node tree of one YAML document, or None with the faults that kept it from being."""
    if faults := list(_refused_events(text)):
        return None, faults
    try:
        return yaml.compose(text, Loader=_Composer), []
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_fault(error, text)]
    except yaml.YAMLError as error:
        position = min(getattr(error, "position", 0) or 0, max(len(text) - 1, 0))
        return None, [
            Fault("yaml-syntax", "a character that YAML does not allow", position, position + 1, "remove it")
        ]


def _refused_events(text: str) -> Iterator[Fault]:
    """Find aliases and bottomless nesting before any tree is built of them."""
    start: Any
    suspicious = (
        ("&" in text and "*" in text)
        or text.count("[") + text.count("{") > MAX_DEPTH
        or _NESTED_IN_ONE_LINE.search(text)
    )
    if not suspicious:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            start = event.start_mark
            if isinstance(event, yaml.AliasEvent):
                yield Fault(
                    "yaml-alias",
                    f"the alias `*{event.anchor}` repeats another value",
                    start.index,
                    start.index + 1 + len(event.anchor or ""),
                    "write the value out; a record says each thing where it stands",
                )
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    yield _too_deep(start.index)
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return  # compose() meets the same error and reports it


def _too_deep(index: int) -> Fault:
    return Fault("yaml-too-deep", f"values are nested more than {MAX_DEPTH} deep", index, index + 1)


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    opener = _never_closed(error, text)
    if opener is not None:
        sign = text[opener]
        message = f"what `{sign}` opens is never closed"
        return Fault("yaml-syntax", message, opener, opener + 1, f"write the closing `{_CLOSERS[sign]}`")
    mark = error.problem_mark or error.context_mark
    index = min(mark.index, len(text)) if mark else 0
    problem = (error.problem or "not YAML").strip()
    advice = None
    if "'\\t'" in problem or text[index : index + 1] == "\t":
        problem, advice = "a tab where YAML wants spaces", "indent with spaces"
    elif "mapping values are not allowed" in problem:
        advice = "put quotes around text that contains `: `"
    elif "did not find expected" in problem or "could not find expected" in problem:
        advice = "look for a missing quote, bracket or colon, or a wrong indent, here or just above"
    return Fault("yaml-syntax", problem, index, index + 1, advice)


def _never_closed(error: yaml.MarkedYAMLError, text: str) -> int | None:
    """Offset of the quote or bracket that an error at the end of the text is about: nobody looks there."""
    if error.context_mark is None or error.problem_mark is None:
        return None
    opener, at_end = error.context_mark.index, error.problem_mark.index >= len(text.rstrip())
    return opener if at_end and text[opener : opener + 1] in _CLOSERS else None


def construct(node: yaml.Node) -> tuple[Any, list[Fault]]:
    """Make plain values of a node tree: dict, list, str, int, float, bool and None."""
    faults: list[Fault] = []
    return _value(node, faults, 1), faults


def scalar_value(text: str) -> Any:
    """Resolve a plain scalar by the core schema of YAML 1.2 (section 10.3.2 of the specification)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_START and len(text) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def _value(node: yaml.Node, faults: list[Fault], depth: int) -> Any:
    if isinstance(node, yaml.ScalarNode) and node.tag == _STR and depth <= MAX_DEPTH:
        # libyaml gives a plain scalar an empty style
        text: str = node.value
        return text if node.style else scalar_value(text)
    if depth > MAX_DEPTH:
        # block nesting is bounded by the file's size, so composing it was safe; following it is not
        faults.append(_too_deep(node.start_mark.index))
        return None
    if node.tag not in _PLAIN_TAGS:
        faults.append(
            Fault(
                "yaml-tag",
                f"the tag `{node.tag}` is not allowed",
                node.start_mark.index,
                node.end_mark.index,
                "remove the tag; plain values are enough",
            )
        )
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, faults, depth + 1) for item in node.value]
    return _mapping(node, faults, depth)


def _mapping(node: yaml.Node, faults: list[Fault], depth: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            faults.append(
                _key_fault("yaml-key", "a key is a list or a mapping", key_node, "use plain text as a key")
            )
        elif key == "<<" and not key_node.style:
            faults.append(
                _key_fault(
                    "yaml-merge-key", "the merge key `<<` is not allowed", key_node, "write the keys out"
                )
            )
        elif key in values:
            if key in HIDING:  # one of the two was meant to hide, so neither counts
                values[key] = None
            faults.append(
                _key_fault(
                    "duplicate-key", f"`{key}` stands here a second time", key_node, "keep one of the two"
                )
            )
        else:
            values[key] = _value(value_node, faults, depth + 1)
    return values


def _key_fault(code: str, message: str, node: yaml.Node, advice: str) -> Fault:
    return Fault(code, message, node.start_mark.index, node.end_mark.index, advice)
