"""How many runs or seeds a statement about success rates needs to be decided."""

import math

import numpy as np
from scipy import special

from ablations.stats.estimate import check_confidence
from ablations.stats.power import check_power, smallest_sufficient
from ablations.stats.proportions import newcombe_limits

MAX_NUM_RUNS = 2_000


def power_of_rate(
    rate: float, bound: float, n: int, *, confidence: float = 0.95
) -> float:
    """Compute the chance that a two-sided Clopper-Pearson interval excludes a bound.

    Exact, by binomial sums, on the side of the bound where `rate` lies. It saw-tooths
    in n. No runs: 0.
    """
    check_confidence(confidence)
    _check_rate("rate", rate)
    _check_rate("bound", bound)
    if n == 0:
        return 0.0
    if rate < bound:
        rate, bound = 1 - rate, 1 - bound
    successes = np.arange(1, n + 1)
    tails = special.betainc(successes, n - successes + 1, bound)
    excluded = successes[tails <= (1 - confidence) / 2]
    if excluded.size == 0:
        return 0.0
    return float(special.betainc(excluded[0], n - excluded[0] + 1, rate))


def power_of_paired_rates(
    treatment: float,
    control: float,
    n: int,
    *,
    margin: float = 0.0,
    confidence: float = 0.95,
) -> float:
    """Compute the chance to distinguish the difference of two rates from a margin.

    Without a margin: the exact McNemar test, summed over the number of discordant
    pairs, Binomial(n, p (1 - q) + q (1 - p)). With one: Newcombe's interval for
    independent arms, a double binomial sum. Both take the outcomes of a seed as
    independent between the arms: the cautious case, since seeds that help both arms
    leave fewer discordant pairs. On the side of the margin where the true
    difference lies. No pairs: 0.
    """
    check_confidence(confidence)
    _check_rate("treatment", treatment)
    _check_rate("control", control)
    if treatment - control < margin:
        treatment, control, margin = control, treatment, -margin
    if n == 0:
        return 0.0
    if margin == 0:
        return _power_of_mcnemar(treatment, control, n, confidence)
    counts = np.arange(n + 1)
    low, _ = newcombe_limits(counts[:, None], n, counts[None, :], n, confidence)
    chances = _binomial_chances(n, treatment)[:, None] * _binomial_chances(n, control)
    return float(chances[low > margin].sum())


def _power_of_mcnemar(
    treatment: float, control: float, n: int, confidence: float
) -> float:
    wins, losses = treatment * (1 - control), control * (1 - treatment)
    if wins + losses == 0:
        return 0.0
    counts = np.arange(n + 1)
    lost = np.arange(n // 2 + 1)[:, None]
    # Of m discordant pairs, up to limit[m] may be lost: 2 P(X <= limit) <= level.
    tails = np.where(2 * lost <= counts, 2 * special.bdtr(lost, counts, 0.5), np.inf)
    limit = (tails <= (1 - confidence) * (1 + 1e-9)).sum(axis=0) - 1
    possible = limit >= 0
    hit = special.bdtr(limit[possible], counts[possible], losses / (wins + losses))
    return float(_binomial_chances(n, wins + losses)[possible] @ hit)


def seeds_for_paired_rates(
    treatment: float,
    control: float,
    *,
    margin: float = 0.0,
    power: float = 0.8,
    confidence: float = 0.95,
) -> int | None:
    """Compute how many seeds distinguish the difference of two rates from a margin.

    By bisection on `power_of_paired_rates`, which rises with n but for small steps
    back. None if it takes more than 2,000 seeds, as for a difference at the margin.
    """
    check_power(power)
    if math.isclose(treatment - control, margin, abs_tol=1e-12):
        return None

    def reaches(n: int) -> bool:
        reached = power_of_paired_rates(
            treatment, control, n, margin=margin, confidence=confidence
        )
        return reached >= power

    return smallest_sufficient(reaches, 1, MAX_NUM_RUNS)


def _binomial_chances(n: int, rate: float) -> np.ndarray:
    counts = np.arange(n + 1)
    return np.diff(special.bdtr(counts, n, rate), prepend=0.0)


def _check_rate(name: str, rate: float) -> None:
    if not 0 <= rate <= 1:
        raise ValueError(f"`{name}` must lie between 0 and 1. Received: {rate}.")
