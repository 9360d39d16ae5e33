"""Time or steps until a target is reached, where some runs never reach it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import as_floats, check_confidence


def restricted_times(times: ArrayLike, budget: float) -> np.ndarray:
    """Cap the times [S] at the budget: min(T, budget).

    A run that missed the target by the end of the budget and one that diverged both
    have the time infinity and count with the whole budget; neither is dropped. NaN
    and negative times raise.
    """
    if not 0 < budget < math.inf:
        raise ValueError(f"`budget` must be positive and finite. Received: {budget}.")
    values = as_floats("times", times, allow_infinite=True)
    if (values < 0).any():
        raise ValueError(f"`times` must not be negative. Received: {values.min():g}.")
    return np.minimum(values, budget)


@dataclass(frozen=True)
class SurvivalCurve:
    """The share of runs still without success, a step function of time.

    Attributes:
        times: Distinct times at which a run reached the target [K], ascending.
        survival: Share without success from that time on [K].
        low: Lower pointwise limits [K].
        high: Upper pointwise limits [K].
        at_risk: Runs without success and not censored just before [K].
        events: Runs that reached the target at that time [K].
    """

    times: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray


def kaplan_meier(
    times: ArrayLike, reached: ArrayLike | None = None, *, confidence: float = 0.95
) -> SurvivalCurve:
    """Estimate the survival curve of the time to target.

    S(t) = prod_{t_k <= t} (1 - e_k / r_k), with e_k successes among r_k runs at risk.
    The limits are Wilson's with the sample size n' = S (1 - S) / V that Greenwood's
    variance V stands for; without censoring before t that is the number of runs, and
    where S = 0 the last n' is kept. A run censored at the time of a success is still at
    risk there; a diverged run (infinite time) is at risk for ever. Without a success
    the curve has no steps.

    Args:
        times: Time of success, or of the last look [S].
        reached: Whether the target was reached then [S]; by default, every finite
            time is a success.
        confidence: Pointwise coverage of the limits.

    References:
        Kaplan and Meier (1958), https://doi.org/10.1080/01621459.1958.10501452
        Rothman (1978), Estimation of confidence limits for the cumulative probability
        of survival in life table analysis.
    """
    check_confidence(confidence)
    values = as_floats("times", times, allow_infinite=True)
    success = (
        np.isfinite(values) if reached is None else np.asarray(reached, dtype=bool)
    )
    if success.shape != values.shape or (success & ~np.isfinite(values)).any():
        raise ValueError(
            "`reached` must have one value for each time, and be False where the time "
            f"is infinite. Received: shapes {success.shape} and {values.shape}."
        )
    steps, events = np.unique(values[success], return_counts=True)
    at_risk = values.size - np.searchsorted(np.sort(values), steps, side="left")
    survival = np.cumprod(1 - events / at_risk)
    size = _effective_sizes(survival, at_risk, events)
    z = special.ndtri(0.5 + confidence / 2)
    center = survival + z**2 / (2 * size)
    half = z * np.sqrt(survival * (1 - survival) / size + z**2 / (4 * size**2))
    low = np.where(survival == 0, 0.0, (center - half) / (1 + z**2 / size))
    high = (center + half) / (1 + z**2 / size)
    return SurvivalCurve(steps, survival, low, high, at_risk, events)


def _effective_sizes(
    survival: np.ndarray, at_risk: np.ndarray, events: np.ndarray
) -> np.ndarray:
    """Invert Greenwood's variance: n' = (1 - S) / (S sum e / (r (r - e)))."""
    alive = survival > 0
    left = np.where(alive, at_risk - events, 1)
    hazard = np.cumsum(np.where(alive, events / (at_risk * left), 0.0))
    sizes = np.where(alive, 1.0, 0.0)
    np.divide(1 - survival, survival * hazard, out=sizes, where=alive)
    if sizes.size and not alive[-1]:
        sizes[-1] = sizes[-2] if sizes.size > 1 else at_risk[-1]
    return sizes
