"""Measure what AdaGrad does for weights whose feature few rows show.

A linear unit learns three weights of one; a row shows one feature, in 90, 9 and 1 % of
rows, and its target has noise. Updates see single rows.
"""

from __future__ import annotations

import numpy as np

from ablations.measures.landscapes.descent import PRINTED
from ablations.measures.landscapes.sampling import NOISE, SHARES
from ablations.measures.quantities import Quantities, by_name

UPDATES, NUM_UNITS = 1000, 100
SEARCHED = np.geomspace(1e-3, 10.0, 33)
"""Rates among which each rule takes its best."""

LARGE = 1e6
"""A squared error from which on a rate counts as having failed."""


def learn(rule: str, rates: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Train units at rates `[n]`, all on the same rows.

    Returns:
        `error`, the mean squared error of each weight `[n, 3]`, and `step`, the mean
        rate of the last hundred updates for each weight `[n, 3]`: update over gradient,
        where there is one.
    """
    rng = np.random.default_rng(seed)
    places = rng.choice(len(SHARES), (UPDATES, NUM_UNITS), p=SHARES)
    noise = NOISE * rng.standard_normal((UPDATES, NUM_UNITS))
    w = np.zeros((len(rates), NUM_UNITS, len(SHARES)))
    memory, steps, counts = {}, np.zeros((len(rates), len(SHARES))), 0.0
    for t in range(UPDATES):
        shown = np.arange(len(SHARES)) == places[t][:, None]
        gradient = shown * (w - 1.0 - noise[t][:, None])
        with np.errstate(all="ignore"):
            update, memory = PRINTED[rule](memory, gradient, rates[:, None, None])
            w = np.clip(w - update, -LARGE, LARGE)
            if t >= UPDATES - 100:
                own = np.where(shown, update / np.where(shown, gradient, 1.0), 0.0)
                steps, counts = steps + own.sum(axis=1), counts + shown.sum(axis=0)
    return {
        "error": np.mean((w - 1.0) ** 2, axis=1),
        "step": steps / np.maximum(counts, 1.0),
    }


def rare_weights() -> Quantities:
    """Compare AdaGrad with SGD, each at the rate whose loss is smallest.

    `rate` is that of the rare weight over that of the frequent one at the end; `rare`
    and `loss` are AdaGrad's error over SGD's, of the rare weight and of rows.
    """
    found = {rule: learn(rule, SEARCHED) for rule in ("sgd", "adagrad")}
    at = {rule: (each["error"] @ SHARES).argmin() for rule, each in found.items()}
    error = {rule: found[rule]["error"][at[rule]] for rule in found}
    step = {rule: found[rule]["step"][at[rule]] for rule in found}
    return {
        **{f"rate_of_{rule}": step[rule][-1] / step[rule][0] for rule in found},
        "rare_error_of_adagrad_over_sgd": error["adagrad"][-1] / error["sgd"][-1],
        "loss_of_adagrad_over_sgd": error["adagrad"] @ SHARES / (error["sgd"] @ SHARES),
        "root_of_the_ratio_of_shares": np.sqrt(SHARES[0] / SHARES[-1]),
    }


MEASURES = by_name(rare_weights)
"""Measurements by name."""
