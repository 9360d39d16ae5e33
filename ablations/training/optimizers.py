"""Update rules as pure functions over stacks, equal to `keras.optimizers`.

In a rule, w is a weight `[R, ...]`, g its gradient `[R, ...]`, s the state the
optimizer keeps for it, t the number of this update, counted from 1, and h the
hyperparameters, each `[R, 1, ...]` so that it broadcasts against w.
`keep(new, old)` is `new` for the runs that move and `old` for those that have ended.
Rules apply it to their state before they read it, so that the compiled program holds
one version of the state and updates it in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from ablations.training.config import OPTIMIZERS, SCHEDULES, OptimizerConfig

Tensor = Any
Slots = dict[str, Tensor]
Numbers = dict[str, Tensor]
Keep = Callable[[Tensor, Tensor], Tensor]
Update = Callable[[Tensor, Tensor, Slots, Numbers, Tensor, Keep], tuple[Tensor, Slots]]

SMALLEST_NORM = np.float32(1e-30)
"""Stands in for a norm of zero where one divides by it."""


@dataclass(frozen=True)
class Rule:
    """What an optimizer keeps per weight, per run and weight, and its update.

    `copies` begin as the weight. `place` returns where the gradient is taken, given w,
    s and h; None takes it at the weight. A rule may decay weights itself.
    """

    slots: tuple[str, ...]
    update: Update
    run_slots: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    place: Callable[[Tensor, Slots, Numbers], Tensor] | None = None
    decays: bool = False


def _sgd(w, g, s, h, t, keep):
    """Take w <- w - eta g (Robbins and Monro, 1951)."""
    return w - h["learning_rate"] * g, s


def _momentum(w, g, s, h, t, keep):
    """Take v <- gamma v + eta g; w <- w - v (Polyak, 1964)."""
    v = keep(h["momentum"] * s["v"] + h["learning_rate"] * g, s["v"])
    return w - v, {"v": v}


def _nesterov(w, g, s, h, t, keep):
    """Take v <- gamma v + eta g; w <- w - gamma v - eta g (Sutskever et al., 2013)."""
    v = keep(h["momentum"] * s["v"] + h["learning_rate"] * g, s["v"])
    return w - (h["momentum"] * v + h["learning_rate"] * g), {"v": v}


def _root(r: Tensor, epsilon: Tensor, inside: bool) -> Tensor:
    return ops.sqrt(r + epsilon) if inside else ops.sqrt(r) + epsilon


def _adagrad(config: OptimizerConfig) -> Update:
    """Take r <- r + g^2; w <- w - eta g / sqrt(r + epsilon) (Duchi et al., 2011)."""
    inside = bool(config.epsilon_inside_root)

    def update(w, g, s, h, t, keep):
        r = keep(s["r"] + ops.square(g), s["r"])
        return w - h["learning_rate"] * g / _root(r, h["epsilon"], inside), {"r": r}

    return update


def _adadelta(w, g, s, h, t, keep):
    """Take delta = -sqrt(d + epsilon) / sqrt(r + epsilon) g (Zeiler, 2012, alg. 1)."""
    rho, epsilon = h["rho"], h["epsilon"]
    r = keep(rho * s["r"] + (1.0 - rho) * ops.square(g), s["r"])
    delta = -ops.sqrt(s["d"] + epsilon) * g / ops.sqrt(r + epsilon)
    d = keep(rho * s["d"] + (1.0 - rho) * ops.square(delta), s["d"])
    return w + h["learning_rate"] * delta, {"r": r, "d": d}


def _rmsprop(config: OptimizerConfig) -> Update:
    """Take r <- rho r + (1 - rho) g^2; w <- w - eta g / sqrt(r + epsilon).

    Hinton, 2012, lecture 6e. Centered subtracts the squared mean gradient from r
    (Graves, 2013).
    """
    inside, centered = bool(config.epsilon_inside_root), bool(config.centered)

    def update(w, g, s, h, t, keep):
        rho = h["rho"]
        r = keep(rho * s["r"] + (1.0 - rho) * ops.square(g), s["r"])
        new, spread = {"r": r}, r
        if centered:
            new["mean"] = keep(rho * s["mean"] + (1.0 - rho) * g, s["mean"])
            spread = r - ops.square(new["mean"])
        step = h["learning_rate"] * g / _root(spread, h["epsilon"], inside)
        new["v"] = keep(h["momentum"] * s["v"] + step, s["v"])
        return w - new["v"], new

    return update


def _adam(amsgrad: bool, corrected: bool, listing: bool) -> Update:
    """Move by eta m_hat / (sqrt(v_hat) + epsilon) (Kingma and Ba, 2015, algorithm 1).

    Keras folds the corrections into the rate, so that its epsilon is added to the
    uncorrected root; `listing` adds it as the listing of the paper does.
    AMSGrad keeps the largest v (Reddi et al., 2018).
    """

    def update(w, g, s, h, t, keep):
        rate, beta_1, beta_2 = h["learning_rate"], h["beta_1"], h["beta_2"]
        m = keep(s["m"] + (g - s["m"]) * (1.0 - beta_1), s["m"])
        v = keep(s["v"] + (ops.square(g) - s["v"]) * (1.0 - beta_2), s["v"])
        new = {"m": m, "v": v}
        if amsgrad:
            v = new["v_max"] = keep(ops.maximum(s["v_max"], v), s["v_max"])
        root = ops.sqrt(v)
        if corrected:
            rate = rate / (1.0 - beta_1**t)
            root_scale = ops.sqrt(1.0 - beta_2**t)
            if listing:
                root = root / root_scale
            else:
                rate = rate * root_scale
        return w - m * rate / (root + h["epsilon"]), new

    return update


def _nadam(w, g, s, h, t, keep):
    """Take Adam's step with Nesterov's look-ahead and rising momentum (Dozat, 2016)."""
    beta_1, beta_2 = h["beta_1"], h["beta_2"]
    u, u_next = (beta_1 * (1.0 - 0.5 * 0.96**k) for k in (t, t + 1.0))
    product = keep(s["u_product"] * u, s["u_product"])
    m = keep(s["m"] + (g - s["m"]) * (1.0 - beta_1), s["m"])
    v = keep(s["v"] + (ops.square(g) - s["v"]) * (1.0 - beta_2), s["v"])
    m_hat = u_next * m / (1.0 - product * u_next) + (1.0 - u) * g / (1.0 - product)
    v_hat = v / (1.0 - beta_2**t)
    step = m_hat * h["learning_rate"] / (ops.sqrt(v_hat) + h["epsilon"])
    return w - step, {"m": m, "v": v, "u_product": product}


def _adamax(w, g, s, h, t, keep):
    """Put u <- max(beta_2 u, |g|) in place of Adam's root (Kingma, Ba, section 7)."""
    m = keep(s["m"] + (g - s["m"]) * (1.0 - h["beta_1"]), s["m"])
    u = keep(ops.maximum(h["beta_2"] * s["u"], ops.abs(g)), s["u"])
    step = h["learning_rate"] * m / ((1.0 - h["beta_1"] ** t) * (u + h["epsilon"]))
    return w - step, {"m": m, "u": u}


def _lion(w, g, s, h, t, keep):
    """Take w <- w - eta sign(beta_1 m + (1 - beta_1) g) (Chen et al., 2023)."""
    beta_1, beta_2 = h["beta_1"], h["beta_2"]
    direction = ops.sign(beta_1 * s["m"] + (1.0 - beta_1) * g)
    m = keep(beta_2 * s["m"] + (1.0 - beta_2) * g, s["m"])
    return w - h["learning_rate"] * direction, {"m": m}


NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of an iteration that brings singular values to about one."""

NUM_ITERATIONS, MUON_SIZE = 5, 0.2
"""Iterations of Muon, and the root mean square that its largest steps have."""


def orthogonalized(x: Tensor) -> Tensor:
    """Return matrices `[..., n, m]` with all singular values brought to about one.

    With A = x x^T, from x over its norm, x <- a x + (b A + c A^2) x, five times. Every
    matrix has a norm of its own; one of zeros stays.
    """
    a, b, c = NEWTON_SCHULZ
    is_tall = x.shape[-2] > x.shape[-1]
    x = ops.swapaxes(x, -2, -1) if is_tall else x
    squares = ops.sum(ops.square(x), axis=(-2, -1), keepdims=True)
    x = x / (ops.sqrt(squares) + 1e-7)
    for _ in range(NUM_ITERATIONS):
        gram = x @ ops.swapaxes(x, -2, -1)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return ops.swapaxes(x, -2, -1) if is_tall else x


def _muon(w, g, s, h, t, keep):
    """Take v <- gamma v + g; w <- w - eta 0.2 sqrt(max(n, m)) O(g + gamma v).

    O makes a matrix `[n, m]` orthogonal (Jordan et al., 2024); the factor gives steps
    the size of Adam's (Liu et al., 2025). What is no matrix takes Adam's step.
    """
    v = keep(h["momentum"] * s["v"] + g, s["v"])
    size = MUON_SIZE * max(w.shape[-2:]) ** 0.5
    direction = orthogonalized(g + h["momentum"] * v)
    return w - h["learning_rate"] * size * direction, {"v": v}


def _between(w, s, h):
    """Return y = (1 - beta_1) z + beta_1 w."""
    return (1.0 - h["beta_1"]) * s["z"] + h["beta_1"] * w


def _schedule_free(config: OptimizerConfig) -> Update:
    """Take z <- z - eta g / (sqrt(v_hat) + epsilon); w <- (1 - 1/t) w + z / t.

    Schedule-free AdamW (Defazio et al., 2024): w, the mean of all z, is what is
    evaluated, and g is taken at y = (1 - beta_1) z + beta_1 w. Keras holds y as the
    weight and decays that.
    """
    decays = bool(config.weight_decay)

    def update(w, g, s, h, t, keep):
        if decays:
            share = h["learning_rate"] * h["weight_decay"] / h["beta_1"]
            w = w - share * _between(w, s, h)
        v = keep(s["v"] + (ops.square(g) - s["v"]) * (1.0 - h["beta_2"]), s["v"])
        root = ops.sqrt(v / (1.0 - h["beta_2"] ** t)) + h["epsilon"]
        z = keep(s["z"] - h["learning_rate"] * g / root, s["z"])
        return w + (z - w) / t, {"z": z, "v": v}

    return update


def rule(config: OptimizerConfig, rank: int) -> Rule:
    """Return the update rule of an optimizer; its numbers come with each call.

    Args:
        config: The optimizer.
        rank: Number of axes of the weight within a run, 2 for a kernel.
    """
    if config.name in ("adam", "adamw"):
        extra = ("v_max",) if config.amsgrad else ()
        forms = (config.amsgrad, config.bias_correction, config.epsilon_corrected)
        return Rule(("m", "v", *extra), _adam(*map(bool, forms)))
    if config.name == "muon":
        is_matrix = rank == 2
        return (
            Rule(("v",), _muon)
            if is_matrix
            else Rule(("m", "v"), _adam(False, True, False))
        )
    if config.name == "rmsprop":
        extra = ("mean",) if config.centered else ()
        return Rule(("r", "v", *extra), _rmsprop(config))
    return {
        "sgd": Rule((), _sgd),
        "momentum": Rule(("v",), _momentum),
        "nesterov": Rule(("v",), _nesterov),
        "adagrad": Rule(("r",), _adagrad(config)),
        "adadelta": Rule(("r", "d"), _adadelta),
        "nadam": Rule(("m", "v"), _nadam, run_slots=("u_product",)),
        "adamax": Rule(("m", "u"), _adamax),
        "lion": Rule(("m",), _lion),
        "schedule_free_adamw": Rule(
            *(("v",), _schedule_free(config)),
            copies=("z",),
            place=_between,
            decays=True,
        ),
    }[config.name]


def initial_slots(
    config: OptimizerConfig,
    weights: list[np.ndarray],
    hyperparameters: dict[str, np.ndarray],
    axes: Sequence[int] | None = None,
) -> list[dict[str, np.ndarray]]:
    """Return the optimizer state before the first update, one dict per weight.

    Args:
        config: The optimizer.
        weights: Stacked weights, each `[R, ...]`.
        hyperparameters: Numbers per run `[R]`, of which AdaGrad's first accumulator
            is read.
        axes: As in `squared_norms`.
    """
    slots = []
    for weight, stay in zip(weights, axes or [1] * len(weights), strict=True):
        chosen = rule(config, weight.ndim - stay)
        per_run = (len(weight), *(1,) * (weight.ndim - 1))
        state = {name: np.zeros(weight.shape, np.float32) for name in chosen.slots}
        state |= {name: np.ones(per_run, np.float32) for name in chosen.run_slots}
        state |= {name: weight.astype(np.float32) for name in chosen.copies}
        if config.name == "adagrad":
            state["r"] += hyperparameters["initial_accumulator"].reshape(per_run)
        slots.append(state)
    return slots


def scheduled_rate(h: Numbers, k: Tensor) -> Tensor:
    """Return the learning rate `[R]` of update k = 0, 1, ... of every run.

    The schedules are those of `ScheduleConfig`; each run carries the number of its own.
    Without such numbers all rates are constant.
    """
    if "schedule" not in h:
        return h["learning_rate"]
    start, end, factor = h["learning_rate"], h["final_learning_rate"], h["factor"]
    periods = k / h["decay_steps"]
    share = ops.minimum(periods, 1.0)
    rates = {
        "constant": start,
        "linear": (1.0 - share) * start + share * end,
        "cosine": end + 0.5 * (start - end) * (1.0 + ops.cos(np.pi * share)),
        "step": start * factor ** ops.floor(periods),
        "exponential": start * factor**periods,
    }
    rate = rates["constant"]
    for code, name in enumerate(SCHEDULES):
        rate = ops.where(ops.equal(h["schedule"], float(code)), rates[name], rate)
    return rate


def per_run(numbers: Tensor, like: Tensor) -> Tensor:
    """Reshape numbers `[R]` so that they broadcast against a tensor `[R, ...]`."""
    return ops.reshape(numbers, (-1, *(1,) * (len(like.shape) - 1)))


def select_runs(chosen: Tensor, new: list[Tensor], old: list[Tensor]) -> list[Tensor]:
    """Return `new` for the runs that are chosen `[R]` and `old` for the others."""
    return [ops.where(per_run(chosen, n), n, o) for n, o in zip(new, old, strict=True)]


def apply_update(
    config: OptimizerConfig,
    weights: list[Tensor],
    gradients: list[Tensor],
    slots: list[Slots],
    h: Numbers,
    k: Tensor,
    moving: Tensor | None = None,
    axes: Sequence[int] | None = None,
) -> tuple[list[Tensor], list[Slots]]:
    """Return the weights and optimizer state after update k = 0, 1, ...

    Weight decay shrinks every weight by `eta_k * weight_decay` first, as Keras does.

    Args:
        config: The optimizer.
        weights: Weights before the update, each `[R, ...]`.
        gradients: One per weight, taken at `places`.
        slots: Optimizer state, one dict per weight.
        h: Hyperparameters `[R]`.
        k: Number of updates made so far, a float.
        moving: Which runs make the update `[R]`; None for all.
        axes: As in `squared_norms`; every layer is a weight of its own.
    """
    numbers = {name: h[name] for name in ("weight_decay", *OPTIMIZERS[config.name])}
    numbers["learning_rate"] = scheduled_rate(h, k)

    def keep(new: Tensor, old: Tensor) -> Tensor:
        return new if moving is None else ops.where(per_run(moving, new), new, old)

    new_weights, new_slots = [], []
    stays = axes or [1] * len(weights)
    for w, g, s, stay in zip(weights, gradients, slots, stays, strict=True):
        chosen = rule(config, len(w.shape) - stay)
        mine = {name: per_run(number, w) for name, number in numbers.items()}
        start = w
        if config.weight_decay and not chosen.decays:
            start = w - w * mine["weight_decay"] * mine["learning_rate"]
        moved, new = chosen.update(start, g, s, mine, k + 1.0, keep)
        new_weights.append(keep(moved, w))
        new_slots.append(new)
    return new_weights, new_slots


def places(
    config: OptimizerConfig, weights: list[Tensor], slots: list[Slots], h: Numbers
) -> list[Tensor]:
    """Return where the gradients of the next update are taken, `[R, ...]` each.

    That is at the weights, unless the rule says otherwise; what is measured of a run is
    always of its weights.
    """
    place = rule(config, 1).place
    if place is None:
        return weights
    numbers = {name: h[name] for name in OPTIMIZERS[config.name]}
    return [
        place(w, s, {name: per_run(number, w) for name, number in numbers.items()})
        for w, s in zip(weights, slots, strict=True)
    ]


def squared_norms(
    tensors: list[Tensor], axes: Sequence[int] | None = None
) -> list[Tensor]:
    """Return the sum of squares of every tensor `[R, ...]` within each run `[R]`.

    Args:
        tensors: Tensors `[R, ...]`.
        axes: How many leading axes of each tensor stay; 2 for one that holds the same
            weight of several layers `[R, K, ...]`. None is 1 for all.
    """
    return [
        ops.sum(ops.square(ops.reshape(t, (*t.shape[:stay], -1))), axis=-1)
        for t, stay in zip(tensors, axes or [1] * len(tensors), strict=True)
    ]


def clip_gradients(
    gradients: list[Tensor],
    kind: str | None,
    bound: Tensor,
    axes: Sequence[int] | None = None,
) -> list[Tensor]:
    """Clip each run's gradients by entry, by tensor norm or by global norm.

    Args:
        gradients: Tensors `[R, ...]`.
        kind: `value`, `norm`, `global_norm`, or None to return them as they are.
        bound: The largest entry or norm per run `[R]`.
        axes: As in `squared_norms`; every layer has a norm of its own.
    """
    if kind is None:
        return gradients
    if kind == "value":
        return [
            ops.maximum(ops.minimum(g, per_run(bound, g)), -per_run(bound, g))
            for g in gradients
        ]
    squares = squared_norms(gradients, axes)
    if kind == "global_norm":
        per_layer = [s if len(s.shape) == 1 else ops.sum(s, axis=1) for s in squares]
        squares = [sum(per_layer)] * len(squares)
    clipped = []
    for g, square in zip(gradients, squares, strict=True):
        norm = ops.maximum(ops.sqrt(square), SMALLEST_NORM)
        factor = ops.minimum(per_run(bound, norm) / norm, 1.0)
        ones = (1,) * (len(g.shape) - len(factor.shape))
        clipped.append(g * ops.reshape(factor, (-1, *factor.shape[1:], *ones)))
    return clipped
