from dataclasses import replace

import numpy as np
import pytest

from ablations.arm import TUNING_SEEDS_START, TuneConfig
from ablations.judge import Case
from ablations.judging.preconditions import (
    chance_level,
    is_random,
    leaked_share,
    machine_mixture,
    unmet_precondition,
)
from ablations.prediction import Comparison, ScoreConfig, SuccessRate, Trend
from ablations.rigs.xor import solved, within, xor_arm
from ablations.selfcheck.synthetic import Drawn, make_claim, table_of
from ablations.tasks import Task, TaskConfig, make_task

SEEDS = 20
LOSS = ScoreConfig(quantity="loss", better="lower", words="loss")
RNG = np.random.default_rng(0)
LEARNED = RNG.uniform(0.0, 0.1, SEEDS)


def compare(score=LOSS, **changes) -> Comparison:
    fields = {"label": "l", "treatment": "a", "control": "b", "score": score}
    return Comparison(**(fields | {"margin": 0.0} | changes))


def reason(prediction, configs, tables, *, make=make_task, tune=None) -> str | None:
    claim = make_claim(prediction, configs=configs, tune=tune).claim
    by_config = {claim.arms[name].config: table for name, table in tables.items()}
    case = Case(claim, Drawn(by_config), "quick", SEEDS)
    return unmet_precondition(prediction, case, make)


def arms(**changes) -> dict:
    return {"a": xor_arm(learning_rate=0.1, **changes), "b": xor_arm()}


def losses(values=LEARNED, **options):
    return table_of(values, metric="loss", **options)


def test_fair_runs_may_be_judged():
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    assert reason(compare(), arms(), tables) is None


def test_an_arm_that_trains_longer_is_not_compared():
    tables = {"a": losses(), "b": losses()}
    found = reason(compare(), arms(num_steps=1000), tables)
    assert found == (
        "The budgets differ: a is read after 1,000 updates and b after 500."
    )


def test_the_budget_may_differ_where_the_prediction_says_so():
    longer = arms(num_steps=1000)
    tables = {"a": losses(), "b": losses()}
    assert reason(compare(differs_in=("budget",)), longer, tables) is None
    later = compare(solved(1000), control_score=solved(100))
    assert reason(later, longer, tables) is None
    assert reason(compare(solved(100)), longer, tables) is None


def test_equal_passes_over_the_data_are_an_equal_budget():
    config = xor_arm(num_steps=500)
    small = config.replace(
        training=config.training.replace(batch_size=1, num_steps=2000)
    )
    tables = {"a": losses(), "b": losses()}
    assert reason(compare(), {"a": small, "b": config}, tables) is None


def test_arms_on_different_data_are_not_compared():
    configs = {"a": xor_arm(task="and"), "b": xor_arm()}
    tables = {"a": losses(), "b": losses()}
    assert reason(compare(), configs, tables) == (
        "a and b were trained on different data."
    )
    assert reason(compare(differs_in=("data",)), configs, tables) is None


def test_a_tuned_arm_is_not_compared_with_one_that_is_not():
    tune = TuneConfig(learning_rates=(0.05, 0.1, 0.2), score=solved(), seeds=10)
    config = xor_arm(hidden_units=(3,))
    claim = make_claim(
        compare(solved()), configs={"a": config, "b": xor_arm()}, tune={"a": tune}
    )
    seeds = np.r_[np.arange(SEEDS), TUNING_SEEDS_START + np.arange(10)]
    tables = {
        claim.claim.arms["a"].with_learning_rate(rate): table_of(
            np.full(SEEDS + 10, float(rate == 0.1)), metric="solved", seeds=seeds
        )
        for rate in tune.learning_rates
    }
    tables[claim.claim.arms["b"].config] = table_of(np.ones(SEEDS), metric="solved")
    case = Case(claim.claim, Drawn(tables), "quick", SEEDS)
    found = unmet_precondition(compare(solved()), case)
    assert found is not None
    assert found.startswith("The tuning differs: 30 runs")


def test_a_seed_counts_once():
    seeds = np.r_[0, np.arange(SEEDS - 1)]
    tables = {"a": losses(seeds=seeds), "b": losses()}
    assert reason(compare(), arms(), tables) == "1 runs of a repeat a seed."


def test_pairs_are_of_the_same_seeds():
    other = np.r_[np.arange(SEEDS - 1), SEEDS]
    claim = make_claim(compare(), configs=arms()).claim

    class Careless(Drawn):
        def runs(self, config, num_seeds, first_seed=0):
            return self._drawn[config]

    evidence = Careless(
        {
            claim.arms["a"].config: losses(seeds=other),
            claim.arms["b"].config: losses(),
        }
    )
    case = Case(claim, evidence, "quick", SEEDS)
    found = unmet_precondition(compare(), case)
    assert found == "Only 19 of 20 seeds of b were also run in a."


def test_missing_runs_are_left_to_the_judge():
    assert reason(compare(), arms(), {"a": losses(), "b": losses(LEARNED[:9])}) is None


def test_runs_that_all_agree_in_every_digit_did_not_use_their_seed():
    tables = {"a": losses(np.full(SEEDS, 0.03)), "b": losses()}
    assert reason(compare(), arms(), tables) == (
        "The seed is ignored: all 20 runs of a are the same in every digit."
    )


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_outcomes_that_are_all_alike_may_be_chance(value):
    tables = {"a": table_of(np.full(SEEDS, value), metric="solved")}
    rate = SuccessRate(label="l", arm="a", score=solved(), bound=0.5)
    assert reason(rate, {"a": xor_arm()}, tables) is None


def test_networks_without_chance_may_all_be_the_same():
    zeros = xor_arm(kernel_initializer="zeros", output_kernel_initializer="zeros")
    task = make_task(TaskConfig(name="xor"))
    assert not is_random(zeros, task)
    assert is_random(xor_arm(), task)
    shuffled = zeros.replace(training=zeros.training.replace(batch_size=2))
    assert is_random(shuffled, task)
    tables = {"a": losses(np.full(SEEDS, 0.03)), "b": losses()}
    assert reason(compare(), {"a": zeros, "b": xor_arm()}, tables) is None


def test_nothing_is_compared_where_no_arm_learned():
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, (2, SEEDS))
    tables = {"a": losses(stuck[0]), "b": losses(stuck[1])}
    found = reason(compare(), arms(), tables)
    assert found is not None
    assert found.startswith("No arm learned")
    assert found.endswith("loss 0.25.")
    trend = Trend(label="l", arms=("a", "b"), scores=(LOSS,), margin=0.0)
    assert reason(trend, arms(), tables) == found


def test_one_arm_that_learned_is_enough():
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, SEEDS)
    assert reason(compare(), arms(), {"a": losses(), "b": losses(stuck)}) is None


def test_starting_points_and_other_scores_need_no_learning():
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, SEEDS)
    tables = {"a": losses(stuck), "b": losses(stuck[::-1])}
    start = LOSS.replace(at=0)
    assert reason(compare(start), arms(), tables) is None
    assert reason(compare(within(0.1)), arms(), tables) is None


def test_validation_rows_that_were_trained_on_are_seen():
    xor = make_task(TaskConfig(name="xor"))
    leaked = replace(xor, x_val=xor.x, y_val=xor.y)
    assert leaked_share(xor) == 0.0
    assert leaked_share(leaked) == 1.0
    assert leaked_share(replace(leaked, y_val=1 - xor.y)) == 0.0
    validation = compare(LOSS.replace(quantity="val_loss"))
    tables = {name: table_of(LEARNED, metric="val_loss") for name in "ab"}
    found = reason(validation, arms(), tables, make=lambda config: leaked)
    assert found == "100 % of the validation rows of a are training rows."


@pytest.mark.parametrize(
    ("quantity", "loss", "expected"),
    [
        ("loss", "mse", (0.1875, -1)),
        ("loss", "binary_crossentropy", (0.5623351446188083, -1)),
        ("accuracy", "mse", (0.75, 1)),
        ("val_accuracy", "mse", (0.5, 1)),
        ("max_error", "mse", (0.5, -1)),
        ("grad_norm", "mse", None),
    ],
)
def test_chance_is_what_the_best_constant_answer_scores(quantity, loss, expected):
    x = np.arange(8.0)[:, None].astype(np.float32)
    y = np.array([0, 0, 0, 1, 0, 0, 0, 1], np.float32)[:, None]
    task = Task(x, y, x[:4], np.array([0, 1, 0, 1], np.float32)[:, None])

    class Side:
        config = xor_arm(loss=loss)
        score = ScoreConfig(quantity=quantity, words="w")

    Side.task = task
    found = chance_level(Side)
    assert found == expected if expected is None else found == pytest.approx(expected)


def test_runs_of_unlike_machines_are_named():
    old, new = ({"keras": "3.14"}, {"keras": "3.15"})
    assert machine_mixture([losses(machine=old), losses(machine=old)]) == ""
    assert machine_mixture([losses(machine=old), losses(machine=new)]) == (
        "The runs come from unlike machines: keras 3.14 and 3.15."
    )
    both = replace(losses(), machines=(old, new | {"device": "gpu"}))
    assert "device none and gpu" in machine_mixture([both])
