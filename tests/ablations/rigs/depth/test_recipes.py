"""Recipes are told by their switches, and rescues ask the same of every switch."""

from itertools import combinations

from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import (
    CONTROLS,
    LONG,
    MODERN,
    NAMES,
    OLD,
    SMALL,
    SWITCHES,
    beside_others,
    levels_of,
    recipe,
    rescues_beside,
    shown_alone,
)
from models.config import InitializerConfig


def test_a_recipe_says_of_every_switch_whether_it_is_on():
    levels = recipe(("skip", "ReLU")).levels
    assert {s: levels[NAMES.get(s, s)] for s in SWITCHES} == {
        s: s in ("skip", "ReLU") for s in SWITCHES
    }
    assert MODERN.name == "ReLU, matched weights, Adam, batch norm, skips"


def test_the_old_recipe_has_a_name_unless_activation_and_weights_are_given():
    assert OLD.name == "old recipe"
    assert recipe(dropout=0.5).name == "old recipe, dropout 0.5"
    given = recipe(activation="tanh", initializer="orthogonal", depth=50)
    assert given.name == "tanh, orthogonal weights, depth 50"


def test_levels_name_what_is_given_in_words():
    weights = InitializerConfig(name="he_normal", gain=2.0)
    changes = {"initializer": weights, "batch_norm": None, "l2": 0.0, "num_steps": LONG}
    assert levels_of(changes) == {
        "initializer": "He weights",
        "gain": 2.0,
        "batch norm": False,
        "updates": LONG,
    }
    assert levels_of({"initializer": SMALL}) == {"initializer": "small weights"}
    clipped = levels_of({"training": {"clip_global_norm": 0.1, "frozen_layers": 4}})
    assert clipped == {"clip": "clipped by global norm", "clip at": 0.1} | {
        "frozen layers": 4
    }


def test_every_combination_of_switches_has_a_name_of_its_own():
    arms = [recipe(on) for n in range(6) for on in combinations(SWITCHES, n)]
    assert len({arm.name for arm in arms}) == len(arms) == 2 ** len(SWITCHES)
    assert len({arm.digest for arm in arms}) == len(arms)


def test_beside_what_suffices_alone_a_switch_must_add_to_it():
    found = rescues_beside("ReLU", "init")
    assert [p.key for p in found] == ["alone", "long", "init", "init_long"]
    batch_norm, skip, modern = beside_others("ReLU")
    assert isinstance(batch_norm, Comparison)
    assert batch_norm.control == recipe(("batch norm",))
    assert (skip.key, modern.key) == ("skip", "modern")


def test_what_is_only_shown_has_keys_of_its_own():
    keys = [p.key for p in (*shown_alone("batch norm", "skip"), *CONTROLS)]
    alone = ["batch_norm_alone", "skip_alone", "batch_norm_alone_moving"]
    assert keys == [*alone, "old", "modern"]
