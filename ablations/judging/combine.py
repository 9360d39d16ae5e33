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
from ablations.judging.outcome import SHARE, Outcome

CONFIDENCE = 0.95

WITHOUT_EXCESS = ("league", "trend")
"""Kinds that fail in more than one way, so that one number does not say how much."""

SMALLEST_RATIO = 1e-12

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

    Conditions that leave no room for an effect say nothing and are set aside. Single
    conditions of several decide (a `can` supported, an `always` refuted, a `usually`
    conditional) only if they do so by Holm's procedure over the whole core, so that
    the verdict errs as rarely however many conditions there are.

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
        return _divided(axis, told, together)
    return _open(told)


def _by_one(
    word: str, verdict: str, core: Sequence[Outcome], together: Together
) -> Decision:
    """Decide by a single condition, if it stands among all of the core."""
    if any(o.outcome == word for o in together()):
        return Decision(verdict)
    count = sum(o.outcome == word for o in core)
    return Decision(
        "inconclusive",
        f"It {word} under {count} of {len(core)} conditions, and among so many that may"
        " be chance.",
    )


def _open(core: Sequence[Outcome]) -> Decision:
    """Say that something could not be judged, or was not decided."""
    untested = [o for o in core if o.outcome == "untested"]
    undecided = [o for o in core if o.outcome == "undecided"]
    word = "not tested" if untested else "inconclusive"
    reasons = [o.reason or f"{o.label} is open." for o in untested or undecided]
    return Decision(word, " ".join(dict.fromkeys(reasons)))


def _divided(axis: str, core: Sequence[Outcome], together: Together) -> Decision:
    """Decide where a statement on the usual case holds here and fails there."""
    if axis and differs_along(axis, core, together):
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
        " conditions; no factor named in advance tells them apart, and their mean does"
        " not decide.",
    )


def differs_along(axis: str, core: Sequence[Outcome], together: Together) -> bool:
    """Return whether the statement surely holds at a level and surely fails at another.

    Every level must be of one mind, and what is compared must be the same. An effect
    beyond its bound at one level and short of it at another is an interaction with the
    axis; both must stand by Holm's procedure over the core. If effects are equal, one
    of the two words is wrong, which happens as rarely as any word of the family is.

    References:
        Piantadosi and Gail (1993), A comparison of the power of two tests for
        qualitative interactions; the range test.
    """
    along = [o for o in core if o.factor == axis and o.is_decided]
    by_level: dict[object, set[str]] = {}
    for outcome in along:
        by_level.setdefault(outcome.value, set()).add(outcome.outcome)
    if any(len(words) > 1 for words in by_level.values()) or not _comparable(along):
        return False
    keys = {o.key for o in along}
    surely = {o.outcome for o in together() if o.key in keys}
    return {"holds", "fails"} <= surely


def _comparable(outcomes: Sequence[Outcome]) -> bool:
    """Return whether what is compared is the same: exact numbers, or one scale."""
    if all(o.kind == "exact" for o in outcomes):
        return True
    return len({_scale(o) for o in outcomes}) == 1


def _scale(outcome: Outcome) -> tuple[str, str]:
    """Return the scale of an outcome; shares, and differences of shares, have one."""
    if outcome.unit.endswith(SHARE):
        return "", SHARE
    return outcome.kind, outcome.unit


def excess(outcome: Outcome) -> float:
    """Return by how much a prediction holds; of a ratio, as a logarithm.

    That is the distance from the bound towards the side predicted.
    """
    numbers = float(outcome.estimate or 0.0), float(outcome.bound or 0.0)
    if outcome.unit.startswith("ratio"):
        estimate, bound = (math.log(max(number, SMALLEST_RATIO)) for number in numbers)
    else:
        estimate, bound = numbers
    if outcome.direction == "within":
        return bound - abs(estimate)
    return bound - estimate if outcome.direction == "at_most" else estimate - bound


def pooled(core: Sequence[Outcome]) -> tuple[float, float] | None:
    """Return the interval of the mean excess over conditions, which are the unit.

    None where conditions cannot be pooled: of other kinds or units, or fewer than two.
    """
    found = [o for o in core if o.estimate is not None and o.kind != "exact"]
    if len(found) < 2 or len(found) < len(core) or not _comparable(found):
        return None
    if any(o.kind in WITHOUT_EXCESS for o in found):
        return None
    values = np.array([excess(o) for o in found])
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    reach = float(special.stdtrit(len(values) - 1, 0.5 + CONFIDENCE / 2)) * error
    return float(values.mean()) - reach, float(values.mean()) + reach
