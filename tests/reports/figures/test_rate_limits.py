import pytest

from ablations.rigs.depth.recipes import recipe_config
from reports.figures import rate_limits


@pytest.fixture
def two_recipes(deep_runs):
    """Return a recipe that learns up to a rate of 0.1, and one never run there."""
    for name, on in (("plain", ("ReLU",)), ("batch norm", ("batch norm",))):
        for rate in (0.01, 0.1):
            config = recipe_config(on, depth=5, learning_rate=rate)
            levels = {"optimizer": "SGD", "recipe": name, "rate": rate}
            if rate == 0.1 and on == ("batch norm",):
                deep_runs.miss(levels, config)
            else:
                share = [0.9, 0.9] if rate < 0.1 else [0.9, 0.1]
                deep_runs.add(levels, config, share)
    return deep_runs


def test_arms_alike_but_for_their_rate_are_one_recipe(two_recipes):
    plain, norm = rate_limits.read(two_recipes.source()).recipes
    assert (plain.name, norm.name) == ("plain", "batch norm")
    assert plain.shares == {0.01: 1.0, 0.1: 0.5}


def test_the_words_say_every_share_and_what_is_missing(two_recipes):
    picture = rate_limits.draw(rate_limits.read(two_recipes.source()))
    assert picture.name == "rate_limits"
    assert "by learning rate. plain: rate 0.01 100 %" in picture.alternative
    assert "rate 0.1 50 %" in picture.alternative
    assert "Not run: batch norm, rate 0.1." in picture.alternative


def test_arms_that_name_no_rate_have_no_place_on_the_axis(two_recipes):
    tuned = {"optimizer": "SGD", "recipe": "tuned"}
    two_recipes.add(tuned, recipe_config(depth=6), [0.9])
    found = rate_limits.read(two_recipes.source())
    assert [r.name for r in found.recipes] == ["plain", "batch norm"]


def test_without_runs_there_is_nothing_to_draw(source, empty_source):
    assert rate_limits.read(source) is None
    assert rate_limits.read(empty_source) is None
