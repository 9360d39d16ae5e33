"""Keep a distribution as the normal scores of its ranks."""

from __future__ import annotations

import numpy as np

MAX_KNOTS = 1000
"""A distribution is kept as so many of its values at most, others lie between them."""


def normal_scores(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return different values in rising order, and the normal score of each `[M]`.

    The score of a value is the quantile of the standard normal distribution at
    `(rank - 1/2) / N`, where equal values have the mean of their ranks. Of more than
    `MAX_KNOTS` different values as many are kept, evenly spread over the rows.

    Args:
        values: Numbers `[N]`, none missing.

    References:
        Hazen (1914), Storage to be provided in impounding reservoirs, has the 1/2.
    """
    from scipy.special import ndtri

    knots, counts = np.unique(values, return_counts=True)
    ends = np.cumsum(counts)
    shares = (ends - counts / 2) / len(values)
    if len(knots) > MAX_KNOTS:
        evenly = np.linspace(shares[0], shares[-1], MAX_KNOTS)
        kept = np.unique(np.searchsorted(shares, evenly).clip(0, len(knots) - 1))
        knots, shares = knots[kept], shares[kept]
    return knots, ndtri(shares)
