import pytest

from ablations.rigs.depth.recipes import recipe_config
from reports.figures import depth_limits

HOSTILE = 'a & <b id="x"> $\\frac{1}$'


def config(depth, on=("ReLU",)):
    return recipe_config(on, depth=depth, width=8)


def levels(recipe, depth):
    return {"recipe": recipe, "depth": depth}


@pytest.fixture
def two_recipes(deep_runs):
    """Return a recipe that learns up to 50 layers, and one never run at 50."""
    deep_runs.add(levels("plain", 5), config(5), [0.9] * 4)
    deep_runs.add(levels("plain", 50), config(50), [0.9, 0.1, 0.1, 0.1])
    deep_runs.add(levels("skips", 5), config(5, ("skip",)), [0.9])
    deep_runs.miss(levels("skips", 50), config(50, ("skip",)))
    return deep_runs


def test_arms_alike_but_for_depth_are_one_recipe(two_recipes):
    plain, skips = depth_limits.read(two_recipes.source()).recipes
    assert (plain.name, skips.name) == ("plain", "skips")
    assert (plain.shares, plain.num_runs) == ({5: 1.0, 50: 0.25}, {5: 4, 50: 4})
    assert skips.shares == {5: 1.0, 50: None}


def test_the_words_say_every_share_and_what_is_missing(two_recipes, texts):
    picture = depth_limits.draw(depth_limits.read(two_recipes.source()))
    assert "plain: 5 layers 100 %" in picture.alternative
    assert "50 layers 25 %" in picture.alternative
    assert "Not run: skips, 50 layers." in picture.alternative
    assert "1 to 4 seeds per cell" in picture.caption
    assert {"25 %", "not run"} <= set(texts(picture.svg))


def test_hostile_names_are_text(two_recipes, texts):
    two_recipes.add(levels(HOSTILE, 5), config(5, ("Adam",)), [0.9])
    svg = depth_limits.draw(depth_limits.read(two_recipes.source())).svg
    assert "<b" not in svg
    assert any("<b" in text for text in texts(svg))


def test_one_depth_alone_is_no_limit(deep_runs, source, empty_source):
    deep_runs.add(levels("plain", 5), config(5), [0.9])
    assert depth_limits.read(deep_runs.source()) is None
    assert depth_limits.read(source) is None
    assert depth_limits.read(empty_source) is None
