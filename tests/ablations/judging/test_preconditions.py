from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from ablations.judging.case import Case
from ablations.judging.chance import chance_level
from ablations.judging.held_out import leaked_share
from ablations.judging.judge import judge
from ablations.judging.preconditions import machine_mixture, unmet_precondition
from ablations.judging.side import Side
from ablations.protocol.arm import TUNING_SEEDS_START, TuneConfig
from ablations.protocol.experiment import ExperimentConfig
from ablations.protocol.kinds import Comparison, SuccessRate, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.normalization import networks
from ablations.rigs.xor import solved, within, xor_arm
from ablations.selfcheck.synthetic import Drawn, drawn_arm, make_claim, table_of
from ablations.tasks import FixedTask, TaskConfig, make_task

SEEDS = 20
LOSS = ScoreConfig(quantity="loss", better="lower", words="loss")
RNG = np.random.default_rng(0)
LEARNED = RNG.uniform(0.0, 0.1, SEEDS)
FIXED = {"kernel_initializer": "zeros", "output_kernel_initializer": "zeros"}


def compare(score=LOSS, **changes):
    """Make a comparison of the arms that are called `a` and `b`."""

    def of(arms: dict) -> Comparison:
        fields = {"key": "c", "label": "l", "score": score, "margin": 0.0}
        fields |= {"treatment": arms["a"], "control": arms["b"]}
        return Comparison(**(fields | changes))

    return of


def case_of(predict, arms, tables, *, evidence=Drawn, **options) -> Case:
    claim = make_claim(predict(arms)).claim
    by_config = {claim.arms[name].config: table for name, table in tables.items()}
    return Case(claim, evidence(by_config), "quick", SEEDS, **options)


def reason(predict, arms, tables, *, make=make_task) -> str | None:
    case = case_of(predict, arms, tables, make=make)
    return unmet_precondition(case.claim.core[0], case)


def named(**configs) -> dict:
    return {name: drawn_arm(name, config) for name, config in configs.items()}


def arms(**changes) -> dict:
    return named(a=xor_arm(learning_rate=0.1, **changes), b=xor_arm())


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
    assert reason(compare(), named(a=small, b=config), tables) is None


def test_arms_on_different_data_are_not_compared():
    configs = named(a=xor_arm(task="and"), b=xor_arm())
    tables = {"a": losses(), "b": losses()}
    assert reason(compare(), configs, tables) == (
        "a and b were trained on different data."
    )
    assert reason(compare(differs_in=("data",)), configs, tables) is None


def test_a_tuned_arm_is_not_compared_with_one_that_is_not():
    tune = TuneConfig(learning_rates=(0.05, 0.1, 0.2), score=solved(), seeds=10)
    tuned = drawn_arm("a", xor_arm(hidden_units=(3,)), tune)
    plain = drawn_arm("b", xor_arm())
    prediction = compare(solved())({"a": tuned, "b": plain})
    seeds = np.r_[np.arange(SEEDS), TUNING_SEEDS_START + np.arange(10)]
    tables = {
        tuned.with_learning_rate(rate): table_of(
            np.full(SEEDS + 10, float(rate == 0.1)), metric="solved", seeds=seeds
        )
        for rate in tune.learning_rates
    }
    tables[plain.config] = table_of(np.ones(SEEDS), metric="solved")
    case = Case(make_claim(prediction).claim, Drawn(tables), "quick", SEEDS)
    found = unmet_precondition(prediction, case)
    assert found == (
        "The tuning differs: 30 runs chose the learning rate of a and 0 that of b."
    )


def test_a_seed_counts_once():
    seeds = np.r_[0, np.arange(SEEDS - 1)]
    tables = {"a": losses(seeds=seeds), "b": losses()}
    assert reason(compare(), arms(), tables) == "1 runs of a repeat a seed."


class Careless(Drawn):
    """Give runs of other seeds than those asked for."""

    def runs(self, config, num_seeds, first_seed=0):
        return self._drawn[config]


def test_pairs_are_of_the_same_seeds():
    other = np.r_[np.arange(SEEDS - 1), SEEDS]
    tables = {"a": losses(seeds=other), "b": losses()}
    case = case_of(compare(), arms(), tables, evidence=Careless)
    found = unmet_precondition(case.claim.core[0], case)
    assert found == "Only 19 of 20 seeds of b were also run in a."


def test_missing_runs_are_left_to_the_judge():
    assert reason(compare(), arms(), {"a": losses(), "b": losses(LEARNED[:9])}) is None


def test_runs_that_all_agree_in_every_digit_did_not_use_their_seed():
    tables = {"a": losses(np.full(SEEDS, 0.03)), "b": losses()}
    assert reason(compare(), arms(), tables) == (
        "The seed is ignored: all 20 runs of a are the same in every digit."
    )


def test_limits_on_a_grid_may_all_be_equal_and_are_judged_by_their_difference():
    metric = "log10_largest_rate"
    limit = ScoreConfig(quantity=metric, words="largest rate")
    predict = compare(limit, direction="greater", margin=0.2)
    searched = named(
        a=networks.limit("before", 3).config, b=networks.limit(None, 3).config
    )
    tables = {
        name: table_of(np.full(SEEDS, value), metric=metric, steps=(300,))
        for name, value in (("a", 0.5625), ("b", 0.0625))
    }
    case = case_of(predict, searched, tables)
    outcome = judge(case.claim.core[0], case)
    assert (outcome.outcome, outcome.estimate) == ("holds", 0.5)
    assert (outcome.low, outcome.high, outcome.n) == (0.5, 0.5, SEEDS)


def test_a_limit_does_not_excuse_another_number_that_ignores_the_seed():
    metric = "log10_largest_rate"
    config = networks.limit("before", 3).config
    table = table_of(np.full(SEEDS, 0.5625), metric=metric)
    alike = table.arrays | {"curve.loss": np.full((SEEDS, 1), 0.03, np.float32)}
    tables = {name: replace(table, arrays=alike) for name in "ab"}
    limit = ScoreConfig(quantity=metric, words="largest rate")
    found = reason(compare(limit), named(a=config, b=config), tables)
    assert found == (
        "The seed is ignored: all 20 runs of a are the same in every digit."
    )


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_outcomes_that_are_all_alike_may_be_chance(value):
    tables = {"a": table_of(np.full(SEEDS, value), metric="solved")}

    def rate(arms):
        fields = {"key": "r", "label": "l", "score": solved(), "bound": 0.5}
        return SuccessRate(**fields, arm=arms["a"])

    assert reason(rate, named(a=xor_arm()), tables) is None


def test_networks_without_chance_may_all_be_the_same():
    zeros = xor_arm(kernel_initializer="zeros", output_kernel_initializer="zeros")
    task = make_task(TaskConfig(name="xor"))
    assert not zeros.is_random(task)
    assert xor_arm().is_random(task)
    shuffled = zeros.replace(training=zeros.training.replace(batch_size=2))
    assert shuffled.is_random(task)
    tables = {"a": losses(np.full(SEEDS, 0.03)), "b": losses()}
    assert reason(compare(), named(a=zeros, b=xor_arm()), tables) is None


def trend(scores):
    """Make a trend along all arms."""

    def of(arms: dict) -> Trend:
        fields = {"key": "t", "label": "l", "scores": scores, "margin": 0.0}
        return Trend(**fields, along=tuple(arms.values()))

    return of


def test_nothing_is_compared_where_no_arm_learned():
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, (2, SEEDS))
    tables = {"a": losses(stuck[0]), "b": losses(stuck[1])}
    found = reason(compare(), arms(), tables)
    assert found == (
        "No arm learned: none does better on average than the best constant answer,"
        " loss 0.25."
    )
    gone = losses(np.full(SEEDS, np.nan), status=["diverged"] * SEEDS)
    failed = {"a": gone, "b": gone}
    assert reason(compare(), arms(), failed) == found
    assert reason(trend((LOSS,)), arms(), tables) == found


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


@pytest.mark.parametrize("part", ["val", "test"])
def test_rows_that_are_not_there_leak_nothing(part):
    xor = make_task(TaskConfig(name="xor"))
    assert leaked_share(xor, part) == 0.0
    there = {f"x_{part}": xor.x, f"y_{part}": xor.y}
    assert leaked_share(replace(xor, **there), part) == 1.0


def test_rows_of_double_precision_are_recognized():
    xor = make_task(TaskConfig(name="xor"))
    wide = xor.x[:3].astype(np.float64), xor.y[:3].astype(np.float64)
    assert leaked_share(replace(xor, x_val=wide[0], y_val=wide[1])) == 1.0


@pytest.mark.parametrize(
    ("num_leaked", "expected"),
    [
        (1, None),
        (2, "20 % of the validation rows of a are training rows."),
    ],
)
def test_one_validation_row_in_ten_may_be_a_training_row(num_leaked, expected):
    x = np.arange(40, dtype=np.float32)[:, None]
    y = (x > 7).astype(np.float32)
    kept = slice(20 - num_leaked, 30 - num_leaked)
    task = FixedTask(x[:20], y[:20], x[kept], y[kept])
    assert leaked_share(task) == num_leaked / 10
    quantity = LOSS.replace(quantity="val_loss")
    tables = {name: table_of(LEARNED, metric="val_loss") for name in "ab"}
    configs = arms()
    # Scores of the training rows are not touched by it.
    assert reason(compare(quantity), configs, tables, make=lambda _: task) == expected
    tables = {name: losses() for name in "ab"}
    assert reason(compare(), configs, tables, make=lambda _: task) is None


def test_ten_equal_runs_behind_an_arm_without_chance_are_seen():
    same = losses(np.full(SEEDS, 0.03))
    ten = np.r_[np.full(10, 0.03), np.linspace(0.01, 0.05, SEEDS - 10)]
    status = ["ok"] * 10 + ["diverged"] * (SEEDS - 10)
    configs = named(a=xor_arm(**FIXED), b=xor_arm())
    tables = {"a": same, "b": losses(ten, status=status)}
    assert reason(compare(), configs, tables) == (
        "The seed is ignored: all 10 runs of b are the same in every digit."
    )


def test_gaps_in_the_same_places_are_the_same():
    curve = np.tile([0.5, np.nan, 0.03], (SEEDS, 1))
    tables = {"a": losses(curve, steps=(1, 2, 500)), "b": losses()}
    found = reason(compare(), arms(), tables)
    assert found is not None
    assert found.startswith("The seed is ignored: all 20 runs of a")


def test_rows_that_are_not_shuffled_are_no_chance():
    config = xor_arm(**FIXED)
    changed = config.training.replace(batch_size=2, shuffle="none")
    task = make_task(TaskConfig(name="xor"))
    assert not config.replace(training=changed).is_random(task)


def test_runs_of_tuning_seeds_do_not_judge():
    seeds = np.r_[np.arange(SEEDS - 1), TUNING_SEEDS_START]
    tables = {name: losses(seeds=seeds) for name in "ab"}
    case = case_of(compare(), arms(), tables, evidence=Careless)
    found = unmet_precondition(case.claim.core[0], case)
    assert found == "1 runs of a have seeds that are kept for tuning."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"kernel_initializer": "he_normal"}, True),
        ({"output_kernel_initializer": "he_normal"}, True),
        ({"dropout": 0.5}, True),
        ({"input_dropout": 0.5}, True),
        ({"gaussian_noise": 0.1}, True),
    ],
)
def test_chance_enters_through_weights_drops_and_noise(changes, expected):
    task = make_task(TaskConfig(name="xor"))
    assert xor_arm(**(FIXED | changes)).is_random(task) is expected


@pytest.mark.parametrize(
    ("batch_size", "expected"), [(3, True), (4, False), (None, False)]
)
def test_the_order_of_rows_is_chance_where_a_batch_leaves_some_out(
    batch_size, expected
):
    config = xor_arm(**FIXED)
    config = config.replace(training=config.training.replace(batch_size=batch_size))
    assert config.is_random(make_task(TaskConfig(name="xor"))) is expected


def chance_of(quantity, y, y_val=None, loss="mse"):
    """Return the chance level of an arm trained on these targets."""
    y = np.asarray(y, np.float32)
    y_val = None if y_val is None else np.asarray(y_val, np.float32)
    x_val = None if y_val is None else np.zeros((len(y_val), 1), np.float32)
    task = FixedTask(np.zeros((len(y), 1), np.float32), y, x_val, y_val)
    config = xor_arm()
    config = config.replace(training=config.training.replace(loss=loss))
    score = ScoreConfig(quantity=quantity, words="w")
    return chance_level(Side("a", score, config, losses(), task, 0, 1, SEEDS))


def one_hot(*classes, num_classes=3):
    return np.eye(num_classes)[list(classes)]


def test_the_constant_class_is_the_most_frequent_one_of_the_training_rows():
    known = one_hot(0, 2, 1, 2, 2)
    assert chance_of("accuracy", known) == (0.6, 1)
    assert chance_of("val_accuracy", known, one_hot(2, 0, 1, 1)) == (0.25, 1)


def test_two_columns_are_two_classes():
    # As two yes-or-no answers, of which none is yes, both would be wrong.
    known = one_hot(0, 1, num_classes=2)
    validation = one_hot(0, 0, 1, 0, num_classes=2)
    assert chance_of("accuracy", known) == (0.5, 1)
    assert chance_of("val_accuracy", known, validation) == (0.75, 1)


@pytest.mark.parametrize(
    ("known", "expected"),
    [((1, 1, 0), 0.25), ((1, 0, 0), 0.75), ((1, 0), 0.75)],
)
def test_one_column_is_answered_with_yes_where_most_rows_say_so(known, expected):
    known = np.array(known)[:, None]
    validation = np.array([[0], [1], [0], [0]])
    assert chance_of("val_accuracy", known, validation) == (expected, 1)


def test_a_target_of_a_half_is_no_yes():
    assert chance_of("accuracy", [[0], [0], [0.5], [1]]) == (0.75, 1)


@pytest.mark.parametrize("quantity", ["val_accuracy", "val_loss", "val_max_error"])
def test_scores_of_validation_rows_that_are_not_there_have_no_chance_level(quantity):
    assert chance_of(quantity, [[0], [1]]) is None


def test_the_constant_of_the_largest_error_is_halfway_in_every_column():
    known = [[1, 0], [5, 1], [2, 1]]
    assert chance_of("max_error", known) == (2.0, -1)
    assert chance_of("val_max_error", known, [[3, 3]]) == (2.5, -1)


@pytest.mark.parametrize(
    ("loss", "known", "truth", "expected"),
    [
        # (1 - 0)^2 and (0 - 0.5)^2 of two columns, in one row.
        ("mse", [[0, 0], [0, 1]], [[1, 0]], (1.0 + 0.25) / 2),
        # The answer is -1: a yes costs 2, a no nothing.
        ("hinge", [[0], [0], [1]], [[1], [0], [0], [0]], 0.5),
        ("hinge", [[1], [1], [0]], [[1], [0], [0], [0]], 1.5),
        ("hinge", [[1], [0]], [[1], [0], [0], [0]], 0.5),
        ("binary_crossentropy", [[1], [0], [0], [0]], [[1]], np.log(4)),
        ("binary_crossentropy", [[1], [0], [0], [0]], [[0]], np.log(4 / 3)),
        ("binary_crossentropy", [[1], [1]], [[1]], 0.0),
        ("binary_crossentropy", [[0], [0]], [[1]], 52 * np.log(2)),
        ("binary_crossentropy", [[1], [1]], [[0]], 52 * np.log(2)),
        (
            "categorical_crossentropy",
            one_hot(0, 1, 1, 2),
            one_hot(1, 0),
            (np.log(2) + np.log(4)) / 2,
        ),
    ],
)
def test_the_constant_of_a_loss_is_that_of_the_training_rows(
    loss, known, truth, expected
):
    found = chance_of("val_loss", known, truth, loss)
    assert found == (pytest.approx(expected, abs=1e-12), -1)


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
    task = FixedTask(x, y, x[:4], np.array([0, 1, 0, 1], np.float32)[:, None])

    score = ScoreConfig(quantity=quantity, words="w")
    config = xor_arm(loss=loss)
    found = chance_level(Side("a", score, config, losses(), task, 0, 1, SEEDS))
    assert found == expected if expected is None else found == pytest.approx(expected)


def test_runs_of_unlike_machines_are_named():
    old, new = ({"keras": "3.14"}, {"keras": "3.15"})
    assert machine_mixture([losses(machine=old), losses(machine=old)]) == ""
    assert machine_mixture([losses(machine=old), losses(machine=new)]) == (
        "The runs come from unlike machines: keras 3.14 and 3.15."
    )
    both = replace(losses(), machines=(old, new | {"device": "gpu"}))
    assert "device none and gpu" in machine_mixture([both])


class ForestConfig(ExperimentConfig):
    """Stand in for runs that update nothing and choose among settings."""

    kind: Literal["forest"] = "forest"
    task: TaskConfig | None = TaskConfig(name="xor")
    trials: int = 3

    def recorded_metrics(self):
        return ("loss",)

    def count_settings(self):
        return self.trials

    def run(self, seeds):
        raise NotImplementedError


def test_runs_that_update_nothing_have_no_budget_to_compare():
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    forest = ForestConfig(trials=1)
    for prediction in (compare(), compare(LOSS, margin=0.1)):
        assert reason(prediction, named(a=forest, b=xor_arm()), tables) is None


def test_runs_that_choose_for_themselves_are_compared_by_settings_tried():
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    configs = named(a=ForestConfig(), b=xor_arm())
    assert reason(compare(), configs, tables) == (
        "The tuning differs: 3 settings were tried for a and 1 for b."
    )
    assert reason(compare(differs_in=("tuning",)), configs, tables) is None
    both = named(a=ForestConfig(), b=ForestConfig(task=None))
    allowed = compare(differs_in=("data",))
    assert reason(allowed, both, tables) is None


def test_tuned_rates_and_settings_of_a_run_count_alike():
    tune = TuneConfig(learning_rates=(0.05, 0.1, 0.2), score=solved(), seeds=10)
    forest, tuned = drawn_arm("a", ForestConfig()), drawn_arm("b", xor_arm(), tune)
    prediction = compare(solved())({"a": forest, "b": tuned})
    seeds = np.r_[np.arange(SEEDS), TUNING_SEEDS_START + np.arange(10)]
    tables = {
        tuned.with_learning_rate(rate): table_of(
            np.full(SEEDS + 10, float(rate == 0.1)), metric="solved", seeds=seeds
        )
        for rate in tune.learning_rates
    }
    tables[forest.config] = table_of(np.ones(SEEDS), metric="solved")
    case = Case(make_claim(prediction).claim, Drawn(tables), "quick", SEEDS)
    assert unmet_precondition(prediction, case) is None


def test_runs_that_make_their_own_rows_differ_in_data_from_those_of_a_task():
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    alone = ForestConfig(task=None, trials=1)
    assert reason(compare(), named(a=alone, b=xor_arm()), tables) == (
        "a and b were trained on different data."
    )


def test_test_rows_that_are_training_rows_are_a_leak():
    xor = make_task(TaskConfig(name="xor"))
    leaky = replace(xor, x_test=xor.x, y_test=xor.y)
    score = ScoreConfig(quantity="test_loss", better="lower", words="loss")
    tables = {name: table_of(LEARNED, metric="test_loss") for name in "ab"}
    found = reason(compare(score), arms(), tables, make=lambda config: leaky)
    assert found == "100 % of the test rows of a are training rows."


def test_rows_of_a_seed_leak_nothing_and_make_chance_even_without_drawn_weights():
    task = make_task(TaskConfig(name="gmm10", num_train=50, num_val=20, num_test=20))
    assert leaked_share(task, "val") == leaked_share(task, "test") == 0.0
    assert xor_arm(**FIXED).is_random(task)


@pytest.mark.parametrize("part", ["", "val_", "test_"])
def test_chance_on_rows_per_seed_is_the_mean_over_the_first_ten(part):
    config = TaskConfig(
        name="gmm10", num_train=40, num_val=30, num_test=30, num_classes=3
    )
    task = make_task(config)
    accuracy = ScoreConfig(quantity=f"{part}accuracy", words="w")
    runs = table_of(np.ones(SEEDS), metric=accuracy.quantity)
    side = Side("a", accuracy, xor_arm(), runs, task, 0, 1, SEEDS)
    suffix = f"_{part[:-1]}" if part else ""
    expected = []
    for seed in range(10):
        data = task.rows([seed])
        most = data.y[0].mean(axis=0).argmax()
        expected.append((getattr(data, f"y{suffix}")[0].argmax(axis=1) == most).mean())
    assert chance_level(side) == pytest.approx((np.mean(expected), 1))


def test_all_that_machines_differ_in_is_named_in_one_sentence():
    old, new = {"keras": "3.14", "device": "cpu"}, {"keras": "3.15", "device": "gpu"}
    assert machine_mixture([losses(machine=old), losses(machine=new)]) == (
        "The runs come from unlike machines: keras 3.14 and 3.15; device cpu and gpu."
    )


@pytest.mark.parametrize(
    "prediction",
    [
        # One score that is read where one of the arms has ended long ago.
        compare(LOSS.replace(at=800)),
        # Two scores of which none names its update.
        compare(LOSS, control_score=LOSS.replace(quantity="max_error")),
    ],
)
def test_scores_that_do_not_both_name_their_update_need_one_budget(prediction):
    tables = {"a": losses(), "b": losses()}
    found = reason(prediction, arms(num_steps=1000), tables)
    assert found is not None
    assert found.startswith("The budgets differ: a is read after ")


def test_two_settings_are_more_than_one():
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    configs = named(a=ForestConfig(trials=2), b=xor_arm())
    assert reason(compare(), configs, tables) == (
        "The tuning differs: 2 settings were tried for a and 1 for b."
    )


def test_scores_of_training_rows_are_not_touched_by_leaky_test_rows():
    xor = make_task(TaskConfig(name="xor"))
    leaky = replace(xor, x_test=xor.x, y_test=xor.y)
    tables = {"a": losses(), "b": losses(LEARNED[::-1])}
    assert reason(compare(), arms(), tables, make=lambda config: leaky) is None


def test_a_leak_is_seen_behind_an_arm_that_reads_training_rows():
    xor = make_task(TaskConfig(name="xor"))
    leaky = replace(xor, x_test=xor.x, y_test=xor.y)
    on_test = LOSS.replace(quantity="test_loss")
    tables = {"a": losses(), "b": table_of(LEARNED, metric="test_loss")}
    prediction = compare(LOSS, control_score=on_test)
    found = reason(prediction, arms(), tables, make=lambda config: leaky)
    assert found == "100 % of the test rows of b are training rows."


def test_rows_that_a_run_makes_for_itself_have_no_leak_and_no_chance_level():
    alone = ForestConfig(task=None)
    on_test = LOSS.replace(quantity="test_loss")
    tables = {name: table_of(LEARNED, metric="test_loss") for name in "ab"}
    configs = named(a=alone, b=alone.replace(trials=3))
    assert reason(compare(on_test), configs, tables) is None
    assert chance_level(Side("a", LOSS, alone, losses(), None, 0, 3, SEEDS)) is None


def test_the_order_of_rows_is_chance_where_the_task_has_more_than_a_batch():
    small = xor_arm(**FIXED)
    small = small.replace(training=small.training.replace(batch_size=2))
    tables = {"a": losses(np.full(SEEDS, 0.03)), "b": losses()}
    found = reason(compare(), named(a=small, b=xor_arm()), tables)
    assert found is not None
    assert found.startswith("The seed is ignored: all 20 runs of a")


def test_runs_without_any_number_are_not_said_to_ignore_their_seed():
    empty = losses(np.full(SEEDS, np.nan))
    assert reason(compare(), arms(), {"a": empty, "b": losses()}) is None
    endless = losses(np.full(SEEDS, np.inf))
    assert reason(compare(), arms(), {"a": endless, "b": losses()}) is None


def test_what_chance_scores_is_named_as_the_last_arm_reads_it():
    xor = make_task(TaskConfig(name="xor"))
    task = replace(xor, x_val=xor.x + 10, y_val=xor.y)
    scores = tuple(
        LOSS.replace(quantity=quantity) for quantity in ("loss", "loss", "val_loss")
    )
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, SEEDS)
    tables = {"a": losses(stuck), "b": losses(stuck[::-1])}
    tables["c"] = table_of(stuck, metric="val_loss")
    configs = arms() | named(c=xor_arm(learning_rate=0.3))
    assert reason(trend(scores), configs, tables, make=lambda config: task) == (
        "No arm learned: none does better on average than the best constant answer,"
        " val loss 0.25."
    )


def test_a_run_just_short_of_chance_does_not_undo_what_the_others_learned():
    stuck = 0.25 + RNG.uniform(0.0, 1e-3, SEEDS)
    mostly = LEARNED.copy()
    mostly[0] = 0.25 + 1e-6
    assert reason(compare(), arms(), {"a": losses(mostly), "b": losses(stuck)}) is None


def test_arms_of_which_a_few_runs_leave_chance_have_not_surely_learned():
    # The interval of mostly zeros ends at zero itself.
    values = np.full(SEEDS, 0.25)
    values[:2] = 0.2, 0.21
    tables = {"a": losses(values), "b": losses(values[::-1])}
    found = reason(compare(), arms(), tables)
    assert found is not None
    assert found.startswith("No arm learned")
