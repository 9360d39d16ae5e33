from itertools import combinations

import numpy as np
import pytest

from ablations.rigs.depth import recipes as depth
from ablations.rigs.depth.recipes import recipe
from reports.figures import rescue_matrix
from reports.figures.rescue_matrix import SWITCHES, switches_of

ALL = [on for size in range(6) for on in combinations(SWITCHES, size)]
HOSTILE = 'a & <b id="x"> $\\frac{1}$'


def arm_of(on=(), **changes):
    """Return an arm of the rig at one learning rate, which needs no tuning runs."""
    switches = [next((s for s, n in depth.NAMES.items() if n == x), x) for x in on]
    return recipe(switches, **changes).replace(tune=None)


def add(deep_runs, *arms):
    for on in arms:
        learning = "batch norm" in on
        deep_runs.add(arm_of(on), accuracy=[0.9 if learning else 0.1] * 4)


def test_the_switches_are_those_of_the_rig():
    assert SWITCHES == tuple(depth.NAMES.get(s, s) for s in depth.SWITCHES)


@pytest.mark.parametrize("on", ALL, ids=" + ".join)
def test_switches_are_read_from_the_levels(on):
    assert switches_of(arm_of(on)) == frozenset(on)


def test_arms_that_do_not_name_all_switches_are_no_combination(speeds):
    assert switches_of(speeds["quick"]) is None
    assert switches_of(speeds["quick"].with_levels(ReLU=True)) is None


def test_shares_are_those_of_the_seeds_that_learn(deep_runs):
    deep_runs.add(arm_of(), accuracy=[0.1, 0.2, 0.5, 0.9])
    found = rescue_matrix.read(deep_runs.source())
    (combination,) = found.combinations.values()
    assert combination.share == 0.5
    assert combination.mean == pytest.approx(0.425)


def test_a_run_that_diverged_does_not_learn_and_has_no_accuracy(deep_runs):
    deep_runs.add(arm_of(), accuracy=[0.9, 0.9], status=["ok", "diverged"])
    (combination,) = rescue_matrix.read(deep_runs.source()).combinations.values()
    assert (combination.share, combination.num_lost) == (0.5, 1)
    assert combination.mean == pytest.approx(0.9)


def test_a_matrix_holds_what_differs_from_the_old_recipe_in_switches_only(deep_runs):
    add(deep_runs, (), ("ReLU",))
    for on in ((), ("ReLU",), ("Adam",)):
        deep_runs.add(arm_of(on, depth=50), accuracy=[0.1])
    found = rescue_matrix.read(deep_runs.source())
    assert found.depth == 50
    assert found.num_others == 2


def test_the_words_say_every_share_and_the_best_first(deep_runs):
    add(deep_runs, *ALL[:-3])
    deep_runs.miss(arm_of(SWITCHES))
    picture = rescue_matrix.draw(rescue_matrix.read(deep_runs.source()))
    assert "13 of 29 combinations" in picture.alternative
    assert "batch norm: 100 %, mean 0.90" in picture.alternative
    assert "old recipe: 0 %, mean 0.10" in picture.alternative
    first, last = (picture.alternative.index(w) for w in ("100 %", "old recipe: 0 %"))
    assert first < last
    assert picture.alternative.endswith("Not run: all five.")


def test_arms_without_runs_stay_visibly_empty(deep_runs, texts):
    add(deep_runs, (), ("ReLU",), ("Adam",), ("init",), ("skip",))
    deep_runs.miss(arm_of(("batch norm",)))
    deep_runs.miss(arm_of(SWITCHES))
    picture = rescue_matrix.draw(rescue_matrix.read(deep_runs.source()))
    assert texts(picture.svg).count("not run") == 2


def test_few_combinations_are_ranked_without_a_matrix(deep_runs, texts):
    add(deep_runs, (), ("batch norm",), ("ReLU", "init", "batch norm"))
    found = rescue_matrix.read(deep_runs.source())
    assert (found.has_matrix, found.has_ranking) == (False, True)
    written = texts(rescue_matrix.draw(found).svg)
    assert [text for text in written if text.endswith("%")] == ["100 %", "100 %", "0 %"]


def test_singles_and_pairs_need_no_ranking(deep_runs):
    add(deep_runs, *[on for on in ALL if len(on) < 3], SWITCHES)
    found = rescue_matrix.read(deep_runs.source())
    assert (found.has_matrix, found.has_ranking) == (True, False)


def test_one_seed_and_runs_without_numbers_can_be_drawn(deep_runs):
    deep_runs.add(arm_of(), accuracy=[np.nan])
    deep_runs.add(arm_of(("ReLU",)), accuracy=[0.1], status=["failed"])
    picture = rescue_matrix.draw(rescue_matrix.read(deep_runs.source()))
    assert "old recipe: 0 %, 1 diverged or failed" in picture.alternative


def test_many_seeds_of_all_combinations_stay_small(deep_runs):
    for on in ALL:
        deep_runs.add(arm_of(on), accuracy=np.linspace(0.1, 0.9, 100))
    picture = rescue_matrix.draw(rescue_matrix.read(deep_runs.source()))
    assert len(picture.svg) < 250_000


def test_dots_of_a_column_stay_in_it():
    steps = rescue_matrix.jitter(100, 10.0, 4.0)
    assert np.abs(steps).max() < 0.5
    assert len(np.unique(steps)) == 100
    assert rescue_matrix.jitter(1, 10.0, 4.0) == pytest.approx([0.0])


def test_a_hostile_name_of_an_arm_changes_nothing(deep_runs):
    deep_runs.add(arm_of(levels={"recipe": HOSTILE}), accuracy=[0.1])
    picture = rescue_matrix.draw(rescue_matrix.read(deep_runs.source()))
    assert "<b" not in picture.svg


def test_without_runs_or_such_arms_there_is_nothing_to_draw(
    deep_runs, source, empty_source
):
    deep_runs.miss(arm_of())
    assert rescue_matrix.read(deep_runs.source()) is None
    assert rescue_matrix.read(source) is None
    assert rescue_matrix.read(empty_source) is None
