"""The arms of the rig are what their names say, and claims share them."""

import pytest

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
    DEEP_CONTROLS,
    GLOROT,
    HE,
    STATES,
    STEPS,
    TOO_LARGE,
    UPDATES,
    arrives,
    clipped,
    exploded,
    exploding,
    penalty_helps,
    start,
    times,
    trained,
    untuned,
    vanished,
)

PENALTIES = (0.001, 0.01)


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
    arm = trained(optimizer=optimizer, initializer=GLOROT, depth=4)
    assert arm.tune is not None
    assert arm.tune.learning_rates[-1] > RATES[optimizer][-1]
    assert arm.config.training.optimizer.name == optimizer


def test_shallow_arms_record_updates_until_the_end():
    for arm in (trained(depth=8), untuned(learning_rate=0.1, depth=8)):
        assert arm.config.training.log_steps == STEPS
        assert arm.config.training.num_steps == STEPS[-1] == NUM_STEPS
        assert arm.config.training.probes == UPDATES


def test_deep_arms_record_what_the_recipes_do_and_nothing_under_adam():
    recorded = recipe_config(("ReLU", "init")).training.probes
    for arm in (trained(depth=20), untuned(learning_rate=0.1, depth=20)):
        assert arm.config.training.probes == recorded == PROBES
    assert recipe_config(SWITCHES).training.probes == ()


def test_clipping_adds_the_bound_and_keeps_what_is_recorded():
    training = clipped("global_norm", 0.1, depth=8).config.training
    plain = trained(depth=8).config.training
    assert training.clip_global_norm == 0.1
    assert training.replace(clip_global_norm=None) == plain


def test_without_a_remedy_the_exploding_arm_is_the_recipe_with_large_weights():
    plain = recipe(("ReLU",), initializer=TOO_LARGE, rates=TINY_RATES)
    assert exploding().digest == plain.digest


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


def test_remedies_are_judged_beside_large_weights_and_careful_ones():
    for penalty in PENALTIES:
        helps = penalty_helps(penalty, finite_key="finite", learns_key="learns")
        assert {p.arm for p in helps} == {exploding(penalty=penalty)}
    assert {p.arm for p in DEEP_CONTROLS} == {CAREFUL, exploding()}


def test_levels_tell_what_sets_an_arm_apart():
    arm = untuned(
        learning_rate=0.1, activation="relu", initializer=times(2.0, HE), depth=8
    )
    assert arm.name == "ReLU, He weights, gain 2, depth 8, rate 0.1"
    assert start(batch_norm=None).levels["batch norm"] is False
    assert recipe(("skip", "ReLU"), num_steps=2000).name == "ReLU, skips, updates 2,000"
    assert recipe().levels["ReLU"] is False


def test_a_gradient_arrives_unless_it_vanished_or_exploded():
    assert arrives().at_least == vanished().at_most
    assert arrives().at_most == exploded().at_least


def test_arms_of_the_rig_train_the_networks_of_the_depth_rig():
    arm = untuned(learning_rate=0.03, activation="relu", initializer=HE, depth=20)
    theirs = deep_config(activation="relu", initializer=HE, learning_rate=0.03)
    assert arm.config.model == theirs.model
    assert arm.config.task == theirs.task
