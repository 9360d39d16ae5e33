"""Score what a model says of some rows, and say what every row adds to the score.

`y` holds targets and `p` what a model says of them: one column per class, `[N, K]`, of
zeros and ones and of probabilities; for numbers one column, `[N, 1]`.
`w` holds the weights of the rows `[N]`, of mean 1: a row of weight 2 counts as two.
Everything is computed in double precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SMALLEST_PROBABILITY = 1e-7
"""Bound that Keras keeps between a probability and 0 or 1 before its logarithm."""

SMALLEST_VARIANCE = 1e-12
"""Stands for the variance of targets that are all the same."""


@dataclass(frozen=True)
class Scored:
    """A score of N rows.

    Attributes:
        value: The score.
        influence: What each row adds to it `[N]`, with a mean of 0. To first order in
            1 / N a score is a mean over rows of `value + influence`, so that its
            variance, or that of the difference of two scores on the same rows, is that
            of a mean.
    """

    value: float
    influence: np.ndarray


def score_rows(
    name: str,
    y: np.ndarray,
    p: np.ndarray,
    positive: int = 1,
    weights: np.ndarray | None = None,
) -> Scored:
    """Return one score of a model on N rows.

    Args:
        name: One of `SCORES`.
        y: Targets `[N, K]`.
        p: What the model says `[N, K]`.
        positive: Of two classes, the one that `average_precision` and `f1` look for.
        weights: How much each row counts `[N]`; None where all count alike.
    """
    y, p = np.asarray(y, float), np.asarray(p, float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
    return SCORES[name](y, p, w / w.mean(), positive)


def normalized(said: np.ndarray) -> np.ndarray:
    """Return probabilities `[..., K]` that sum to 1, of shares that may not."""
    shares = np.maximum(np.asarray(said, float), 0.0)
    totals = shares.sum(axis=-1, keepdims=True)
    even = np.full_like(shares, 1.0 / shares.shape[-1])
    return np.divide(shares, totals, out=even, where=totals > 0)


def rarer_class(codes: np.ndarray) -> int:
    """Return the class with the fewest rows, the last one of equals."""
    counts = np.bincount(codes)
    return len(counts) - 1 - int(counts[::-1].argmin())


def _mean(values: np.ndarray, w: np.ndarray) -> Scored:
    value = float((w * values).mean())
    return Scored(value, w * (values - value))


def _is_right(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return (y.argmax(axis=1) == p.argmax(axis=1)).astype(float)


def _accuracy(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """The share of the rows whose class has the largest probability."""
    return _mean(_is_right(y, p), w)


def _balanced_accuracy(
    y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int
) -> Scored:
    """The mean over the classes of the share of their rows that are told right."""
    codes, right = y.argmax(axis=1), _is_right(y, p)
    parts = []
    for code in np.unique(codes[w > 0]):
        mine = np.where(codes == code, w, 0.0)
        recall = float((mine * right).mean() / mine.mean())
        parts.append(Scored(recall, mine * (right - recall) / mine.mean()))
    return _mean_of(parts)


def _mean_of(parts: list[Scored]) -> Scored:
    value = float(np.mean([part.value for part in parts]))
    return Scored(value, np.mean([part.influence for part in parts], axis=0))


def _crossentropy(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """The mean of -log of the probability of the right class, in nats."""
    sure = np.clip(normalized(p), SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return _mean(-(y * np.log(sure)).sum(axis=1), w)


def _per_class(
    one: Callable[[np.ndarray, np.ndarray, np.ndarray], Scored],
    y: np.ndarray,
    p: np.ndarray,
    w: np.ndarray,
    positive: int,
    nothing: float,
) -> Scored:
    """Score a class against the rest: the positive one of two, else the mean of all.

    Classes without rows, or with all of them, are left out.
    """
    codes = y.argmax(axis=1)
    classes = range(y.shape[1]) if y.shape[1] > 2 else (positive,)
    parts = [
        one(codes == code, p[:, code], w)
        for code in classes
        if w[codes == code].any() and w[codes != code].any()
    ]
    return _mean_of(parts) if parts else Scored(nothing, np.zeros(len(codes)))


def _auc(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """The chance that a row of a class is given more of it than a row of others.

    Equal probabilities count half. 0.5 where there is nothing to compare.
    """
    return _per_class(_auc_of_class, y, p, w, positive, 0.5)


def _auc_of_class(is_mine: np.ndarray, share: np.ndarray, w: np.ndarray) -> Scored:
    placed = np.empty(len(share))
    placed[is_mine] = _share_below(share, w, ~is_mine)[is_mine]
    placed[~is_mine] = 1.0 - _share_below(share, w, is_mine)[~is_mine]
    mine = np.where(is_mine, w, 0.0).mean()
    value = float(np.where(is_mine, w * placed, 0.0).mean() / mine)
    weight = np.where(is_mine, mine, 1.0 - mine)
    return Scored(value, w * (placed - value) / weight)


def _share_below(share: np.ndarray, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return how much of some rows is below each `[N]`; equal ones count half."""
    order = np.argsort(share[rows], kind="stable")
    ranked = share[rows][order]
    total = np.concatenate([[0.0], w[rows][order].cumsum()])
    below, up_to = (total[np.searchsorted(ranked, share, s)] for s in ("left", "right"))
    return (below + up_to) / (2 * total[-1])


def _average_precision(
    y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int
) -> Scored:
    """The mean over the rows of a class of the share of it down to that row.

    Rows are ordered by the probability of the class, the largest first. 0 where there
    is nothing to find.
    """
    return _per_class(_precision_of_class, y, p, w, positive, 0.0)


def _precision_of_class(
    is_mine: np.ndarray, share: np.ndarray, w: np.ndarray
) -> Scored:
    order = np.argsort(-share, kind="stable")
    ranked, is_found, weight = share[order], is_mine[order], w[order]
    found = np.where(is_found, weight, 0.0)
    # Rows as probable as one another are found together.
    last = np.searchsorted(-ranked, -ranked, "right") - 1
    first = np.searchsorted(-ranked, -ranked, "left")
    seen = weight.cumsum()[last]
    seen = np.where(seen > 0, seen, 1.0)
    precision = found.cumsum()[last] / seen
    value = float((found * precision).mean() / found.mean())
    # What the rows from a probability down say of those above them.
    less = (found / seen)[::-1].cumsum()[::-1][first]
    lost = (found * precision / seen)[::-1].cumsum()[::-1][first]
    influence = np.empty(len(share))
    influence[order] = weight * (is_found * (precision - value + less) - lost)
    return Scored(value, influence / found.mean())


def _f1(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """2 TP / (2 TP + FP + FN) of the positive class; of more classes the mean.

    Classes that are neither there nor told are left out; 0 where that is all of them.
    """
    codes, told = y.argmax(axis=1), p.argmax(axis=1)
    classes = range(y.shape[1]) if y.shape[1] > 2 else (positive,)
    parts = []
    for code in classes:
        is_mine, is_told = codes == code, told == code
        # Rows that are rightly told count twice in both.
        both = w * 2.0 * (is_mine & is_told)
        all_of = w * (is_mine + is_told.astype(float))
        if all_of.any():
            value = float(both.sum() / all_of.sum())
            influence = (both - value * all_of) / all_of.mean()
            parts.append(Scored(value, influence))
    return _mean_of(parts) if parts else Scored(0.0, np.zeros(len(codes)))


def _rmse(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """The root of the mean squared error, in the unit of the target."""
    squares = ((y - p) ** 2).mean(axis=1)
    value = float(np.sqrt((w * squares).mean()))
    if not value:
        return Scored(0.0, np.zeros(len(y)))
    return Scored(value, w * (squares - value**2) / (2 * value))


def _mae(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """The mean absolute error, in the unit of the target."""
    return _mean(np.abs(y - p).mean(axis=1), w)


def _r2(y: np.ndarray, p: np.ndarray, w: np.ndarray, positive: int) -> Scored:
    """1 minus the squared error over the variance of these rows."""
    squares = ((y - p) ** 2).mean(axis=1)
    middle = (w[:, None] * y).mean(axis=0)
    around = ((y - middle) ** 2).mean(axis=1)
    spread, error = float((w * around).mean()), float((w * squares).mean())
    variance = max(spread, SMALLEST_VARIANCE)
    share = error / variance
    influence = w * (error - squares + share * (around - spread)) / variance
    return Scored(1.0 - share, influence)


SCORES: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, int], Scored]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "crossentropy": _crossentropy,
    "auc": _auc,
    "average_precision": _average_precision,
    "f1": _f1,
    "rmse": _rmse,
    "mae": _mae,
    "r2": _r2,
}
"""Scores by name."""
