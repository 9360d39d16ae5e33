"""Count false verdicts on arms that are alike, and on truths that sit on the margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.judging.judge import judge
from ablations.judging.kind import all_kinds
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate, TimeToTarget
from ablations.selfcheck.batched import mean_words
from ablations.selfcheck.decisions import (
    compare,
    compare_shares,
    decide_share,
    equate,
    equate_shares,
    time_ratio,
)
from ablations.selfcheck.kinds import EDGE, PAIR, A, Way, ways
from ablations.selfcheck.noise import SYNTHETIC, Bank, Noise, collapsing, normal
from ablations.selfcheck.row import ENOUGH_DRAWS, Row, most_false, share
from ablations.selfcheck.synthetic import (
    BUDGET,
    SUCCESS,
    VALUE,
    case_of,
    drawn_arm,
    make_claim,
)
from ablations.stats.multiple import simultaneous_confidence

NUM_SEEDS = (6, 10, 20, 30)
NUM_REJUDGED = 3
"""Draws per cell that are judged again by the judging function itself."""

NUM_ARMS = 20
"""Arms of a family."""

EFFECT, RATIO = 0.5, 1.5
"""True difference of means, and true ratio of times, where there is one."""

Decide = Callable[[Way, np.ndarray], np.ndarray]


def fast(way: Way, scores: np.ndarray) -> np.ndarray:
    """Decide draws `[B, arms, n]` as judging does."""
    return way.words(scores)


@dataclass
class Tally:
    """Count what a check has seen: the largest share, and words that differ.

    Attributes:
        worst: The largest share of false verdicts of any cell.
        where: The cell it was in.
        num_rejudged: Draws that were judged again.
        num_unlike: Those whose word was another one.
    """

    worst: float = 0.0
    where: str = "everywhere"
    num_rejudged: int = 0
    num_unlike: int = 0

    def count(self, way: Way, scores: np.ndarray, words: np.ndarray, cell: str) -> None:
        """Count a cell, and judge some of its draws again."""
        self.add(float(np.isin(words, way.false).mean()), cell)
        decided = np.flatnonzero(np.isin(words, ("holds", "fails")))
        num_each = NUM_REJUDGED if len(words) >= ENOUGH_DRAWS else 1
        rows = np.unique([*range(num_each), *decided[:num_each]])
        self.num_rejudged += len(rows)
        self.num_unlike += sum(
            _decision(way.judged(scores[i])) != _decision(words[i]) for i in rows
        )

    def add(self, rate: float, cell: str) -> None:
        """Remember the share of a cell if it is the largest."""
        if rate > self.worst:
            self.worst, self.where = rate, cell

    def row(self, check: str, num_draws: int) -> Row:
        """Return the line of the table."""
        most = most_false(num_draws)
        again = ""
        if self.num_rejudged:
            alike = self.num_rejudged - self.num_unlike
            again = f"; {alike} of {self.num_rejudged} judged again alike"
        return Row(
            check,
            f"at most {share(most)} false",
            f"{share(self.worst)} ({self.where}) in {num_draws:,} draws{again}",
            self.worst <= most and not self.num_unlike,
        )


def _decision(word: str) -> str:
    """Return what a word decides; whether more seeds could is another question."""
    return word if word in ("holds", "fails") else "neither"


def check_kinds(
    num_draws: int,
    sources: Sequence[Noise] = SYNTHETIC,
    decide: Decide = fast,
    only: Sequence[str] | None = None,
) -> list[Row]:
    """Judge arms that are alike, for every kind of prediction there is.

    Args:
        num_draws: Draws per kind, distribution and number of seeds.
        sources: What scores are drawn as.
        decide: How draws are decided.
        only: Kinds to check; None takes all.
    """
    rows = []
    for kind in all_kinds():
        if only is not None and kind not in only:
            continue
        rng = np.random.default_rng(0)
        tally = Tally()
        found = False
        for noise in sources:
            for way in ways(noise.rate)[kind]:
                found = True
                for n in NUM_SEEDS:
                    shape = (num_draws, max(len(way.arms), 1), n)
                    scores = noise.draw(way.data, rng, shape)
                    words = decide(way, scores)
                    tally.count(way, scores, words, f"{way.name}, {noise.name}, n={n}")
        rows.append(
            _row_of_kind(f"A/A on drawn noise, {kind}", tally, num_draws, found)
        )
    return rows


def check_bank(
    bank: Bank,
    num_draws: int,
    decide: Decide = fast,
    only: Sequence[str] | None = None,
    num_seeds: Sequence[int] = (10, 20),
) -> list[Row]:
    """Judge disjoint sets of real runs of one configuration against each other."""
    rows = []
    successes = float(bank.successes.mean())
    for kind in all_kinds():
        if only is not None and kind not in only:
            continue
        rng = np.random.default_rng(1)
        tally = Tally()
        found = False
        for way in ways(successes)[kind]:
            found = True
            for n in num_seeds:
                shape = (num_draws, max(len(way.arms), 1), n)
                scores = bank.draw(way.data, rng, shape)
                tally.count(way, scores, decide(way, scores), f"{way.name}, n={n}")
        check = f"A/A on {len(bank.scores):,} real runs, {kind}"
        rows.append(_row_of_kind(check, tally, num_draws, found))
    return rows


def _row_of_kind(check: str, tally: Tally, num_draws: int, found: bool) -> Row:
    if not found:
        return Row(check, "every kind is checked", "no way to check it", False)
    return tally.row(check, num_draws)


Adjust = Callable[[int], float]


def check_family(
    num_draws: int, adjust: Adjust = simultaneous_confidence, n: int = 20
) -> Row:
    """Compare 20 arms that are alike with one control, and count any false verdict.

    Holm's procedure rejects something exactly when its first step does, at the level
    divided by the number of arms; some families are judged as a claim's are.

    Args:
        num_draws: Number of families.
        adjust: From the number of arms to the confidence of the first step.
        n: Number of seeds.
    """
    rng = np.random.default_rng(2)
    arms = rng.normal(size=(num_draws, NUM_ARMS, n))
    controls = rng.normal(size=(num_draws, 1, n))
    words = mean_words(
        (arms - controls).reshape(-1, n),
        0.0,
        upwards=True,
        confidence=adjust(NUM_ARMS),
    ).reshape(num_draws, NUM_ARMS)
    wrong = (words != "undecided").any(axis=1)
    tally = Tally(float(wrong.mean()), f"{NUM_ARMS} arms, n={n}")
    num_each = NUM_REJUDGED if num_draws >= ENOUGH_DRAWS else 1
    for row in (*range(num_each), *np.flatnonzero(wrong)[:num_each]):
        tally.num_rejudged += 1
        tally.num_unlike += (
            _family_is_decided(arms[row], controls[row, 0]) != wrong[row]
        )
    return tally.row("family-wise, 20 arms against one control", num_draws)


def _family_is_decided(arms: np.ndarray, control: np.ndarray) -> bool:
    """Return whether a claim whose family these arms `[arms, n]` are has any word."""
    predictions = [
        Comparison(
            key=f"arm{place}",
            label=f"arm {place}",
            treatment=drawn_arm(f"t{place}"),
            control=drawn_arm("control"),
            score=VALUE,
            margin=0,
            family=True,
        )
        for place in range(len(arms))
    ]
    claim = make_claim(*predictions).claim
    scores = {f"t{place}": values for place, values in enumerate(arms)}
    case = case_of(claim, scores | {"control": control}, arms.shape[1])
    words = [judge(prediction, case).outcome for prediction in predictions]
    return bool(np.isin(words, ("holds", "fails")).any())


Draw = Callable[[np.random.Generator, int, int], np.ndarray]


@dataclass(frozen=True)
class Truth:
    """A way to be judged whose truth sits exactly on its bound.

    Attributes:
        way: The way.
        draw: From a generator, the number of draws and that of seeds to draws
            `[B, arms, n]`.
    """

    way: Way
    draw: Draw


def _shifted(noise: Noise) -> Draw:
    def draw(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
        return noise.values(rng, (size, 2, n)) + np.array([EFFECT, 0.0])[:, None]

    return draw


def _successes(*rates: float) -> Draw:
    def draw(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
        return (rng.random((size, len(rates), n)) < np.array(rates)[:, None]) * 1.0

    return draw


def _times(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    logs = 0.4 * np.clip(rng.normal(size=(size, 2, n)), -4.0, 4.0)
    return 20.0 * np.exp(logs) * np.array([RATIO, 1.0])[:, None]


def _truths() -> dict[str, list[Truth]]:
    """Return truths by what is estimated."""
    mean = Comparison(**PAIR, score=VALUE, margin=EFFECT)
    of_shares = Comparison(**PAIR, score=SUCCESS, margin=0.3)
    ratio = TimeToTarget(
        **PAIR, score=SUCCESS, budget=BUDGET, margin=RATIO - 1.0, direction="greater"
    )
    rates = {
        rate: SuccessRate(**EDGE, arm=A, score=SUCCESS, bound=rate)
        for rate in (0.5, 0.8, 0.95)
    }
    against = Way("80 against 50 %", of_shares, "success", compare_shares)
    return {
        "mean difference": [
            Truth(Way(noise.name, mean, "score", compare), _shifted(noise))
            for noise in SYNTHETIC
        ],
        "difference of shares": [Truth(against, _successes(0.8, 0.5))],
        "share of successes": [
            Truth(Way(share(rate), often, "success", decide_share), _successes(rate))
            for rate, often in rates.items()
        ],
        "ratio of times": [Truth(Way("1.5 times", ratio, "time", time_ratio), _times)],
    }


def check_coverage(num_draws: int, decide: Decide = fast) -> list[Row]:
    """Count how often intervals hold the truth, for effects that are not zero."""
    rows = []
    for name, members in _truths().items():
        rng = np.random.default_rng(3)
        tally = Tally()
        for truth in members:
            for n in (10, 20, 30):
                scores = truth.draw(rng, num_draws, n)
                words = decide(truth.way, scores)
                missed = float(np.isin(words, ("holds", "fails")).mean())
                tally.add(missed, f"{truth.way.name}, n={n}")
        least = 1.0 - most_false(num_draws)
        rows.append(
            Row(
                f"coverage of 95 % intervals, {name}",
                f"at least {share(least)}",
                f"{share(1 - tally.worst)} ({tally.where}) in {num_draws:,} draws",
                1 - tally.worst >= least,
            )
        )
    return rows


def check_equivalence(num_draws: int, decide: Decide = fast) -> list[Row]:
    """Count equivalences found where the true difference equals the margin."""
    near = Equivalence(**PAIR, score=VALUE, margin=EFFECT)
    near_shares = Equivalence(**PAIR, score=SUCCESS, margin=0.1)
    means = Way("means", near, "score", equate, ("holds",))
    shares = Way("shares", near_shares, "success", equate_shares, ("holds",))
    rows = []
    for way in (means, shares):
        rng = np.random.default_rng(4)
        tally = Tally()
        for n in (10, 20, 30, 300) if way is shares else (10, 20, 30):
            for source in (normal, collapsing) if way is means else (normal,):
                if way is means:
                    # Differences whose spread is small enough for equivalence.
                    noise = source(rng, (num_draws, 2, n)) * 0.3
                    scores = noise + np.array([EFFECT, 0.0])[:, None]
                else:
                    rates = np.array([0.6, 0.5])[:, None]
                    scores = (rng.random((num_draws, 2, n)) < rates) * 1.0
                words = decide(way, scores)
                tally.count(way, scores, words, f"{source.__name__}, n={n}")
        check = f"false equivalence at the margin, {way.name}"
        rows.append(tally.row(check, num_draws))
    return rows
