import pytest

from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.dying_units.networks import (
    TASKS,
    by_default,
    crippled,
    dead,
    few_dead,
    healthy,
    network,
    taken_back,
)
from ablations.training.probes import MAX_PROBE_ROWS


@pytest.mark.parametrize("task", TASKS)
def test_units_are_looked_at_on_every_training_row(task):
    rows, _ = TASKS[task]
    assert rows.setting("num_train") == MAX_PROBE_ROWS


def test_a_multiple_is_of_the_best_rate_of_the_same_network():
    best, high = network("ELU", "Adam"), network("ELU", "Adam", times=10.0)
    assert high.config == best.config
    assert high.tune == best.tune.replace(times=10.0)
    assert high.name == "ELU, Adam, bias 0, 10 times the best rate"


def test_a_healthy_network_is_a_relu_one_without_bias_that_trains_as_long():
    dying = network("leaky ReLU", "Adam", bias=-3.0, updates=2000)
    assert healthy(dying) == network("ReLU", "Adam", updates=2000)
    assert healthy(network("ReLU", bias=-3.0)) == network("ReLU")
    digits = network("leaky ReLU", bias=-3.0, task="digits")
    assert healthy(digits) == network("ReLU", task="digits")
    assert dying.config.model.bias_start == -3.0
    assert dying.config.training.num_steps == 2000


def test_networks_of_a_bias_and_a_slope_train_in_one_stack():
    arms = [network(), network(bias=-10.0), network(times=3.0), by_default("SGD")]
    assert len({arm.config.structure() for arm in arms}) == 1
    slopes = ("leaky ReLU", "leaky ReLU, slope 0.3")
    assert len({network(name).config.structure() for name in slopes}) == 1


def test_units_are_read_in_the_networks_that_the_arm_names():
    arm, read = network("ReLU", "Adam", times=10.0), taken_back("Adam", 10.0)
    config = read.config
    same = ArmConfig(task=config.task, model=config.model, training=config.training)
    assert same == arm.config
    assert read.tune == arm.tune
    assert crippled(16, 0.5).config.dead_share == 0.5


def test_a_diverged_run_has_no_dead_unit_and_no_success():
    assert dead().failed_value == 0.0
    assert few_dead().is_success
    assert few_dead(0.0).at_most == 0.0
