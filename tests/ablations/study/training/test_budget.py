import numpy as np
import pytest

from ablations.study.settings.config import StudyConfig
from ablations.study.settings.usual import LARGE
from ablations.study.training.budget import describe_epochs, still_falls

EPOCHS = np.arange(1, 41)
generator = np.random.default_rng(2)


def curves(mean: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """Return the curves of one rate in five splits around a mean one."""
    return mean + noise * generator.normal(size=(1, 5, len(mean)))


@pytest.mark.parametrize(
    ("mean", "noise", "least", "falls"),
    [
        (1.0 / np.sqrt(EPOCHS), 0.01, 0.0, True),
        (0.2 + np.exp(-EPOCHS / 3), 0.01, 0.0, False),
        # First down, then up: the nets overfit.
        (0.2 + (EPOCHS / 20 - 1) ** 2, 0.0, 0.0, False),
        # Less than 3 % in half the training.
        (1.0 - 0.0005 * EPOCHS, 0.0, 0.0, False),
        # The loss of nearly perfect answers falls for ever.
        (0.02 / EPOCHS, 0.0, 0.005, False),
        (0.02 / EPOCHS, 0.0, 0.0, True),
    ],
)
def test_a_loss_falls_where_the_second_half_of_a_training_took_much_off(
    mean, noise, least, falls
):
    assert still_falls(curves(mean, noise), least) == falls


def test_a_fall_that_splits_disagree_about_does_not_count():
    one = 0.5 - 0.002 * EPOCHS
    assert still_falls(np.array([[one] * 5]), 0.0)
    assert not still_falls(np.array([[one, one, one + 0.004 * EPOCHS]]), 0.0)


def test_a_loss_that_a_larger_rate_has_reached_before_does_not_count():
    slow = curves(0.2 + np.exp(-EPOCHS / 10))
    fast = curves(0.2 + np.exp(-EPOCHS / 2))
    assert still_falls(slow, 0.0)
    assert not still_falls(np.concatenate([slow, fast]), 0.0)
    # Nor where nets overfit at that rate in the end.
    late = fast + np.maximum(0, EPOCHS - 20) / 20
    assert not still_falls(np.concatenate([slow, late]), 0.0)
    assert still_falls(np.concatenate([slow, np.full_like(fast, np.nan)]), 0.0)


def test_splits_that_diverged_are_left_out_and_two_curves_must_be_left():
    falling = curves(1.0 / EPOCHS)
    falling[0, :3] = np.nan
    assert still_falls(falling, 0.0)
    falling[0, 3] = np.inf
    assert not still_falls(falling, 0.0)
    assert not still_falls(curves(np.ones(1)), 0.0)


def test_more_epochs_are_told_and_so_is_a_loss_that_still_falls():
    assert describe_epochs(10, 10, []) == ()
    doubled, falls = describe_epochs(10, 40, ["base"])
    assert "after 10 epochs" in doubled.text
    assert "trained for 40" in doubled.text
    assert (falls.code, falls.severity) == ("loss_still_falls", "warning")
    assert "'base' still fell after 40" in falls.text


def test_large_tables_are_spared_what_was_not_asked_for():
    plain = StudyConfig(data="x")
    assert plain.for_rows(LARGE) is plain
    large = plain.for_rows(LARGE + 1)
    assert large.num_splits == 5
    assert large.plain_recipe("regression").batch_size == 128
    suggested = {"target_transform": ("none", "log")}
    levels = large.levels("regression", suggested, LARGE + 1)
    assert levels["target_transform"] == ("none", "log")
    assert not {"batch_size", "loss"} & set(levels)
    assert levels["activation"] == ("relu", "tanh")
    assert levels["depth"] == plain.levels("regression")["depth"]
    assert large.rates("adam") == (0.0006, 0.002, 0.006)
    asked = StudyConfig(data="x", repeats=3, trials=2, factors={"batch_size": (32, 64)})
    assert asked.for_rows(LARGE + 1) == asked
    rates = StudyConfig(data="x", learning_rates=(0.1, 0.2)).for_rows(LARGE + 1)
    assert rates.rates("adam") == (0.1, 0.2)


def test_epochs_that_were_asked_for_stay_as_they_are():
    assert StudyConfig(data="x", epochs=7).num_epochs(10_000, 32) == 7
    assert StudyConfig(data="x", epochs=7).num_doublings == 0
    assert StudyConfig(data="x").num_doublings > 0
    assert StudyConfig(data="x").num_epochs(32 * 40, 32) == 25
    assert StudyConfig(data="x").num_epochs(128 * 40, 128) == 25
