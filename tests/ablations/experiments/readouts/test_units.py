"""Lost units are those of Keras with zero weights, and losses are matched."""

import keras
import numpy as np
import pytest

from ablations.experiments.readouts.trained_networks import Trained
from ablations.experiments.readouts.units import (
    UnitAblationConfig,
    kept_units,
    mean_correlation,
    mean_loss,
    unit_choices,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.result import StackResult
from ablations.training.train import stack_program, train_stack
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp
from models.numpy_mlp import Networks

SEEDS = np.array([6, 4])
TASK = TaskConfig(name="spirals", num_train=64, num_val=10, num_test=100)
MODEL = MLPConfig(input_units=2, hidden_units=(16, 16), output_units=2)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=16,
    num_steps=1000,
    log_steps=(50, 100, 200, 300, 600, 1000),
)


def ablation(**changes) -> UnitAblationConfig:
    fields = {
        "task": TASK,
        "model": MODEL,
        "training": TRAINING,
        "target_loss": 0.3,
        "lost": (1, 8, 16),
        "num_choices": 6,
    }
    return UnitAblationConfig(**(fields | changes))


@pytest.mark.parametrize("layer", [0, 1])
def test_a_lost_unit_is_one_whose_weights_onwards_are_zero_in_keras(layer):
    model = build_mlp(MODEL, seed=2, stackable=True)
    weights = [np.array(w) for w in model.get_weights()]
    x = np.float32(np.random.default_rng(0).normal(size=(20, 2)))
    first = np.maximum(x @ weights[0] + weights[1], 0.0)
    second = np.maximum(first @ weights[2] + weights[3], 0.0)
    units = np.array([1, 5, 6])
    (kept,) = kept_units(16, [units])
    networks = Networks(MODEL, [w[None] for w in weights])
    (found,) = networks.logits_after(layer + 1, (first, second)[layer] * kept)
    thin = [w.copy() for w in weights]
    thin[2 + 2 * layer][units] = 0.0
    model.set_weights(thin)
    expected = model.predict(x, verbose=0)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)  # float32


def test_the_loss_is_that_of_keras():
    rng = np.random.default_rng(1)
    logits, y = rng.normal(size=(9, 3)), np.eye(3)[rng.integers(3, size=9)]
    expected = keras.losses.CategoricalCrossentropy(from_logits=True)(y, logits)
    assert mean_loss(logits, y) == pytest.approx(float(expected), rel=1e-5)


def test_networks_are_taken_at_the_first_record_below_the_target():
    config = ablation()
    arrays, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    # The size of the stacks that are compiled anyway.
    size = config.chunk_size
    training, rows = config.get_training(), make_task(TASK).rows(SEEDS)
    result = train_stack(MODEL, training, SEEDS, rows, pad_to=size)
    for run, at in enumerate(arrays["taken_at"]):
        place = result.log_steps.tolist().index(at)
        losses = result.curves["loss"][run]
        assert losses[place] <= 0.3 < losses[:place].min()
        # The network is trained again, by itself.
        assert arrays["curve.loss"][run, 0] == pytest.approx(losses[place], rel=1e-3)
    assert (arrays["curve.loss"] <= 0.3).all()
    assert (diverged_at == -1).all()


def test_records_and_ends_share_a_program():
    model = MODEL.replace(hidden_units=(10, 10))  # of no other test
    arrays = ablation(model=model, target_loss=0.5, lost=(1,)).run(SEEDS)
    assert arrays["taken_at"].max() < 1000
    training = TRAINING.replace(metrics=("loss",))
    data = make_task(TASK).rows(SEEDS)
    assert stack_program(model, training, data).num_traces == 1


def test_a_network_that_never_gets_there_is_taken_at_the_end():
    arrays = ablation(target_loss=1e-9).run(SEEDS)
    assert arrays["taken_at"].tolist() == [1000, 1000]


def test_a_loss_that_hardly_grows_counts_as_the_smallest_one():
    shapes = ((2, 4), (4,), (4, 4), (4,), (4, 2), (2,))
    weights = [np.zeros((1, *shape), np.float32) for shape in shapes]
    x, x_test = np.random.default_rng(3).normal(size=(2, 1, 8, 2))
    y = np.eye(2)[None, [0, 1] * 4]
    config = ablation(model=MODEL.replace(hidden_units=(4, 4)), lost=(1, 4))
    never, steps = np.array([-1]), np.array([0])
    result = StackResult(steps, {}, {}, weights, [], never, never, never)
    data = Data(x, y, None, None, x_test, y)
    found = config.read(Trained(np.array([0]), data, config.model, result))
    # No unit says anything, so that none is missed.
    assert found["log10_added_loss_1"] == found["log10_added_loss_4"] == -4.0


def test_all_units_lost_leave_a_constant_answer():
    config = ablation(lost=(1, 16))
    arrays = config.run(SEEDS)
    added = [10 ** arrays[f"curve.log10_added_loss_{k}"] for k in (1, 16)]
    assert (added[1] > added[0]).all()
    # A constant answer cannot do better than the classes' shares, of two about equal.
    y = make_task(TASK).rows(SEEDS).y
    shares = y.mean(axis=1)
    entropy = -(shares * np.log(shares)).sum(axis=1)
    assert (arrays["curve.loss"][:, 0] + added[1][:, 0] > entropy - 1e-3).all()


def test_fewer_lost_units_are_the_first_of_more():
    choices = unit_choices(3, 16, 5, (2, 8))
    for few, many in zip(choices[2], choices[8], strict=True):
        assert few.tolist() == many[:2].tolist()
        assert len(set(many.tolist())) == 8
    assert choices[8][0].tolist() != choices[8][1].tolist()
    other = unit_choices(4, 16, 5, (2, 8))
    assert other[8][0].tolist() != choices[8][0].tolist()


def test_the_correlation_leaves_dead_units_out():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 50))
    together = np.stack([a, -a, np.zeros(50)], axis=1)
    assert mean_correlation(together) == pytest.approx(1.0)
    three = np.stack([a, b, a + b], axis=1)
    pairs = [
        np.corrcoef(three[:, i], three[:, j])[0, 1] for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    assert mean_correlation(three) == pytest.approx(np.mean(np.abs(pairs)))
    assert mean_correlation(together[:, 2:]) == 0.0


def test_a_seed_is_the_same_alone_and_in_a_crowd():
    crowd, alone = ablation().run(SEEDS), ablation().run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_allclose(array[1:], alone[name], rtol=1e-5, err_msg=name)


def test_more_units_than_there_are_cannot_be_lost():
    with pytest.raises(ConfigError, match="`lost` must be at most"):
        ablation(lost=(1, 17))
    with pytest.raises(ConfigError, match="`hidden_units` must be two equal layers"):
        ablation(model=MODEL.replace(hidden_units=(16, 8)))
