"""Defaults, slots and inertia of Keras's optimizers, on ones whose answer is known."""

import pytest

from ablations.measures.optimizers import settings
from ablations.measures.optimizers.rules import RATE, keras_optimizer


def test_defaults_are_read_from_the_signature():
    assert settings.defaults_of("Lion")["beta_2"] == 0.99
    assert "momentum" not in settings.defaults_of("Adam")


@pytest.mark.parametrize(
    ("name", "options", "slots"),
    [
        ("SGD", {"nesterov": True}, 0),
        ("Adam", {"amsgrad": True}, 3),
        ("RMSprop", {"momentum": 0.9, "centered": True}, 3),
    ],
)
def test_what_is_kept_for_each_weight_is_counted(name, options, slots):
    assert settings.slots_per_weight(keras_optimizer(name, **options), 3) == slots


def test_a_velocity_moves_weights_on_without_a_gradient():
    velocity = keras_optimizer("SGD", momentum=0.5)
    # After ten equal gradients it is two, less two to the power of minus nine.
    expected = 0.5 * (2.0 - 0.5**9)
    assert settings.update_without_gradient(velocity) == pytest.approx(expected)
    plain = keras_optimizer("SGD", RATE)
    assert settings.update_without_gradient(plain) == 0.0
