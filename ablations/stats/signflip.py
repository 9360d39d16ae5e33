"""The sign-flip test of paired differences, and its exact inversion.

Under the null hypothesis that the differences d_i [S] are symmetric about delta, each
d_i - delta may change its sign. Flipping the set F of signs leaves a sum at least as
large as the observed one exactly when sum_F (d_i - delta) <= 0, which is when the mean
of d over F is at most delta. So the p-value, as a function of delta, is a count of
subset means, and the interval consists of two of their order statistics: no search.

Each flip F comes with its complement, which gives the other tail. Up to 16 pairs all
2^(S-1) such couples are enumerated; beyond, 100,000 are drawn, and the observed signs
count as one more, which keeps the test valid (p is never 0).

References:
    Hartigan (1969), Using subsample values as typical values.
    Phipson and Smyth (2010), Permutation p-values should never be zero.
"""

import math
from dataclasses import dataclass

import numpy as np

from ablations.stats.estimate import check_alternative, check_confidence

MAX_ENUMERATED = 16
NUM_DRAWS = 100_000
# Sums closer to zero than this share of the largest difference are ties: 0.3 - 0.2
# and 0.2 - 0.1 differ in the last bit, and must not count as different.
TIE = 1e-10

_WORD = 16


@dataclass(frozen=True)
class SignFlips:
    """The critical values of the sign-flip test of one sample.

    Attributes:
        center: Observed mean (or ratio of means), where p = 1.
        lower: For each couple of flips, the smaller of its two critical values [C].
        upper: The larger [C].
        total: Number of couples, the observed signs included: C + 1.
        tie: Distance below which two values are one.
    """

    center: float
    lower: np.ndarray
    upper: np.ndarray
    total: int
    tie: float

    def p_value(self, null: float, alternative: str = "two-sided") -> float:
        """Compute the p-value of the hypothesis that the center is `null`.

        "greater" asks whether the center is above `null`. Ties count as extreme.
        """
        check_alternative(alternative)
        if alternative == "two-sided":
            if abs(null - self.center) <= self.tie:
                return 1.0
            if null < self.center:
                extreme = np.count_nonzero(self.lower <= null + self.tie)
            else:
                extreme = np.count_nonzero(self.upper >= null - self.tie)
            return (1 + int(extreme)) / self.total
        points = np.concatenate([self.lower, self.upper, [self.center]])
        if alternative == "greater":
            extreme = np.count_nonzero(points <= null + self.tie)
        else:
            extreme = np.count_nonzero(points >= null - self.tie)
        return (1 + int(extreme)) / (2 * self.total)

    def interval(self, confidence: float) -> tuple[float, float]:
        """Collect every null hypothesis with a two-sided p above 1 - confidence.

        Both ends are infinite if no p-value can be as small as 1 - confidence.
        """
        check_confidence(confidence)
        # 1 - 0.9 is a little less than a tenth: do not let that move the count.
        rank = math.floor((1 - confidence) * self.total + 1e-9)
        if rank == 0:
            return -math.inf, math.inf
        low = np.partition(self.lower, rank - 1)[rank - 1]
        high = np.partition(self.upper, self.total - 1 - rank)[self.total - 1 - rank]
        return float(low), float(high)


class Flips:
    """Choose the sets of signs to flip, and add up any column over them.

    The same sets serve every column, so that both parts of a ratio are flipped alike.
    Memory: 2 bytes per draw and 16 pairs.
    """

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        """Enumerate the sets of `n` pairs, or draw them with the generator `rng`."""
        self.n = n
        if n <= MAX_ENUMERATED:
            # The last sign stays, so that each couple appears once; the first set,
            # which is empty, is the observed one.
            self.words = np.arange(1, 2 ** max(n - 1, 0), dtype=np.uint16)[None]
        else:
            num_words = -(-n // _WORD)
            words = rng.integers(0, 2**_WORD, (num_words, NUM_DRAWS), dtype=np.uint16)
            words[-1] &= np.uint16(2 ** (n - _WORD * (num_words - 1)) - 1)
            self.words = words
        self.total = self.words.shape[1] + 1

    def sums(self, column: np.ndarray) -> np.ndarray:
        """Add up `column` [S] over each set -> [C]."""
        result = np.zeros(self.words.shape[1])
        for word, start in zip(self.words, range(0, self.n, _WORD), strict=True):
            table = _subset_sums(column[start : start + _WORD])
            result += table[word]
        return result

    def sizes(self) -> np.ndarray:
        """Count the members of each set -> [C]."""
        result = np.zeros(self.words.shape[1], dtype=np.int64)
        for word in self.words:
            result += np.bitwise_count(word)
        return result


def _subset_sums(values: np.ndarray) -> np.ndarray:
    """Sum every subset: entry b adds the values whose bit is set in b -> [2^k]."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums


def flip_mean(differences: np.ndarray, rng: np.random.Generator) -> SignFlips:
    """Prepare the sign-flip test of the mean of `differences` [S], S >= 1.

    The result depends on the differences as a set, and mirrors exactly when they all
    change sign: they are sorted, in the one of the two directions that sorts last.
    """
    values = np.sort(differences)
    mirrored = -values[::-1]
    mirror = _sorts_before(values, mirrored)
    flips = _flip_values(mirrored if mirror else values, rng)
    if not mirror:
        return flips
    return SignFlips(-flips.center, -flips.upper, -flips.lower, flips.total, flips.tie)


def _flip_values(values: np.ndarray, rng: np.random.Generator) -> SignFlips:
    flips = Flips(values.size, rng)
    tie = TIE * float(np.abs(values).max())
    flipped = flips.sums(values)
    kept = float(values.sum()) - flipped
    size = flips.sizes()
    return SignFlips(
        float(values.mean()),
        *_order(
            _critical(flipped, size, tie, empty=-math.inf),
            _critical(kept, values.size - size, tie, empty=math.inf),
        ),
        flips.total,
        tie,
    )


def flip_ratio(
    numerators: np.ndarray, denominators: np.ndarray, rng: np.random.Generator
) -> SignFlips:
    """Prepare the sign-flip test of sum(numerators) / sum(denominators), both [S].

    The hypothesis of ratio r is that a_i - r b_i is symmetric about zero; with a_i and
    b_i positive its critical values are the ratios of subset sums. As for the mean, the
    order of the pairs plays no role, and swapping the arms inverts the result.
    """
    pairs = _sort_pairs(numerators, denominators)
    swapped = _sort_pairs(denominators, numerators)
    if not _sorts_before(pairs.ravel(), swapped.ravel()):
        return _flip_pairs(pairs[0], pairs[1], rng)
    flips = _flip_pairs(swapped[0], swapped[1], rng)
    with np.errstate(divide="ignore"):
        lower, upper = 1 / flips.upper, 1 / flips.lower
    center = 1 / flips.center
    return SignFlips(center, lower, upper, flips.total, TIE * center)


def _flip_pairs(
    numerators: np.ndarray, denominators: np.ndarray, rng: np.random.Generator
) -> SignFlips:
    flips = Flips(numerators.size, rng)
    top, bottom = flips.sums(numerators), flips.sums(denominators)
    all_top, all_bottom = float(numerators.sum()), float(denominators.sum())
    sizes = flips.sizes()
    empty, full = sizes == 0, sizes == numerators.size
    flipped = np.where(empty, 0.0, top / np.where(empty, 1.0, bottom))
    kept_bottom = np.where(full, 1.0, all_bottom - bottom)
    kept = np.where(full, math.inf, (all_top - top) / kept_bottom)
    center = all_top / all_bottom
    return SignFlips(center, *_order(flipped, kept), flips.total, TIE * center)


def _sort_pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    order = np.lexsort((second, first))
    return np.stack([first[order], second[order]])


def _critical(
    sums: np.ndarray, sizes: np.ndarray, tie: float, *, empty: float
) -> np.ndarray:
    """Divide sums by sizes; a sum within `tie` of zero is zero, no size is `empty`."""
    sums = np.where(np.abs(sums) <= tie, 0.0, sums)
    return np.where(sizes == 0, empty, sums / np.maximum(sizes, 1))


def _order(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.minimum(first, second), np.maximum(first, second)


def _sorts_before(first: np.ndarray, second: np.ndarray) -> bool:
    different = np.flatnonzero(first != second)
    return different.size > 0 and bool(first[different[0]] < second[different[0]])
