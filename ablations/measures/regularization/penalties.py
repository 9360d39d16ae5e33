"""Measure what a penalty on squared weights is, in Keras and on a least-squares fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

STRENGTH = 0.01
KERNEL, BIAS = (1.0, 2.0), 5.0
"""Weights of a small layer whose penalty one can add up in one's head."""

FACTOR = 10.0
"""By which the first kernel grows and the second shrinks."""

SYMMETRIC = ("relu", "leaky_relu", "batch_norm")
"""Networks in which only products, or directions, of kernels count."""

BENT = ("tanh", "sigmoid")
"""Networks whose units bend at fixed sizes of their sums."""

NUM_ROWS, NUM_INPUTS, NUM_STEPS = 64, 20, 40
RATE = 0.05
"""A least-squares fit, and its steps."""

NOISE_SCALES = (0.1, 10.0)
"""Sizes of two weights' gradients, which change sign at every step."""

NOISE_STEPS = 60

FIRST_SEEN = {
    "Adam": 2014,
    "Adamax": 2014,
    "Nadam": 2016,
    "AdamW": 2017,
    "Adafactor": 2018,
    "Lamb": 2019,
    "Lion": 2023,
    "Muon": 2024,
    "ScheduleFreeAdamW": 2024,
}
"""Optimizers of Keras from Adam on, with the year in which each was made public."""

JITTER_SD, FEW_COPIES, MANY_COPIES = 0.5, 20, 20_000
JITTER_ROWS, JITTER_INPUTS = 30, 5


def l2_penalty() -> Quantities:
    """Add up Keras's L2 penalty, and read its gradient from a step without data.

    The layer has a kernel of 1 and 2 and a bias of 5, of which the penalty is to count
    the kernel only; its inputs are 0, so that data pull at neither weight.
    """
    import keras

    bare = keras.regularizers.L2(STRENGTH)(np.float32(KERNEL))
    found, steps = [], []
    for num_rows in (1, 64):
        penalty = keras.regularizers.L2(STRENGTH)
        layer = keras.layers.Dense(1, kernel_regularizer=penalty)
        model = keras.Sequential([keras.Input((2,)), layer])
        layer.set_weights([np.float32(KERNEL)[:, None], np.float32([BIAS])])
        model.compile(keras.optimizers.SGD(1.0), loss="mse", run_eagerly=True)
        x, y = np.zeros((num_rows, 2)), np.full((num_rows, 1), BIAS)
        found.append(model.evaluate(x, y, verbose=0))
        model.train_on_batch(x, y)
        steps.append(np.float64(KERNEL) - layer.get_weights()[0][:, 0])
    expected = 2.0 * STRENGTH * np.array(KERNEL)
    return {
        "penalty": float(bare),
        "loss_where_data_are_fitted": np.array(found),
        "gradient_error": np.abs(np.array(steps) - expected).max(),
    }


def printed_penalty() -> Quantities:
    """Count the parameters that the printed code puts under its penalty."""
    model = printed_network()
    layers = [x for x in model.layers if getattr(x, "kernel_regularizer", None)]
    penalized = sum(int(np.prod(layer.kernel.shape)) for layer in layers)
    return {"penalized_share_of_parameters": penalized / model.count_params()}


def printed_network() -> Any:
    """Return the network of the printed code on regularization, as a Keras model."""
    import keras

    penalty, parts = keras.regularizers.L2(1e-4), [keras.Input((32,))]
    for units, rate in ((128, 0.3), (64, 0.2)):
        parts += [
            keras.layers.Dense(units, "relu", kernel_regularizer=penalty),
            keras.layers.Dropout(rate),
        ]
    return keras.Sequential([*parts, keras.layers.Dense(1, "linear")])


def printed_parameters() -> Quantities:
    """Count the parameters of the printed network, layer by layer."""
    model = printed_network()
    counts = [layer.count_params() for layer in model.layers]
    size = sum(np.asarray(w).nbytes for w in model.get_weights())
    fixed = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    return {
        "first_hidden_layer": counts[0],
        "second_hidden_layer": counts[2],
        "output_layer": counts[4],
        "dropout_layers": np.array([counts[1], counts[3]]),
        "total": model.count_params(),
        "kilobytes": size / 1024,
        "not_trainable": fixed,
    }


def _network(kind: str) -> tuple[Any, np.ndarray]:
    """Return a network of one hidden layer and 256 rows to ask it about."""
    import keras

    from models.config import MLPConfig
    from models.initializers import initial_weights
    from models.mlp import build_mlp, initializers_of

    config = MLPConfig(
        input_units=8,
        hidden_units=(32,),
        activation="relu" if kind == "batch_norm" else kind,
        kernel_initializer="he_normal",
        batch_norm="before" if kind == "batch_norm" else None,
        batch_norm_epsilon=1e-7,
        output_units=1,
    )
    model = build_mlp(config, stackable=True)
    weights, _ = initial_weights(model, np.array([1]), initializers_of(config))
    for variable, drawn in zip(model.trainable_variables, weights, strict=True):
        variable.assign(drawn[0])
    rows = np.random.default_rng(0).standard_normal((256, 8), dtype=np.float32)
    return model, keras.ops.convert_to_tensor(rows)


def _outputs(model: Any, rows: Any) -> np.ndarray:
    """Return the outputs in training, where batch norm takes the rows' statistics."""
    variables = model.trainable_variables, model.non_trainable_variables
    values = ([v.value for v in kind] for kind in variables)
    return np.float64(to_numpy(model.stateless_call(*values, rows, training=True)[0]))


def _scale(model: Any, first: float, second: float) -> float:
    """Scale hidden and output kernels; return the squared norm of both kernels."""
    hidden, output = model.get_layer("hidden_1"), model.get_layer("output")
    hidden.kernel.assign(hidden.kernel * first)
    hidden.bias.assign(hidden.bias * first)
    output.kernel.assign(output.kernel * second)
    kernels = [layer.get_weights()[0].astype(np.float64) for layer in (hidden, output)]
    return float(sum((kernel**2).sum() for kernel in kernels))


def rescaled_networks() -> Quantities:
    """Scale the kernels of networks and see what becomes of what they compute.

    A change is the root mean square of the outputs' change over that of the outputs'
    spread. With ReLU the first kernel and its bias grow tenfold and the second shrinks
    to a tenth; with batch norm the first grows and the second stays, as its scale is
    taken away. Flatness is the spread of the outputs with both kernels halved over what
    it was; with batch norm only the first is halved, for nothing divides the second.
    """
    found: dict[str, float] = {}
    for kind in (*SYMMETRIC, *BENT):
        model, rows = _network(kind)
        before, norm = _outputs(model, rows), _scale(model, 1.0, 1.0)
        larger = _scale(model, FACTOR, 1.0 if kind == "batch_norm" else 1.0 / FACTOR)
        change = np.sqrt(np.mean((_outputs(model, rows) - before) ** 2))
        found[f"change_of_{kind}"] = change / before.std()
        found[f"squared_norm_ratio_of_{kind}"] = larger / norm
        model, rows = _network(kind)
        _scale(model, 0.5, 1.0 if kind == "batch_norm" else 0.5)
        found[f"spread_of_halved_{kind}"] = _outputs(model, rows).std() / before.std()
    return found


def least_squares_fit() -> tuple[Callable[[np.ndarray], np.ndarray], np.ndarray]:
    """Return the gradient of a mean squared error, and small weights to start from."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((NUM_ROWS, NUM_INPUTS))
    y = x @ rng.standard_normal(NUM_INPUTS) + rng.standard_normal(NUM_ROWS)
    start = 0.1 * rng.standard_normal(NUM_INPUTS)

    def gradient(w: np.ndarray) -> np.ndarray:
        return x.T @ (x @ w - y) / NUM_ROWS

    return gradient, start


def optimizer_of(name: str, **numbers: float) -> Any:
    """Return a Keras optimizer; `momentum` is gradient descent with 0.9 of it."""
    import keras

    if name == "momentum":
        return keras.optimizers.SGD(momentum=0.9, **numbers)
    return keras.optimizers.get({"class_name": name, "config": numbers})


def path(
    optimizer: Any,
    gradient: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    l2: float = 0.0,
    num_steps: int = NUM_STEPS,
) -> np.ndarray:
    """Return the weights before and after every step of an optimizer `[T + 1, D]`.

    To the gradient of the loss at the weights comes that of the penalty, 2 l2 w.
    """
    import keras

    w = keras.Variable(np.float32(start))
    found = [np.float64(start)]
    for _ in range(num_steps):
        here = np.float64(to_numpy(w.value))
        g = gradient(here) + 2.0 * l2 * here
        optimizer.apply([keras.ops.convert_to_tensor(np.float32(g))], [w])
        found.append(np.float64(to_numpy(w.value)))
    return np.array(found)


TRACED = (1e-4, 1e-2, 1e-1)
"""Strengths under which weights are followed step by step; the first is the printed."""


def decay_trace() -> Quantities:
    """Follow weights under a penalty step by step, with and without data to fit.

    A share is of all weights and steps: those in which the weight's size does not
    grow. The pull is what a step under the penalty differs by from one without, from
    the same weights; its error is the largest distance from -2 eta l2 w, over the
    largest such pull.
    """
    gradient, start = least_squares_fit()
    fresh = partial(optimizer_of, learning_rate=RATE)

    def share(weights: np.ndarray) -> float:
        sizes = np.abs(weights)
        return float(np.mean(sizes[1:] <= sizes[:-1]))

    found: dict[str, float] = {}
    for l2 in TRACED:
        weights = path(fresh("sgd"), gradient, start, l2=l2)
        found[f"share_that_shrinks_at_{in_name(l2)}"] = share(weights)
        norms = np.linalg.norm(weights, axis=1)
        found[f"norm_ratio_at_{in_name(l2)}"] = norms[-1] / norms[0]
    still = path(fresh("sgd"), np.zeros_like, start, l2=TRACED[1])
    found["share_that_shrinks_without_data"] = share(still)
    for name in ("sgd", "adam"):
        errors, largest = [], 0.0
        for w in path(fresh(name), gradient, start)[::10]:
            plain, pulled = (
                path(fresh(name), gradient, w, l2=l2, num_steps=1)[1]
                for l2 in (0.0, TRACED[2])
            )
            expected = -2.0 * RATE * TRACED[2] * w
            errors.append(np.abs(pulled - plain - expected).max())
            largest = max(largest, np.abs(expected).max())
        found[f"error_of_the_pull_under_{name}"] = max(errors) / largest
    return found


RATES = {"sgd": 0.05, "momentum": 0.005, "rmsprop": 0.01, "adam": 0.01}
DECAY_L2 = 0.05


def decay_trajectories() -> Quantities:
    """Compare a penalty of strength l2 with a decay of 2 l2, step by step, in Keras.

    A distance is the largest between both paths at any step, over the largest norm
    of the weights on them. The ratio of pulls is by how many times the weight with
    the smaller gradients shrinks faster, in its logarithm, under gradients that
    change sign at every step.
    """
    gradient, start = least_squares_fit()
    found: dict[str, float] = {}
    for name, rate in RATES.items():
        fresh = partial(optimizer_of, name, learning_rate=rate)
        penalized = path(fresh(), gradient, start, l2=DECAY_L2)
        decayed = path(fresh(weight_decay=2 * DECAY_L2), gradient, start)
        apart, size = (
            np.linalg.norm(weights, axis=1).max()
            for weights in (penalized - decayed, penalized)
        )
        found[f"distance_under_{name}"] = apart / size
    for kind, l2, decay in (("l2", DECAY_L2, 0.0), ("decay", 0.0, 2 * DECAY_L2)):
        shrunk = _under_noise(l2, decay)
        found[f"ratio_of_pulls_by_{kind}"] = shrunk[0] / shrunk[1]
    return found


def _under_noise(l2: float, decay: float) -> np.ndarray:
    """Return by how much two weights' logarithms fall under Adam `[2]`."""
    signs = iter(np.resize([1.0, -1.0], NOISE_STEPS))

    def gradient(w: np.ndarray) -> np.ndarray:
        return next(signs) * np.array(NOISE_SCALES)

    numbers = {"learning_rate": 0.005, **({"weight_decay": decay} if decay else {})}
    optimizer = optimizer_of("adam", **numbers)
    weights = path(optimizer, gradient, np.ones(2), l2=l2, num_steps=NOISE_STEPS)
    return -np.log(weights[-1])


def default_weight_decay() -> Quantities:
    """Read the default weight decay of every optimizer of Keras from its signature.

    Optimizers that wrap others, and the class that all derive from, have none.
    """
    defaults = optimizer_defaults()
    decays = np.array([bool(value) for value in defaults.values()])
    modern = decays[[name in FIRST_SEEN for name in defaults]]
    return {
        "num_optimizers": len(decays),
        "num_that_decay": decays.sum(),
        "share_that_decay": decays.mean(),
        "num_since_adam": len(modern),
        "num_since_adam_that_decay": modern.sum(),
        "share_since_adam_that_decay": modern.mean(),
        "default_of_adamw": defaults["AdamW"] or 0.0,
        "default_of_adam": defaults["Adam"] or 0.0,
    }


def optimizer_defaults() -> dict[str, float | None]:
    """Return the default weight decay of Keras's optimizers by name."""
    import keras

    found = {}
    for name, kind in inspect.getmembers(keras.optimizers, inspect.isclass):
        parameters = inspect.signature(kind.__init__).parameters
        if "learning_rate" in parameters and "weight_decay" in parameters:
            if kind is not keras.optimizers.Optimizer:
                found[name] = parameters["weight_decay"].default
    return found


def jitter_and_ridge() -> Quantities:
    """Fit lines to jittered copies of few rows, and to the rows with an L2 penalty.

    For n rows and noise of variance s^2 the sum of squared errors over many copies is,
    per copy, that of the rows plus n s^2 |w|^2 (Bishop, 1995). A distance is between
    weights, over the norm of those without noise and penalty.
    """
    rng = np.random.default_rng(0)
    x = rng.standard_normal((JITTER_ROWS, JITTER_INPUTS))
    y = x @ rng.standard_normal(JITTER_INPUTS) + rng.standard_normal(JITTER_ROWS)
    plain = np.linalg.solve(x.T @ x, x.T @ y)
    penalty = JITTER_ROWS * JITTER_SD**2 * np.eye(JITTER_INPUTS)
    ridge = np.linalg.solve(x.T @ x + penalty, x.T @ y)
    found = {"distance_of_ridge_from_no_penalty": plain - ridge}
    for name, copies in (("few", FEW_COPIES), ("many", MANY_COPIES)):
        jittered = x + JITTER_SD * rng.standard_normal((copies, *x.shape))
        gram = np.einsum("cnd,cne->de", jittered, jittered) / copies
        weights = np.linalg.solve(gram, np.einsum("cnd,n->d", jittered, y) / copies)
        found[f"distance_of_{name}_copies_from_ridge"] = weights - ridge
    size = np.linalg.norm(plain)
    return {name: np.linalg.norm(apart) / size for name, apart in found.items()}


RANDOM_ROWS, RANDOM_INPUTS = 20_000, 32


def random_targets() -> Quantities:
    """Ask how well the printed data, all drawn uniformly, can be known at all.

    The share that is explained is of the variance of targets, by the best line
    through many rows.
    """
    rng = np.random.default_rng(0)
    x, y = rng.random((RANDOM_ROWS, RANDOM_INPUTS)), rng.random(RANDOM_ROWS)
    centered, rest = x - x.mean(axis=0), y - y.mean()
    weights = np.linalg.solve(centered.T @ centered, centered.T @ rest)
    unexplained = np.var(rest - centered @ weights) / np.var(y)
    return {
        "squared_error_of_one_half": np.mean((y - 0.5) ** 2),
        "absolute_error_of_one_half": np.mean(np.abs(y - 0.5)),
        "share_explained_by_inputs": 1.0 - unexplained,
    }


MEASURES = by_name(
    l2_penalty,
    printed_penalty,
    printed_parameters,
    rescaled_networks,
    decay_trace,
    decay_trajectories,
    default_weight_decay,
    jitter_and_ridge,
    random_targets,
)
