import io

import keras
import numpy as np
import pandas as pd
import pytest

from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study import StudyConfig, run_study
from ablations.study.findings.result import EFFECT_COLUMNS
from ablations.study.table.overview import warning_lines
from ablations.study.table.splits import seeds_of
from ablations.study.training.baselines import (
    outputs_of,
    stored_baselines,
    wanted_baselines,
)
from ablations.study.training.net import METRICS
from ablations.study.training.scoring import Judged, read_judged, score_splits
from ablations.study.training.setup import set_up
from ablations.study.training.ways import DUMMY
from ablations.training.train import train_stack
from models.config import ConfigError

NUM_ROWS = 120
SMALL = {
    "folds": 4,
    "repeats": 1,
    "trials": 2,
    "epochs": 6,
    "baselines": False,
    "recipe": {"width": 8},
}
SHALLOW = {**SMALL, "recipe": {"width": 8, "depth": 1}}


def make_frame(seed: int, *, noise: bool = False) -> pd.DataFrame:
    """Return rows whose target is an interaction of two columns, or noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(NUM_ROWS, 4))
    y = rng.permutation(NUM_ROWS) % 2 if noise else x[:, 0] > 0
    columns = {f"x{i}": x[:, i] for i in range(4)}
    return pd.DataFrame({**columns, "y": np.where(y, "yes", "no")})


ARMS = ("dropout=0.3", "l2=0.1", "early_stopping=1", "ensemble=3")


NOISE = make_frame(0, noise=True)


@pytest.fixture(scope="module")
def told():
    """What a study says while it runs."""
    return io.StringIO()


@pytest.fixture(scope="module")
def finished(tmp_path_factory, told):
    """A small study, its settings and the store that keeps its runs."""
    path = tmp_path_factory.mktemp("study") / "runs.sqlite"
    factors = {
        "dropout": [0.0, 0.3],
        "l2": [0.0, 0.1],
        "early_stopping": [0, 1],
        "ensemble": [1, 3],
    }
    config = StudyConfig(
        data="a frame",
        target="y",
        factors=factors,
        **SMALL,
        learning_rates=(0.01, 0.03),
    )
    result = run_study(config, frame=NOISE, store=path, device="cpu", stream=told)
    return result, config, path


@pytest.mark.usefixtures("finished")
def test_progress_is_shown_where_it_is_asked_for(told):
    assert "Tuning" in told.getvalue()
    assert "runs" in told.getvalue()


def test_every_arm_is_judged_once_in_every_split(finished):
    result, _, _ = finished
    nets = result.runs[result.runs["kind"] == "net"]
    assert (nets.groupby("arm").size() == 4).all()
    assert list(result.recipes) == ["base", *ARMS]
    assert tuple(result.effects.columns) == EFFECT_COLUMNS
    assert len(result.effects) == len(ARMS)
    assert result.trials.groupby(["arm", "split"])["chosen"].sum().eq(1).all()


def test_a_study_that_is_repeated_trains_nothing_and_says_the_same(finished):
    result, config, path = finished
    again = run_study(config, frame=NOISE, store=path, device="cpu")
    assert again.budget.num_trained == 0
    pd.testing.assert_frame_equal(again.effects, result.effects)
    pd.testing.assert_frame_equal(again.runs, result.runs)


def test_the_predictions_of_a_net_have_the_score_that_was_judged(finished):
    result, _, _ = finished
    found = result.recommendation
    name = found.name if found.kind == "net" else found.best
    said = result.predictions
    right = (said["p_1"] > said["p_0"]) == (said["target"] == 1)
    shares = right.groupby(said["split"]).mean()
    runs = result.runs[result.runs["arm"] == name].set_index("split")["score"]
    np.testing.assert_allclose(shares, runs.loc[shares.index], atol=1e-6)
    np.testing.assert_allclose(said["p_0"] + said["p_1"], 1.0, rtol=1e-6)


def read_arm(result, setup, path, name: str) -> Judged:
    """Return the judged runs of an arm."""
    candidate = next(c for c in setup.candidates if c.name == name)
    rows = result.trials[(result.trials["arm"] == name) & result.trials["chosen"]]
    rows = rows.sort_values("split")
    places = np.array([candidate.rates.index(r) for r in rows["learning_rate"]])
    with Store.open(path, mode="read") as store:
        baselines = stored_baselines(wanted_baselines(False), setup.splits, store)
        return read_judged(candidate, places, 1, store, outputs_of(baselines[DUMMY]))


@pytest.mark.parametrize("name", ["base", "early_stopping=1"])
def test_outputs_have_the_losses_that_were_recorded_at_the_epoch_kept(finished, name):
    result, config, path = finished
    setup = set_up(config, frame=NOISE)
    judged = read_arm(result, setup, path, name)
    for part in ("val", "test"):
        for metric in METRICS["classification"]:
            ours = score_splits([metric], judged.outputs, part, setup.splits)[metric]
            curve = judged.curves[f"{part}_{metric}"]
            last = np.take_along_axis(curve, judged.epochs[..., None] - 1, axis=2)
            np.testing.assert_allclose(ours, last[..., 0], rtol=1e-5, atol=1e-6)
    assert (judged.epochs == 6).all() == (name == "base")


def test_an_ensemble_says_the_mean_of_what_its_members_say(finished):
    result, config, path = finished
    setup = set_up(config, frame=NOISE)
    judged = read_arm(result, setup, path, "ensemble=3")
    net = setup.candidates[0].nets
    for split, rate in enumerate(judged.rates):
        digest = spec_digest(
            next(n for n in net if n.learning_rate == rate).specification()
        )
        with Store.open(path, mode="read") as store:
            table = store.load(digest, seeds_of(split, 3), ["outputs.0.test"])
        said = table.arrays["outputs.0.test"]
        assert np.ptp(said, axis=0).max() > 0.01
        np.testing.assert_allclose(
            judged.outputs["test"][split, 0], said.mean(axis=0), atol=1e-6
        )


def test_a_run_is_that_of_a_program_without_the_parts_that_are_off(finished):
    result, config, path = finished
    setup = set_up(config, frame=NOISE)
    metrics = tuple(f"test_{name}" for name in METRICS["classification"])
    # The one has no penalty, and the other no dropout, of which the program has both.
    for name in ("dropout=0.3", "l2=0.1"):
        candidate = next(c for c in setup.candidates if c.name == name)
        judged = read_arm(result, setup, path, name)
        for split in (0, 3):
            net, seeds = (
                candidate.nets[candidate.rates.index(judged.rates[split])],
                seeds_of(split, 1),
            )
            training = net.plain_training.replace(metrics=metrics)
            plain = train_stack(net.model, training, seeds, setup.splits.rows(seeds))
            for metric in metrics:
                # Other programs of the same formulas add in another order.
                np.testing.assert_allclose(
                    judged.curves[metric][split, 0],
                    plain.curves[metric][0],
                    rtol=2e-3,
                    atol=1e-5,
                )


def test_rates_are_chosen_on_the_validation_rows_of_the_split_and_tuning_seeds(
    finished,
):
    result, config, path = finished
    setup = set_up(config, frame=NOISE)
    candidate = setup.candidates[1]
    with Store.open(path, mode="read") as store:
        for split in range(4):
            seeds = seeds_of(split, 1, tuning=True)
            losses = [
                store.load(
                    spec_digest(net.tuning().specification()),
                    seeds,
                    ["curve.val_crossentropy"],
                ).arrays["curve.val_crossentropy"][0, -1]
                for net in candidate.nets
            ]
            rows = result.trials.query(f"arm == @candidate.name and split == {split}")
            chosen = rows.loc[rows["chosen"], "learning_rate"].item()
            assert chosen == candidate.rates[int(np.argmin(losses))]


def test_arms_that_differ_only_in_when_they_stop_share_their_runs(finished):
    result, config, _ = finished
    setup = set_up(config, frame=NOISE)
    base, stopped, ensemble = (setup.candidates[place] for place in (0, -2, -1))
    assert (stopped.patience, ensemble.num_members) == (1, 3)
    digests = {
        tuple(spec_digest(net.specification()) for net in candidate.nets)
        for candidate in (base, stopped, ensemble)
    }
    assert len(digests) == 1
    # Three recipes at two rates in four splits tune; three of them are judged, of
    # which one has three members. What stops early may do so at another rate.
    fewest = 3 * 2 * 4 + 4 * (3 + 2)
    assert fewest <= result.budget.num_runs <= fewest + 4
    assert len(setup.work.sizes) == 1
    assert result.budget.num_structures == 1


def test_a_planted_effect_is_found_and_recommended():
    factors = {"depth": [1, 0], "dropout": [0.0, 0.9]}
    result = run_study(
        data="a frame",
        frame=make_interaction(0),
        target="y",
        factors=factors,
        **{**SHALLOW, "repeats": 2, "epochs": 40, "trials": 3},
        device="cpu",
    )
    words = result.effects.set_index("arm")["verdict"]
    assert words["depth=0"] == "worse"
    assert (result.recommendation.kind, result.recommendation.name) == ("net", "base")


def make_interaction(seed: int) -> pd.DataFrame:
    """Return rows whose target only a net that is not linear can learn."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(300, 3))
    columns = {f"x{i}": x[:, i] for i in range(3)}
    return pd.DataFrame({**columns, "y": np.where(x[:, 0] * x[:, 1] > 0, "a", "b")})


def test_on_noise_nothing_is_real_and_nothing_recommended():
    """Five studies; that two of them call something real has a chance below 3 %.

    With plain t-tests of its nine comparisons three of the five do, if nobody asks
    whether anything was learned.
    """
    factors = {
        "dropout": [0.0, 0.2, 0.4, 0.6],
        "l2": [0.0, 0.01, 0.1, 1.0],
        "weight_decay": [0.0, 0.1, 1.0, 10.0],
    }
    false = 0
    for seed in range(1, 10, 2):
        result = run_study(
            data="a frame",
            frame=make_frame(seed, noise=True),
            target="y",
            factors=factors,
            **{**SMALL, "repeats": 2},
            device="cpu",
        )
        false += result.effects["verdict"].isin(["better", "worse"]).any()
        assert result.recommendation.kind in ("nothing", "net")
    assert false <= 1


def test_a_factorial_says_what_is_mixed_and_names_interactions():
    factors = {name: levels for name, levels in FOUR.items()}
    result = run_study(
        data="a frame",
        frame=make_frame(1),
        target="y",
        design="fractional_factorial",
        factors=factors,
        **SHALLOW,
        device="cpu",
    )
    assert len(result.recipes) == 8
    assert len(result.interactions) == 6
    assert result.design.resolution == 4
    assert result.interactions.loc[0, "aliases"] == "weight_decay x early_stopping"
    assert (result.effects["kind"] == "main").sum() == 4
    assert len(result.cells) == 6 * 4


FOUR = {
    "dropout": [0.0, 0.3],
    "l2": [0.0, 0.1],
    "weight_decay": [0.0, 0.1],
    "early_stopping": [0, 1],
}


def build(config):
    """A factory as a user would write it."""
    layers = [keras.layers.Dense(config.width, activation=config.activation)]
    if dict(config.options).get("twice"):
        layers.append(keras.layers.Dense(config.width, activation=config.activation))
    output = keras.layers.Dense(config.num_outputs)
    return keras.Sequential([keras.Input((config.num_inputs,)), *layers, output])


@pytest.fixture(scope="module")
def by_factory():
    """A study of a factory of the user's, which reads one of two factors."""
    factors = {"twice": [False, True], "unread": [1, 2]}
    config = StudyConfig(data="a frame", target="y", factors=factors, **SMALL)
    return run_study(config, frame=make_frame(2), build=build, device="cpu")


def test_a_factory_of_the_users_is_stacked_and_its_own_factors_are_varied(by_factory):
    sizes = by_factory.arms.set_index("arm")["num_parameters"]
    assert sizes["base"] == 4 * 8 + 8 + 8 * 2 + 2
    assert sizes["twice=yes"] == sizes["base"] + 8 * 8 + 8
    assert by_factory.budget.num_structures == 2


def test_a_factor_that_a_factory_does_not_read_changes_nothing(by_factory):
    effect = by_factory.effects.set_index("arm").loc["unread=2"]
    assert (effect["difference"], effect["verdict"]) in ((0, "same"), (0, "not tested"))


def build_with_dropout(config):
    """A factory with a layer that cannot be stacked."""
    layers = [keras.layers.Dropout(0.5), keras.layers.Dense(config.num_outputs)]
    return keras.Sequential([keras.Input((config.num_inputs,)), *layers])


@pytest.mark.parametrize(
    ("factory", "words"),
    [(lambda config: 3, "must return a keras.Model"), (build_with_dropout, "dropout")],
)
def test_a_factory_whose_models_cannot_be_stacked_is_refused(factory, words):
    config = StudyConfig(data="a frame", target="y", factors={"a": [1, 2]}, **SMALL)
    with pytest.raises(ConfigError, match=f"(?i){words}"):
        run_study(config, frame=make_frame(2), build=factory, device="cpu")


def exit_for_two(config):
    """A factory that ends the program for one of its levels."""
    if dict(config.options)["a"] == 2:
        raise SystemExit(5)
    return build(config)


def test_a_factory_that_fails_is_refused_with_the_levels_that_it_failed_for():
    config = StudyConfig(data="a frame", target="y", factors={"a": [1, 2]}, **SMALL)
    with pytest.raises(ConfigError, match=r"`build` failed for .*a 2: SystemExit: 5"):
        run_study(config, frame=make_frame(2), build=exit_for_two, device="cpu")


def test_a_regression_is_judged_in_the_unit_of_its_target():
    frame = make_frame(3)
    frame["y"] = 100.0 + 10.0 * frame["x0"]
    result = run_study(
        data="a frame",
        frame=frame,
        target="y",
        factors={"dropout": [0.0, 0.3]},
        **{**SMALL, "epochs": 30},
        device="cpu",
    )
    assert (result.score.name, result.score.unit) == ("rmse", "y")
    base = result.arms.iloc[0]
    dummy = result.baselines.iloc[0]
    assert 0 < base["mean"] < dummy["mean"] < 15
    said = result.predictions
    error = (said["predicted"] - said["target"]) ** 2
    runs = result.runs[result.runs["kind"] == "net"]
    found = result.recommendation
    name = found.name if found.kind == "net" else found.best
    judged = runs[runs["arm"] == name].set_index("split")["score"]
    shown = np.sqrt(error.groupby(said["split"]).mean())
    np.testing.assert_allclose(shown, judged.loc[shown.index], rtol=1e-3)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"target": "z"}, "`target`"),
        ({"target": "y", "score": "rmse"}, "`score` must be one of"),
        ({"target": "y", "recipe": {"loss": "mae"}}, "`loss` must be one of"),
        (
            {"target": "y", "build": "no_such_module:build"},
            "`build` cannot be imported",
        ),
    ],
)
def test_settings_that_do_not_suit_the_data_are_refused_before_training(fields, words):
    config = StudyConfig(
        data="a frame", **{**SMALL, "factors": {"dropout": [0.0, 0.3]}, **fields}
    )
    with pytest.raises(ConfigError, match=words):
        set_up(config, frame=make_frame(0))


@pytest.fixture(scope="module")
def by_group():
    """A study of rows that belong to groups, with as many epochs as they need."""
    frame = make_frame(5).assign(patient=[f"P{i % 20}" for i in range(NUM_ROWS)])
    stream = io.StringIO()
    result = run_study(
        data="a frame",
        frame=frame,
        target="y",
        group="patient",
        factors={"l2": [0.0, 0.1]},
        learning_rates=[0.002, 0.004],
        **{k: v for k, v in SMALL.items() if k not in ("epochs", "trials", "recipe")},
        recipe={"depth": 0},
        device="cpu",
        stream=stream,
    )
    return result, stream.getvalue()


def test_all_nets_train_longer_where_the_validation_loss_still_falls(by_group):
    result, said = by_group
    assert result.budget.epochs == 200
    assert result.curves["epoch"].max() == 200
    assert (result.arms["updates"] == result.arms["updates"][0]).all()
    notes = {note.code: note.text for note in result.notes}
    assert "trained for 200" in notes["epochs_doubled"]
    assert "still fell after 200 epochs" in notes["loss_still_falls"]
    assert "all nets train for 100 epochs" in said


def test_a_study_by_group_says_so_and_has_no_warning_of_names(by_group):
    result, _ = by_group
    notes = {note.code for note in result.notes}
    assert "groups" in notes
    assert "names_repeat" not in notes
    assert "patient" not in result.dataset.frame


def test_a_plan_says_how_rows_are_split_and_what_is_spent():
    frame = make_frame(6).assign(day=range(NUM_ROWS), user=[i % 30 for i in range(120)])
    asked = {"data": "a frame", "target": "y", "factors": {"l2": (0.0, 0.1)}}
    by_time = set_up(StudyConfig(**asked, time="day", drop=("user",)), frame=frame)
    assert len(by_time.splits.folds) == 5
    said = by_time.describe()
    assert "Rows are split by 'day': each of 5 splits tests on 12 rows" in said
    assert "50 epochs, up to 200 where the validation loss still falls" in said
    by_chance = set_up(StudyConfig(**asked, epochs=3), frame=frame)
    warned = by_chance.describe()
    assert "(`--group user`)" in " ".join(warning_lines(by_chance.dataset))
    assert "3 epochs." in warned
    said = set_up(StudyConfig(**asked, group="user"), frame=frame).describe()
    assert "Rows are split by 'user': all rows of one of its 30 values" in said
