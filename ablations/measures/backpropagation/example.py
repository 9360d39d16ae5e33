"""Audit the printed gradients of a 2-2-1 network, ReLU below a sigmoid.

A printed line is a formula of what the forward pass gives. It is right if it equals the
change of the loss, by finite differences in float64, where the quantity that it is
about is moved by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ablations.measures.activations.slopes import autodiff, sigmoid
from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

NUM_DRAWS = 1000
STEP = 1e-6
KINK = 1e-3
"""Sums that are closer to zero are left out: ReLU bends there."""

LOGITS = (5.0, 20.0, 100.0)

State = dict[str, np.ndarray]
Formula = Callable[[State], np.ndarray]


def forward(state: Mapping[str, np.ndarray], start: str = "z1") -> State:
    """Compute what comes after `start`: `x` and weights, `z1`, `a1`, `z2` or `yhat`.

    `x` is `[N, 2]`, `w1` `[N, 2, 2]` with a row per unit, `w2` `[N, 2]`, `y` `[N]`.
    """
    s = dict(state)
    steps: dict[str, Formula] = {
        "z1": lambda s: np.einsum("nij,nj->ni", s["w1"], s["x"]),
        "a1": lambda s: np.maximum(s["z1"], 0.0),
        "z2": lambda s: np.einsum("ni,ni->n", s["w2"], s["a1"]),
        "yhat": lambda s: sigmoid(s["z2"]),
        "loss": lambda s: (
            -(s["y"] * np.log(s["yhat"]) + (1.0 - s["y"]) * np.log(1.0 - s["yhat"]))
        ),
    }
    names = list(steps)
    for name in names[names.index(start) :]:
        s[name] = steps[name](s)
    return s


def draw_states() -> State:
    """Return a forward pass of random networks, rows and targets."""
    rng = np.random.default_rng(0)
    s = forward(
        {
            "x": rng.standard_normal((NUM_DRAWS, 2)),
            "w1": rng.standard_normal((NUM_DRAWS, 2, 2)),
            "w2": rng.standard_normal((NUM_DRAWS, 2)),
            "y": rng.integers(0, 2, NUM_DRAWS).astype(np.float64),
        }
    )
    away = np.abs(s["z1"]).min(axis=1) > KINK
    return {name: value[away] for name, value in s.items()}


NEXT = {"w1": "z1", "x": "z1", "z1": "a1", "w2": "z2", "a1": "z2", "z2": "yhat"}
"""What is computed next from each quantity."""


def change_of_loss(s: State, name: str, place: tuple[int, ...] = ()) -> np.ndarray:
    """Return d loss / d quantity `[N]` by central differences, one entry moved."""
    # The loss bends the more, the nearer an output is to zero or one.
    step = STEP * (s["yhat"] * (1.0 - s["yhat"]) if name == "yhat" else 1.0)
    sides = []
    for sign in (1.0, -1.0):
        moved = s[name].copy()
        moved[(slice(None), *place)] += sign * step
        sides.append(forward({**s, name: moved}, NEXT.get(name, "loss"))["loss"])
    return (sides[0] - sides[1]) / (2.0 * step)


def error_of(s: State) -> np.ndarray:
    """Return yhat - y."""
    return s["yhat"] - s["y"]


PRINTED: dict[str, tuple[str, tuple[int, ...], Formula]] = {
    "output": (
        "yhat",
        (),
        lambda s: error_of(s) / (s["yhat"] * (1.0 - s["yhat"])),
    ),
    "logit": ("z2", (), error_of),
    "upper_weight": ("w2", (0,), lambda s: error_of(s) * s["a1"][:, 0]),
    "hidden_output": ("a1", (0,), lambda s: error_of(s) * s["w2"][:, 0]),
    "hidden_sum": (
        "z1",
        (0,),
        lambda s: error_of(s) * s["w2"][:, 0] * (s["z1"][:, 0] > 0),
    ),
    "lower_weight": (
        "w1",
        (0, 0),
        lambda s: error_of(s) * s["w2"][:, 0] * (s["z1"][:, 0] > 0) * s["x"][:, 0],
    ),
}
"""The printed lines: of what, of which entry, and the formula."""


def audit(printed: Mapping[str, tuple[str, tuple[int, ...], Formula]]) -> Quantities:
    """Return by how much each printed gradient misses, over one plus its size."""
    s = draw_states()
    quantities = {}
    for line, (name, place, formula) in printed.items():
        true = change_of_loss(s, name, place)
        missed = np.abs(formula(s) - true) / (1.0 + np.abs(true))
        quantities[f"deviation_by_{line}"] = missed.max()
    return quantities


def printed_example() -> Quantities:
    """Audit the printed example, and the printed slope of the sigmoid."""
    z = np.linspace(-8.0, 8.0, 1001)
    slope = (sigmoid(z + STEP) - sigmoid(z - STEP)) / (2.0 * STEP)
    deviation = np.abs(sigmoid(z) * (1.0 - sigmoid(z)) - slope).max()
    return {**audit(PRINTED), "deviation_by_slope": deviation}


def corrupted_example() -> Quantities:
    """Audit the example with a wrong factor and with a term left out."""
    name, place, formula = PRINTED["upper_weight"]
    doubled = (name, place, lambda s: 2.0 * formula(s))
    name, place, _ = PRINTED["hidden_sum"]
    unsloped = (name, place, lambda s: error_of(s) * s["w2"][:, 0])
    found = audit({"wrong_factor": doubled, "missing_term": unsloped})
    return {"smallest_deviation_of_a_fault": min(found.values())}


def forward_pass() -> Quantities:
    """Compare the printed forward pass with dense layers of Keras without biases."""
    import keras

    s = draw_states()
    layers = [
        keras.layers.Dense(2, "relu", use_bias=False),
        keras.layers.Dense(1, "sigmoid", use_bias=False),
    ]
    model = keras.Sequential([keras.Input((2,)), *layers])
    deviations = []
    for n in range(50):
        # Keras has a column per unit, the notes a row.
        model.set_weights([s["w1"][n].T, s["w2"][n][:, None]])
        found = to_numpy(model(np.float32(s["x"][n : n + 1]))).item()
        deviations.append(abs(found - s["yhat"][n]))
    return {
        "deviation_of_the_output": max(deviations),
        "number_of_weights": model.count_params(),
    }


def factors_in_float32() -> Quantities:
    """Tell whether a gradient that is multiplied factor by factor stays a number.

    For the target zero and large logits, d loss / d yhat times d yhat / d z, in
    float32, and the short form yhat - y.
    """
    quantities: dict[str, Any] = {}
    for logit in LOGITS:
        z = np.float32(logit)
        with np.errstate(all="ignore"):
            yhat = np.float32(1.0) / (np.float32(1.0) + np.exp(-z))
            apart = yhat / (yhat * (np.float32(1.0) - yhat))
            product = apart * (yhat * (np.float32(1.0) - yhat))
        name = in_name(logit)
        quantities[f"product_is_right_at_{name}"] = abs(product - 1.0) < 0.01
        quantities[f"short_form_at_{name}"] = yhat
    return quantities


def slope_at_the_kink() -> Quantities:
    """Give ReLU's slopes at zero from both sides, and how often sums are zero.

    A million sums of two normal weights and inputs, in float32.
    """
    rng = np.random.default_rng(0)
    x, w = np.float32(rng.standard_normal((2, 1_000_000, 2)))
    sums = (x * w).sum(axis=1)
    relu = lambda z: np.maximum(z, 0.0)  # noqa: E731
    return {
        "slope_from_below": (relu(0.0) - relu(-STEP)) / STEP,
        "slope_from_above": (relu(STEP) - relu(0.0)) / STEP,
        "difference_of_both_slopes": (relu(STEP) - 2 * relu(0.0) + relu(-STEP)) / STEP,
        "slope_of_keras": autodiff("relu", np.zeros(1)).item(),
        "share_of_sums_that_are_zero": np.mean(sums == 0),
    }


def gear_turns() -> Quantities:
    """Count the turns of gears of radius 1 and 2 while one of radius 6 turns once."""
    big, middle, small = (2.0 * np.pi * radius for radius in (6.0, 2.0, 1.0))
    return {
        "turns_of_the_middle_gear": big / middle,
        "turns_of_the_small_gear": big / small,
        "product_of_both_ratios": (big / middle) * (middle / small),
    }


def nested_derivatives() -> Quantities:
    """Compare products of derivatives with differences of nested functions.

    All 64 chains of three of sine, exponential, square and tanh, at 21 numbers.
    """
    functions = {
        np.sin: np.cos,
        np.exp: np.exp,
        np.square: lambda z: 2.0 * z,
        np.tanh: lambda z: 1.0 - np.tanh(z) ** 2,
    }
    x = np.linspace(-1.0, 1.0, 21)
    product_missed, sum_missed = [], []
    for f in functions:
        for g in functions:
            for h in functions:
                true = (h(g(f(x + STEP))) - h(g(f(x - STEP)))) / (2.0 * STEP)
                parts = (functions[f](x), functions[g](f(x)), functions[h](g(f(x))))
                scale = 1.0 + np.abs(true)
                product_missed.append(np.abs(np.prod(parts, axis=0) - true) / scale)
                sum_missed.append(np.abs(np.sum(parts, axis=0) - true) / scale)
    return {
        "deviation_of_the_product": np.max(product_missed),
        "deviation_of_the_sum": np.max(sum_missed),
    }


MEASURES = by_name(
    printed_example,
    corrupted_example,
    forward_pass,
    factors_in_float32,
    slope_at_the_kink,
    gear_turns,
    nested_derivatives,
)
"""Measurements by name."""
