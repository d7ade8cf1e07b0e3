"""Many looks at once: how unlikely each finding still is when so many were looked for."""

from __future__ import annotations

from collections.abc import Sequence


def adjusted(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return each probability as it stands among all: at most 5 % of it or less mean one false alarm in 20.

    The step-down procedure of Holm (1979, "A simple sequentially rejective multiple test procedure",
    Scandinavian Journal of Statistics 6) holds the chance of *any* false alarm, however the series hang
    together: a service and its category count the same incidents.
    """
    order = sorted(range(len(probabilities)), key=lambda at: (probabilities[at], at))
    found = [1.0] * len(probabilities)
    least = 0.0
    for rank, at in enumerate(order):
        least = max(least, min(probabilities[at] * (len(order) - rank), 1.0))
        found[at] = least
    return tuple(found)
