"""Probes are ridge regressions on what each layer makes of the rows."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from ablations.experiments.readouts.layers import (
    LayerProbesConfig,
    probe_metric,
    ridge_answers,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig

SEEDS = np.array([4, 1])


def probes(**changes) -> LayerProbesConfig:
    fields = {
        "task": TaskConfig(name="spirals", num_train=80, num_val=10, num_test=200),
        "model": MLPConfig(input_units=2, hidden_units=(16, 16), output_units=2),
        "training": TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=0.03),
            loss="categorical_crossentropy",
            from_logits=True,
            batch_size=20,
            num_steps=400,
        ),
    }
    return LayerProbesConfig(**(fields | changes))


def test_a_probe_is_a_ridge_regression_of_standardized_columns():
    rng = np.random.default_rng(1)
    x, x_new = rng.normal(2.0, 3.0, (2, 30, 4)), rng.normal(size=(2, 7, 4))
    y = rng.normal(size=(2, 30, 3))
    found = ridge_answers(x, y, x_new, penalty=0.1)
    for run in range(2):
        scaler = StandardScaler().fit(x[run])
        model = Ridge(alpha=0.1 * 30).fit(scaler.transform(x[run]), y[run])
        expected = model.predict(scaler.transform(x_new[run]))
        np.testing.assert_allclose(found[run], expected, rtol=1e-9)


def test_a_dead_unit_changes_no_answer():
    rng = np.random.default_rng(1)
    x, x_new = rng.normal(size=(1, 30, 4)), rng.normal(size=(1, 7, 4))
    y = rng.normal(size=(1, 30, 2))
    dead = [np.concatenate([a, 0.0 * a[..., :1]], axis=2) for a in (x, x_new)]
    np.testing.assert_allclose(
        ridge_answers(dead[0], y, dead[1], 0.1), ridge_answers(x, y, x_new, 0.1)
    )


def test_training_makes_the_last_layer_more_useful_and_leaves_the_inputs_alone():
    config = probes()
    arrays, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    inputs = arrays[f"curve.{probe_metric(0)}"]
    np.testing.assert_array_equal(inputs[:, 0], inputs[:, 1])
    last = arrays[f"curve.{probe_metric(2)}"]
    # Two spirals cannot be told apart by a line, but by these networks.
    assert (last[:, 1] > last[:, 0] + 0.1).all()
    assert (arrays["curve.test_accuracy"][:, 1] > 0.75).all()
    assert arrays["steps"].tolist() == [[0, 400], [0, 400]]
    assert (diverged_at == -1).all()


def test_a_seed_is_the_same_alone_and_in_a_crowd():
    config = probes()
    crowd, alone = config.run(SEEDS), config.run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_array_equal(array[1:], alone[name], err_msg=name)


def test_numbers_instead_of_classes_are_refused():
    with pytest.raises(ConfigError, match="`task` must have classes"):
        probes(task=TaskConfig(name="regression8"))
