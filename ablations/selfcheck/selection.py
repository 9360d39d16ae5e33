"""Choose the best of many arms that are alike, and see whether it still looks best.

Fifty learning rates that do the same are tuned over; the best on the tuning seeds is
judged against a baseline on other seeds.
Judged on the seeds that chose it, it would look better than it is.
"""

from __future__ import annotations

import numpy as np

from ablations.judging.case import Case
from ablations.judging.judge import judge
from ablations.protocol.arm import TuneConfig
from ablations.protocol.kinds import Comparison
from ablations.selfcheck.batched import mean_words
from ablations.selfcheck.row import Row, most_false, share
from ablations.selfcheck.synthetic import (
    VALUE,
    Drawn,
    drawn_arm,
    make_claim,
    table_of,
    tuning_seeds,
)
from ablations.store.table import RunTable

NUM_ARMS = 50
NUM_SEEDS = 20
NUM_REJUDGED = 12
RATES = tuple(0.01 * (1 + place) for place in range(NUM_ARMS))
TUNED = drawn_arm(
    "tuned", tune=TuneConfig(learning_rates=RATES, score=VALUE, seeds=NUM_SEEDS)
)
BASELINE = drawn_arm("baseline")
PREDICTION = Comparison(
    key="tuned",
    label="tuned",
    treatment=TUNED,
    control=BASELINE,
    score=VALUE,
    margin=0,
    differs_in=("tuning",),
)


def check_selection(
    num_draws: int, *, judge_on_fresh: bool = True, block: int = 1_000
) -> list[Row]:
    """Count how often the best of 50 arms that are alike beats the baseline.

    Args:
        num_draws: Number of draws.
        judge_on_fresh: Whether the official path judges on other seeds than it tunes
            on, as it must.
        block: Draws in memory at a time.
    """
    rng = np.random.default_rng(6)
    official, naive, unlike, rejudged = [], [], 0, 0
    for start in range(0, num_draws, block):
        size = min(block, num_draws - start)
        tuned = rng.normal(size=(size, NUM_ARMS, NUM_SEEDS))
        fresh = rng.normal(size=(size, NUM_ARMS, NUM_SEEDS))
        baseline = rng.normal(size=(size, NUM_SEEDS))
        best = tuned.mean(axis=2).argmax(axis=1)
        rows = np.arange(size)
        judged_on = fresh if judge_on_fresh else tuned
        words = _words(judged_on[rows, best], baseline)
        # A rate at the edge of its grid is not judged.
        words = np.where(np.isin(best, (0, NUM_ARMS - 1)), "untested", words)
        official.append(words)
        naive.append(_words(tuned[rows, best], baseline))
        if start == 0 and judge_on_fresh:
            for row in range(min(NUM_REJUDGED, size)):
                word = _judged(tuned[row], fresh[row], baseline[row])
                decided = ("holds", "fails")
                unlike += (word in decided or words[row] in decided) and (
                    word != words[row]
                )
                rejudged += 1
    seen, fooled = (
        float(np.isin(np.concatenate(words), ("holds", "fails")).mean())
        for words in (official, naive)
    )
    most = most_false(num_draws)
    return [
        Row(
            "best of 50 alike, tuned and judged on different seeds",
            f"at most {share(most)} false",
            f"{share(seen)} in {num_draws:,} draws; {rejudged - unlike} of {rejudged}"
            " judged again alike",
            seen <= most and not unlike,
        ),
        Row(
            "best of 50 alike, chosen and judged on the same seeds",
            f"more than {share(most)} false, or this check sees nothing",
            f"{share(fooled)} in {num_draws:,} draws",
            fooled > most,
        ),
    ]


def _words(treatment: np.ndarray, control: np.ndarray) -> np.ndarray:
    return mean_words(treatment - control, 0.0, upwards=True)


def _judged(tuned: np.ndarray, fresh: np.ndarray, baseline: np.ndarray) -> str:
    """Judge one draw as a claim does: tuning, choice, and the comparison."""
    tables: dict = {BASELINE.config: table_of(baseline)}
    for place, rate in enumerate(RATES):
        both = np.concatenate([fresh[place], tuned[place]])
        seeds = np.concatenate([np.arange(NUM_SEEDS), tuning_seeds(NUM_SEEDS)])
        table: RunTable = table_of(both, seeds=seeds)
        tables[TUNED.with_learning_rate(rate)] = table
    case = Case(make_claim(PREDICTION).claim, Drawn(tables), "quick", NUM_SEEDS)
    return judge(PREDICTION, case).outcome
