"""The MkDocs plugin `incidentbook`: planned pages, dressed by the theme and written out."""

from incidentbook.mkdocs_plugin.plugin import IncidentbookPlugin

__all__ = ["IncidentbookPlugin"]
