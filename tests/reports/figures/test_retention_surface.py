import numpy as np
import pytest

from ablations.experiments.readouts.dropout import (
    RetentionSurfaceConfig,
    cell_metric,
)
from ablations.rigs.regularization.dropout import regression_config
from ablations.rigs.regularization.noisy_labels import noisy_config
from reports.figures import retention_surface

HIDDEN, INPUTS = (1.0, 0.6), (1.0, 0.8)


def config(numbers: bool = False) -> RetentionSurfaceConfig:
    one = regression_config() if numbers else noisy_config()
    return RetentionSurfaceConfig(
        task=one.task,
        model=one.model,
        training=one.training,
        hidden=HIDDEN,
        inputs=INPUTS,
    )


@pytest.fixture
def full(own_runs):
    """Return runs in which dropping helps classes and hurts numbers."""
    for name, numbers in (("classes", False), ("numbers", True)):
        one = config(numbers)
        curves = {
            cell_metric(one.metric, (h, i)): 0.8 + (1.0 - h * i) * 0.25
            for h, i in one.cells
        }
        curves[f"test_{one.metric}_of_best"] = 0.93
        own_runs.add(name, one, curves, best_cell=np.array([3, 3, 0, 3]))
    return own_runs


def test_scores_are_means_over_seeds_and_gains_count_from_no_dropout(full):
    classes, numbers = retention_surface.read(full.source())
    assert classes.scores[0.6, 0.8] == pytest.approx(0.93)
    assert classes.gain((0.6, 0.8)) == pytest.approx(0.13)
    assert numbers.gain((0.6, 0.8)) == pytest.approx(-0.13)
    assert classes.gain((1.0, 1.0)) == 0.0
    assert classes.chosen == (0.6, 0.8)
    assert (classes.hidden, classes.inputs) == (HIDDEN, INPUTS)


def test_a_run_without_a_number_is_left_out(own_runs):
    one = config()
    curves = {cell_metric("accuracy", cell): 0.8 for cell in one.cells}
    curves["test_accuracy_of_best"] = 0.8
    curves[cell_metric("accuracy", (0.6, 0.8))] = np.array([0.5, np.nan, 0.7, 0.9])
    own_runs.add("classes", one, curves, best_cell=np.zeros(4, np.int32))
    (found,) = retention_surface.read(own_runs.source())
    assert found.scores[0.6, 0.8] == pytest.approx(0.7)


def test_cells_say_score_and_change(full, texts):
    picture = retention_surface.draw(retention_surface.read(full.source()))
    said = texts(picture.svg)
    assert {"93.0 %", "+13.0", "0.93", "+0.13", "80.0 %"} <= set(said)
    assert said.count("hidden units kept") == 2
    assert "60 % of hidden units kept: 100 % of inputs 90.0 %" in picture.alternative


def test_other_runs_make_no_surface(deep_runs, source, empty_source):
    deep_runs.add("network", noisy_config(), [0.1])
    assert retention_surface.read(deep_runs.source()) is None
    assert retention_surface.read(source) is None
    assert retention_surface.read(empty_source) is None
