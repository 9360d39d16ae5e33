"""Count what studies call real: where nothing is, and where an effect was planted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ablations.selfcheck.row import LEVEL, MOST_FALSE, Row, most_false, share
from ablations.selfcheck.studies import (
    DrawnStudy,
    Table,
    draw_splits,
    draw_studies,
    hidden_layer,
    mean_of_all,
    neighbor,
    ridge,
)
from ablations.stats.multiple import holm
from ablations.stats.resampled import corrected_resampled_t
from ablations.study.findings.analysis import (
    ArmDifference,
    Terms,
    judge_family,
)
from ablations.terminal import count

DUMMY = "dummy"
MODELS = {
    "hidden layer": hidden_layer,
    "ridge": ridge(0.1),
    "neighbor": neighbor,
    DUMMY: mean_of_all,
}
TWINS = {"one": hidden_layer, "other": hidden_layer}

SIZES = ((60, 2), (150, 1), (150, 2), (150, 3), (500, 2))
"""Rows and repeats of studies without an effect."""

NUM_NEW = 1_000
"""New rows by which the truth of trained models is known."""

LEAST_COVERED = 0.94
"""Share of 95 % intervals that must cover in 10,000 draws."""

SURE = 1.96
"""Standard errors on both sides of an interval of 95 %."""

NUM_ARMS, NUM_BASELINES = 12, 3
REPEATS = 2
TRAINING = 0.02
"""Standard deviation of what a training adds to a difference, where that of rows is 1:
nothing beside 60 test rows, and most of the error with 6,000."""

EFFECTS = {300: (0.1, 0.2, 0.3), 3_000: (0.04, 0.07, 0.1), 30_000: (0.015, 0.025, 0.04)}
"""Planted effects by rows, in standard deviations of the difference over rows."""

MOST_CELLS = 150_000_000
"""Values drawn for one cell of power, which bounds its time."""

Judge = Callable[[Sequence[np.ndarray], Terms, Sequence[bool]], list[ArmDifference]]


def check_random_targets(num_draws: int, judge: Judge = judge_family) -> list[Row]:
    """Count studies of random targets that call anything real, by size of a study."""
    rows = []
    for classes in (True, False):
        rng, what = np.random.default_rng(11), "classes" if classes else "numbers"
        for num_rows, num_repeats in SIZES:
            drawn = draw_studies(
                num_draws,
                Table(0.0, classes),
                MODELS,
                num_rows,
                rng,
                num_repeats=num_repeats,
            )
            false = sum(_has_learned(study, judge) for study in drawn)
            check = f"studies of random {what}, {_size(num_rows, num_repeats)}"
            rows.append(_row_of_false(check, false, num_draws))
    return rows


def _size(num_rows: int, num_repeats: int) -> str:
    return f"{num_rows:,} rows, {count(num_repeats, 'repeat')}"


def _has_learned(study: DrawnStudy, judge: Judge) -> bool:
    """Return whether any model is said to have learned, without which nothing is."""
    dummy = study.values[DUMMY]
    family = [one - dummy for name, one in study.values.items() if name != DUMMY]

    def is_any_better(family: Sequence[np.ndarray]) -> bool:
        judged = judge(family, study.terms, [True] * len(family))
        return any(one.verdict == "better" for one in judged)

    # What is not real alone is not real among others, and is judged faster.
    return any(is_any_better([one]) for one in family) and is_any_better(family)


def _row_of_false(check: str, number: int, num_draws: int) -> Row:
    seen, most = number / num_draws, most_false(num_draws)
    return Row(
        check,
        f"at most {share(most)} call anything real",
        f"{share(seen)} of {num_draws:,}",
        seen <= most,
    )


def check_twins(num_draws: int, judge: Judge = judge_family) -> list[Row]:
    """Count twins called different, and intervals that miss the truth of new rows.

    Half of the tables are of classes, half of numbers.
    """
    rows = []
    learners = {**TWINS, "ridge": MODELS["ridge"]}
    rng = np.random.default_rng(12)
    for num_rows, num_repeats in SIZES:
        false = missed = 0
        for classes in (True, False):
            drawn = draw_studies(
                num_draws // 2,
                Table(1.0, classes),
                learners,
                num_rows,
                rng,
                num_repeats=num_repeats,
                num_new=NUM_NEW,
            )
            for study in drawn:
                values, truths = study.values, study.truths
                (twins,) = judge([values["one"] - values["other"]], study.terms, [True])
                false += twins.verdict in ("better", "worse")
                (unlike,) = judge(
                    [values["one"] - values["ridge"]], study.terms, [True]
                )
                missed += _misses(unlike, truths["one"] - truths["ridge"])
        total, size = num_draws // 2 * 2, _size(num_rows, num_repeats)
        least = least_covered(total)
        covered = 1 - missed / total
        rows += [
            _row_of_false(
                f"studies of arms that differ in seeds, {size}", false, total
            ),
            Row(
                f"coverage of 95 % intervals of studies, {size}",
                f"at least {share(least)}",
                f"{share(covered)} of {total:,}",
                covered >= least,
            ),
        ]
    return rows


def _misses(one: ArmDifference, truth: np.ndarray) -> bool:
    """Return whether an interval misses the mean of the truth of new rows `[N]`.

    Few new rows know that mean no better than to their own standard error.
    """
    half = one.estimate.high - one.estimate.estimate
    unknown = SURE * float(truth.std()) / math.sqrt(len(truth))
    apart = abs(one.estimate.estimate - float(truth.mean()))
    return apart > math.hypot(half, unknown)


def least_covered(num_draws: int) -> float:
    """Return the share of intervals that must cover in so many draws."""
    return LEAST_COVERED - (most_false(num_draws) - MOST_FALSE)


def check_study_power(num_draws: int, judge: Judge = judge_family) -> list[Row]:
    """Plant effects in one of many arms; count what is found now, and by splits.

    What is called real of the other arms, which are all alike, is false.
    """
    rows = []
    for num_rows, effects in EFFECTS.items():
        per_draw = (NUM_ARMS + 1) * REPEATS * num_rows
        number = max(min(num_draws, MOST_CELLS // per_draw), 2)
        found, false = np.zeros((len(effects), 2)), 0
        rng = np.random.default_rng(13)
        tests = draw_splits(num_rows, rng, REPEATS)
        terms = Terms(tests, 0.25 / 0.8, 1e-9, higher_is_better=True, step=5)
        for _ in range(number):
            noise = _noise(terms, num_rows, rng)
            for place, effect in enumerate(effects):
                noise[0] += effect
                judged = judge(list(noise), terms, [True] * NUM_ARMS)
                found[place, 0] += judged[0].verdict == "better"
                found[place, 1] += _found_by_splits(noise, terms)
                noise[0] -= effect
            false += any(one.verdict in ("better", "worse") for one in judged[1:])
        rows.append(
            _row_of_false(
                f"studies of many arms that are alike, {num_rows:,} rows", false, number
            )
        )
        for effect, (now, before) in zip(effects, found / number, strict=True):
            # Twice what splits find, where they find little; never less.
            least = before if before >= 0.4 or num_rows < 30_000 else 2 * before
            rows.append(
                Row(
                    f"power of studies, {num_rows:,} rows, {effect:g} SD",
                    f"at least {share(least)}",
                    f"{share(now)}; by splits and Holm {share(before)}; {number:,}"
                    " studies",
                    bool(now >= least),
                )
            )
    return rows


def _noise(terms: Terms, num_rows: int, rng: np.random.Generator) -> np.ndarray:
    """Return differences of arms to one reference `[M, L]` that are all chance."""
    tests, scale = terms.tests, np.sqrt(0.5)
    of_rows = rng.standard_normal((NUM_ARMS + 1, num_rows), np.float32) * scale
    of_training = rng.standard_normal((NUM_ARMS + 1, len(tests.repeats))) * scale
    values = of_rows[:, tests.rows] + TRAINING * of_training[:, tests.splits]
    return np.asarray(values[1:] - values[0], float)


def _found_by_splits(family: np.ndarray, terms: Terms) -> bool:
    """Return whether the first of a family is real by the corrected t and Holm.

    Baselines were part of the same family; here they are far from the nets.
    """
    p_values = [
        corrected_resampled_t(one, terms.test_to_train).p_value or 0.0
        for one in terms.tests.means(family)
    ]
    return bool(holm([*p_values, *[0.0] * NUM_BASELINES])[0] < LEVEL)
