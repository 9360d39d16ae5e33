"""What the oracles propose, a batch at a time."""

import itertools

import keras_tuner
import numpy as np
import pytest

from ablations.tuner.oracles import FullFactorialOracle, make_oracle
from ablations.tuner.settings import ORACLES
from models.config import ConfigError

GOAL = keras_tuner.Objective("score", "max")


def open_oracle(name, folder, declare, num_trials=20, max_epochs=9, seed=0, **settings):
    oracle = make_oracle(name, GOAL, num_trials, max_epochs, seed, **settings)
    declare(oracle.hyperparameters)
    oracle._set_project_dir(folder, name)
    oracle.verbose = 0
    return oracle


def ask(oracle, number):
    trials = []
    for place in range(number):
        trial = oracle.create_trial(f"tuner{place}")
        if trial.status != "RUNNING":
            break
        trials.append(trial)
    return trials


def end(oracle, trial, score):
    if score is None:
        trial.status = "FAILED"
    else:
        oracle.update_trial(trial.trial_id, {"score": score})
        trial.status = "COMPLETED"
    oracle.end_trial(trial)


def run(oracle, score_of, batch):
    batches = []
    while trials := ask(oracle, batch):
        batches.append([trial.hyperparameters.values for trial in trials])
        for trial in trials:
            end(oracle, trial, score_of(trial.hyperparameters.values))
    return batches


def one_rate(hp):
    hp.Float("rate", 1e-4, 1.0, sampling="log")


def bowl(values):
    """Return a score that is best at a rate of 0.01."""
    return -((np.log10(values["rate"]) + 2.0) ** 2)


@pytest.mark.parametrize("name", ORACLES)
def test_an_oracle_proposes_as_many_different_trials_as_were_asked_for(name, tmp_path):
    oracle = open_oracle(name, tmp_path, one_rate, levels=30)
    found = list(itertools.chain(*run(oracle, bowl, 6)))
    assert len(found) == 20
    if name != "hyperband":
        assert len({values["rate"] for values in found}) == 20


@pytest.mark.parametrize("name", ORACLES)
def test_proposals_follow_from_the_seed(name, tmp_path):
    def proposed(folder, seed):
        oracle = open_oracle(name, tmp_path / folder, one_rate, seed=seed, levels=30)
        return [v["rate"] for v in itertools.chain(*run(oracle, bowl, 6))]

    first = proposed("a", 0)
    assert first == proposed("b", 0)
    assert first != proposed("c", 1)


@pytest.mark.parametrize("name", ORACLES)
def test_failed_trials_never_stop_a_search(name, tmp_path):
    oracle = open_oracle(name, tmp_path, one_rate, num_trials=9, levels=30)
    run(oracle, lambda values: None, 4)
    assert [t.status for t in oracle.trials.values()] == ["FAILED"] * 9


def test_the_bayesian_oracle_finds_the_best_rate_in_batches(tmp_path):
    oracle = open_oracle("bayesian", tmp_path, one_rate, num_trials=15)
    batches = run(oracle, bowl, 3)
    later = [v["rate"] for v in itertools.chain(*batches[2:])]
    # A tenth of the logarithmic range lies between these; chance would hit it seldom.
    assert sum(0.006 < rate < 0.016 for rate in later) >= 3
    # The first points that are not drawn do not fall on each other.
    rates = sorted(np.log10(v["rate"]) for v in batches[1])
    assert np.diff(rates).min() > 0.01


def test_the_bayesian_oracle_leaves_a_place_where_trials_fail(tmp_path):
    def score_of(values):
        return None if values["rate"] > 0.1 else bowl(values)

    oracle = open_oracle("bayesian", tmp_path, one_rate, num_trials=23)
    batches = run(oracle, score_of, 4)
    late = [v["rate"] for v in itertools.chain(*batches[3:])]
    assert np.mean([rate > 0.1 for rate in late]) < 0.25


def test_one_score_is_enough_for_the_bayesian_oracle_to_go_on(tmp_path):
    oracle = open_oracle("bayesian", tmp_path, one_rate, num_trials=8)
    scores = iter([None, None, 1.0, None, None, None, None, None])
    run(oracle, lambda values: next(scores), 2)
    assert len(oracle.trials) == 8


def test_hyperband_proposes_rungs_at_a_time_and_promotes_their_best(tmp_path):
    # Nine epochs at a factor of 3: three brackets, of 13, 7 and 3 trials.
    oracle = open_oracle("hyperband", tmp_path, one_rate, num_trials=23)
    batches = run(oracle, bowl, 256)
    assert [len(batch) for batch in batches] == [9 + 5 + 3, 3 + 2, 1]
    for rung, batch in enumerate(batches):
        assert {v["tuner/round"] for v in batch} == {rung}
    first, second, _ = (
        sorted((bowl(v) for v in batch if v["tuner/bracket"] == 2), reverse=True)
        for batch in batches
    )
    assert second == first[:3]
    assert {(v["tuner/initial_epoch"], v["tuner/epochs"]) for v in batches[0]} == {
        (0, 1),
        (0, 3),
        (0, 9),
    }
    assert all("tuner/trial_id" in v for v in batches[1])


def test_hyperband_begins_only_brackets_that_the_budget_lets_end(tmp_path):
    oracle = open_oracle("hyperband", tmp_path, one_rate, num_trials=50)
    first, *_ = run(oracle, bowl, 256)
    # Two iterations of 23 trials; the third one begins when these have ended.
    assert len(first) == 2 * (9 + 5 + 3)
    assert len(oracle.trials) == 50


def test_the_order_of_hyperband_does_not_depend_on_the_batch(tmp_path):
    alone, crowd = (
        open_oracle("hyperband", tmp_path / f"{batch}", one_rate, num_trials=60)
        for batch in (1, 256)
    )
    run(alone, bowl, 1)
    run(crowd, bowl, 256)
    found = [
        [trial.hyperparameters.values for trial in oracle.trials.values()]
        for oracle in (alone, crowd)
    ]
    rates = [sorted(values["rate"] for values in trials) for trials in found]
    assert rates[0] == rates[1]


def test_hyperband_trains_to_the_end_where_the_space_is_small(tmp_path):
    def declare(hp):
        hp.Choice("kind", ["a", "b"])
        hp.Choice("size", [8, 16])

    def score_of(values):
        return values["size"] + (values["kind"] == "b")

    oracle = open_oracle(
        "hyperband", tmp_path, declare, num_trials=20, max_epochs=30, num_points=4
    )
    rungs = run(oracle, score_of, 256)
    assert [{v["tuner/epochs"] for v in rung} for rung in rungs] == [{10}, {30}]
    assert [len(rung) for rung in rungs] == [4, 3]
    assert sorted(map(score_of, rungs[1])) == [9, 16, 17]


def test_a_rung_of_an_exhausted_space_is_as_large_as_planned_or_as_the_one_below(
    tmp_path,
):
    def declare(hp):
        hp.Choice("kind", list("abcdef"))

    # A bracket of 34, 12, 4 and 2 trials, of which six are there to begin with.
    oracle = open_oracle(
        "hyperband", tmp_path, declare, num_trials=60, max_epochs=30, num_points=6
    )
    rungs = run(oracle, lambda values: ord(values["kind"]), 4)
    found = [v["tuner/epochs"] for v in itertools.chain(*rungs)]
    assert [found.count(epochs) for epochs in (2, 4, 10, 30)] == [6, 6, 4, 2]


@pytest.mark.parametrize("num_trials", [1, 3, 7, 12, 20, 30, 50])
def test_hyperband_trains_to_the_end_however_few_trials_there_are(tmp_path, num_trials):
    oracle = open_oracle(
        "hyperband", tmp_path, one_rate, num_trials=num_trials, max_epochs=30
    )
    found = list(itertools.chain(*run(oracle, bowl, 256)))
    assert len(found) == num_trials
    assert any(values["tuner/epochs"] == 30 for values in found)


@pytest.mark.parametrize("name", ["random", "bayesian"])
def test_a_small_space_is_drawn_from_until_all_of_it_has_been_tried(name, tmp_path):
    def declare(hp):
        hp.Choice("kind", list("abcdefgh"))
        hp.Choice("size", [1, 2, 3, 4, 5])

    oracle = open_oracle(name, tmp_path, declare, num_trials=100, num_points=40)
    found = itertools.chain(*run(oracle, lambda values: values["size"], 16))
    assert len({(v["kind"], v["size"]) for v in found}) == 40


def test_hyperband_survives_a_rung_that_fails(tmp_path):
    oracle = open_oracle("hyperband", tmp_path, one_rate, num_trials=40)
    run(oracle, lambda v: None if v["tuner/epochs"] < 9 else bowl(v), 256)
    assert len(oracle.trials) == 40


def choices(hp):
    hp.Choice("kind", ["a", "b"])
    hp.Int("size", 1, 3)
    hp.Boolean("flag")
    hp.Fixed("rest", 7)


def test_the_grid_holds_every_combination_once(tmp_path):
    oracle = open_oracle("grid", tmp_path, choices, num_trials=1000, levels=3)
    found = list(itertools.chain(*run(oracle, lambda values: 1.0, 5)))
    assert len(found) == 2 * 3 * 2
    assert len({tuple(sorted(values.items())) for values in found}) == 12
    assert all(values["rest"] == 7 for values in found)


def test_a_small_budget_draws_from_the_whole_grid(tmp_path):
    def declare(hp):
        for name in "abcdef":
            hp.Choice(name, list(range(5)))

    oracle = open_oracle("grid", tmp_path, declare, num_trials=60)
    found = list(itertools.chain(*run(oracle, lambda values: 1.0, 60)))
    assert len(found) == 60
    for name in "abcdef":
        assert {values[name] for values in found} == set(range(5))


def test_the_grid_takes_levels_of_a_range_with_both_ends():
    oracle = FullFactorialOracle(objective=GOAL, levels=3)
    hp = keras_tuner.HyperParameters()
    hp.Float("rate", 1e-4, 1.0, sampling="log")
    hp.Float("step", 0.0, 1.0, step=0.25)
    rate, step = hp.space
    assert oracle.axis(rate) == [1e-4, 1e-2, 1.0]
    assert oracle.axis(step) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_the_grid_counts_inactive_hyperparameters_once(tmp_path):
    def declare(hp):
        hp.Choice("kind", ["a", "b"])
        with hp.conditional_scope("kind", ["b"]):
            hp.Choice("only_b", [1, 2, 3])

    oracle = open_oracle("grid", tmp_path, declare, num_trials=100)
    found = list(itertools.chain(*run(oracle, lambda values: 1.0, 100)))
    assert len(found) == 1 + 3


def test_what_no_oracle_can_do_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'bayesian'"):
        make_oracle("bayes", GOAL, 1, 1, 0)
    with pytest.raises(ConfigError, match="`trials`"):
        make_oracle("random", GOAL, 0, 1, 0)
