"""Faults of the review gate's waivers in schema/reviews.yml."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.diagnostics import Severity
from incidentbook.rules.cases import RepositoryCase
from incidentbook.rules.registry import Finding, repository_rule
from incidentbook.rules.spelling import did_you_mean

REVIEWS = "schema/reviews.yml"


@repository_rule(Severity.WARNING)
def gate_waiver_expired(case: RepositoryCase) -> Iterator[Finding]:
    """A waiver of the review gate has come to its end.

    ## What it does

    Finds `waivers` of the `gate` in schema/reviews.yml whose `until` is over. The reviews that they
    set aside hold up changes again.

    ## Why it matters

    Somebody promised the review by that day.

    ## Example

    ```yaml schema/reviews.yml
    policies:
      - {due_working_days: 5}
    gate:
      waivers:
        - service: checkout
          by: response-lead
          reason: The new provider must be in before the sale.
          until: 2026-03-31  # <- here
    ```

    ## Use instead

    ```yaml schema/reviews.yml
    policies:
      - {due_working_days: 5}
    gate:
      waivers:
        - service: checkout
          by: response-lead
          reason: The new provider must be in before the sale.
          until: 2026-12-31
    ```
    """
    today = case.archive.taxonomy.day_of(case.now)
    for index, waiver in enumerate(case.archive.taxonomy.reviews_file.gate.waivers):
        if case.selected(REVIEWS) and waiver.until < today:
            yield Finding(
                case.span(REVIEWS, "gate", "waivers", index, "until"),
                f"the waiver ended on {waiver.until}",
                "publish the review and leave the waiver out, or give a later day",
                REVIEWS,
            )


@repository_rule(Severity.WARNING)
def gate_waiver_without_effect(case: RepositoryCase) -> Iterator[Finding]:
    """A waiver of the review gate names nothing that there is.

    ## What it does

    Looks up the services, incidents and people that `waivers` of the `gate` in schema/reviews.yml
    name, and finds those that name neither a service nor an incident.

    ## Why it matters

    The waiver lets nothing through, and whoever relies on it finds out when it is urgent.

    ## Example

    ```yaml schema/reviews.yml
    policies:
      - {due_working_days: 5}
    gate:
      waivers:
        - service: chekout  # <- here
          by: response-lead
          reason: The new provider must be in before the sale.
          until: 2026-12-31
    ```

    ## Use instead

    ```yaml schema/reviews.yml
    policies:
      - {due_working_days: 5}
    gate:
      waivers:
        - service: checkout
          by: response-lead
          reason: The new provider must be in before the sale.
          until: 2026-12-31
    ```
    """
    if not case.selected(REVIEWS):
        return
    taxonomy = case.archive.taxonomy
    incidents = {entry.id for entry in case.archive.entries if entry.kind == "incident"}
    services = {service.id for service in taxonomy.services}
    people = {person.handle for person in taxonomy.people}
    for index, waiver in enumerate(taxonomy.reviews_file.gate.waivers):
        at = ("gate", "waivers", index)
        if waiver.service is None and waiver.incident is None:
            said = "the waiver names neither a service nor an incident"
            yield Finding(case.span(REVIEWS, *at), said, "name one of them, or both", REVIEWS)
        for key, value, known in (
            ("service", waiver.service, services),
            ("incident", waiver.incident, incidents),
            ("by", waiver.by, people),
        ):
            if value is None or value in known or (key == "service" and taxonomy.service(value)):
                continue
            noun = "person" if key == "by" else key
            said = f"there is no {noun} `{value}`"
            yield Finding(case.span(REVIEWS, *at, key), said, did_you_mean(value, known), REVIEWS)
