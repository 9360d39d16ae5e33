"""The arms of the rig are what their names say, and share what they can."""

import pytest

from ablations.rigs.regularization.noisy_labels import NOISY
from ablations.rigs.regularization.readings import MOST
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    LEARNABLE_ROWS,
    PATIENCES,
    printed_program,
    reading,
    samples,
    share,
    watched,
)


def test_watched_rows_are_those_of_the_chapter_in_other_numbers():
    config = watched(100, 0.0).config
    changes = {"num_train": 100, "num_val": 0, "label_noise": 0.0}
    assert config.task == NOISY.replace(**changes)
    assert config.epochs == EPOCHS[100]
    assert config.patiences == PATIENCES


def test_names_of_arms_are_distinct():
    names = {arm.name for width in (8, 64) for arm in samples(width).values()}
    assert len(names) == 8
    assert samples()["many"].name == "rows 1,000, false labels, width 64"


def test_every_reading_of_the_epochs_is_recorded():
    recorded = watched(100, 0.2).config.recorded_metrics()
    for quantity in ("test_loss_kept_3", "stopped_after_5", "rise_of_error"):
        assert quantity in recorded


@pytest.mark.parametrize(
    ("quantity", "better"),
    [
        ("test_loss_kept_3", "lower"),
        ("stopped_after_3", "lower"),
        ("test_accuracy_end", "higher"),
    ],
)
def test_readings_know_what_is_better(quantity, better):
    assert reading(quantity, "words").better == better


def test_shares_are_those_of_most_runs():
    words = {"key": "key", "label": "label"}
    one = share(watched(100, 0.2), "kept_lowest_3", "keep it", at_least=1.0, **words)
    assert (one.arm, one.bound) == (watched(100, 0.2), MOST)
    assert one.direction == "at_least"


def test_the_printed_program_is_called_by_its_labels():
    assert printed_program().name == "labels by chance"
    assert printed_program(LEARNABLE_ROWS).name == "labels from one input"


def test_the_printed_program_waits_for_three_epochs_of_a_hundred():
    training = printed_program().config.training
    assert (training.epochs, training.early_stopping.patience) == (100, 3)
    assert training.early_stopping.restore_best_weights
