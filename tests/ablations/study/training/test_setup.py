import re

import keras
import numpy as np
import pandas as pd
import pytest

from ablations.study.settings.config import SCORES, StudyConfig
from ablations.study.table.splits import split_of
from ablations.study.training.chosen_score import choose_score, describe_score
from ablations.study.training.runs import choose_size
from ablations.study.training.setup import set_up
from models.config import ConfigError

SMALL = {"data": "a frame", "target": "y", "folds": 4, "repeats": 1, "trials": 3}


def make_frame(num_positive: int) -> pd.DataFrame:
    x = np.random.default_rng(0).normal(size=120)
    return pd.DataFrame({"x": x, "y": np.where(np.arange(120) < num_positive, 1, 0)})


def lay_out(num_positive: int = 60, **fields):
    config = StudyConfig(**{**SMALL, "factors": {"dropout": [0.0, 0.3]}, **fields})
    return set_up(config, frame=make_frame(num_positive))


@pytest.mark.parametrize(("num_positive", "name"), [(60, "accuracy"), (12, "auc")])
def test_where_one_class_is_rare_models_are_judged_without_a_threshold(
    num_positive, name
):
    setup = lay_out(num_positive)
    assert setup.score.name == name
    notes = describe_score(setup.config, setup.dataset, setup.score)
    assert [note.code for note in notes] == ["unequal_classes"] * (name == "auc")


def test_what_is_asked_for_is_judged_and_needs_no_note():
    setup = lay_out(12, score="auc")
    assert not describe_score(setup.config, setup.dataset, setup.score)
    assert lay_out(score="log_loss").score.name == "crossentropy"


def test_every_score_says_which_way_is_better():
    dataset = lay_out().dataset
    for name in SCORES["classification"]:
        score = choose_score(StudyConfig(**SMALL, score=name), dataset)
        assert score.higher_is_better == (name != "crossentropy")
        assert score.unit == ("nats" if name == "crossentropy" else "points")


def test_an_ensemble_shares_its_tuning_and_one_member_with_the_net_it_is_made_of():
    alone = lay_out(factors={"dropout": [0.0, 0.3]})
    beside = lay_out(factors={"dropout": [0.0, 0.3], "ensemble": [1, 8]})
    assert len(beside.recipes) == 3
    # Three rates in four splits; judged are seven members more in each split.
    assert beside.work.num_runs - alone.work.num_runs == 7 * 4
    assert len(beside.work.sizes) == len(alone.work.sizes)


def test_more_members_than_a_split_has_seeds_are_refused():
    with pytest.raises(ConfigError, match=r"`ensemble` must be at most 50.*51"):
        lay_out(factors={"ensemble": [1, 51]}, seeds=2)


def test_tests_count_groups_as_one_and_later_rows_once():
    place = np.arange(120)
    frame = make_frame(60).assign(who=place // 4, day=37.0 * place % 120)
    config = StudyConfig(**{**SMALL, "repeats": 2}, group="who", drop=["day"])
    setup = set_up(config.replace(factors={"dropout": [0, 0.3]}), frame=frame)
    tests = setup.tests
    assert tests.num_units == 30
    owner = {row: unit for row, unit in zip(tests.rows, tests.unit_of, strict=True)}
    assert all(owner[row] == owner[row - row % 4] for row in owner)
    config = StudyConfig(**SMALL, time="day", drop=["who"])
    setup = set_up(config.replace(factors={"dropout": [0, 0.3]}), frame=frame)
    rows = setup.tests.rows
    assert len(np.unique(rows)) == len(rows) == setup.tests.num_units
    assert frame["day"][rows].min() >= 50


def test_stacks_leave_few_places_idle():
    net = lay_out(folds=5, repeats=3, trials=5).candidates[0].nets[0]
    for counts in ([75, 0, 15], [75, 525, 120], [15, 0, 5]):
        size = choose_size(net, counts)
        places = sum(-(-count // size) * size for count in counts)
        assert places <= 1.25 * sum(counts)


def test_a_plan_says_how_long_it_takes_if_nets_train_longer():
    short, longer = map(float, re.findall(r"([\d.]+) s ", lay_out().describe()))
    assert short < longer
    assert "longer" not in lay_out(epochs=10).describe()


def test_studies_with_seeds_of_their_own_share_no_training():
    trained = []
    for seed in (0, 1, 7):
        (candidate, _) = lay_out(seed=seed).candidates
        trained.append(candidate.tuning_seeds(4).tolist())
        for split in range(4):
            mine = candidate.seeds_of(split, 100)
            trained.append(mine.tolist())
            assert (split_of(mine) == split).all()
    seeds = [seed for some in trained for seed in some]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) == 0  # As before there were any others.


def test_a_seed_that_leaves_no_room_for_those_of_trainings_is_refused():
    with pytest.raises(ConfigError, match=r"`seed` must be at most 4294967295"):
        lay_out(seed=2**32)


def build(config):
    """A factory of the user's, with batch norm inside of a layer."""
    first = [keras.Input((config.num_inputs,)), keras.layers.Dense(3)]
    layers = [keras.layers.BatchNormalization()] if config.batch_norm != "none" else []
    inner = keras.Sequential([*first, *layers])
    output = keras.layers.Dense(config.num_outputs)
    return keras.Sequential([first[0], inner, output])


@pytest.mark.parametrize("factory", [None, build], ids=["ours", "theirs"])
def test_nets_with_batch_norm_are_judged_with_statistics_of_all_training_rows(factory):
    config = StudyConfig(**SMALL, factors={"batch_norm": ["none", "after"]})
    setup = set_up(config, frame=make_frame(60), build=factory)
    plain, normed = (candidate.nets[0] for candidate in setup.candidates)
    assert plain.training.batch_norm_statistics == "moving"
    assert normed.training.batch_norm_statistics == "training_rows"
    # Keys of nets without batch norm are what they were before there was a choice.
    told = [net.specification()["training"] for net in (plain, normed)]
    assert ["batch_norm_statistics" in one for one in told] == [False, True]
