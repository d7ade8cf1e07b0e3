"""What is more than the past makes likely, and what is likely to come."""

from incidentbook.trends.breaches import (
    LEAST_AS_LONG,
    LEAST_CASES,
    LIKELY,
    Evidence,
    Experience,
    Forecast,
    Outlook,
    outlook,
    outlook_of,
)
from incidentbook.trends.cases import Cases, OpenCase, PastCase, cases_of
from incidentbook.trends.counts import Expectation, expectations
from incidentbook.trends.looking import Trends, look
from incidentbook.trends.rising import FALSE_ALARMS, LEAST_PAST, WEEKS, Reading, Rising, Verdict, read, rising
from incidentbook.trends.scores import Score, TooFew, Trial, trial
from incidentbook.trends.windows import By, Series, Windows

__all__ = [
    "FALSE_ALARMS",
    "LEAST_AS_LONG",
    "LEAST_CASES",
    "LEAST_PAST",
    "LIKELY",
    "WEEKS",
    "By",
    "Cases",
    "Evidence",
    "Expectation",
    "Experience",
    "Forecast",
    "OpenCase",
    "Outlook",
    "PastCase",
    "Reading",
    "Rising",
    "Score",
    "Series",
    "TooFew",
    "Trends",
    "Trial",
    "Verdict",
    "Windows",
    "cases_of",
    "expectations",
    "look",
    "outlook",
    "outlook_of",
    "read",
    "rising",
    "trial",
]
