"""A network that is rolled up trains as the same network in one piece.

A network from a function is never rolled up, so it is the reference.
"""

import functools
from collections.abc import Callable, Sequence

import keras
import numpy as np
import pytest

from ablations.tasks.data import Data
from ablations.training import rolled_model
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from ablations.training.probes import PER_ACTIVATION, PROBES
from ablations.training.result import StackResult
from ablations.training.rolled_model import MIN_BLOCKS, RolledModel, equal_blocks
from ablations.training.stacked_model import StackedModel
from ablations.training.train import stack_program, train_stack
from models.config import MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp

generator = np.random.default_rng(8)
X = generator.normal(size=(20, 3)).astype(np.float32)
Y = np.tanh(X[:, :1] - X[:, 1:2]).astype(np.float32)
DATA = Data(X, Y, X[:7] + 1.0, Y[:7], X[5:9] - 1.0, Y[5:9])
SEEDS = (3, 1, 4)
DEEP = MLPConfig(input_units=3, hidden_units=(6,) * 7, activation="tanh")
# In one piece, each layer is more to compile, so that two equal ones must do.
SMALL = DEEP.replace(hidden_units=(6,) * 3)
# The same sums in another order, in float32; a few updates of weights near 1.
TOLERANCE = {"rtol": 2e-4, "atol": 2e-5}


@pytest.fixture
def _two_blocks_are_enough(monkeypatch):
    monkeypatch.setattr(rolled_model, "MIN_BLOCKS", 2)


few_layers = pytest.mark.usefixtures("_two_blocks_are_enough")


def make(name: str = "sgd", **changes: object) -> TrainingConfig:
    """Return a training of a few updates."""
    fields = {
        "optimizer": OptimizerConfig(name=name, learning_rate=0.02),
        "batch_size": 10,
        "num_steps": 5,
        "log_steps": (0, 2),
        **changes,
    }
    return TrainingConfig(**fields)


# Several tests train this network with the same programs.
NOISE = {
    "activation": "relu",
    "batch_norm": "after",
    "dropout": 0.2,
    "gaussian_noise": 0.1,
    "noise_kind": "multiplicative",
    "l2": 0.01,
    "bias_start": 0.1,
}
NOISY = SMALL.replace(**NOISE)
GOOD = make("adam", clip_global_norm=0.2)


def in_one_piece(
    configs: Sequence[MLPConfig],
    training: TrainingConfig | Sequence[TrainingConfig],
    data: Data = DATA,
    **changes: object,
) -> StackResult:
    """Train the networks of configs without rolling them up."""
    build = builder(configs[0])
    numbers = [config.continuous() for config in configs]
    attributes = {path: np.array([n[path] for n in numbers]) for path in numbers[0]}
    seeds = SEEDS[: len(configs)]
    attributes |= changes.pop("attributes", {})
    return train_stack(build, training, seeds, data, attributes=attributes, **changes)


@functools.cache
def builder(config: MLPConfig) -> Callable[[], keras.Model]:
    """Return what builds a network, the same function at every call."""
    return lambda: build_mlp(config, stackable=True)


def rolled_up(
    configs: Sequence[MLPConfig],
    training: TrainingConfig | Sequence[TrainingConfig],
    data: Data = DATA,
    **changes: object,
) -> StackResult:
    """Train the networks of configs, which can be rolled up."""
    assert equal_blocks(configs[0])
    return train_stack(configs, training, SEEDS[: len(configs)], data, **changes)


def assert_same(one: StackResult, other: StackResult) -> None:
    """Check that two stacks produced the same, up to rounding."""
    for name in ("curves", "probes"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert tuple(ours) == tuple(theirs)
        for key in ours:
            np.testing.assert_allclose(ours[key], theirs[key], **TOLERANCE, err_msg=key)
    for name in ("weights", "state"):
        for mine, also in zip(getattr(one, name), getattr(other, name), strict=True):
            assert mine.dtype == also.dtype
            np.testing.assert_allclose(mine, also, **TOLERANCE, err_msg=name)
    for name in ("log_steps", "diverged_at", "stopped_at", "best_at"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


# A bias before batch norm has no effect, so its gradient is rounding noise, of which
# Adam makes steps of full length; there are none where that would be seen. First biases
# are not 0 elsewhere, so that update ratios do not divide by the smallest norm.
CASES: dict[str, tuple[dict[str, object], list[dict[str, object]], TrainingConfig]] = {
    "batch_norm_before_and_clipped_norms": (
        {"batch_norm": "before", "use_bias": False},
        [{"batch_norm_momentum": m, "batch_norm_epsilon": m} for m in (0.1, 0.5, 0.9)],
        make("muon", clip_norm=0.05, probes=PROBES),
    ),
    "batch_norm_after_noise_and_penalty": (
        NOISE,
        [{}, *({"gaussian_noise": d / 3, "l2": d / 10} for d in (0.3, 0.5))],
        GOOD,
    ),
    "one_layer_blocks_with_prelu": (
        {
            "skip": "residual",
            "activation": {"name": "prelu", "slope": 0.1},
            "bias_start": 0.1,
            "output_activation": "tanh",
        },
        [{"branch_scale": b, "l1": b / 100} for b in (0.2, 0.5, 0.7)],
        make(
            "nadam",
            clip_value=0.03,
            batch_size=8,
            metrics=("loss", "val_loss", "test_loss", "accuracy"),
            probes=PER_ACTIVATION,
        ),
    ),
    "two_layer_blocks_after_a_projection": (
        {
            "hidden_units": (4, 6, *(6,) * 4, 5),
            "skip": "residual",
            "skip_every": 2,
            "use_bias": False,
            "dropout_unit": "batch",
            "input_dropout": 0.1,
        },
        [
            {
                "activation": {
                    "name": "leaky_relu",
                    "slope": 0.1 * r,
                    "input_scale": 1.5 + 0.1 * r,
                },
                "dropout": tuple(0.01 * (r + 1) * (k + 1) for k in range(7)),
            }
            for r in range(3)
        ],
        make("rmsprop"),
    ),
}


@few_layers
@pytest.mark.parametrize("case", CASES)
def test_a_network_trains_rolled_up_as_in_one_piece(case):
    shared, own, training = CASES[case]
    configs = [SMALL.replace(**{**shared, **changes}) for changes in own]
    program = stack_program(configs[0], training, DATA)
    num_traces = program.num_traces
    assert isinstance(program._stacked, RolledModel)
    ours = rolled_up(configs, training)
    assert_same(ours, in_one_piece(configs, training))
    assert program.num_traces <= num_traces + 1
    assert np.abs(ours.curves["loss"][:, 0] - ours.curves["loss"][:, -1]).min() > 1e-5


@few_layers
def test_runs_with_rows_of_their_own_stop_early_and_get_their_best_weights_back():
    training = make(
        num_steps=None,
        epochs=8,
        optimizer=OptimizerConfig(name="adam", learning_rate=0.05),
        early_stopping=EarlyStoppingConfig(patience=1, restore_best_weights=True),
        metrics=("val_loss", "moving_val_loss"),
        batch_norm_statistics="training_rows",
    )
    own = Data(*(generator.normal(size=(3, n, k)).astype(np.float32) for n, k in SIZES))
    configs = [SMALL.replace(batch_norm="after", bias_start=0.1)] * 3
    ours = rolled_up(configs, training, own)
    assert_same(ours, in_one_piece(configs, training, own))
    assert np.any(ours.stopped_at > 0)
    model = build_mlp(configs[0], stackable=True)
    for run, best in enumerate(ours.best_at):
        # The weights come back with the statistics that they were judged with.
        kept = [w[run] for w in ours.weights], [s[run] for s in ours.state]
        said, _ = model.stateless_call(*kept, own.x_val[run], training=False)
        record = np.flatnonzero(ours.log_steps == best)
        np.testing.assert_allclose(
            np.square(said - own.y_val[run]).mean(),
            ours.curves["val_loss"][run, record],
            rtol=1e-4,
        )


SIZES = ((20, 3), (20, 1), (7, 3), (7, 1), (4, 3), (4, 1))


@few_layers
def test_a_run_that_diverges_leaves_the_others_bit_for_bit_alone():
    wild = GOOD.replace(optimizer=OptimizerConfig(name="adam", learning_rate=1e30))
    configs = [NOISY] * 3
    alone = rolled_up(configs, GOOD)
    crowd = rolled_up(configs, [GOOD, wild, GOOD])
    assert list(alone.diverged_at) == [-1, -1, -1]
    assert crowd.diverged_at[1] > 0
    for one, other in zip(
        [*alone.weights, *alone.state, *alone.curves.values()],
        [*crowd.weights, *crowd.state, *crowd.curves.values()],
        strict=True,
    ):
        np.testing.assert_array_equal(one[[0, 2]], other[[0, 2]])
    assert_same(crowd, in_one_piece(configs, [GOOD, wild, GOOD]))


@few_layers
def test_a_run_is_the_same_alone_and_in_a_crowd():
    configs = [NOISY.replace(dropout=rate) for rate in (0.1, 0.3, 0.5)]
    crowd = train_stack(configs, GOOD, SEEDS, DATA)
    for run, seed in enumerate(SEEDS):
        alone = train_stack(configs[run], GOOD, [seed], DATA)
        for ours, theirs in zip(alone.weights, crowd.weights, strict=True):
            np.testing.assert_allclose(ours[0], theirs[run], **TOLERANCE)


@few_layers
def test_given_weights_and_one_attribute_of_one_block_reach_their_layer():
    training = GOOD.replace(num_steps=2)
    drawn, state = initial_weights(build_mlp(NOISY, stackable=True), np.array(SEEDS))
    given = {
        "weights": ([w + 0.01 for w in drawn], state),
        "attributes": {"dropout_3.rate": np.array([0.0, 0.2, 0.6])},
    }
    ours = rolled_up([NOISY] * 3, training, **given)
    assert_same(ours, in_one_piece([NOISY] * 3, training, **given))
    # They matter, or nothing was tested.
    free = rolled_up([NOISY] * 3, training, weights=given["weights"])
    assert np.abs(ours.weights[0] - free.weights[0]).max() > 1e-4


def test_depth_is_one_more_turn_of_a_loop_and_not_more_program():
    training = make("adam")
    sizes = {}
    for depth in (6, 40):
        config = DEEP.replace(hidden_units=(6,) * depth, batch_norm="before")
        stacked = stack_program(config, training, DATA)._stacked
        sizes[depth] = [len(p.axes()) for p in (stacked.weights, stacked.state)]
    assert sizes[6] == sizes[40]


@few_layers
def test_lengths_of_training_share_a_program():
    program = stack_program(NOISY, GOOD, DATA)
    rolled_up([NOISY] * 3, GOOD)
    num_traces = program.num_traces
    for steps, logged in ((1, ()), (5, (0, 1, 2)), (60, (10,))):
        rolled_up([NOISY] * 3, GOOD.replace(num_steps=steps, log_steps=logged))
    assert program.num_traces == num_traces


BLOCKS = {
    "widths": ({"hidden_units": (8, *(6,) * 6)}, range(3, 8), 1),
    "inputs_as_wide": ({"input_units": 6}, range(2, 8), 1),
    "last_is_wider": ({"hidden_units": (*(6,) * 6, 9)}, range(2, 7), 1),
    "one_activation_differs": (
        {"hidden_units": (6,) * 9, "activation": ("elu",) * 3 + ("relu",) * 6},
        range(5, 10),
        1,
    ),
    "dropout_is_off_in_the_first": (
        {"dropout": (0.0,) * 2 + (0.1,) * 5},
        range(4, 8),
        1,
    ),
    "blocks_of_two": (
        {"hidden_units": (6,) * 11, "skip": "residual", "skip_every": 2},
        range(3, 11),
        2,
    ),
    "narrow_inside": (
        {"hidden_units": (6, 3) + (4, 6) * 5, "skip": "residual", "skip_every": 2},
        (),
        2,
    ),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_the_longest_sequence_of_equal_blocks_is_found(case):
    changes, layers, every = BLOCKS[case]
    blocks = equal_blocks(DEEP.replace(**changes))
    flat = [k for block in blocks for k in block]
    if case == "narrow_inside":
        # The first block ends in three units, so that the second has a projection.
        assert flat == list(range(5, 13))
    else:
        assert flat == list(layers)
    assert {len(block) for block in blocks} == {every}


@pytest.mark.parametrize(
    "changes",
    [
        {"input_skip": True},
        {"hidden_units": ()},
        {"hidden_units": (6,) * MIN_BLOCKS},
        {"hidden_units": (5, 6) * 6},
        {"hidden_units": (6,) * 8, "skip": "residual", "skip_every": 2},
    ],
)
def test_a_network_without_enough_equal_blocks_stays_in_one_piece(changes):
    config = DEEP.replace(**changes)
    assert equal_blocks(config) == ()
    program = stack_program(config, make(), DATA)
    assert type(program._stacked) is StackedModel
