"""What machines read: published records in, files of the site out."""

from incidentbook.feeds.addresses import ATOM, BADGE, CALENDAR, JSON_FEED, Addresses, of_service
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.planning import outputs

__all__ = ["ATOM", "BADGE", "CALENDAR", "JSON_FEED", "Addresses", "Briefing", "of_service", "outputs"]
