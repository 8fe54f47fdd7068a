"""Concentration by the definitions of docs/guide/concentration.md, in Python's exact fractions: written apart from the
product, to compare with."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import ceil


def rounded(value: Fraction, places: int) -> Decimal:
    """Half to even, from the exact ratio: what Python's round does with a Fraction."""
    return Decimal(round(value * 10**places)).scaleb(-places)


def measure(sums, count, total):
    value = sum(sums[:count])
    return {"count": count, "value": rounded(value, 6), "pct_of_total": rounded(100 * value / total, 6)}


def within(sums, total, share):
    count, value = 0, Fraction(0)
    for one in sums:
        value += one
        if value > total * share / 100:
            break
        count += 1
    return max(count, 1)


def reach(sums, total, share):
    value = Fraction(0)
    for count, one in enumerate(sums, start=1):
        value += one
        if value >= total * share / 100:
            return count
    raise AssertionError("the total is not reached")


def lorenz(sums, total):
    ascending, n = sums[::-1], len(sums)
    counts = range(n + 1) if n <= 100 else [step * n // 100 for step in range(101)]
    return [[rounded(Fraction(100 * count, n), 6), rounded(100 * sum(ascending[:count]) / total, 6)] for count in counts]


def indices(sums, total):
    n = len(sums)
    squares = sum(one * one for one in sums)
    weighted = sum(rank * one for rank, one in enumerate(sums[::-1], start=1))
    return {
        "hhi": rounded(squares / total**2, 9),
        "hhi_10000": rounded(10_000 * squares / total**2, 6),
        "effective_entities": rounded(total**2 / squares, 9),
        "gini": rounded(2 * weighted / (n * total) - Fraction(n + 1, n), 9),
        "indices_reason": None,
        "lorenz": lorenz(sums, total),
    }


def concentration(period, by_entity, thresholds):
    ranked = sorted(by_entity.items(), key=lambda item: (-item[1], item[0]))
    sums = [value for _, value in ranked]
    total = sum(sums, Fraction(0))
    result = {"period": period, "entities": len(sums), "total": rounded(total, 6), "status": "ok", "reason": None}
    if total <= 0:
        return result | {"status": "undefined", "reason": "non_positive_total"}
    head, cumulative = [], Fraction(0)
    for entity, value in ranked[:10]:
        cumulative += value
        head.append(
            {
                "entity": entity,
                "value": rounded(value, 6),
                "pct_of_total": rounded(100 * value / total, 6),
                "cumulative_pct": rounded(100 * cumulative / total, 6),
            }
        )
    result["head"] = head
    result["largest"] = {name: head[0][name] for name in ("entity", "value", "pct_of_total")}
    result["cr"] = {str(k): rounded(100 * sum(sums[:k]) / total, 6) for k in (1, 3, 5, 10)}
    result["thresholds"] = {
        text: {
            "within": measure(sums, within(sums, total, Fraction(text)), total),
            "reach": measure(sums, reach(sums, total, Fraction(text)), total),
            "top_entities": measure(sums, ceil(Fraction(text) * len(sums) / 100), total),
        }
        for text in thresholds
    }
    if sums[-1] < 0:
        nothing = dict.fromkeys(("hhi", "hhi_10000", "effective_entities", "gini", "lorenz"))
        return result | nothing | {"indices_reason": "negative_entity_totals"}
    return result | indices(sums, total)


def period_of(date, grain):
    year, month = date[:4], int(date[5:7])
    return {"month": f"{year}-M{month:02d}", "quarter": f"{year}-Q{(month + 2) // 3}", "year": year}[grain]


def analyse(rows, grain, thresholds):
    """Rows of (entity or "", ISO date, decimal text or "")."""
    periods = defaultdict(lambda: defaultdict(Fraction))
    total = defaultdict(Fraction)
    without_value = without_entity = 0
    for entity, date, value in rows:
        if not value:
            without_value += 1
            continue
        without_entity += not entity
        name = entity or "(blank)"
        total[name] += Fraction(value)
        if grain != "none":
            periods[period_of(date, grain)][name] += Fraction(value)
    return {
        "period_grain": {"none": "none", "year": "year"}.get(grain, f"year_{grain}"),
        "thresholds": [Decimal(text) for text in thresholds],
        "rows_without_value": without_value,
        "rows_without_entity": without_entity,
        "by_period": [concentration(period, periods[period], thresholds) for period in sorted(periods)],
        "totals": concentration("TOTAL", total, thresholds),
    }
