"""A family trains each of its networks as the network alone would be trained."""

from dataclasses import replace

import numpy as np
import pytest

from ablations.tasks.data import Data
from ablations.training.train import train_stack
from ablations.tuner.family import Family, build_family, family_key
from ablations.tuner.stacks import (
    Families,
    Judging,
    PlannedTrial,
    train_stacks,
    train_trials,
)
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp

# Sums of padded products are taken in another order.
TOLERANCE = {"rtol": 2e-4, "atol": 2e-5}
JUDGING = Judging(
    loss="categorical_crossentropy",
    metrics=("loss", "val_loss", "val_accuracy"),
    objective="val_loss",
    higher_is_better=False,
)


def network(**changes) -> MLPConfig:
    fields = {
        "input_units": 5,
        "hidden_units": (4, 4),
        "output_units": 3,
        "output_activation": "softmax",
    }
    return MLPConfig(**(fields | changes))


def make_data() -> Data:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 5)).astype(np.float32)
    y = np.eye(3, dtype=np.float32)[np.argmax(x[:, :3], axis=1)]
    return Data(x[:40], y[:40], x[40:], y[40:])


def trial(config: MLPConfig, **changes) -> PlannedTrial:
    fields = {
        "optimizer": "adam",
        "learning_rate": 0.01,
        "batch_size": 20,
        "num_epochs": 3,
    }
    return PlannedTrial(config, **(fields | changes))


ONE_LAYER = network(hidden_units=(4,), activation="relu", batch_norm="after")
TWO_LAYERS = network(hidden_units=(7, 7), activation="leaky_relu", l2=1e-2)
NARROW = network(activation="tanh", batch_norm="before", l2=1e-3)


@pytest.mark.parametrize(
    "configs",
    [
        [ONE_LAYER, TWO_LAYERS, NARROW],
        [c.replace(skip="residual") for c in (ONE_LAYER, TWO_LAYERS)],
    ],
    ids=["plain", "residual"],
)
def test_every_network_of_a_family_learns_as_it_does_alone(configs):
    data = make_data()
    families = Families(configs)
    assert len(families) == 1
    rates = [0.01 * (i + 1) for i in range(len(configs))]
    # Adam would blow up what rounding leaves of the gradient of a bias before batch
    # norm, which is zero.
    trials = [
        trial(config, optimizer="momentum", learning_rate=rate)
        for config, rate in zip(configs, rates, strict=True)
    ]
    found = train_trials(trials, families, data, JUDGING, [7])
    for one, planned, config in zip(found, trials, configs, strict=True):
        alone = train_stack(config, JUDGING.training(planned), [7], data)
        for name in JUDGING.metrics:
            wanted = alone.curves[name][0, one.best_epochs[0]]
            np.testing.assert_allclose(one.metrics[name][0], wanted, **TOLERANCE)
        own = families.of(config).own_weights(config, one.weights[0])
        arrays = dict(
            zip(config.weight_shapes(), _in_order(config, alone), strict=True)
        )
        for path, value in own.items():
            np.testing.assert_allclose(value, arrays[path], err_msg=path, **TOLERANCE)


def _in_order(config, result):
    """Return the arrays of a run in the order of `weight_shapes`."""
    model = build_mlp(config, stackable=True)
    paths = [
        v.path for v in (*model.trainable_variables, *model.non_trainable_variables)
    ]
    arrays = [array[0] for array in (*result.weights, *result.state)]
    by_path = dict(zip(paths, arrays, strict=True))
    return [by_path[path] for path in config.weight_shapes()]


# Of one family, so that the tests that train them share a program.
VARIED = [network(batch_norm="before", dropout=rate) for rate in (0.0, 0.2, 0.5)]


def test_a_trial_is_the_same_alone_and_among_others_with_dropout():
    data = make_data()
    families = Families(VARIED)
    trials = [trial(config) for config in VARIED]
    together = train_trials(trials, families, data, JUDGING, [0, 1])
    for one, planned in zip(together, trials, strict=True):
        (alone,) = train_trials([planned], families, data, JUDGING, [0, 1])
        # The same program of 16 runs, in which other runs are idle.
        np.testing.assert_allclose(
            alone.metrics["val_loss"], one.metrics["val_loss"], rtol=1e-5
        )
    assert len({one.metrics["val_loss"][0] for one in together}) == 3


def test_a_trial_goes_on_from_the_weights_of_another():
    data = make_data()
    config = VARIED[0]
    families = Families(VARIED)
    (first,) = train_trials([trial(config)], families, data, JUDGING, [3])
    resumed = trial(config, num_before=3, num_epochs=0, weights=first.weights)
    (again,) = train_trials([resumed], families, data, JUDGING, [3])
    for one, two in zip(first.weights[0], again.weights[0], strict=True):
        # The masks of a trial are its own, so that its generator begins anew.
        if one.dtype == np.float32:
            np.testing.assert_array_equal(one, two)
    further = trial(config, num_before=3, num_epochs=20, weights=first.weights)
    (more,) = train_trials([further], families, data, JUDGING, [3])
    assert more.metrics["val_loss"][0] < first.metrics["val_loss"][0]


def test_a_diverged_trial_is_told_apart_and_leaves_the_others_alone():
    data = make_data()
    config = network(activation="relu", hidden_units=(4,))
    judging = Judging("mse", ("loss", "val_loss"), "val_loss", False)
    linear = config.replace(output_activation="linear")
    families = Families([linear])
    # The last batch of an epoch is short.
    settings = {"optimizer": "sgd", "batch_size": 16}
    wild = trial(linear, learning_rate=1e20, **settings)
    tame = trial(linear, learning_rate=0.1, **settings)
    failed, fine = train_trials([wild, tame], families, data, judging, [0])
    assert failed.diverged_at >= 0
    assert fine.diverged_at == -1
    (alone,) = train_trials([tame], families, data, judging, [0])
    assert alone.metrics == fine.metrics
    plain = train_stack(linear, judging.training(tame), [0], data)
    for name in judging.metrics:
        wanted = plain.curves[name][0, fine.best_epochs[0]]
        np.testing.assert_allclose(fine.metrics[name][0], wanted, **TOLERANCE)


class Untrained:
    """Carries jobs without doing them."""

    def carry(self, jobs):
        for job in jobs:
            yield job, [None] * len(job.what.places)


def test_trials_share_a_stack_where_family_optimizer_and_batch_size_are_the_same():
    kinds = [
        trial(network(skip=skip), optimizer=optimizer, batch_size=size)
        for skip in (None, "residual")
        for optimizer in ("adam", "momentum")
        for size in (20, 40)
    ]
    families = Families(kind.config for kind in kinds)
    stacks = train_stacks(
        kinds * 2, families, make_data(), JUDGING, [0], executor=Untrained()
    )
    number = len(kinds)
    assert [places for places, _ in stacks] == [[i, i + number] for i in range(number)]


def test_early_stopping_ends_a_trial_and_keeps_its_best_epoch():
    data = make_data()
    families = Families(VARIED)
    judging = replace(JUDGING, patience=1)
    hasty = trial(VARIED[0], learning_rate=0.1, num_epochs=30)
    (found,) = train_trials([hasty], families, data, judging, [0])
    # Of epochs that are numbered from 0, the one after the best is the last.
    assert found.num_epochs == found.best_epochs[0] + 2 < 30


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"activation": "prelu"}, "activation"),
        ({"activation": "softmax"}, "activation"),
        ({"l1": 0.1}, "l1"),
        ({"hidden_units": (4, 5)}, "hidden_units"),
        ({"hidden_units": ()}, "hidden_units"),
        ({"dropout": (0.1, 0.2)}, "dropout"),
        ({"activation": ("relu", "tanh")}, "activation"),
    ],
)
def test_what_no_family_can_be_is_refused_by_name(changes, field):
    with pytest.raises(ConfigError, match=f"`{field}`"):
        family_key(network(**changes))


def test_a_block_as_wide_as_its_input_has_no_projection():
    same, other = (network(hidden_units=(n, n), skip="residual") for n in (5, 4))
    assert family_key(same) != family_key(other)
    assert not _projections(same)
    assert _projections(other) == ["skip_1_projection"]


def _projections(config):
    names = [layer.name for layer in build_family(Family.of([config])).layers]
    return [name for name in names if "projection" in name]
