"""What every estimator returns, and the checks that they all share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Estimate:
    """An estimate, its interval and the test that goes with it.

    An interval of (-inf, inf) means that the sample is too small to say
    anything at this confidence; `estimate` is NaN if there is no sample.

    Attributes:
        estimate: The point estimate, in the unit of the data.
        low: Lower end of the interval.
        high: Upper end of the interval.
        p_value: Probability, under the null hypothesis that the function's
            docstring names, of data at least as extreme; None where the
            function was given no hypothesis.
        n: Number of independent units (pairs, runs or data sets) used.
        confidence: Nominal coverage of the interval.
        method: Name of the interval and of the test, for a report.
    """

    estimate: float
    low: float
    high: float
    p_value: float | None
    n: int
    confidence: float
    method: str


def check_confidence(confidence: float) -> None:
    """Raise unless `confidence` lies strictly between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(
            f"`confidence` must lie strictly between 0 and 1. Received: {confidence}."
        )


def check_alternative(alternative: str) -> None:
    """Raise unless `alternative` names one of the three kinds."""
    allowed = ("two-sided", "greater", "less")
    if alternative not in allowed:
        raise ValueError(
            f"`alternative` must be one of {allowed}. Received: {alternative!r}."
        )


def as_floats(
    name: str, values: ArrayLike, *, ndim: int = 1, allow_infinite: bool = False
) -> np.ndarray:
    """Return `values` as float64 after checking its shape and its numbers.

    NaN always raises: a missing measurement has to be declared (as a failure,
    a censored time, an excluded pair) before it is analyzed, not hidden here.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != ndim:
        raise ValueError(
            f"`{name}` must have {ndim} dimension(s). Received: shape {array.shape}."
        )
    num_nan = int(np.isnan(array).sum())
    if num_nan:
        raise ValueError(
            f"`{name}` must not contain NaN. Received: {num_nan} NaN of {array.size}."
        )
    num_infinite = int(np.isinf(array).sum())
    if num_infinite and not allow_infinite:
        raise ValueError(
            f"`{name}` must be finite; cap or rank failures first. "
            f"Received: {num_infinite} infinite of {array.size}."
        )
    return array


def as_pair(
    treatment: ArrayLike, control: ArrayLike, *, allow_infinite: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return two float64 arrays [S] of one length, paired by position."""
    first = as_floats("treatment", treatment, allow_infinite=allow_infinite)
    second = as_floats("control", control, allow_infinite=allow_infinite)
    if first.shape != second.shape:
        raise ValueError(
            "`treatment` and `control` must have one value for each pair. "
            f"Received: {first.size} and {second.size}."
        )
    return first, second


def as_outcomes(name: str, values: ArrayLike, *, ndim: int = 1) -> np.ndarray:
    """Return successes as a boolean array; anything but 0 and 1 raises."""
    array = as_floats(name, values, ndim=ndim)
    if not np.isin(array, (0.0, 1.0)).all():
        raise ValueError(f"`{name}` must contain only 0 and 1 (or booleans).")
    return array.astype(bool)


def check_counts(successes: int, n: int) -> tuple[int, int]:
    """Return `successes` and `n` as integers with 0 <= successes <= n."""
    if successes != int(successes) or n != int(n) or not 0 <= successes <= n:
        raise ValueError(
            "`successes` and `n` must be integers with 0 <= successes <= n. "
            f"Received: {successes} and {n}."
        )
    return int(successes), int(n)


def keep_to_test(
    low: float, high: float, p_value: float, confidence: float, null: float = 0.0
) -> tuple[float, float]:
    """Extend an approximate interval to `null` where an exact test keeps `null`.

    An interval that excludes `null` then always comes with p <= 1 - confidence.
    """
    # 1 - 0.9 is a little less than a tenth: p = 0.1 must still count as rejected.
    if p_value <= 1 - confidence + 1e-12:
        return low, high
    return min(low, null), max(high, null)
