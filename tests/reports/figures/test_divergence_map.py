import pytest

from ablations.rigs.depth.recipes import recipe_config
from models.config import InitializerConfig
from reports.figures import divergence_map

GAINS, RATES = (1.0, 3.0), (0.01, 0.1, 1.0)


def config(gain, rate, on=("ReLU",)):
    start = InitializerConfig(name="he_normal", gain=gain)
    return recipe_config(on, initializer=start, learning_rate=rate)


@pytest.fixture
def full(deep_runs):
    """Return runs of which those of gain x rate above a half diverge."""
    for gain in GAINS:
        for rate in RATES:
            status = ["diverged" if gain * rate > 0.5 else "ok"] * 3 + ["ok"]
            name = f"{gain} {rate}"
            deep_runs.add(name, config(gain, rate), [0.1] * 4, status=status)
    return deep_runs


def test_shares_are_those_of_the_runs_that_are_lost(full):
    (found,) = divergence_map.read(full.source())
    assert (found.gains, found.rates) == (list(GAINS), list(RATES))
    assert found.share((1.0, 1.0)) == 0.75
    assert found.share((1.0, 0.1)) == 0.0


def test_the_words_say_where_runs_diverge(full):
    picture = divergence_map.draw(divergence_map.read(full.source()))
    assert "at least half of them in 2 of 6 cells, none in 4" in picture.alternative
    assert "gain 3: at learning rate 0.01 0 %, 0.1 0 %, 1 75 %" in picture.alternative


def test_cells_without_runs_stay_visibly_empty(full, texts):
    full.miss("hot", config(10.0, 1.0))
    picture = divergence_map.draw(divergence_map.read(full.source()))
    # One arm was not run; the other rates have no arm at this gain.
    assert texts(picture.svg).count("not run") == 3
    assert "gain 10: at learning rate 0.01 not run" in picture.alternative


def test_kinds_of_networks_have_a_map_each(full, texts):
    for gain in GAINS:
        for rate in RATES[:2]:
            full.add(f"skip {gain} {rate}", config(gain, rate, ("ReLU", "skip")), [0.1])
    found = divergence_map.read(full.source())
    assert divergence_map.titles(found) == ["plain", "skips"]
    assert {"plain", "skips"} <= set(texts(divergence_map.draw(found).svg))


def test_arms_that_never_train_are_no_cells(deep_runs):
    for gain in GAINS:
        start = InitializerConfig(name="he_normal", gain=gain)
        untrained = recipe_config(
            ("ReLU",), initializer=start, learning_rate=0.1, num_steps=0
        )
        deep_runs.add(f"{gain}, before training", untrained, [0.1])
        for rate in RATES:
            name = f"{gain} {rate}"
            deep_runs.add(name, config(gain, rate), [0.1], status=["diverged"])
    (found,) = divergence_map.read(deep_runs.source())
    assert {found.share(place) for place in found.lost} == {1.0}


def test_a_hostile_name_of_an_arm_is_not_written(full):
    full.add('a & <b id="x">', config(1.0, 3.0), [0.1])
    assert "<b" not in divergence_map.draw(divergence_map.read(full.source())).svg


def test_one_gain_alone_makes_no_map(deep_runs, source, empty_source):
    for rate in RATES:
        deep_runs.add(str(rate), config(1.0, rate), [0.1])
    assert divergence_map.read(deep_runs.source()) is None
    assert divergence_map.read(source) is None
    assert divergence_map.read(empty_source) is None
