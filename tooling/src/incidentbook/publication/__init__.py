"""What an audience may read: the one door between the archive and everything that is shown."""

from incidentbook.publication.attachments import attachments
from incidentbook.publication.events import publish_events
from incidentbook.publication.output import Output
from incidentbook.publication.published import Published, PublishedEntry, publish
from incidentbook.publication.redaction import may_read, redact
from incidentbook.publication.urls import Urls

__all__ = [
    "Output",
    "Published",
    "PublishedEntry",
    "Urls",
    "attachments",
    "may_read",
    "publish",
    "publish_events",
    "redact",
]
