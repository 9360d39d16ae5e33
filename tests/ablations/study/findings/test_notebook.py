"""What a notebook shows of a study."""

import dataclasses

import pytest

from ablations.study.run import run_study
from ablations.study.settings.config import StudyConfig


@pytest.fixture(scope="module")
def result():
    """Return a small study of two crossed factors."""
    config = StudyConfig(
        data="sklearn:iris",
        design="full_factorial",
        factors={"depth": [1, 0], "dropout": [0.0, 0.5]},
        folds=4,
        repeats=1,
        trials=1,
        epochs=20,
        baselines=False,
    )
    return run_study(config, device="cpu")


def test_a_notebook_shows_what_to_use_and_a_row_for_every_comparison(result):
    shown = result._repr_html_()
    assert f"<strong>{result.recommendation.sentence.split(chr(39))[0]}" in shown
    num_rows = 1 + len(result.effects) + len(result.interactions)
    assert shown.count("<tr>") == num_rows == 4
    assert "depth and dropout together" in shown


def test_texts_of_the_data_do_not_act_in_a_notebook(result):
    hostile = result.effects.assign(comparison="<img src=x onerror=alert(1)>")
    shown = dataclasses.replace(result, effects=hostile)._repr_html_()
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_an_interaction_says_how_small_an_effect_it_could_find(result):
    table = result.interactions
    assert list(table["detectable"] > 0) == [True]
    decided = table["verdict"].isin(["better", "worse", "same", "not tested"])
    known = table["runs_to_decide"].notna() | table["rows_to_decide"].notna()
    assert not (decided & known).any()
