"""Compute p-values and intervals of fixed cases beside SciPy, here and now."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from ablations.selfcheck.row import Row
from ablations.stats.multiple import holm
from ablations.stats.paired import sign_flip_p_value
from ablations.stats.paired_proportions import mcnemar_p_value
from ablations.stats.proportions import clopper_pearson, wilson
from ablations.stats.ranks import signed_rank_p_value

TOLERANCE = 1e-9

DIFFERENCES: tuple[tuple[float, ...], ...] = (
    (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
    (0.3, -0.1, 0.2, 0.2, 0.0, 0.4, -0.2, 0.1),
    (0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0),
    (-1.0, -1.0, -1.0, 1.0, 1.0, 1.0),
    (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1),
    (-2.5, 0.5, 1.5, -0.5, 3.5, 2.5, 0.5, 0.5, -1.5),
)
"""Paired differences with ties, zeros, and zeros beside one sign only."""

COUNTS = ((0, 10), (10, 10), (1, 10), (9, 12), (15, 30), (29, 30), (0, 1))
"""Successes and runs, up to none and all."""

DISCORDANT = ((0, 0), (0, 6), (6, 0), (3, 9), (7, 7), (1, 2))
"""Pairs in which only one arm succeeded."""


def check_references() -> list[Row]:
    """Compare every case with SciPy."""
    checks = {
        "sign flips": _sign_flips(),
        "signed ranks": _signed_ranks(),
        "shares": _shares(),
        "McNemar": _mcnemar(),
        "Holm": _holm(),
    }
    return [row_of(name, list(pairs)) for name, pairs in checks.items()]


def row_of(name: str, pairs: list[tuple[float, float]]) -> Row:
    """Return the line for numbers `(ours, theirs)`."""
    apart = max(abs(ours - theirs) for ours, theirs in pairs)
    return Row(
        f"equal to SciPy, {name}",
        f"within {TOLERANCE:g}",
        f"{apart:.1e} at most over {len(pairs)} numbers",
        bool(apart <= TOLERANCE),
    )


def _sign_flips() -> Iterator[tuple[float, float]]:
    for values in DIFFERENCES:
        for alternative in ("two-sided", "greater", "less"):
            rng = np.random.default_rng(0)
            ours = sign_flip_p_value(values, rng=rng, alternative=alternative)
            # SciPy compares sums with a tolerance of its own, far below these gaps.
            theirs = stats.permutation_test(
                (np.array(values),),
                np.mean,
                permutation_type="samples",
                alternative=alternative,
                n_resamples=2 ** len(values),
                vectorized=True,
            ).pvalue
            yield ours, float(theirs)


def _signed_ranks() -> Iterator[tuple[float, float]]:
    for values in DIFFERENCES:
        nonzero = np.array(values)
        nonzero = nonzero[nonzero != 0] * np.linspace(1.0, 1.01, (nonzero != 0).sum())
        theirs = stats.wilcoxon(nonzero, method="exact").pvalue
        yield signed_rank_p_value(nonzero), float(theirs)


def _shares() -> Iterator[tuple[float, float]]:
    for successes, n in COUNTS:
        test = stats.binomtest(successes, n)
        for ours, name in (
            (clopper_pearson(successes, n), "exact"),
            (wilson(successes, n), "wilson"),
        ):
            theirs = test.proportion_ci(0.95, method=name)
            yield ours.low, float(theirs.low)
            yield ours.high, float(theirs.high)
        for alternative in ("greater", "less"):
            one_sided = clopper_pearson(
                successes, n, null=0.4, alternative=alternative
            ).p_value
            exact = stats.binomtest(successes, n, 0.4, alternative=alternative).pvalue
            yield float(one_sided or 0.0), float(exact)


def _mcnemar() -> Iterator[tuple[float, float]]:
    for only_treatment, only_control in DISCORDANT:
        total = only_treatment + only_control
        theirs = stats.binomtest(only_treatment, total).pvalue if total else 1.0
        yield mcnemar_p_value(only_treatment, only_control), float(theirs)


def _holm() -> Iterator[tuple[float, float]]:
    p_values = np.array([0.01, 0.04, 0.03, 0.005, 0.04, 1.0])
    # SciPy has no Holm; its definition in one line stands for it.
    order = np.argsort(p_values)
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    theirs = np.minimum(np.maximum.accumulate(steps), 1.0)
    yield from zip(holm(p_values)[order].tolist(), theirs.tolist(), strict=True)
