"""What readers see: published records in, pages and files out, nothing written."""

from incidentbook.pages.assets import FOLDER, assets
from incidentbook.pages.bytecode import Bytecode
from incidentbook.pages.making import Maker
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.planning import Plan, plan

__all__ = [
    "FOLDER",
    "Bytecode",
    "Content",
    "Maker",
    "Page",
    "Plan",
    "SearchEntry",
    "TocItem",
    "assets",
    "plan",
]
