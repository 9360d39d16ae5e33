"""Every declared explorer: its states are those of its claim, each with an address."""

import re
from collections import Counter

import pytest

from ablations.claims.registry import all_claims
from ablations.evidence.probe_scores import PROBE_SCORES
from ablations.protocol.network_runs import ArmConfig
from models.config import ConfigError
from reports.explorers import COMPUTED, EXPLORERS, PATHS, addresses
from reports.explorers.declared import address_of, control, switch
from reports.explorers.states import arm_of


def arms_of(declared):
    claims = [all_claims()[claim].claim for claim in declared.claims]
    return tuple(arm for claim in claims for arm in claim.arms.values())


def test_every_chapter_that_trains_has_explorers_and_they_are_six_or_more():
    chapters = {
        each.chapter
        for each in all_claims().values()
        for arm in each.claim.arms.values()
        if not isinstance(arm.config, ArmConfig) or arm.config.training.num_steps
    }
    # What training needs is asked of networks that other chapters let one explore.
    assert {*EXPLORERS, *COMPUTED, *PATHS} == chapters - {"training"}
    assert sum(map(len, EXPLORERS.values())) >= 6


def test_every_state_has_an_address_of_its_own_that_a_link_can_hold():
    assert len(set(addresses())) == len(addresses())
    assert all(re.fullmatch(r"[a-z_]+(/[a-z0-9.-]+)+", each) for each in addresses())


def test_the_arms_of_every_state_are_in_the_claim(declared):
    arms = arms_of(declared)
    for options in declared.states():
        assert arm_of(arms, declared.levels(options)) is not None, address_of(options)


def test_states_that_read_the_same_runs_read_something_else_of_them(declared):
    arms = arms_of(declared)
    read = Counter(
        (
            arm_of(arms, declared.levels(o)).name,
            str(declared.reading(o)),
            declared.entry(o),
        )
        for o in declared.states()
    )
    assert max(read.values()) == 1


def test_every_score_is_recorded_by_its_arms(declared):
    arms = arms_of(declared)
    for options in declared.states():
        config = arm_of(arms, declared.levels(options)).config
        reading = declared.reading(options)
        measured = config.recorded_metrics()
        if reading.quantity in PROBE_SCORES:
            measured = PROBE_SCORES if config.training.probes else ()
        assert reading.quantity in measured
        assert reading.at in (None, *config.recorded_steps())
        assert declared.measure in ("", *config.recorded_metrics())


def test_a_level_that_no_arm_has_finds_none():
    claim = all_claims()["two_relu_units_learn_xor"].claim
    arms = tuple(claim.arms.values())
    assert arm_of(arms, {"activation": "ReLU"}).levels["activation"] == "ReLU"
    assert arm_of(arms, {"activation": ("cosine", "tanh")}).name == "tanh, width 2"
    assert arm_of(arms, {"activation": "cosine"}) is None
    assert arm_of(arms, {"activation": "ReLU", "depth": None}) is not None


def test_a_first_state_that_is_not_offered_is_refused(declared):
    with pytest.raises(ConfigError, match="must name one option of every control"):
        declared.replace(first=("nothing",) * len(declared.controls))


def test_addresses_are_made_of_what_options_are_called():
    he = control("weights", "Weights", {"He's weights": "He weights"})
    assert he.options[0].address == "hes-weights"
    off, on = switch("batch norm", "batch norm").options
    assert (off.address, on.address) == ("no-batch-norm", "batch-norm")
