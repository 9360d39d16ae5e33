"""The arms of the rig are what their names say, and claims share them."""

import pytest

from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import (
    NUM_STEPS,
    PROBES,
    RATES,
    SMALL,
    SWITCHES,
    TINY_RATES,
    deep_config,
    recipe,
    recipe_config,
)
from ablations.rigs.depth.signals import (
    CAREFUL,
    CLIPS,
    EXPLODING,
    GLOROT,
    HE,
    PENALTIES,
    STATES,
    STEPS,
    TOO_LARGE,
    UPDATES,
    arrives,
    clipped,
    clipping_arms,
    clipping_helps,
    deep_controls,
    exploded,
    exploding,
    penalties_help,
    penalty_arms,
    start,
    times,
    trained,
    untuned,
    vanished,
)


def test_an_arm_at_the_start_makes_no_update_and_records_its_states():
    training = start(activation="tanh", initializer=GLOROT).config.training
    assert training.num_steps == 0
    assert training.log_steps == (0,)
    assert training.probes == STATES


def test_larger_weights_are_another_number_and_no_other_structure():
    one = start(initializer=GLOROT).config
    other = start(initializer=times(4.0, GLOROT), bias_start=2.0).config
    assert one != other
    assert one.structure() == other.structure()


def test_times_multiplies_what_is_drawn_and_nothing_else():
    assert times(2.0, HE).gain == 2.0
    assert times(2.0, HE).name == HE.name
    assert times(1.0, SMALL) == SMALL


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_grids_reach_further_up_than_those_of_twenty_layers(optimizer):
    arm = trained(optimizer, initializer=GLOROT, depth=4)
    assert arm.tune is not None
    assert arm.tune.learning_rates[-1] > RATES[optimizer][-1]
    assert arm.config.training.optimizer.name == optimizer


def test_shallow_arms_record_updates_until_the_end():
    for arm in (trained(depth=8), untuned(0.1, depth=8)):
        assert arm.config.training.log_steps == STEPS
        assert arm.config.training.num_steps == STEPS[-1] == NUM_STEPS
        assert arm.config.training.probes == UPDATES


def test_deep_arms_record_what_the_recipes_do_and_nothing_under_adam():
    recorded = recipe_config(("ReLU", "init")).training.probes
    for arm in (trained(depth=20), untuned(0.1, depth=20)):
        assert arm.config.training.probes == recorded == PROBES
    assert recipe_config(SWITCHES).training.probes == ()


def test_clipping_adds_the_bound_and_keeps_what_is_recorded():
    training = clipped("global_norm", 0.1, depth=8).config.training
    plain = trained(depth=8).config.training
    assert training.clip_global_norm == 0.1
    assert training.replace(clip_global_norm=None) == plain


def test_without_a_remedy_the_exploding_arm_is_the_recipe_with_large_weights():
    plain = recipe(("ReLU",), initializer=TOO_LARGE, rates=TINY_RATES)
    assert exploding() == plain


def test_remedies_change_the_clip_or_the_penalty_alone():
    plain = exploding().config
    for kind in CLIPS:
        config = exploding(clip=kind).config
        assert config.training.clip_kind == kind
        assert config.model == plain.model
    for penalty in PENALTIES:
        config = exploding(penalty=penalty).config
        assert config.model == plain.model.replace(l2=penalty)
        assert config.training == plain.training.replace(probes=())


@pytest.mark.parametrize(
    ("arms", "predictions"),
    [(clipping_arms, clipping_helps), (penalty_arms, penalties_help)],
)
def test_predictions_of_a_remedy_name_its_arms(arms, predictions):
    names = set(arms())
    read = {CAREFUL, EXPLODING}
    for prediction in (*predictions(), *deep_controls()):
        if isinstance(prediction, Comparison):
            read |= {prediction.treatment, prediction.control}
        else:
            read.add(prediction.arm)
    assert read == names


def test_a_gradient_arrives_unless_it_vanished_or_exploded():
    assert arrives().at_least == vanished().at_most
    assert arrives().at_most == exploded().at_least


def test_arms_of_the_rig_train_the_networks_of_the_depth_rig():
    arm = untuned(0.03, activation="relu", initializer=HE, depth=20)
    theirs = deep_config(activation="relu", initializer=HE, learning_rate=0.03)
    assert arm.config.model == theirs.model
    assert arm.config.task == theirs.task
