"""Reading `schema/` into a taxonomy, with a diagnostic for everything that does not fit."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from incidentbook import __version__
from incidentbook.cache import Cache, code_fingerprint
from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity
from incidentbook.source import Document, LinkError, Tree, read_shape, read_yaml
from incidentbook.taxonomy.coherence import incoherences
from incidentbook.taxonomy.deployments import PATH as DEPLOYMENTS
from incidentbook.taxonomy.deployments import Deployments, read_deployments
from incidentbook.taxonomy.settings import FILES, FORMAT, Settings
from incidentbook.taxonomy.taxonomy import Taxonomy

MARKER = "schema/incidentbook.yml"
"""The file that makes a folder a records repository."""


_MISSING: Mapping[str, tuple[str, Severity, str]] = {
    "services": ("missing-schema-file", Severity.WARNING, "no service is known"),
    "categories": ("missing-schema-file", Severity.WARNING, "no category and no resolution code is known"),
    "teams": ("missing-schema-file", Severity.WARNING, "no team is known"),
    "people": ("missing-schema-file", Severity.WARNING, "nobody is known by a handle"),
    "calendars": ("missing-schema-file", Severity.WARNING, "no calendar but `always` is known"),
    "priority": (
        "missing-policy-file",
        Severity.ERROR,
        "no incident has a priority of its impact and urgency",
    ),
    "sla": ("missing-policy-file", Severity.ERROR, "no incident has a service level"),
    "reviews": ("missing-policy-file", Severity.ERROR, "no incident needs a review"),
}
"""What is said of a file that is not there, and what follows; the rest may be absent."""


_INSTALL = "install it from the tool's Git repository, or from a clone: `pip install git+ADDRESS@VERSION`"


class NotARecordsRepositoryError(IncidentbookError):
    """There is no records repository here."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"no {MARKER} in {place} or above it; `incidentbook init DIR` makes a records repository, "
            "`--repo DIR` names one"
        )


class UnsupportedFormatError(IncidentbookError):
    """The repository is written in another record format, or does not say in which."""

    def __init__(self, found: object) -> None:
        said = f"`format` is {found!r}" if found is not None else "`format` is missing"
        newer = isinstance(found, int) and found > FORMAT
        advice = f"a newer version reads it; {_INSTALL}" if newer else f"write `format: {FORMAT}`"
        super().__init__(f"{MARKER}: {said}; incidentbook {__version__} reads format {FORMAT}; {advice}")


class UnsuitableToolError(IncidentbookError):
    """The repository asks for another version of the tool, as `tool` in its settings says."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"{MARKER}: `tool` is {wanted}; this is incidentbook {__version__}; "
            f"another version fits; {_INSTALL}"
        )


class BrokenSettingsError(IncidentbookError):
    """The settings file cannot be read, so nothing else can be judged."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        place = f"{diagnostic.span.line}:{diagnostic.span.column}:" if diagnostic.span else ""
        advice = f" ({diagnostic.help})" if diagnostic.help else ""
        super().__init__(f"{diagnostic.path}:{place} {diagnostic.message}{advice}")


class UnreadableSchemaError(IncidentbookError):
    """A file of `schema/` is there and cannot be read; without it every record would seem wrong."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}")


def load_taxonomy(tree: Tree, *, cache: Cache | None = None) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    """Read every file of `schema/`, or take from the cache what was read of the same files.

    A file that is missing counts as empty, and is told. Raises NotARecordsRepositoryError,
    UnsupportedFormatError or BrokenSettingsError where schema/incidentbook.yml does not allow to go on, and
    UnreadableSchemaError where the system does not hand out a file.
    """
    _refuse_directories(tree)
    state = _state(tree) if cache is not None else ""
    stored = cache.get("taxonomy", "current") if cache is not None else None
    if stored is not None and stored.startswith(state.encode()):
        with suppress(msgspec.DecodeError):  # a damaged cache
            return msgspec.json.decode(stored[len(state) :], type=Taxonomy), ()
    taxonomy, diagnostics = _read(tree)
    if cache is not None and not diagnostics:
        # a copy, because the answers that a taxonomy has worked out would be stored with it
        encoded = msgspec.json.encode(dataclasses.replace(taxonomy))
        cache.put_many("taxonomy", {"current": state.encode() + encoded})
    return taxonomy, diagnostics


def _refuse_directories(tree: Tree) -> None:
    """Stop at what has the name of a file and is none: it is not listed, and would count as missing."""
    for path in sorted({f"schema/{name}.yml" for name in FILES}.difference(tree.paths())):
        try:
            tree.read(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise UnreadableSchemaError(path, error.strerror or str(error)) from None


def _state(tree: Tree) -> str:
    """A hash of this code and of every file of `schema/`, by name and content."""
    digest = hashlib.blake2b(code_fingerprint().encode(), digest_size=24)
    for path in tree.paths():
        if path.startswith("schema/"):
            try:
                data = tree.read(path)
            except (OSError, LinkError):
                data = b""  # reading it again says why
            digest.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
    return digest.hexdigest()


def _read(tree: Tree) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    documents = _documents(tree)
    diagnostics = [found for document in documents.values() for found in document.diagnostics]
    values: dict[str, Any] = {}
    for name, model in FILES.items():
        document = documents.get(name)
        if name == "incidentbook":
            _require_format(document, str(tree.root))
        raw: Mapping[str, Any] = document.values if document and document.values is not None else {}
        raw = {key: value for key, value in raw.items() if value is not None}
        if document is None:
            values[name] = model()
            continue
        shaped, found = read_shape(document, model, raw)
        diagnostics += found
        if shaped is None and model is Settings:
            raise BrokenSettingsError(found[0])
        values[name] = shaped if shaped is not None else model()
    diagnostics += _require_tool(values["incidentbook"].tool, documents["incidentbook"])
    deployments, found = _deployments(tree)
    diagnostics += found
    taxonomy = Taxonomy(
        settings=values["incidentbook"],
        services_file=values["services"],
        categories_file=values["categories"],
        teams_file=values["teams"],
        people_file=values["people"],
        priorities_file=values["priority"],
        sla_file=values["sla"],
        calendars_file=values["calendars"],
        reviews_file=values["reviews"],
        measures_file=values["measures"],
        intake_file=values["intake"],
        routing_file=values["routing"],
        escalation_file=values["escalation"],
        major_file=values["major"],
        notifications_file=values["notifications"],
        deployments=deployments,
        fingerprint=_fingerprint(documents),
    )
    missing = _missing(documents)
    # of a file whose absence is but a warning, what is not found is still an error
    diagnostics += [found for found in missing if found.severity is Severity.ERROR]
    faulty = {name for name in FILES if any(found.path == f"schema/{name}.yml" for found in diagnostics)}
    diagnostics += [found for found in missing if found.severity is not Severity.ERROR]
    diagnostics += _strays(tree)
    diagnostics += incoherences(taxonomy, documents, faulty)
    return taxonomy, tuple(sorted(diagnostics, key=Diagnostic.sort_key))


def _deployments(tree: Tree) -> tuple[tuple[Deployments, ...], tuple[Diagnostic, ...]]:
    if DEPLOYMENTS not in set(tree.paths()):
        return (), ()
    try:
        return read_deployments(DEPLOYMENTS, tree.read(DEPLOYMENTS))
    except OSError as error:
        raise UnreadableSchemaError(DEPLOYMENTS, error.strerror or str(error)) from None
    except LinkError as error:
        raise UnreadableSchemaError(DEPLOYMENTS, f"it is {error.reason}") from None


def _documents(tree: Tree) -> dict[str, Document]:
    present = set(tree.paths())
    documents = {}
    for name in FILES:
        path = f"schema/{name}.yml"
        if path in present:
            try:
                documents[name] = read_yaml(path, tree.read(path))
            except OSError as error:
                raise UnreadableSchemaError(path, error.strerror or str(error)) from None
            except LinkError as error:
                raise UnreadableSchemaError(path, f"it is {error.reason}") from None
    return documents


def _require_format(document: Document | None, place: str) -> None:
    if document is None:
        raise NotARecordsRepositoryError(place)
    if document.values is None:
        raise BrokenSettingsError(document.diagnostics[0])
    if "format" not in document.values or document.values["format"] != FORMAT:
        raise UnsupportedFormatError(document.values.get("format"))


def _require_tool(wanted: str | None, document: Document) -> list[Diagnostic]:
    """Refuse to judge records that were written for another version of the tool."""
    if wanted is None:
        return []
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  only where asked for

    try:
        suits = SpecifierSet(wanted).contains(__version__, prereleases=True)
    except InvalidSpecifier:
        message = f"`tool` is `{wanted}`; expected versions such as >=0.1 or >=0.1,<2"
        span = document.span("tool")
        return [Diagnostic("invalid-value", Severity.ERROR, message, document.path, span, None)]
    if not suits:
        raise UnsuitableToolError(wanted)
    return []


def _fingerprint(documents: Mapping[str, Document]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for name, document in sorted(documents.items()):
        digest.update(f"{name}\0{document.text}\0".encode())
    return digest.hexdigest()


def _missing(documents: Mapping[str, Document]) -> list[Diagnostic]:
    return [
        Diagnostic(
            code,
            severity,
            f"the file is missing: {consequence}",
            f"schema/{name}.yml",
            None,
            "an empty file says that this is meant; `incidentbook init DIR` writes one to copy",
        )
        for name, (code, severity, consequence) in _MISSING.items()
        if name not in documents
    ]


def _strays(tree: Tree) -> list[Diagnostic]:
    known = {DEPLOYMENTS, *(f"schema/{name}.yml" for name in FILES)}
    return [
        Diagnostic(
            "unknown-schema-file",
            Severity.WARNING,
            "this file is not read",
            path,
            None,
            f"schema/ holds {', '.join(f'{name}.yml' for name in FILES)}",
        )
        for path in tree.paths()
        if path.startswith("schema/") and path not in known and not path.endswith(".md")
    ]
