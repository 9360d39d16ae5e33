import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from ablations.study.findings.result import VERDICTS
from reports.drawing.palette import DARK
from reports.study.figures import (
    baselines,
    calibration,
    costs,
    curves,
    draw_figures,
    effects,
    interactions,
    looks,
    residuals,
)

CLASSES = {"effects", "curves", "calibration", "baselines", "costs"}


@pytest.fixture(params=["classification", "regression", "factorial"])
def result(request, study, factorial):
    """Return one study of each sort."""
    if request.param == "factorial":
        return factorial
    return study(task=request.param)


def test_every_study_has_the_figures_that_it_has_data_for(result):
    names = set(draw_figures(result))
    if result.dataset.task == "regression":
        assert names == CLASSES - {"calibration"} | {"residuals"}
    elif len(result.interactions):
        assert names == CLASSES | {"interactions"}
    else:
        assert names == CLASSES


def test_figures_are_the_same_each_time_and_say_what_they_show(result):
    again = draw_figures(result)
    for name, picture in draw_figures(result).items():
        assert picture == again[name]
        assert picture.name == name
        assert len(picture.alternative) > 40
        assert picture.caption.endswith(".")
        assert set(re.findall(r"#[0-9a-f]{6}\b", picture.svg)) <= set(DARK)
        assert not re.search(r"style=|<script|https?:", picture.svg)


def test_every_verdict_has_a_look_a_word_and_a_mark():
    for table in (looks.LOOKS, looks.MARKS):
        assert set(table) == set(VERDICTS)
    assert len({look[0] + look[2] for look in looks.LOOKS.values()}) == len(VERDICTS)


def test_effects_are_those_between_nets_with_every_fold(study):
    found = effects.read(study())
    assert [row.verdict for row in found.rows] == ["better", "worse", "undecided"]
    assert all(len(row.folds) == 10 for row in found.rows)
    svg = effects.draw(found).svg
    drawn = [part for part in svg.split("<path ") if 'stroke-opacity="0.6"' in part]
    assert [part.count("M ") for part in drawn] == [10, 10, 10]
    for words in ("really better", "really worse", "within noise"):
        assert f">{words}<" in svg


def test_the_axis_holds_margin_and_intervals_and_far_folds_become_arrows(study):
    found = effects.read(study())
    wild = dataclasses.replace(
        found.rows[0], folds=np.append(found.rows[0].folds, 50.0)
    )
    far = dataclasses.replace(found, rows=(wild, *found.rows[1:]))
    low, high = effects.ends_of(far)
    assert low < -0.06
    assert 0.04 < high < 1
    assert "Arrows at the ends, 1," in effects.draw(far).caption


def test_a_margin_of_nothing_is_no_band(study):
    found = effects.read(study())
    assert "differences of less than" in effects.draw(found).caption
    exact = dataclasses.replace(found.score, margin=0.0)
    none = effects.draw(dataclasses.replace(found, score=exact)).caption
    assert "differences of less than" not in none


def test_more_effects_than_can_be_drawn_are_counted(study):
    result = study()
    many = pd.concat([result.effects] * 20, ignore_index=True)
    found = effects.read(dataclasses.replace(result, effects=many))
    assert len(found.rows) == effects.MOST_ROWS
    assert "Shown are the first 40 of 60" in effects.draw(found).caption


def test_without_effects_there_is_nothing_to_draw(study):
    result = study()
    none = dataclasses.replace(result, effects=result.effects.iloc[:0])
    assert effects.read(none) is None


def test_the_better_side_is_named_for_scores_where_less_is_better(study):
    assert "right is better" in effects.draw(effects.read(study())).svg
    assert "left is better" in effects.draw(effects.read(study(task="regression"))).svg


def test_the_cells_of_an_interaction_stand_in_their_places(factorial):
    (panel,) = interactions.read(factorial).panels
    assert panel.levels == (("tanh", "relu"), ("0.0", "0.2"))
    assert panel.means == pytest.approx(np.array([[0.8, 0.8], [0.8, 0.88]]))
    assert (
        "relu with 0.2 88.0 %"
        in interactions.draw(interactions.read(factorial)).alternative
    )


def test_only_the_surest_interactions_are_drawn(factorial):
    rows = factorial.interactions
    weak = rows.assign(verdict="undecided", difference=0.5)
    both = dataclasses.replace(
        factorial, interactions=pd.concat([*[weak] * 5, rows], ignore_index=True)
    )
    found = interactions.read(both)
    assert len(found.panels) == interactions.MOST_PANELS
    assert found.panels[0].verdict == "better"
    assert "4 of 6 pairs" in interactions.draw(found).caption


def test_curves_are_those_of_the_recommended_net(study):
    found = curves.read(study())
    assert found.arm == "dropout=0.2"
    assert list(found.panels) == ["loss", "accuracy"]
    assert [line.rows for line in found.panels["loss"]] == ["train", "val"]
    assert found.panels["loss"][0].mean[0] == pytest.approx(np.exp(-0.1) + 0.1)
    assert found.stops_at == 12


def test_where_a_baseline_is_recommended_the_best_net_is_shown(study):
    assert curves.read(study(kind="baseline")).arm == "dropout=0.2"


def test_lost_runs_leave_gaps_in_curves(study):
    result = study()
    lost = result.curves.assign(mean=np.nan, low=np.nan, high=np.nan)
    assert curves.read(dataclasses.replace(result, curves=lost)) is None
    part = result.curves.copy()
    part.loc[part["epoch"] > 5, ["mean", "low", "high"]] = np.nan
    assert curves.draw(curves.read(dataclasses.replace(result, curves=part)))


def test_a_net_that_is_as_sure_as_it_is_right_is_calibrated():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1.0, 40_000)
    right = rng.random(len(sure)) < sure
    target = np.where(right, 1, 0)
    found = calibration.collect("net", np.stack([1 - sure, sure], axis=1), target)
    assert len(found.counts) == 5
    assert found.counts.sum() == len(sure)
    # Standard errors of the shares are below 0.006.
    assert found.right == pytest.approx(found.sure, abs=0.025)
    assert found.error < 0.02


def test_a_net_that_is_too_sure_lies_below_the_diagonal():
    probabilities = np.tile([0.05, 0.95], (100, 1))
    target = np.array([0, 1] * 50)
    found = calibration.collect("net", probabilities, target)
    assert (found.sure, found.right) == (pytest.approx([0.95]), [0.5])
    assert found.error == pytest.approx(0.45)
    assert found.low < 0.5 < found.high


def test_rows_without_a_prediction_are_left_out(study):
    result = study()
    table = result.predictions.copy()
    table.loc[:9, ["p_0", "p_1"]] = np.nan
    some = dataclasses.replace(result, predictions=table)
    assert calibration.read(some).counts.sum() == len(table) - 10
    table[["p_0", "p_1"]] = np.nan
    assert calibration.read(dataclasses.replace(result, predictions=table)) is None


def test_residuals_are_true_minus_predicted(study):
    result = study(task="regression")
    found = residuals.read(result)
    table = result.predictions
    assert found.residual == pytest.approx(table["target"] - table["predicted"])
    assert residuals.read(study()) is None


def test_many_residuals_are_thinned_and_that_is_said():
    rng = np.random.default_rng(0)
    found = residuals.Residuals("net", rng.normal(size=9000), rng.normal(size=9000))
    assert len(residuals.shown(found)[0]) == residuals.MOST_DOTS
    picture = residuals.draw(found)
    assert "800 of 9,000" in picture.caption
    assert len(picture.svg) < 60_000


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_models_stand_from_the_best_to_the_worst(study, task):
    found = baselines.read(study(task=task))
    names = [model.name for model in found.models]
    assert names == ["dropout=0.2", "random forest", "plain", "linear"]
    # Guessing would stretch the axis.
    assert "always giving the same answer comes to" in baselines.caption(found).lower()


def test_beside_guessing_alone_there_is_nothing_to_draw(study):
    result = study()
    only = result.baselines[result.baselines["baseline"] == "dummy"]
    assert baselines.read(dataclasses.replace(result, baselines=only)) is None


def test_without_baselines_there_is_no_comparison_with_them(study):
    result = study()
    none = dataclasses.replace(result, baselines=result.baselines.iloc[:0])
    assert baselines.read(none) is None


def test_costs_know_the_recommended_net_and_the_reference(study):
    found = costs.read(study())
    assert {c.role: c.arm for c in found.costs if c.role} == {
        "shown": "dropout=0.2",
        "reference": "plain",
    }
    assert found.costs[0].weights == study().arms["num_parameters"].iloc[0]


def test_one_net_has_no_costs_to_compare(study):
    result = study()
    one = dataclasses.replace(result, arms=result.arms.iloc[:1])
    assert costs.read(one) is None


def test_the_title_of_a_figure_is_what_it_says(study, factorial):
    classes, numbers = study(), study(task="regression")
    assert effects.message(effects.read(classes)) == (
        "2 of 3 changes make a real difference"
    )
    alone = dataclasses.replace(
        effects.read(classes), rows=effects.read(classes).rows[2:]
    )
    assert effects.message(alone) == "0 of 1 change makes a real difference"
    models = baselines.read(classes)
    best = max(models.models, key=lambda model: model.mean)
    assert best.name in baselines.message(models)
    assert "which is a net" in baselines.message(models)
    alike = [dataclasses.replace(model, mean=1.0) for model in models.models[:2]]
    tied = dataclasses.replace(models, models=(*alike, *models.models[2:]))
    assert baselines.message(tied) == "2 models share the best mean"
    sizes = costs.read(classes)
    mine = dataclasses.replace(sizes.costs[0], role="shown", weights=1.0, mean=-1.0)
    small = dataclasses.replace(sizes, costs=(mine, *sizes.costs[1:]))
    assert costs.message(small) == "3 of 3 larger nets did better on average"
    alone = dataclasses.replace(sizes, costs=(mine,))
    assert costs.message(alone) == f"No net has more weights than {mine.arm}"
    half = np.median(np.abs(residuals.read(numbers).residual))
    told = residuals.message(residuals.read(numbers))
    assert float(told.split()[-1]) == pytest.approx(half, rel=0.01)
    pairs = interactions.read(factorial)
    real = sum(panel.verdict in ("better", "worse") for panel in pairs.panels)
    assert interactions.message(pairs).startswith(f"In {real} of ")


def test_the_title_of_calibration_and_of_curves_are_numbers_that_are_drawn(study):
    target = np.array([0, 0, 0, 1])
    sure = calibration.collect("net", np.array([[0.8, 0.2]] * 4), target)
    assert calibration.message(sure) == (
        "It is 80 % sure on average, and right on 75 % of rows"
    )
    found = curves.read(study())
    lines = next(iter(found.panels.values()))
    line = next(line for line in lines if line.rows == "val")
    lowest = np.where(np.arange(len(line.mean)) == 2, 0.0, 1.0)
    panels = {"loss": (dataclasses.replace(line, mean=lowest),)}
    said = curves.message(dataclasses.replace(found, panels=panels))
    best, last = line.epochs[2], line.epochs[-1]
    assert said == (
        f"The validation loss is smallest after {best:.0f} of {last:.0f} epochs"
    )
    panels = {"accuracy": panels["loss"]}
    assert curves.message(dataclasses.replace(found, panels=panels)) == ""
