r"""Predict how signals and gradients grow from layer to layer of a wide random network.

In a fully connected network with weights of variance sigma_w^2 / fan_in and biases of
variance sigma_b^2 the pre-activations of a wide layer are normal, with second moment

    q_(l+1) = sigma_w^2 E[phi(sqrt(q_l) z)^2] + sigma_b^2,    z ~ N(0, 1),

With layers of equal width the mean squared gradient at the pre-activations falls or
grows by

    chi_l = sigma_w^2 E[phi'(sqrt(q_l) z)^2]

on its way back through layer l. Everything here is exact in the limit of infinite
width and is computed by quadrature; nothing is sampled.

References:
    Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli, "Exponential expressivity in deep
    neural networks through transient chaos", 2016, https://arxiv.org/abs/1606.05340.
    Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, "Deep information propagation",
    2017, https://arxiv.org/abs/1611.01232.
    Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz, "A mean field theory of batch
    normalization", 2019, https://arxiv.org/abs/1902.08129.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from models.config import one_of, requirement
from models.numpy_mlp import FUNCTIONS

WIDEST = 10.0
"""Deviations from the mean at which quadrature stops; beyond them is 2e-23."""

Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    """An activation and its slope."""

    value: Function
    slope: Function


def _followed(name: str, below: float = 0.0) -> Activation:
    """Return an activation of networks that are followed, given its slope below 0."""
    known = FUNCTIONS[name]
    return Activation(
        lambda x: known.value(x, below),
        lambda x: 1.0 * known.derivative(x, below),  # ReLU's says yes or no
    )


_sigmoid = _followed("sigmoid").value


def _sigmoid_slope(x: np.ndarray) -> np.ndarray:
    s = _sigmoid(x)
    return s * (1.0 - s)


ACTIVATIONS: dict[str, Activation] = {
    "linear": _followed("linear"),
    "relu": _followed("relu"),
    "leaky_relu": _followed("leaky_relu", 0.2),
    "elu": _followed("elu"),
    "tanh": _followed("tanh"),
    "sigmoid": Activation(_sigmoid, _sigmoid_slope),
    "softplus": Activation(lambda x: np.logaddexp(0.0, x), _sigmoid),
    "swish": Activation(
        lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) + x * _sigmoid_slope(x)
    ),
}
"""Activations with Keras's names and default slopes."""


def activation_named(name: str) -> Activation:
    """Return an activation with its slope.

    Raises:
        ConfigError: If there is none of this name.
    """
    return ACTIVATIONS[one_of("activation", name, ACTIVATIONS)]


@cache
def _nodes(num: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points of N(0, 1) and their weights, by the midpoint rule.

    The number is even, so a kink or jump at zero lies between two cells.
    """
    step = 2.0 * WIDEST / num
    z = step * (np.arange(num) + 0.5) - WIDEST
    weights = np.exp(-0.5 * z**2)
    return z, weights / weights.sum()


def gaussian_mean(function: Function, variance: float) -> float:
    """Return E[f(u)], u ~ N(0, variance), within about 1e-6 of its size.

    Args:
        function: f, smooth but for a kink or jump at zero.
        variance: Not negative.
    """
    if not variance >= 0.0:
        raise requirement("variance", "must not be negative", variance)
    z, weights = _nodes(10_000)
    return float(weights @ function(math.sqrt(variance) * z))


def second_moment(activation: str, q: float) -> float:
    """Return E[phi(sqrt(q) z)^2], the mean square of a layer's activations."""
    phi = activation_named(activation).value
    return gaussian_mean(lambda u: phi(u) ** 2, q)


def variance(activation: str, q: float) -> float:
    """Return Var[phi(sqrt(q) z)], taken over units and random weights."""
    phi = activation_named(activation).value
    return second_moment(activation, q) - gaussian_mean(phi, q) ** 2


def slope_second_moment(activation: str, q: float) -> float:
    """Return E[phi'(sqrt(q) z)^2]."""
    slope = activation_named(activation).slope
    return gaussian_mean(lambda u: slope(u) ** 2, q)


def gradient_factor(activation: str, sigma_w2: float, q: float) -> float:
    """Return chi, by which a mean squared gradient is multiplied one layer down."""
    return sigma_w2 * slope_second_moment(activation, q)


def next_length(
    activation: str, sigma_w2: float, q: float, sigma_b2: float = 0.0
) -> float:
    """Return the second moment of the next layer's pre-activations."""
    return sigma_w2 * second_moment(activation, q) + sigma_b2


def lengths(
    activation: str, sigma_w2: float, first: float, depth: int, sigma_b2: float = 0.0
) -> np.ndarray:
    """Return q_1 .. q_depth, the second moments of the pre-activations `[depth]`.

    Args:
        activation: Name of phi.
        sigma_w2: Variance of a weight times fan_in.
        first: q_1; for inputs with mean square m it is sigma_w2 m + sigma_b2.
        depth: Number of hidden layers; 0 gives an empty array.
        sigma_b2: Variance of a bias.
    """
    found = []
    q = first
    for _ in range(depth):
        found.append(q)
        q = next_length(activation, sigma_w2, q, sigma_b2)
    return np.array(found)


def gradient_factors(activation: str, sigma_w2: float, q: np.ndarray) -> np.ndarray:
    """Return chi at every layer with pre-activation second moments `q` `[L]`."""
    return np.array([gradient_factor(activation, sigma_w2, each) for each in q])


def batch_norm_gradient_factor(activation: str) -> float:
    """Return the growth of a mean squared gradient per layer under batch norm.

    Batch norm stands before phi. It makes every q equal to 1 and the rows of a large
    batch uncorrelated, so the batch variance of the next pre-activations is
    sigma_w^2 Var[phi(z)]. Dividing by it leaves E[phi'(z)^2] / Var[phi(z)], whatever
    sigma_w^2 is: pi / (pi - 1) for ReLU, as Yang et al. 2019 have it. It holds for
    large batches and small epsilon.
    """
    return slope_second_moment(activation, 1.0) / variance(activation, 1.0)
