"""Count what studies call real: where nothing is, and where an effect was planted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ablations.selfcheck.row import LEVEL, Row, most_false, share
from ablations.selfcheck.studies import (
    DrawnStudy,
    Table,
    draw_splits,
    draw_study,
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

DUMMY = "dummy"
MODELS = {
    "hidden layer": hidden_layer,
    "ridge": ridge(0.1),
    "neighbor": neighbor,
    DUMMY: mean_of_all,
}
TWINS = {"one": hidden_layer, "other": hidden_layer}

NUM_ROWS = (60, 150, 500)
"""Rows of tables without an effect; the truth of new rows is known by `NUM_NEW`."""

NUM_NEW = 2_000

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
    """Count studies of random targets that call anything real."""
    rows = []
    for classes in (True, False):
        rng = np.random.default_rng(11)
        counts = dict.fromkeys(NUM_ROWS, 0)
        for number in range(num_draws):
            num_rows = NUM_ROWS[number % len(NUM_ROWS)]
            study = draw_study(Table(0.0, classes), MODELS, num_rows, rng)
            counts[num_rows] += _has_learned(study, judge)
        what = "classes" if classes else "numbers"
        rows.append(_row_of_false(f"studies of random {what}", counts, num_draws))
    return rows


def _has_learned(study: DrawnStudy, judge: Judge) -> bool:
    """Return whether any model is said to have learned, without which nothing is."""
    dummy = study.values[DUMMY]
    family = [one - dummy for name, one in study.values.items() if name != DUMMY]
    judged = judge(family, study.terms, [True] * len(family))
    return any(one.verdict == "better" for one in judged)


def _row_of_false(check: str, counts: dict[int, int], num_draws: int) -> Row:
    seen = sum(counts.values()) / num_draws
    by_rows = ", ".join(f"{number} of {rows} rows" for rows, number in counts.items())
    most = most_false(num_draws)
    return Row(
        check,
        f"at most {share(most)} call anything real",
        f"{share(seen)} of {num_draws:,}: {by_rows}",
        seen <= most,
    )


def check_twins(num_draws: int, judge: Judge = judge_family) -> list[Row]:
    """Count twins called different, and intervals that miss the truth of new rows."""
    false = dict.fromkeys(NUM_ROWS, 0)
    missed = dict.fromkeys(NUM_ROWS, 0)
    rng = np.random.default_rng(12)
    for number in range(num_draws):
        num_rows = NUM_ROWS[number % len(NUM_ROWS)]
        table = Table(1.0, classes=number % 2 == 0)
        learners = {**TWINS, "ridge": MODELS["ridge"]}
        study = draw_study(table, learners, num_rows, rng, NUM_NEW)
        values, truths = study.values, study.truths
        (twins,) = judge([values["one"] - values["other"]], study.terms, [True])
        false[num_rows] += twins.verdict in ("better", "worse")
        (unlike,) = judge([values["one"] - values["ridge"]], study.terms, [True])
        truth = truths["one"] - truths["ridge"]
        missed[num_rows] += not unlike.estimate.low <= truth <= unlike.estimate.high
    least = 1 - most_false(num_draws) - 0.01
    covered = 1 - sum(missed.values()) / num_draws
    return [
        _row_of_false("studies of arms that differ in seeds only", false, num_draws),
        Row(
            "coverage of 95 % intervals of studies",
            f"at least {share(least)}",
            f"{share(covered)} of {num_draws:,}",
            covered >= least,
        ),
    ]


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
        rows.append(_row_of_false("arms that are alike", {num_rows: false}, number))
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
