import math

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.evidence.scores import score
from ablations.evidence.tuning import wider_grid
from ablations.evidence.versions import measurement_specification
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import spec_digest
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


@pytest.mark.parametrize(
    ("metric", "value", "error"),
    [
        ("test_accuracy", 0.75, 0.252),
        ("test_accuracy", 1.0, 0.002),
        ("test_loss", 0.25, 0.25),
    ],
)
def test_errors_on_test_rows_are_wrong_answers_or_the_loss(table, metric, value, error):
    runs = table([value, value], metric=metric, status=["ok", "diverged"])
    config = ScoreConfig(
        quantity="log10_test_error", better="lower", failed_value=0.0, words="error"
    )
    np.testing.assert_allclose(score(runs, config)[0], math.log10(error), rtol=1e-6)


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


def tune(
    hand_made,
    values: dict[float, list],
    metric: str = "solved",
    grid: tuple[float, ...] = (),
    config: ArmConfig = ARM,
    widen: int = 3,
) -> Arm:
    """Return a tuned arm whose rates have these scores on the tuning seeds.

    `grid` is the grid it declares, where more rates than those have scores.
    """
    measured = solved() if metric == "solved" else LOSS
    rates = grid or tuple(values)
    tuning = TuneConfig(learning_rates=rates, score=measured, seeds=4, widen=widen)
    arm = drawn_arm("arm", config, tuning)
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
    choice = hand_made.evidence().choice(drawn_arm("arm", ARM))
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
    for scores in ([1, 0, 0], [0, 0, 1]):
        values = dict(zip((0.1, 0.2, 0.3), ([s] * 4 for s in scores), strict=True))
        arm = tune(
            hand_made, values, widen=0, config=xor_arm(num_steps=sum(scores[1:]) + 1)
        )
        assert hand_made.evidence().choice(arm).at_edge


GRID = (0.01, 0.1, 1.0)


def test_a_grid_whose_best_rate_is_at_an_end_waits_for_one_more_there(hand_made):
    arm = tune(hand_made, {0.01: [0] * 4, 0.1: [0] * 4, 1.0: [1] * 4})
    evidence = hand_made.evidence()
    assert evidence.choice(arm) is None
    assert evidence.rates(arm) == (0.01, 0.1, 1.0, 10.0)


def test_a_grid_grows_until_the_best_rate_is_inside(hand_made):
    values = {0.01: [0, 0, 0, 1], 0.1: [0, 0, 1, 1], 1.0: [0, 1, 1, 1]}
    arm = tune(hand_made, {**values, 10.0: [1] * 4, 100.0: [0] * 4}, grid=GRID)
    choice = hand_made.evidence().choice(arm)
    assert (choice.learning_rate, choice.at_edge, choice.num_widened) == (
        10.0,
        False,
        2,
    )
    assert tuple(choice.tried) == (0.01, 0.1, 1.0, 10.0, 100.0)


def test_a_grid_grows_downwards_too_and_no_further_than_it_may(hand_made):
    # The smaller the better, without end.
    rates = (1e-5, 1e-4, 1e-3, *GRID)
    values = {rate: [-math.log(rate)] * 4 for rate in rates}
    arm = tune(hand_made, values, metric="loss", grid=GRID, widen=2)
    choice = hand_made.evidence().choice(arm)
    assert (choice.learning_rate, choice.at_edge, choice.num_widened) == (1e-4, True, 2)


def test_arms_that_are_compared_try_as_many_rates(hand_made):
    inside = {0.01: [0] * 4, 0.1: [0, 1, 1, 1], 1.0: [0] * 4}
    other = xor_arm(activation="relu")
    edge = tune(hand_made, {0.01: [0] * 4, 0.1: [0] * 4, 1.0: [1] * 4}, config=other)
    arm = tune(hand_made, inside)
    evidence = hand_made.evidence()
    # Alone it is done, but the other is not.
    assert evidence.choice(arm).learning_rate == 0.1
    assert evidence.choice(arm, [arm, edge]) is None
    seeds = TUNING_SEEDS_START + np.arange(4)
    hand_made.put(edge.with_learning_rate(10.0), [0] * 4, seeds=seeds)
    evidence = hand_made.evidence()
    assert evidence.choice(edge, [arm, edge]) is None
    assert evidence.rates(arm, [arm, edge]) == (0.01, 0.1, 1.0, 10.0)
    hand_made.put(arm.with_learning_rate(10.0), [0] * 4, seeds=seeds)
    evidence = hand_made.evidence()
    for each, rate in ((arm, 0.1), (edge, 1.0)):
        for rivals in ([arm, edge], [edge, arm]):
            choice = evidence.choice(each, rivals)
            assert (choice.learning_rate, len(choice.tried)) == (rate, 4)
            assert not choice.at_edge


def test_a_grid_keeps_its_ratio_and_short_numbers():
    assert wider_grid((0.003, 0.01, 0.03), upwards=True)[-1] == 0.09
    assert wider_grid((0.1, 0.2, 0.3), upwards=False)[0] == 0.05
    grid = GRID
    for _ in range(8):
        grid = wider_grid(grid, upwards=False)
    assert grid[:2] == (1e-10, 1e-9)


def test_equally_good_rates_give_the_one_nearest_to_the_middle(hand_made):
    grid = {0.1: [1] * 4, 0.2: [1] * 4, 0.3: [1] * 4, 0.4: [0] * 4, 0.5: [0] * 4}
    choice = hand_made.evidence().choice(tune(hand_made, grid))
    assert (choice.learning_rate, choice.at_edge) == (0.3, False)


def test_a_multiple_of_the_best_rate_is_judged_where_the_arm_asks_for_it(hand_made):
    grid = {0.1: [1] * 4, 0.2: [2] * 4, 0.3: [0] * 4}
    arm = tune(hand_made, grid)
    high = arm.replace(tune=arm.tune.replace(times=3.0))
    usual, multiple = (hand_made.evidence().choice(each) for each in (arm, high))
    assert multiple.config == arm.with_learning_rate(0.6)
    assert multiple.learning_rate == usual.learning_rate == 0.2
    assert multiple.tried == usual.tried
    assert "times" not in arm.model_dump_json()


def test_a_rate_at_which_a_run_diverges_is_the_worst(hand_made):
    grid = {0.1: [1, 1, 1, 1], 0.2: [2, 2, 2, 2], 0.3: [9, 9, 9, math.nan]}
    choice = hand_made.evidence().choice(tune(hand_made, grid, metric="loss"))
    assert choice.learning_rate == 0.2
    assert choice.tried[0.3] == -math.inf


# Rates that an oracle proposes.


def asked_arm(**changes) -> Arm:
    fields = {"oracle": "bayesian", "trials": 5, "bounds": (1e-3, 1.0)}
    tune = TuneConfig(score=LOSS, seeds=4, **(fields | changes))
    return drawn_arm("arm", ARM, tune)


def answer(hand_made, asked: dict, rates: list[float]) -> None:
    digest = hand_made.store.put_spec(asked)
    arrays = {"learning_rates": np.array([rates])}
    hand_made.store.insert(digest, [0], ["ok"], [-1], arrays, {})


def try_rates(hand_made, arm: Arm, scores: dict[float, float]) -> None:
    seeds = TUNING_SEEDS_START + np.arange(4)
    for rate, score_ in scores.items():
        config = arm.with_learning_rate(rate)
        status = ["ok" if math.isfinite(score_) else "diverged"] * 4
        hand_made.put(config, [score_] * 4, seeds=seeds, metric="loss", status=status)


def test_an_oracle_is_asked_again_once_its_proposals_were_tried(hand_made):
    arm = asked_arm()
    (asked,) = hand_made.evidence().open_proposals(arm)
    assert (asked["count"], asked["history"]) == (3, [])
    answer(hand_made, asked, [0.5, 0.01, 0.002])
    evidence = hand_made.evidence()
    assert evidence.rates(arm) == (0.5, 0.01, 0.002)
    assert evidence.open_proposals(arm) == []
    assert evidence.choice(arm) is None
    try_rates(hand_made, arm, {0.5: math.nan, 0.01: 2.0, 0.002: 1.0})
    (asked,) = hand_made.evidence().open_proposals(arm)
    assert asked["count"] == 1
    assert asked["history"] == [[0.5, None], [0.01, 2.0], [0.002, 1.0]]
    assert hand_made.evidence().choice(arm) is None


def test_an_oracle_that_repeats_a_rate_has_still_made_a_trial(hand_made):
    arm = asked_arm(trials=4)
    answer(hand_made, hand_made.evidence().open_proposals(arm)[0], [0.5, 0.01, 0.1])
    try_rates(hand_made, arm, {0.5: 1.0, 0.01: 2.0, 0.1: 3.0})
    answer(hand_made, hand_made.evidence().open_proposals(arm)[0], [0.1])
    choice = hand_made.evidence().choice(arm)
    assert (choice.learning_rate, choice.num_trials) == (0.1, 4)
    assert list(choice.tried) == [0.01, 0.1, 0.5]
    assert not choice.at_edge


@pytest.mark.parametrize("best", [0.0012, 0.9])
def test_a_best_proposal_near_a_bound_is_at_the_edge(hand_made, best):
    arm = asked_arm(trials=3, oracle="random")
    (asked,) = hand_made.evidence().open_proposals(arm)
    assert asked["count"] == 3
    answer(hand_made, asked, [0.0012, 0.03, 0.9])
    try_rates(hand_made, arm, {r: float(r == best) for r in (0.0012, 0.03, 0.9)})
    choice = hand_made.evidence().choice(arm)
    assert (choice.learning_rate, choice.at_edge) == (best, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rates": (0.1, 0.2, 0.3)}, "`learning_rates` must be empty"),
        ({"trials": 2}, "`trials` must be at least 3"),
        ({"trials": None}, "`trials` must be at least 3"),
        ({"bounds": None}, "`bounds` must be a smaller and a larger"),
        ({"bounds": (1.0, 0.1)}, "`bounds` must be a smaller and a larger"),
        ({"oracle": "grid"}, "`trials` and `bounds` must be None"),
    ],
)
def test_an_oracle_without_bounds_or_trials_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        asked_arm(**changes)
