"""The search: what may be found, as an index that a browser reads piece by piece, or as Material's own."""

from incidentbook.mkdocs_plugin.search.engines import Engine, Search, search_of

__all__ = ["Engine", "Search", "search_of"]
