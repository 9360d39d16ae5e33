"""The forms printed in textbooks, schedules and clipping, against their formulas.

That the forms of Keras equal `keras.optimizers` is tested by whole trainings.
"""

import keras
import numpy as np
import pytest
from keras import ops

from ablations.training.config import (
    OPTIMIZERS,
    SCHEDULES,
    OptimizerConfig,
    ScheduleConfig,
    TrainingConfig,
)
from ablations.training.optimizers import (
    apply_update,
    clip_gradients,
    initial_slots,
    rule,
    scheduled_rate,
)

NUM_UPDATES = 6
generator = np.random.default_rng(8)
START = generator.normal(size=(2, 3)).astype(np.float32)
GRADIENTS = generator.normal(size=(NUM_UPDATES, 2, 3)).astype(np.float32)
# A few updates in float32 against float64.
TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}


def numbers_of(configs: list[OptimizerConfig], **schedule: object) -> dict:
    """Return the hyperparameters of runs, one per config `[R]`."""
    rows = [
        TrainingConfig(
            optimizer=config, num_steps=1, schedule=ScheduleConfig(**schedule)
        ).hyperparameters(1)
        for config in configs
    ]
    return {name: np.array([r[name] for r in rows], np.float32) for name in rows[0]}


def move(configs: list[OptimizerConfig], moving: np.ndarray | None = None) -> tuple:
    """Return weights and state of the runs after some updates."""
    h = numbers_of(configs)
    weights, slots = [START], initial_slots(configs[0], [START], h)
    for k, gradient in enumerate(GRADIENTS):
        weights, slots = apply_update(
            configs[0],
            [ops.convert_to_tensor(w) for w in weights],
            [ops.convert_to_tensor(gradient)],
            keras.tree.map_structure(ops.convert_to_tensor, slots),
            keras.tree.map_structure(ops.convert_to_tensor, h),
            float(k),
            None if moving is None else ops.convert_to_tensor(moving),
        )
    return keras.tree.map_structure(ops.convert_to_numpy, (weights, slots))


def test_adagrad_as_printed_adds_epsilon_outside_the_root():
    epsilons = (0.1, 0.5)
    configs = [
        OptimizerConfig(
            name="adagrad",
            learning_rate=0.3,
            epsilon=epsilon,
            epsilon_inside_root=False,
            initial_accumulator=0.0,
        )
        for epsilon in epsilons
    ]
    (weights,), _ = move(configs)
    for run, epsilon in enumerate(epsilons):
        w, r = START[run].astype(float), 0.0
        for g in GRADIENTS[:, run].astype(float):
            r = r + g**2
            w = w - 0.3 / (np.sqrt(r) + epsilon) * g
        np.testing.assert_allclose(weights[run], w, **TOLERANCE)


def test_rmsprop_as_printed_adds_epsilon_outside_the_root():
    configs = [
        OptimizerConfig(
            name="rmsprop",
            learning_rate=0.3,
            rho=rho,
            epsilon=0.1,
            epsilon_inside_root=False,
        )
        for rho in (0.5, 0.9)
    ]
    (weights,), _ = move(configs)
    for run, rho in enumerate((0.5, 0.9)):
        w, r = START[run].astype(float), 0.0
        for g in GRADIENTS[:, run].astype(float):
            r = rho * r + (1 - rho) * g**2
            w = w - 0.3 / (np.sqrt(r) + 0.1) * g
        np.testing.assert_allclose(weights[run], w, **TOLERANCE)


@pytest.mark.parametrize(
    "form", [{"epsilon_corrected": True}, {"bias_correction": False}, {}]
)
def test_adam_has_the_form_that_is_asked_for(form):
    configs = [
        OptimizerConfig(
            name="adam", learning_rate=0.3, beta_1=beta, epsilon=0.1, **form
        )
        for beta in (0.5, 0.9)
    ]
    (weights,), _ = move(configs)
    for run, beta in enumerate((0.5, 0.9)):
        w, m, v = START[run].astype(float), 0.0, 0.0
        for t, g in enumerate(GRADIENTS[:, run].astype(float), 1):
            m = beta * m + (1 - beta) * g
            v = 0.999 * v + 0.001 * g**2
            m_hat, v_hat = m / (1 - beta**t), v / (1 - 0.999**t)
            if "bias_correction" in form:
                w = w - 0.3 * m / (np.sqrt(v) + 0.1)
            elif "epsilon_corrected" in form:
                w = w - 0.3 * m_hat / (np.sqrt(v_hat) + 0.1)
            else:  # of Keras: epsilon joins the root before it is corrected
                w = w - 0.3 * m_hat * np.sqrt(1 - 0.999**t) / (np.sqrt(v) + 0.1)
        np.testing.assert_allclose(weights[run], w, **TOLERANCE)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_run_that_does_not_move_keeps_weights_and_state(name):
    config = OptimizerConfig(name=name, learning_rate=0.1, weight_decay=0.1)
    (free,), free_slots = move([config, config])
    (weights,), slots = move([config, config], np.array([True, False]))
    np.testing.assert_array_equal(weights[0], free[0])
    np.testing.assert_array_equal(weights[1], START[1])
    begun = initial_slots(config, [START], numbers_of([config, config]))
    for key, values in slots[0].items():
        np.testing.assert_array_equal(values[0], free_slots[0][key][0])
        np.testing.assert_array_equal(values[1], begun[0][key][1])


def test_the_state_has_the_parts_that_the_rule_names():
    for name in OPTIMIZERS:
        config = OptimizerConfig(name=name, learning_rate=0.1)
        (slots,) = initial_slots(config, [START], numbers_of([config, config]))
        chosen = rule(config, START.ndim - 1)
        assert set(slots) == {*chosen.slots, *chosen.run_slots, *chosen.copies}


def test_the_first_accumulator_of_adagrad_is_each_runs_own():
    configs = [
        OptimizerConfig(name="adagrad", learning_rate=1.0, initial_accumulator=a)
        for a in (0.0, 0.5)
    ]
    (slots,) = initial_slots(configs[0], [START], numbers_of(configs))
    np.testing.assert_array_equal(slots["r"], [[0.0] * 3, [0.5] * 3])


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_follows_its_formula(name):
    fields = {"decay_steps": 10, "final_learning_rate": 0.01, "factor": 0.5}
    given = {field: fields[field] for field in SCHEDULES[name]}
    h = numbers_of([OptimizerConfig(name="sgd", learning_rate=0.2)], name=name, **given)
    formulas = {
        "constant": lambda k: 0.2,
        "linear": lambda k: 0.2 + (0.01 - 0.2) * min(k / 10, 1),
        "cosine": lambda k: 0.01 + 0.19 * (1 + np.cos(np.pi * min(k / 10, 1))) / 2,
        "step": lambda k: 0.2 * 0.5 ** (k // 10),
        "exponential": lambda k: 0.2 * 0.5 ** (k / 10),
    }
    for k in (0, 1, 5, 9, 10, 11, 25):
        rate = ops.convert_to_numpy(scheduled_rate(h, ops.convert_to_tensor(float(k))))
        # A float32 cosine is exact to a few units in the last place.
        np.testing.assert_allclose(rate, [formulas[name](k)], rtol=1e-5)


def test_a_rate_without_a_schedule_stays():
    h = {"learning_rate": ops.convert_to_tensor([0.2, 0.1])}
    rate = ops.convert_to_numpy(scheduled_rate(h, ops.convert_to_tensor(7.0)))
    np.testing.assert_array_equal(rate, np.float32([0.2, 0.1]))


def clip(kind: str | None, bounds: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return two tensors of three runs, clipped."""
    matrix = np.array([[[3.0, 0.0]], [[3.0, 0.0]], [[0.0, 0.0]]], np.float32)
    vector = np.array([[4.0], [4.0], [0.0]], np.float32)
    tensors = [ops.convert_to_tensor(matrix), ops.convert_to_tensor(vector)]
    bound = ops.convert_to_tensor(np.array(bounds, np.float32))
    one, other = clip_gradients(tensors, kind, bound)
    return ops.convert_to_numpy(one), ops.convert_to_numpy(other)


def test_clipping_by_value_bounds_every_entry():
    one, other = clip("value", [1.0, 3.5, 1.0])
    np.testing.assert_array_equal(one[:, 0], [[1, 0], [3, 0], [0, 0]])
    np.testing.assert_array_equal(other, [[1], [3.5], [0]])


def test_clipping_by_norm_bounds_every_tensor():
    one, other = clip("norm", [1.5, 10.0, 1.0])
    np.testing.assert_allclose(one[:, 0], [[1.5, 0], [3, 0], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(other, [[1.5], [4], [0]], rtol=1e-6)


def test_clipping_by_global_norm_bounds_all_tensors_of_a_run_together():
    one, other = clip("global_norm", [1.0, 10.0, 1.0])
    np.testing.assert_allclose(one[:, 0], [[0.6, 0], [3, 0], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(other, [[0.8], [4], [0]], rtol=1e-6)


def test_without_a_kind_nothing_is_clipped():
    one, other = clip(None, [0.0, 0.0, 0.0])
    assert one.max() == 3.0
    assert other.max() == 4.0
