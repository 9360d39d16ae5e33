"""Narrow networks and few rows cost nothing of what they are inside a large program."""

import numpy as np
import pytest

from ablations.experiments.scaling import ScalingConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.train import train_stack
from models.config import ConfigError

SEEDS = np.array([6, 3])
TASK = TaskConfig(
    name="teacher", num_train=64, num_val=32, num_test=128, num_inputs=5, width=8
)


def scaling(**changes) -> ScalingConfig:
    fields = {
        "task": TASK,
        "num_rows": 64,
        "width": 3,
        "widest": 8,
        "batch_size": 16,
        "learning_rates": (0.01, 0.1),
        "log_steps": (20, 60),
    }
    return ScalingConfig(**(fields | changes))


def test_a_narrow_network_is_the_same_inside_a_wide_program():
    padded, alone = scaling().run(SEEDS), scaling(widest=3).run(SEEDS)
    # Sums over more units round otherwise, over 60 updates.
    np.testing.assert_allclose(
        padded["curve.test_loss"], alone["curve.test_loss"], rtol=1e-3
    )


def test_rows_beyond_the_scale_are_not_seen(monkeypatch):
    config = scaling(num_rows=16)
    found = config.run(SEEDS)
    seen = make_task(TASK).rows

    def spoiled(seeds):
        data = seen(seeds)
        data.y[:, 16:] = 1e3
        return data

    monkeypatch.setattr(
        type(make_task(TASK)), "rows", lambda self, seeds: spoiled(seeds)
    )
    np.testing.assert_array_equal(
        config.run(SEEDS)["curve.test_loss"], found["curve.test_loss"]
    )


def test_orders_see_every_row_of_the_scale_once_per_round():
    orders = scaling(num_rows=24)._orders(SEEDS, 64)
    assert orders.shape == (2, 15, 64)
    rounds = orders.reshape(2, -1)[:, :960].reshape(2, 40, 24)
    assert (np.sort(rounds, axis=2) == np.arange(24)).all()


def test_the_smallest_validation_loss_chooses_rate_and_update():
    config = scaling()
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    single = [scaling(learning_rates=(rate,)).run(SEEDS) for rate in (0.01, 0.1)]
    losses = np.concatenate([each["curve.val_loss"] for each in single], axis=1)
    np.testing.assert_allclose(
        arrays["curve.val_loss"][:, 0], losses.min(axis=1), rtol=1e-5
    )
    chosen = np.array((0.01, 0.1))[losses.argmin(axis=1)]
    np.testing.assert_array_equal(arrays["learning_rate"], chosen)
    assert set(arrays["best_at"]) <= {20, 60}


def test_all_scales_share_one_program(monkeypatch):
    programs = set()

    def spy(model, training, *rest, **named):
        programs.add((model.structure(), training[0].structure()))
        return train_stack(model, training, *rest, **named)

    monkeypatch.setattr("ablations.experiments.engines.stacks.train_stack", spy)
    for changes in ({}, {"width": 8}, {"num_rows": 16}):
        scaling(**changes).run(SEEDS)
    assert len(programs) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"width": 9}, "width"),
        ({"num_rows": 65}, "num_rows"),
        ({"num_rows": 8}, "num_rows"),
        ({"task": TaskConfig(name="spirals")}, "task"),
    ],
)
def test_scales_beyond_the_program_are_refused_by_name(changes, field):
    with pytest.raises(ConfigError, match=f"`{field}` must"):
        scaling(**changes)
