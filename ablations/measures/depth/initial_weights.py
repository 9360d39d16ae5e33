"""Measure the first weights that Keras draws, and what it calls fans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

SHAPE = (500, 2000)
"""Inputs and units of a layer with a million weights."""

SEED = 0

FAR = 2.5
"""Standard deviations beyond which 1.24 % of normal draws lie."""


def _draws(rule: str) -> tuple[np.ndarray, np.ndarray]:
    """Draw a million weights by a rule of Keras, as Keras does and as stacks do."""
    from models.config import InitializerConfig
    from models.initializers import draw, to_keras

    initializer = to_keras(InitializerConfig(name=rule), SEED)
    stacked = draw(initializer, SHAPE, np.array([SEED]), 0)[0]
    return to_numpy(initializer(SHAPE)), stacked


def initial_weights() -> Quantities:
    """Compare drawn weights with the standard deviations of Xavier and He.

    Ratios are of standard deviations, measured over printed; the share of weights far
    from zero is divided by that of a normal distribution. Each is given for Keras's
    draw and for that of the stacks.
    """
    from scipy.special import ndtr

    fan_in, fan_out = SHAPE
    he, xavier = np.sqrt(2.0 / fan_in), np.sqrt(2.0 / (fan_in + fan_out))
    expected = {"glorot_normal": xavier, "he_normal": he, "he_uniform": he}
    quantities: dict[str, Any] = {}
    for rule, sd in expected.items():
        drawn = [np.float64(weights) for weights in _draws(rule)]
        quantities[f"sd_ratio_{rule}"] = np.array([w.std() / sd for w in drawn])
        if rule == "glorot_normal":
            far = np.array([np.mean(np.abs(w) > FAR * sd) for w in drawn])
            quantities["far_share_over_normal"] = far / (2.0 * ndtr(-FAR))
            extremes = [np.abs(w).max() / sd for w in drawn]
            quantities["largest_weight_in_sds"] = np.array(extremes)
    return quantities


def dense_fans(widths: Sequence[int]) -> list[tuple[float, float]]:
    """Return the fan_in and fan_out that Keras takes for the layers of a network.

    A uniform rule of scale 1 draws from -limit to limit, limit = sqrt(3 / fan); the
    limit is what its weights are over those of the same seed from -1 to 1. `widths` are
    the inputs, and the units of one dense layer after another.
    """
    import keras

    def kernels(initializer: Any) -> list[np.ndarray]:
        model = keras.Sequential([keras.Input((widths[0],))])
        for units in widths[1:]:
            model.add(keras.layers.Dense(units, kernel_initializer=initializer))
        return [np.float64(to_numpy(layer.kernel.value)) for layer in model.layers]

    unit = kernels(keras.initializers.RandomUniform(-1.0, 1.0, seed=SEED))
    found = []
    for mode in ("fan_in", "fan_out"):
        rule = keras.initializers.VarianceScaling(1.0, mode, "uniform", seed=SEED)
        pairs = zip(kernels(rule), unit, strict=True)
        limits = [np.median(w / u) for w, u in pairs]
        found.append([3.0 / limit**2 for limit in limits])
    return list(zip(*found, strict=True))


def fans_of_a_neuron() -> Quantities:
    """Read the fans of a hidden layer that another layer follows.

    A hidden neuron of 6-10-4 has 6 inputs and feeds 4 neurons; each input feeds 10.
    In 8-8-8 all of these are 8.
    """
    names = ("fan_in", "fan_out", "fan_in_of_equal_layers", "fan_out_of_equal_layers")
    fans = dense_fans((6, 10, 4))[0] + dense_fans((8, 8, 8))[0]
    return dict(zip(names, fans, strict=True))


MEASURES = by_name(initial_weights, fans_of_a_neuron)
