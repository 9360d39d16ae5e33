"""Measure what one hidden layer can fit, and what layers without activation are."""

from __future__ import annotations

import numpy as np

from ablations.measures.activations.ranges import of_keras
from ablations.measures.quantities import Quantities, by_name, to_numpy

WIDTHS = (4, 16, 64, 256)
DEPTHS = (2, 5, 10)
WIDTH, BOTTLENECK, NUM_INPUTS = 16, 3, 8
SEED = 0

FUNCTIONS = {
    "relu": lambda z: of_keras("relu", z),
    "tanh": lambda z: of_keras("tanh", z),
    "sigmoid": lambda z: of_keras("sigmoid", z),
    "cosine": np.cos,
    "square": np.square,
    "cube": lambda z: z**3,
    "linear": lambda z: z,
}
"""Activations of the hidden layer."""


def one_hidden_layer() -> Quantities:
    """Fit sin(2x) on 2,001 points from -pi to pi by one hidden layer.

    Kernels and biases of the hidden layer are random, normal of deviation 2 and
    uniform from -2 pi to 2 pi; the output layer is that of least squares. An error is
    the largest at any point; the function is between -1 and 1.
    """
    x = np.linspace(-np.pi, np.pi, 2001)
    wanted = np.sin(2.0 * x)
    quantities: dict[str, float] = {}
    for name, function in FUNCTIONS.items():
        for width in WIDTHS:
            rng = np.random.default_rng(SEED)
            kernel = 2.0 * rng.standard_normal(width)
            bias = rng.uniform(-2.0 * np.pi, 2.0 * np.pi, width)
            hidden = function(x[:, None] * kernel + bias)
            design = np.column_stack([hidden, np.ones_like(x)])
            weights, *_ = np.linalg.lstsq(design, wanted)
            error = np.abs(design @ weights - wanted).max()
            quantities[f"largest_error_of_{width}_{name}"] = error
    return quantities


def linear_stacks() -> Quantities:
    """Compare dense layers of Keras without activation with one linear layer.

    The one layer multiplies the kernels and passes the biases through them. Deviations
    are over the largest output. With ReLU, what the best linear layer leaves of the
    outputs is a root mean square over theirs.
    """
    import keras

    x = np.random.default_rng(SEED).standard_normal((500, NUM_INPUTS))
    quantities: dict[str, float] = {}
    for depth in DEPTHS:
        outputs = {}
        for activation in ("linear", "relu"):
            layers = [
                keras.layers.Dense(
                    WIDTH if k < depth - 1 else BOTTLENECK,
                    activation=activation if k < depth - 1 else "linear",
                    kernel_initializer=keras.initializers.HeNormal(seed=SEED + k),
                    bias_initializer=keras.initializers.RandomNormal(seed=99 + k),
                )
                for k in range(depth)
            ]
            model = keras.Sequential([keras.Input((NUM_INPUTS,)), *layers])
            outputs[activation] = np.float64(to_numpy(model(np.float32(x))))
            if activation == "linear":
                kernel, bias = np.eye(NUM_INPUTS), np.zeros(NUM_INPUTS)
                for layer in layers:
                    w, b = (np.float64(to_numpy(v.value)) for v in layer.weights)
                    kernel, bias = kernel @ w, bias @ w + b
        difference = np.abs(outputs["linear"] - (x @ kernel + bias)).max()
        quantities[f"deviation_of_{depth}_layers"] = difference / np.max(
            np.abs(outputs["linear"])
        )
        quantities[f"rank_of_{depth}_layers"] = np.linalg.matrix_rank(kernel)
        design = np.column_stack([x, np.ones(len(x))])
        curved = outputs["relu"]
        weights, *_ = np.linalg.lstsq(design, curved)
        left = curved - design @ weights
        quantities[f"share_left_of_{depth}_layers_of_relu"] = np.sqrt(
            np.mean(left**2) / np.mean((curved - curved.mean(axis=0)) ** 2)
        )
    return quantities


MEASURES = by_name(one_hidden_layer, linear_stacks)
"""Measurements by name."""
