"""Readouts are found by name, and a new one says only what it reads."""

from typing import Literal

import numpy as np
import pytest

from ablations.experiments.readouts.table import READOUTS, readout
from ablations.experiments.readouts.trained_networks import ReadoutConfig
from ablations.protocol.experiment import checked, parse_experiment
from ablations.protocol.network_runs import ArmConfig
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig

SEEDS = np.array([6, 4])
NETWORKS = ArmConfig(
    task=TaskConfig(name="spirals", num_train=64, num_val=10, num_test=100),
    model=MLPConfig(input_units=2, hidden_units=(6, 8), output_units=2),
    training=TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
        loss="categorical_crossentropy",
        from_logits=True,
        batch_size=16,
        num_steps=20,
    ),
)


class DeadUnitsConfig(ReadoutConfig):
    """Count the units that are 0 on all training rows."""

    kind: Literal["dead_units"] = "dead_units"

    def recorded_metrics(self):
        return ("dead_share",)

    def read(self, trained):
        layers = trained.networks.layers(trained.data.x)
        dead = [(layer.outputs == 0).all(axis=1) for layer in layers]
        return {"dead_share": np.concatenate(dead, axis=1).mean(axis=1)}


def test_a_new_readout_says_only_what_it_reads(monkeypatch):
    monkeypatch.setitem(READOUTS, "dead_units", DeadUnitsConfig)
    config = readout("dead_units", NETWORKS)
    arrays, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    assert arrays["steps"].tolist() == [[20], [20]]
    assert diverged_at.tolist() == [-1, -1]
    assert ((arrays["curve.dead_share"] >= 0) & (arrays["curve.dead_share"] < 1)).all()
    model = NETWORKS.model.replace(bias_start=-1e6)
    dead = readout("dead_units", NETWORKS.replace(model=model)).run(SEEDS)
    assert dead["curve.dead_share"].tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("name", READOUTS)
def test_every_readout_is_a_kind_of_its_name(name):
    assert READOUTS[name].model_fields["kind"].default == name


def test_a_readout_survives_a_round_trip_through_json():
    config = readout("layer_probes", NETWORKS, penalty=0.1)
    assert parse_experiment(config.model_dump(mode="json")) == config
    assert config.with_learning_rate(0.5).get_learning_rate() == 0.5


def test_an_unknown_readout_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'layer_probes'"):
        readout("layer_probe", NETWORKS)


def test_networks_that_keras_fits_are_not_read():
    with pytest.raises(ConfigError, match="`engine` must be 'stack'"):
        readout("layer_probes", NETWORKS.replace(engine="fit"))
