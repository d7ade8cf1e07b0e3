"""The made-up company of the benchmark: its taxonomy, and the words its records are written in."""

from __future__ import annotations

from typing import Any

NOW = "2026-11-20T09:00+00:00"

SERVICES = tuple(
    f"{area}-{part}"
    for area in ("billing", "catalogue", "delivery", "identity", "mail", "reports", "search", "storage")
    for part in ("api", "web", "jobs", "store")
)
CATEGORIES = {
    "application": ("deployment", "logic", "capacity", "configuration"),
    "network": ("dns", "routing", "wireless", "firewall"),
    "hardware": ("disk", "server", "printer", "scanner"),
    "facility": ("power", "cooling", "access"),
    "security": ("leak", "intrusion", "malware"),
    "data": ("deletion", "corruption"),
    "request": ("password", "permission", "how-to"),
}
RESOLUTION_CODES = ("fixed", "rolled-back", "restarted", "replaced", "configured", "explained")
CHANNELS = ("alert", "phone", "mail", "portal", "chat")
HOLD_REASONS = ("waiting-user", "waiting-vendor", "waiting-parts")
TEAMS = ("desk", "web", "data", "platform", "network", "security")
PEOPLE = tuple(f"{team}-{number}" for team in TEAMS for number in range(1, 9))
MATRIX = {
    "high": {"high": "P1", "medium": "P2", "low": "P3"},
    "medium": {"high": "P2", "medium": "P3", "low": "P4"},
    "low": {"high": "P3", "medium": "P4", "low": "P5"},
}
TARGET_HOURS = {"P1": (0.25, 4), "P2": (0.5, 8), "P3": (4, 72), "P4": (24, 240), "P5": (48, 480)}
"""Response and resolution targets by priority, counted around the clock."""
HEADINGS = (
    "Summary",
    "Impact",
    "Timeline",
    "Detection",
    "Response",
    "Decisions",
    "Communication",
    "Contributing factors",
    "What went well",
    "Actions",
)

THINGS = (
    "connection pool",
    "queue worker",
    "certificate",
    "cache node",
    "database replica",
    "load balancer",
    "disk array",
    "job scheduler",
    "sign-in token",
    "search index",
    "export file",
    "rate limit",
    "mail relay",
    "branch router",
    "label printer",
    "nightly import",
    "session store",
    "feature flag",
    "backup run",
    "storage bucket",
)
FAULTS = (
    "stopped answering",
    "ran out of memory",
    "returned errors for one request in five",
    "filled its disk",
    "lost its link to the second site",
    "kept an old value",
    "took nine seconds an answer",
    "refused every sign-in",
    "wrote each row twice",
    "fell behind by forty minutes",
    "expired an hour before it was replaced",
    "restarted every two minutes",
    "could not reach the provider",
    "ignored the new setting",
)
DEEDS = (
    "We drained the node and put it back after a restart.",
    "The last release was rolled back.",
    "We raised the limit and watched the error rate fall.",
    "Traffic was moved to the second region.",
    "The part was exchanged by the vendor on the same day.",
    "We paused the job and cleared the backlog by hand.",
    "The setting was put right and the change was recorded.",
    "Nothing helped until the index was built again.",
    "We compared both replicas and kept the newer one.",
    "The user was shown how it is done.",
    "A second engineer checked the figures before we went on.",
    "The dashboard had shown it all along; no alert was set.",
)


def schema_files() -> dict[str, dict[str, Any]]:
    """Return what stands in each file of `schema/`, by its name without `.yml`."""

    def entry(key: str) -> dict[str, Any]:
        name = key.replace("-", " ").capitalize()
        return {"id": key, "name": name, "definition": f"{name}, as the benchmark means it."}

    return {
        "incidentbook": {"format": 1, "name": "Benchmark", "zone": "Europe/Berlin", "now": NOW},
        "services": {
            "services": [
                {**entry(key), "tier": 1 + index % 4, "team": TEAMS[index % len(TEAMS)]}
                for index, key in enumerate(SERVICES)
            ]
        },
        "categories": {
            "categories": [
                {
                    **entry(key),
                    "security": key == "security",
                    "data_loss": key == "data",
                    "subcategories": [entry(sub) for sub in subcategories],
                }
                for key, subcategories in CATEGORIES.items()
            ],
            "resolution_codes": [entry(key) for key in RESOLUTION_CODES],
            "channels": [entry(key) for key in CHANNELS],
        },
        "teams": {
            "teams": [
                {**entry(team), "members": [person for person in PEOPLE if person.startswith(f"{team}-")]}
                for team in TEAMS
            ]
        },
        "people": {
            "people": [{"handle": handle, "emails": [f"{handle}@bench.example"]} for handle in PEOPLE]
        },
        "priority": {
            "impact": [{"level": level, "definition": f"Impact is {level}."} for level in MATRIX],
            "urgency": [{"level": level, "definition": f"Urgency is {level}."} for level in MATRIX],
            "priorities": [
                {"id": key, "name": f"Priority {key[1]}", "definition": f"Level {key[1]} of 5."}
                for key in TARGET_HOURS
            ],
            "matrices": [{"cells": MATRIX}],
        },
        "sla": {
            "policies": [
                {
                    **entry(key.lower()),
                    "match": {"priority": [key]},
                    "response": f"{int(response * 60)}m",
                    "resolution": f"{resolution}h",
                    "pausing": list(HOLD_REASONS),
                }
                for key, (response, resolution) in TARGET_HOURS.items()
            ],
            "hold_reasons": [entry(key) for key in HOLD_REASONS],
        },
        "calendars": {
            "calendars": [
                {
                    **entry("office"),
                    "hours": {day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
                    "holidays": {"country": "DE", "region": "HH"},
                }
            ]
        },
        "reviews": {
            "policies": [
                {
                    "required_when": ["major", "p1", "security", "data_loss", "resolution_breached"],
                    "due_working_days": 5,
                    "calendar": "office",
                    "headings": list(HEADINGS),
                }
            ]
        },
    }
