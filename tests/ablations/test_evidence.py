import math

import numpy as np
import pytest

from ablations.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.evidence import Evidence, NoRuns, measurement_specification, score
from ablations.prediction import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.store import spec_digest
from models.config import ConfigError

ARM = xor_arm()
LOSS = ScoreConfig(quantity="loss", words="final loss")


@pytest.fixture
def table(hand_made):
    """Return a function from curves to the table that is read back."""

    def make(values, **options):
        hand_made.put(ARM, values, **options)
        return hand_made.evidence().runs(ARM, len(values))

    return make


def test_a_score_reads_the_last_recorded_value_or_the_one_asked_for(table):
    runs = table([[0, 1], [1, 0]], steps=(100, 500))
    assert score(runs, solved()).tolist() == [1, 0]
    assert score(runs, solved(500)).tolist() == [1, 0]
    assert score(runs, solved(100)).tolist() == [0, 1]


def test_a_number_of_updates_that_was_not_recorded_is_refused(table):
    runs = table([[0, 1]], steps=(100, 500))
    with pytest.raises(ConfigError, match=r"one of \[100, 500\]. Received: 200"):
        score(runs, solved(200))


def test_a_metric_that_was_not_recorded_is_refused_by_name(table):
    runs = table([0, 1])
    with pytest.raises(ConfigError, match=r"`quantity` must be one of .*'solved'"):
        score(runs, ScoreConfig(quantity="los", words="loss"))


def test_a_score_that_is_no_success_is_nan_where_the_run_is_not_ok(table):
    status = ["ok", "diverged", "failed"]
    runs = table([1.0, 2.0, 3.0], metric="loss", status=status)
    np.testing.assert_array_equal(score(runs, LOSS), [1.0, math.nan, math.nan])


def test_runs_that_all_failed_still_have_a_success_score(table):
    runs = table([1.0, 1.0], status=["failed", "diverged"])
    assert score(runs, solved()).tolist() == [0, 0]


def test_bounds_of_a_success_are_inclusive_in_the_precision_of_curves(table):
    # 0.95 as float32 is a little less than 0.95, and 0.1 a little more than 0.1.
    runs = table([0.95, 0.1, 0.2], metric="loss")
    high = ScoreConfig(quantity="loss", at_least=0.95, words="is large")
    low = ScoreConfig(quantity="loss", at_most=0.1, words="is small")
    between = ScoreConfig(quantity="loss", at_least=0.1, at_most=0.2, words="is so")
    assert score(runs, high).tolist() == [1, 0, 0]
    assert score(runs, low).tolist() == [0, 1, 0]
    assert score(runs, between).tolist() == [0, 1, 1]


def test_only_seeds_in_the_range_are_read(hand_made):
    hand_made.put(ARM, [1] * 30)
    evidence = hand_made.evidence()
    assert evidence.runs(ARM, 10).seeds.tolist() == list(range(10))
    assert evidence.runs(ARM, 5, first_seed=28).seeds.tolist() == [28, 29]


def test_a_measurement_comes_back_by_name(hand_made):
    assert hand_made.evidence().measurement("cost") is None
    hand_made.measure("cost", total=[1.0, 2.0], mean=1.5)
    numbers = hand_made.evidence().measurement("cost")
    assert numbers["total"].tolist() == [1.0, 2.0]
    assert numbers["mean"] == 1.5


def test_without_a_store_there_are_no_runs():
    evidence = Evidence(NoRuns())
    assert len(evidence.runs(ARM, 10)) == 0
    assert evidence.measurement("cost") is None
    digest = spec_digest(measurement_specification("cost"))
    assert len(NoRuns().seeds_present(digest)) == 0


# The choice of the learning rate.


def tune(hand_made, values: dict[float, list], metric: str = "solved", **status) -> Arm:
    """Return a tuned arm whose rates have these scores on the tuning seeds."""
    measured = solved() if metric == "solved" else LOSS
    arm = Arm(
        config=ARM,
        tune=TuneConfig(learning_rates=tuple(values), score=measured, seeds=4),
    )
    for rate, scores in values.items():
        seeds = TUNING_SEEDS_START + np.arange(len(scores))
        words = ["ok" if math.isfinite(v) else "diverged" for v in scores]
        hand_made.put(
            arm.with_learning_rate(rate),
            scores,
            seeds=seeds,
            metric=metric,
            status=words,
        )
    return arm


def test_an_arm_without_tuning_keeps_its_rate(hand_made):
    choice = hand_made.evidence().choice(Arm(config=ARM))
    assert choice.config == ARM
    assert not choice.at_edge
    assert choice.tried == {}


def test_the_rate_with_the_best_mean_is_chosen(hand_made):
    arm = tune(hand_made, {0.1: [1, 0, 0, 0], 0.2: [1, 1, 1, 0], 0.3: [0, 1, 1, 0]})
    choice = hand_made.evidence().choice(arm)
    assert (choice.learning_rate, choice.at_edge) == (0.2, False)
    assert choice.config.training.optimizer.learning_rate == 0.2
    assert choice.tried == {0.1: 0.25, 0.2: 0.75, 0.3: 0.5}


def test_there_is_no_choice_while_a_tuning_run_is_missing(hand_made):
    arm = tune(hand_made, {0.1: [1, 0, 0, 0], 0.2: [1, 1, 1, 0], 0.3: [0, 1, 1]})
    assert hand_made.evidence().choice(arm) is None


def test_a_best_rate_at_either_end_of_the_grid_is_at_the_edge(hand_made):
    arm = tune(hand_made, {0.1: [1] * 4, 0.2: [0] * 4, 0.3: [0] * 4})
    assert hand_made.evidence().choice(arm).at_edge


def test_equally_good_rates_give_the_one_nearest_to_the_middle(hand_made):
    grid = {0.1: [1] * 4, 0.2: [1] * 4, 0.3: [1] * 4, 0.4: [0] * 4, 0.5: [0] * 4}
    choice = hand_made.evidence().choice(tune(hand_made, grid))
    assert (choice.learning_rate, choice.at_edge) == (0.3, False)


def test_a_rate_at_which_a_run_diverges_is_the_worst(hand_made):
    grid = {0.1: [1, 1, 1, 1], 0.2: [2, 2, 2, 2], 0.3: [9, 9, 9, math.nan]}
    choice = hand_made.evidence().choice(tune(hand_made, grid, metric="loss"))
    assert choice.learning_rate == 0.2
    assert choice.tried[0.3] == -math.inf
