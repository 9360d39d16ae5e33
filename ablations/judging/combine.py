"""Put the outcomes of a claim's core together into its verdict.

The word follows from the strength of the statement and from the core alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ablations.judging.boundary import boundary
from ablations.judging.outcome import Outcome

CONFIDENCE = 0.95

WITHOUT_EXCESS = ("league", "trend")
"""Kinds that fail in more than one way, so that one number does not say how much."""

Together = Callable[[], Sequence[Outcome]]
"""Judges the core again by Holm's procedure."""


@dataclass(frozen=True)
class Decision:
    """The word on a claim, and why.

    Attributes:
        verdict: The word.
        reason: Why there is no clear word; empty where there is.
        boundary: Where the statement holds and where it fails, for *conditional*.
    """

    verdict: str
    reason: str = ""
    boundary: str = ""


def combine(
    strength: str, axis: str, core: Sequence[Outcome], together: Together
) -> Decision:
    """Return the verdict that the outcomes of the core add up to.

    Conditions that leave no room for an effect say nothing and are set aside. One
    condition of several decides (a `can` supported, an `always` refuted) only if it
    does so by Holm's procedure over the whole core.

    Args:
        strength: `can`, `usually` or `always`.
        axis: The factor that may bound where the statement holds, empty for none.
        core: Outcomes of the core.
        together: Judges the core again as one family.
    """
    told = [o for o in core if not o.details.get("no_room")]
    if not told:
        reason = " ".join(o.reason for o in core) or "Nothing was judged."
        return Decision("not tested", reason)
    words = {o.outcome for o in told}
    if words == {"holds"}:
        return Decision("supported")
    if words == {"fails"}:
        return Decision("refuted")
    if strength == "can" and "holds" in words:
        return _by_one("holds", "supported", told, together)
    if strength == "always" and "fails" in words:
        return _by_one("fails", "refuted", told, together)
    if strength == "usually" and {"holds", "fails"} <= words:
        return _divided(axis, told)
    return _open(told)


def _by_one(
    word: str, verdict: str, core: Sequence[Outcome], together: Together
) -> Decision:
    """Decide by a single condition, if it stands among all of the core."""
    if len(core) == 1 or any(o.outcome == word for o in together()):
        return Decision(verdict)
    return Decision(
        "inconclusive",
        f"One of {len(core)} conditions alone {word}, and among so many that may be"
        " chance.",
    )


def _open(core: Sequence[Outcome]) -> Decision:
    """Say that something could not be judged, or was not decided."""
    untested = [o for o in core if o.outcome == "untested"]
    undecided = [o for o in core if o.outcome == "undecided"]
    word = "not tested" if untested else "inconclusive"
    reasons = [o.reason or f"{o.label} is open." for o in untested or undecided]
    return Decision(word, " ".join(dict.fromkeys(reasons)))


def _divided(axis: str, core: Sequence[Outcome]) -> Decision:
    """Decide where a statement on the usual case holds here and fails there."""
    if axis and differs_along(axis, core):
        along = [o for o in core if o.factor == axis]
        return Decision("conditional", boundary=boundary(along))
    mean = pooled(core)
    if mean is not None and mean[0] > 0.0:
        return Decision("supported")
    if mean is not None and mean[1] < 0.0:
        return Decision("refuted")
    held, failed = (sum(o.outcome == word for o in core) for word in ("holds", "fails"))
    return Decision(
        "inconclusive",
        f"Mixed: it holds under {held} and fails under {failed} of {len(core)}"
        " conditions, along no declared factor, and their mean does not decide.",
    )


def differs_along(axis: str, core: Sequence[Outcome]) -> bool:
    """Return whether levels that hold surely differ from levels that fail.

    Every level must be of one mind. The margin by which the statement holds, averaged
    over the conditions at levels that hold, is compared with that at levels that fail;
    the difference is an interaction of the effect with the axis.

    References:
        Zou and Donner (2008), Construction of confidence limits about effect measures.
    """
    along = [o for o in core if o.factor == axis and o.is_decided]
    by_level: dict[object, set[str]] = {}
    for outcome in along:
        by_level.setdefault(outcome.value, set()).add(outcome.outcome)
    if any(len(words) > 1 for words in by_level.values()):
        return False
    parts = [
        [excess(o) for o in along if o.outcome == word] for word in ("holds", "fails")
    ]
    if not all(parts) or not _comparable(along):
        return False
    held, failed = (_mean_of(part) for part in parts)
    low = held[0] - failed[0] - math.hypot(held[0] - held[1], failed[2] - failed[0])
    return low > 0.0


def _comparable(outcomes: Sequence[Outcome]) -> bool:
    """Return whether estimates are of one kind and unit, and have intervals."""
    if all(o.kind == "exact" for o in outcomes):
        return True
    alike = len({(o.kind, o.unit) for o in outcomes}) == 1
    return alike and all(o.kind not in WITHOUT_EXCESS for o in outcomes)


def excess(outcome: Outcome) -> tuple[float, float, float]:
    """Return by how much a prediction holds, with its 95 % interval.

    That is the distance from the bound towards the side predicted; of a ratio, the
    logarithm; of an exact check, infinite on one side or the other.
    """
    if outcome.kind == "exact":
        certain = math.copysign(1.0, 1 if outcome.outcome == "holds" else -1)
        return certain, certain, certain
    numbers = [outcome.estimate, outcome.low, outcome.high, outcome.bound]
    if outcome.unit.startswith("ratio"):
        numbers = [math.log(max(float(x or 0.0), 1e-12)) for x in numbers]
    estimate, low, high, bound = (float(x or 0.0) for x in numbers)
    # Intervals of another coverage are widened or narrowed as normal ones are.
    usual, own = (
        float(special.ndtri(0.5 + c / 2)) for c in (CONFIDENCE, outcome.confidence)
    )
    low = estimate - (estimate - low) * usual / own
    high = estimate + (high - estimate) * usual / own
    if outcome.direction == "within":
        near = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
        return bound - abs(estimate), bound - max(abs(low), abs(high)), bound - near
    if outcome.direction == "at_most":
        return bound - estimate, bound - high, bound - low
    return estimate - bound, low - bound, high - bound


def _mean_of(
    parts: Sequence[tuple[float, float, float]],
) -> tuple[float, float, float]:
    """Return the mean of independent estimates with its interval."""
    mean = float(np.mean([e for e, _, _ in parts]))
    below = math.sqrt(sum((e - low) ** 2 for e, low, _ in parts)) / len(parts)
    above = math.sqrt(sum((high - e) ** 2 for e, _, high in parts)) / len(parts)
    return mean, mean - below, mean + above


def pooled(core: Sequence[Outcome]) -> tuple[float, float] | None:
    """Return the interval of the mean excess over conditions, which are the unit.

    None where conditions cannot be pooled: of other kinds or units, or fewer than two.
    """
    found = [o for o in core if o.estimate is not None and o.kind != "exact"]
    if len(found) < 2 or len(found) < len(core) or not _comparable(found):
        return None
    values = np.array([excess(o)[0] for o in found])
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    reach = float(special.stdtrit(len(values) - 1, 0.5 + CONFIDENCE / 2)) * error
    return float(values.mean()) - reach, float(values.mean()) + reach
