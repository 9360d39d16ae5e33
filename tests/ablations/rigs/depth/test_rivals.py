"""Deep and classical models meet on the same rows, each with what suits these."""

import numpy as np
import pytest

from ablations.rigs.depth.rivals import (
    CHOSEN,
    DEEP,
    NUM_UPDATES,
    RIVALS,
    SHAPES,
    TASKS,
    deep,
    surpasses,
    surpasses_more,
)
from ablations.tasks import make_task

PLACES = pytest.mark.parametrize("place", CHOSEN, ids=" ".join)


def test_every_task_is_asked_with_true_labels_and_some_classes_with_wrong_ones():
    classes = {task for task, rows in TASKS.items() if not rows.is_regression}
    assert {task for task, labels in CHOSEN if labels == "true"} == set(TASKS)
    assert {task for task, labels in CHOSEN if labels == "wrong"} < classes


@PLACES
def test_both_sides_have_the_same_rows_and_about_as_many_settings(place):
    ours, theirs = DEEP[place], RIVALS[place]
    assert ours.config.task == theirs.config.task
    assert 3 <= theirs.config.count_settings() <= len(ours.tune.learning_rates) == 5
    assert ours.config.training.num_steps == NUM_UPDATES
    assert bool(ours.config.model.convolutions) == (place[0] in SHAPES)
    assert ours.config.model.per_layer("dropout")[-1] == CHOSEN[place].dropout


@PLACES
def test_networks_have_the_inputs_and_outputs_of_their_task(place):
    made, model = make_task(DEEP[place].config.task), DEEP[place].config.model
    assert (made.num_inputs, made.num_outputs) == (
        model.input_units,
        model.output_units,
    )


def test_a_fifth_of_the_training_labels_is_wrong_and_no_other():
    true, wrong = (
        make_task(DEEP["boxes", labels].config.task).rows_of_run(3)
        for labels in ("true", "wrong")
    )
    np.testing.assert_array_equal(true.x, wrong.x)
    np.testing.assert_array_equal(true.y_val, wrong.y_val)
    np.testing.assert_array_equal(true.y_test, wrong.y_test)
    share = (true.y != wrong.y).any(axis=1).mean()
    assert 0.15 < share < 0.25


def test_predictions_ask_for_fewer_errors_than_the_rival_makes():
    assert surpasses("digits", "wrong").direction == "less"
    more = surpasses_more("images", "boxes")
    assert (more.both, more.second) == (
        DEEP["images", "true"],
        RIVALS["images", "true"],
    )
    assert (more.first, more.neither) == (
        DEEP["boxes", "true"],
        RIVALS["boxes", "true"],
    )


def test_points_in_a_random_order_are_another_task():
    mixed = deep("signals", "true", 0.0, features="shuffled_pixels")
    assert mixed.config.task.features == "shuffled_pixels"
    assert mixed.levels["features"] == "shuffled_pixels"
