"""Retrain published conditions in plain JAX, without a line of this project.

`conditions.json` says of each what was trained, what was read and what is published.
Rows, first weights, batches and masks are drawn here in another way, so that only the
description is shared. A condition agrees if its estimate lies in the published interval
widened for both samples: an interval of n runs by a factor of sqrt(1 + n / m) to either
side of its estimate, for the m runs made here.
"""

from __future__ import annotations

import functools
import json
import math
import zlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from draws import draw_rows, draw_weights

PROBED_ROWS = 512
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "elu": jax.nn.elu,
    "square": jnp.square,
    "cosine": jnp.cos,
}


def activate(config: dict[str, Any], z: Any) -> Any:
    """Apply an activation with its scales and shifts."""
    z = config["input_scale"] * z + config["input_shift"]
    if config["name"] == "leaky_relu":
        slope = 0.2 if config["slope"] is None else config["slope"]
        a = jnp.where(z > 0, z, slope * z)
    else:
        a = ACTIVATIONS[config["name"]](z)
    return config["output_scale"] * a + config["output_shift"]


def normalize(
    model: dict[str, Any], layer: Any, moving: Any, z: Any, training: bool
) -> tuple[Any, Any]:
    """Apply batch norm; return what comes out, and the moving statistics.

    Without such statistics those of the rows are taken, and returned.
    """
    mean, variance = new = (z.mean(axis=0), z.var(axis=0))
    if moving is None:
        moving = new
    elif training:
        keep = model["batch_norm_momentum"]
        moving = jax.tree.map(lambda a, b: keep * a + (1 - keep) * b, moving, new)
    else:
        mean, variance = moving
    z = (z - mean) / jnp.sqrt(variance + model["batch_norm_epsilon"])
    return z * layer["gamma"] + layer["beta"], moving


def forward(
    model: dict[str, Any], weights: Any, state: Any, x: Any, key: Any = None
) -> tuple[Any, Any]:
    """Return outputs and moving statistics; with a key as in training."""
    training, entry, skips, new = key is not None, x, iter(weights["skips"]), []
    for k, layer in enumerate(weights["hidden"], 1):
        rate, noise = model["dropout"], model["gaussian_noise"]
        x = x @ layer["w"] + layer.get("b", 0.0)
        if model["batch_norm"] == "before":
            x, moving = normalize(model, layer, state[k - 1], x, training)
            new.append(moving)
        x = activate(model["activation"], x)
        if training and noise:
            drawn = jax.random.normal(jax.random.fold_in(key, 2 * k), x.shape)
            x = x * (1 + noise * drawn)
        if training and rate:
            one = (1, x.shape[1]) if model["dropout_unit"] == "batch" else x.shape
            kept = jax.random.bernoulli(
                jax.random.fold_in(key, 2 * k + 1), 1 - rate, one
            )
            x = jnp.where(kept, x / (1 - rate), 0.0)
        is_last = k == len(weights["hidden"])
        if model["skip"] and (k % model["skip_every"] == 0 or is_last):
            kernel = next(skips)
            entry = entry if kernel is None else entry @ kernel
            x = entry = entry + model["branch_scale"] * x
    x = x @ weights["output"]["w"] + weights["output"].get("b", 0.0)
    return activate(model["output_activation"], x), new


def row_losses(training: dict[str, Any], y: Any, p: Any) -> Any:
    """Return the loss of every row."""
    if training["loss"] == "mse":
        return jnp.square(p - y).mean(axis=1)
    if training["loss"] == "categorical_crossentropy":
        return -(y * jax.nn.log_softmax(p)).sum(axis=1)
    p = jnp.clip(p, 1e-7, 1 - 1e-7)
    return -(y * jnp.log(p) + (1 - y) * jnp.log(1 - p)).mean(axis=1)


def update(optimizer: dict[str, Any], rate: Any, t: Any, w: Any, g: Any, s: Any) -> Any:
    """Return a weight and its state after one update."""
    if optimizer["name"] == "sgd":
        return w - rate * g, s
    m, v = s
    if optimizer["name"] == "rmsprop":
        v = optimizer["rho"] * v + (1 - optimizer["rho"]) * g**2
        return w - rate * g / jnp.sqrt(v + optimizer["epsilon"]), (m, v)
    first, second = optimizer["beta_1"], optimizer["beta_2"]
    m, v = first * m + (1 - first) * g, second * v + (1 - second) * g**2
    rate = rate * jnp.sqrt(1 - second**t) / (1 - first**t)
    return w - rate * m / (jnp.sqrt(v) + optimizer["epsilon"]), (m, v)


def clip(training: dict[str, Any], gradients: list[Any]) -> list[Any]:
    """Return clipped gradients."""
    if bound := training["clip_value"]:
        return [jnp.clip(g, -bound, bound) for g in gradients]
    norms = [jnp.sqrt((g**2).sum()) for g in gradients]
    if bound := training["clip_global_norm"]:
        norms = [jnp.sqrt(sum(n**2 for n in norms))] * len(norms)
    elif not (bound := training["clip_norm"]):
        return gradients
    return [
        g * jnp.minimum(1, bound / jnp.maximum(n, 1e-30))
        for g, n in zip(gradients, norms, strict=True)
    ]


def loss_of(
    arm: dict[str, Any],
    weights: Any,
    state: Any,
    x: Any,
    y: Any,
    counted: Any,
    key: Any,
) -> tuple[Any, Any]:
    """Return the loss of the rows that count, penalties included, and the state."""
    model = arm["model"]
    p, state = forward(model, weights, state, x, key)
    loss = (counted * row_losses(arm["training"], y, p)).sum() / counted.sum()
    kernels = [layer["w"] for layer in weights["hidden"]]
    kernels += [weights["output"]["w"]] if model["regularize_output"] else []
    return loss + model["l2"] * sum((w**2).sum() for w in kernels), state


def train(
    arm: dict[str, Any], rate: Any, start: tuple[Any, Any], rows: Any, *rest: Any
) -> tuple[Any, Any]:
    """Return weights and moving statistics of one run after its updates."""
    (weights, state), (x, y), (batches, key) = start, rows, rest
    flat, tree = jax.tree.flatten(weights)
    gradient = jax.grad(
        lambda flat, *rest: loss_of(arm, tree.unflatten(flat), *rest), has_aux=True
    )

    def step(carry, batch):
        flat, slots, state, t = carry
        counted = jnp.ones(len(x)) if batch is None else (batch >= 0).astype("f")
        xb, yb = (x, y) if batch is None else (x[batch], y[batch])
        g, state = gradient(flat, state, xb, yb, counted, jax.random.fold_in(key, t))
        moved = [
            update(arm["training"]["optimizer"], rate, t + 1.0, *each)
            for each in zip(flat, clip(arm["training"], g), slots, strict=True)
        ]
        return ([w for w, _ in moved], [s for _, s in moved], state, t + 1), None

    slots = [(jnp.zeros_like(w), jnp.zeros_like(w)) for w in flat]
    length = arm["updates"] if batches is None else None
    carry, _ = jax.lax.scan(step, (flat, slots, state, 0), batches, length)
    return tree.unflatten(carry[0]), carry[2]


def read(arm: dict[str, Any], y: Any, p: Any) -> Any:
    """Return the number that is read from the outputs of one run."""
    quantity = arm["quantity"].removeprefix("test_")
    if quantity == "solved":
        return (jnp.round(p) == y).all().astype("f")
    if quantity == "max_error":
        return jnp.abs(p - y).max()
    if quantity == "squared_error":
        return jnp.square(p - y).mean()
    if quantity == "loss":
        return row_losses(arm["training"], y, p).mean()
    right = (p.argmax(axis=1) == y.argmax(axis=1)).mean()
    return jnp.where(jnp.isnan(p).any(), jnp.nan, right)


@functools.partial(jax.jit, static_argnums=0)
def measure(program: str, rate: Any, weights: Any, rows: Any, batches: Any, keys: Any):
    """Train all runs at once and return what is read from each `[R]`.

    Args:
        program: What is trained and read, as JSON, without what are numbers here.
        rate: Learning rate.
        weights: First weights of every run.
        rows: Training and test inputs and targets of every run.
        batches: Rows of every update `[R, T, B]`, -1 for none; None for all rows.
        keys: One key per run.
    """
    arm = json.loads(program)

    def run(weights, rows, batches, key):
        x, y, x_test, y_test = rows
        state = [
            (jnp.zeros(len(layer["gamma"])), jnp.ones(len(layer["gamma"])))
            for layer in weights["hidden"]
            if "gamma" in layer
        ]
        if arm["quantity"] == "first_gradient":
            x, y = x[:PROBED_ROWS], y[:PROBED_ROWS]
            gradient = jax.grad(lambda w, *rest: loss_of(arm, w, *rest), has_aux=True)
            g, _ = gradient(weights, state, x, y, jnp.ones(len(x)), key)
            norm = jnp.sqrt((g["hidden"][0]["w"] ** 2).sum())
            return jnp.log10(jnp.maximum(norm, 1e-38))
        weights, state = train(arm, rate, (weights, state), (x, y), batches, key)
        if arm["training"].get("batch_norm_statistics") == "training_rows":
            _, state = forward(arm["model"], weights, [None] * len(state), x)
        if arm["quantity"].startswith("test_"):
            x, y = x_test, y_test
        return read(arm, y, forward(arm["model"], weights, state, x)[0])

    return jax.vmap(run)(weights, rows, batches, keys)


def scores(arm: dict[str, Any], first_seed: int, num_runs: int) -> np.ndarray:
    """Retrain an arm from seeds of its own and return one number per run `[R]`."""
    model, training = arm["model"], arm["training"]
    weights, rows, batches = [], [], []
    for seed in range(first_seed, first_seed + num_runs):
        rows.append(draw_rows(arm["task"], np.random.default_rng([seed, 0])))
        weights.append(draw_weights(model, np.random.default_rng([seed, 1])))
        orders, size = np.random.default_rng([seed, 2]), training["batch_size"]
        count = len(rows[-1][0])
        if size and size < count:
            per_epoch = -(-count // size)
            order = np.full((-(-arm["updates"] // per_epoch), per_epoch * size), -1)
            for epoch in order:
                epoch[:count] = orders.permutation(count)
            batches.append(order.reshape(-1, size)[: arm["updates"]])
    stack = functools.partial(jax.tree.map, lambda *parts: np.stack(parts))
    program = {k: arm[k] for k in ("model", "training", "quantity", "updates")}
    program["training"] = {**training, "optimizer": dict(training["optimizer"])}
    rate = program["training"]["optimizer"].pop("learning_rate")
    program["model"] = {k: v for k, v in model.items() if "initializer" not in k}
    keys = jax.vmap(jax.random.key)(np.arange(num_runs) + first_seed)
    values = measure(
        json.dumps(program, sort_keys=True),
        np.float32(rate),
        stack(*weights),
        stack(*rows),
        np.stack(batches) if batches else None,
        keys,
    )
    return np.asarray(values, np.float64)


def counted(arm: dict[str, Any], values: np.ndarray) -> np.ndarray:
    """Turn numbers into successes where an arm asks for them; a failed run is none."""
    low, high = arm["at_least"], arm["at_most"]
    if low is None and high is None:
        lost = np.nanmin(values) if arm["better"] == "higher" else np.nanmax(values)
        lost = lost if arm["failed_value"] is None else arm["failed_value"]
        return np.where(np.isfinite(values), values, lost)
    low = -np.inf if low is None else np.float32(low)
    high = np.inf if high is None else np.float32(high)
    return np.isfinite(values) & (values >= low) & (values <= high)


def retrain(condition: dict[str, Any], num_runs: int) -> float:
    """Return the share of successes, or the difference of means of two arms.

    Conditions have seeds of their own; two arms of one share theirs.
    """
    name = f"{condition['claim']}/{condition['key']}".encode()
    first_seed = zlib.crc32(name) % 10**9
    means = [
        float(counted(arm, scores(arm, first_seed, num_runs)).mean())
        for arm in condition["arms"]
    ]
    return means[0] - sum(means[1:])


def widened(condition: dict[str, Any], num_runs: int) -> tuple[float, float]:
    """Return the published interval widened for both samples."""
    factor = math.sqrt(1 + condition["n"] / num_runs)
    estimate = condition["estimate"]
    return (
        estimate - factor * (estimate - condition["low"]),
        estimate + factor * (condition["high"] - estimate),
    )
