"""What readers see: published records in, pages out, nothing written."""

from incidentbook.pages.assets import ASSETS
from incidentbook.pages.attachments import Attachment, attachments
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.planning import plan

__all__ = ["ASSETS", "Attachment", "Content", "Page", "SearchEntry", "TocItem", "attachments", "plan"]
