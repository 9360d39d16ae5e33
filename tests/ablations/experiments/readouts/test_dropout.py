"""Sub-networks are those of Keras with units taken out, and runs those of stacks."""

import numpy as np
import pytest

from ablations.experiments.readouts.dropout import (
    DropoutEnsembleConfig,
    mean_over_masks,
    unit_masks,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp

SEEDS = np.array([5, 2])
TASK = TaskConfig(name="spirals", num_train=64, num_val=10, num_test=200)
MODEL = MLPConfig(input_units=2, hidden_units=(16, 12), output_units=2)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=16,
    num_steps=200,
    metrics=("test_accuracy",),
)


def ensembles(**changes) -> DropoutEnsembleConfig:
    fields = {
        "task": TASK,
        "model": MODEL,
        "training": TRAINING,
        "rates": (0.5, 0.2),
        "sizes": (2, 3),
        "num_masks": 20,
    }
    return DropoutEnsembleConfig(**(fields | changes))


def test_a_sub_network_is_a_keras_network_with_units_taken_out():
    model = build_mlp(MODEL, seed=1, stackable=True)
    weights = [np.array(w) for w in model.get_weights()]
    x = np.float32(np.random.default_rng(0).normal(size=(30, 2)))
    masks = list(unit_masks(3, 0.5, 4, MODEL))
    expected = []
    for first, second in masks:
        thin = [w.copy() for w in weights]
        thin[2] = first[:, None] * thin[2]
        thin[4] = second[:, None] * thin[4]
        model.set_weights(thin)
        logits = np.array(model.predict(x, verbose=0), np.float64)
        e = np.exp(logits)
        expected.append(e / e.sum(axis=1, keepdims=True))
    found = mean_over_masks(weights, x, iter(masks))
    # Products in float32.
    np.testing.assert_allclose(found, np.mean(expected, axis=0), atol=1e-5)


def test_masks_keep_the_mean_and_are_one_for_all_rows():
    masks = list(unit_masks(1, 0.2, 3000, MODEL))
    assert {mask.shape for mask, _ in masks} == {(16,)}
    values = np.concatenate([first for first, _ in masks])
    assert np.unique(values).tolist() == [0.0, np.float32(1.25)]
    assert values.mean() == pytest.approx(1.0, abs=0.02)  # 48,000 units


def test_networks_are_those_that_a_stack_trains_from_the_same_seeds():
    arrays, diverged_at = checked(ensembles(), SEEDS, ensembles().run(SEEDS))
    data = make_task(TASK).rows(SEEDS)
    # The size of the stacks that are compiled anyway.
    size = ensembles().networks_per_stack
    for name, rate in (("one", 0.0), ("scaled_50", 0.5), ("scaled_20", 0.2)):
        model = MODEL.replace(dropout=rate)
        result = train_stack(model, TRAINING, SEEDS, data, pad_to=size)
        np.testing.assert_allclose(
            arrays[f"curve.test_accuracy_{name}"][:, 0],
            result.curves["test_accuracy"][:, -1],
            atol=0.0051,  # one of 200 rows, whose two probabilities are alike
        )
    assert (diverged_at == -1).all()


def test_an_ensemble_loses_no_more_than_its_members_do_on_average():
    arrays = ensembles(sizes=(1, 3)).run(SEEDS)
    # The cross-entropy of a mean is below the mean cross-entropy; the member that is
    # alone here is one of the three, the network outside another.
    losses = [arrays[f"curve.test_loss_{n}"] for n in ("ensemble_3", "ensemble_1")]
    assert losses[0].mean() < losses[1].mean()
    as_ensemble = arrays["curve.as_ensemble_one"]
    assert ((0.0 < as_ensemble) & (as_ensemble < 1.0)).all()


def test_one_mask_that_drops_hardly_anything_answers_as_the_network():
    arrays = ensembles(rates=(1e-6,), num_masks=1).run(SEEDS)
    np.testing.assert_array_equal(arrays["curve.as_masks_0.0001"], 1.0)
    np.testing.assert_allclose(
        arrays["curve.test_loss_masks_0.0001"],
        arrays["curve.test_loss_scaled_0.0001"],
        rtol=1e-4,  # products in float32
    )


def test_a_seed_is_the_same_alone_and_in_a_crowd():
    crowd, alone = ensembles().run(SEEDS), ensembles().run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_allclose(array[1:], alone[name], rtol=1e-5, err_msg=name)


def test_other_networks_are_refused():
    with pytest.raises(ConfigError, match="`hidden_units` must be two layers"):
        ensembles(model=MODEL.replace(hidden_units=(8,)))
    with pytest.raises(ConfigError, match="`hidden_units` must be two layers"):
        ensembles(model=MODEL.replace(dropout=0.5))
    with pytest.raises(ConfigError, match="`task` must have classes"):
        ensembles(task=TaskConfig(name="regression8"))
