"""The audit of the printed example: it notices a wrong line, and no right one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ablations.measures.backpropagation import example


def loss_of(quantities):
    """Return the loss of one row, written anew for automatic differentiation."""
    hidden = jnp.maximum(quantities["w1"] @ quantities["x"], 0.0)
    logit = quantities["w2"] @ hidden
    # log(1 + exp(z)) - y z is binary cross-entropy of a sigmoid.
    return jnp.logaddexp(0.0, logit) - quantities["y"] * logit


@pytest.mark.parametrize(
    ("line", "name", "place"),
    [("upper_weight", "w2", (0,)), ("lower_weight", "w1", (0, 0))],
)
def test_finite_differences_are_what_automatic_differentiation_gives(line, name, place):
    s = {key: value[:50] for key, value in example.draw_states().items()}
    given = {key: jnp.asarray(s[key], jnp.float32) for key in ("x", "w1", "w2", "y")}
    gradients = np.asarray(jax.vmap(jax.grad(loss_of))(given)[name])
    found = gradients[(slice(None), *place)]
    for ours in (example.change_of_loss(s, name, place), example.PRINTED[line][2](s)):
        np.testing.assert_allclose(ours, found, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("line", example.PRINTED)
def test_a_line_with_a_wrong_factor_or_without_a_term_is_noticed(line):
    name, place, formula = example.PRINTED[line]
    wrong = {
        "doubled": (name, place, lambda s: 2.0 * formula(s)),
        "turned": (name, place, lambda s: -formula(s)),
        "shifted": (name, place, lambda s: formula(s) + s["x"][:, 0]),
    }
    assert min(example.audit(wrong).values()) > 0.1
    assert max(example.audit({line: (name, place, formula)}).values()) < 1e-6


def test_sums_near_the_kink_are_left_out():
    s = example.draw_states()
    assert 900 < len(s["y"]) < example.NUM_DRAWS
    assert np.abs(s["z1"]).min() > example.KINK


def test_gears_turn_as_their_circumferences_say():
    turns = example.gear_turns()
    assert turns["turns_of_the_middle_gear"] * 2 == pytest.approx(6)
    assert turns["product_of_both_ratios"] == pytest.approx(
        turns["turns_of_the_small_gear"]
    )


def test_a_sum_in_place_of_a_product_is_noticed():
    found = example.nested_derivatives()
    assert found["deviation_of_the_product"] < 1e-6 < found["deviation_of_the_sum"]


def test_a_confident_mistake_is_right_by_the_short_form_only():
    found = example.factors_in_float32()
    assert found["product_is_right_at_5"]
    assert not found["product_is_right_at_100"]
    assert found["short_form_at_100"] == 1.0
