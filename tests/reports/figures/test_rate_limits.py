import pytest

from ablations.protocol.arm import Arm
from ablations.rigs.depth.recipes import recipe_config, tuned
from reports.figures import rate_limits


@pytest.fixture
def two_recipes(deep_runs):
    """Return a recipe that learns up to a rate of 0.1, and one never run there."""
    for name, on in (("SGD, plain", ("ReLU",)), ("SGD, batch norm", ("batch norm",))):
        for rate in (0.01, 0.1):
            config = recipe_config(on, depth=5, learning_rate=rate)
            if rate == 0.1 and on == ("batch norm",):
                deep_runs.miss(f"{name}, rate {rate:g}", config)
            else:
                share = [0.9, 0.9] if rate < 0.1 else [0.9, 0.1]
                deep_runs.add(f"{name}, rate {rate:g}", config, share)
    return deep_runs


def test_arms_named_alike_but_for_their_rate_are_one_recipe(two_recipes):
    plain, norm = rate_limits.read(two_recipes.source()).recipes
    assert (plain.name, norm.name) == ("SGD, plain", "SGD, batch norm")
    assert [(p.at, p.share) for p in plain.points] == [(0.01, 1.0), (0.1, 0.5)]


def test_the_words_say_every_share_and_what_is_missing(two_recipes):
    picture = rate_limits.draw(rate_limits.read(two_recipes.source()))
    assert picture.name == "rate_limits"
    assert "by learning rate. SGD, plain: rate 0.01 100 %" in picture.alternative
    assert "rate 0.1 50.0 %" in picture.alternative
    assert "Not run: SGD, batch norm, rate 0.1." in picture.alternative


def test_tuned_arms_have_no_place_on_the_axis(two_recipes):
    source = two_recipes.source()
    arms = {
        name: Arm(config=arm.config, tune=tuned(arm.config).tune)
        for name, arm in source.claim.arms.items()
    }
    changed = type(source)(
        source.record, source.claim.replace(arms=arms), source.evidence
    )
    assert rate_limits.read(changed) is None


def test_without_runs_there_is_nothing_to_draw(source, empty_source):
    assert rate_limits.read(source) is None
    assert rate_limits.read(empty_source) is None
