"""What an audience may read: the one door between the archive and everything that is shown."""

from incidentbook.publication.published import Published, PublishedEntry, publish
from incidentbook.publication.redaction import may_read, redact

__all__ = ["Published", "PublishedEntry", "may_read", "publish", "redact"]
