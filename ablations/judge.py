"""Judge one prediction: does it hold, fail, or can these data not tell?

Each kind of prediction has one function from evidence to an `Outcome`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from ablations.claim import Claim
from ablations.evidence import Evidence, score
from ablations.prediction import (
    Agreement,
    Comparison,
    ExactCheck,
    Prediction,
    ScoreConfig,
    SuccessRate,
    Trend,
)
from ablations.stats.estimate import Estimate
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.paired import paired_mean_difference, smallest_num_pairs
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.power import seeds_to_decide
from ablations.stats.proportions import clopper_pearson, wilson
from ablations.stats.rate_power import runs_for_rate

CONFIDENCE = 0.95
SMALLEST_NUM_RUNS = 10
"""Fewest seeds that may judge anything but an exact check."""

Word = Literal["holds", "fails", "undecided", "untested"]


@dataclass(frozen=True)
class Outcome:
    """Say what became of one prediction, with the numbers that say so.

    Attributes:
        label: The prediction's label.
        kind: Its kind.
        outcome: The word.
        text: One sentence with the numbers.
        estimate: Share, difference or measured number; None where there is none.
        low: Lower end of the 95 % interval.
        high: Upper end.
        unit: What the numbers count.
        n: Number of seeds, or of entries checked.
        bound: The number that separates holding from failing.
        direction: On which side of the bound the prediction holds.
        p: Probability of data like these if the arms were equal, where tested.
        confidence: Coverage of the interval.
        rule: The rule as the claim states it.
        reason: Why it is undecided or untested.
        details: Further numbers for figures and tables.
    """

    label: str
    kind: str
    outcome: Word
    text: str
    rule: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    bound: float | None = None
    direction: str = ""
    p: float | None = None
    confidence: float | None = None
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Return plain data, infinities as None."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


@dataclass(frozen=True)
class Case:
    """Hold what a judging function reads.

    Attributes:
        claim: The claim.
        evidence: Its runs.
        preset: Says how many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
    """

    claim: Claim
    evidence: Evidence
    preset: str
    num_seeds: int | None = None

    def seeds_of(self, arm: str) -> int:
        """Return how many seeds judge an arm."""
        return self.claim.num_seeds(arm, self.preset, self.num_seeds)

    def scores(
        self, arms: Sequence[tuple[str, ScoreConfig]]
    ) -> tuple[list[np.ndarray], str]:
        """Return scores on the seeds that all arms have `[S]` each, or a reason."""
        tables = []
        for name, _ in arms:
            arm = self.claim.arms[name]
            choice = self.evidence.choice(arm)
            if choice is None:
                return [], f"The tuning runs of {name} are missing."
            if choice.at_edge:
                return [], (
                    f"The best learning rate of {name}, {choice.learning_rate:g}, lies"
                    " at the edge of its grid."
                )
            wanted = self.seeds_of(name)
            table = self.evidence.runs(choice.config, wanted)
            if len(table) < wanted:
                return [], (
                    f"Only {len(table):,} of {wanted:,} runs of {name} are there."
                )
            tables.append(table)
        num_pairs = min(len(table) for table in tables)
        if num_pairs < SMALLEST_NUM_RUNS:
            return [], f"{num_pairs} seeds are too few; it takes {SMALLEST_NUM_RUNS}."
        shared = tables[0].seeds
        for table in tables[1:]:
            shared = np.intersect1d(shared, table.seeds)
        if len(shared) < num_pairs:
            return [], "The arms were not run on the same seeds."
        picked = [t.select(np.isin(t.seeds, shared)) for t in tables]
        return [
            score(table, config)
            for table, (_, config) in zip(picked, arms, strict=True)
        ], ""


def judge(prediction: Prediction, case: Case) -> Outcome:
    """Return what became of a prediction."""
    function = {
        "exact": _judge_exact,
        "success_rate": _judge_success_rate,
        "agreement": _judge_agreement,
        "comparison": _judge_comparison,
        "trend": _judge_trend,
    }[prediction.kind]
    return function(prediction, case)


def _untested(prediction: Prediction, reason: str) -> Outcome:
    return Outcome(
        prediction.label,
        prediction.kind,
        "untested",
        f"{prediction.label}: not tested. {reason}",
        prediction.rule(),
        reason=reason,
    )


def _side(low: float, high: float, bound: float, upwards: bool) -> Word:
    """Say on which side of the bound an interval lies."""
    if upwards:
        return "holds" if low >= bound else "fails" if high < bound else "undecided"
    return "holds" if high <= bound else "fails" if low > bound else "undecided"


# --- exact checks ------------------------------------------------------------------


def _judge_exact(check: ExactCheck, case: Case) -> Outcome:
    numbers = case.evidence.measurement(check.measurement)
    if numbers is None:
        return _untested(check, f"The measurement {check.measurement} was not made.")
    if check.quantity not in numbers:
        return _untested(check, f"{check.measurement} gives no {check.quantity}.")
    values = np.ravel(np.asarray(numbers[check.quantity], np.float64))
    gaps = values - check.expected
    wrong = {
        "equal": np.abs(gaps),
        "at_least": np.maximum(-gaps, 0.0),
        "at_most": np.maximum(gaps, 0.0),
    }[check.relation]
    # A NaN agrees with nothing.
    agrees = bool(len(values)) and bool(np.all(wrong <= check.tolerance))
    worst = (
        int(np.argmax(np.where(np.isnan(wrong), np.inf, wrong))) if len(wrong) else 0
    )
    measured = float(values[worst]) if len(values) else math.nan
    words = {"equal": "", "at_least": "at least ", "at_most": "at most "}
    among = f" (the farthest of {len(values):,})" if len(values) > 1 else ""
    return Outcome(
        check.label,
        check.kind,
        "holds" if agrees else "fails",
        f"{check.label}: {_number(measured)}{among}, where the statement implies"
        f" {words[check.relation]}{_number(check.expected)}",
        check.rule(),
        estimate=measured,
        low=measured,
        high=measured,
        unit=check.quantity.replace("_", " "),
        n=len(values),
        bound=check.expected,
        direction=check.relation,
        details={"tolerance": check.tolerance},
    )


# --- shares of runs ----------------------------------------------------------------


def _share(
    prediction: SuccessRate | Agreement,
    successes: np.ndarray,
    *,
    upwards: bool,
    what: str,
) -> Outcome:
    n, k = len(successes), int(successes.sum())
    exact, shown = clopper_pearson(k, n, confidence=CONFIDENCE), wilson(k, n)
    word = _side(exact.low, exact.high, prediction.bound, upwards)
    relation = "at least" if upwards else "at most"
    reason = ""
    if word == "undecided":
        needed = runs_for_rate(exact.estimate, prediction.bound)
        reason = _more_seeds(prediction.label, n, needed)
    return Outcome(
        prediction.label,
        prediction.kind,
        word,
        f"{prediction.label}: {_percent(exact.estimate)}"
        f" [{_percent(exact.low)}, {_percent(exact.high)}] of {n:,} {what}, where the"
        f" statement implies {relation} {_percent(prediction.bound)}",
        prediction.rule(),
        estimate=exact.estimate,
        low=exact.low,
        high=exact.high,
        unit="share of runs",
        n=n,
        bound=prediction.bound,
        direction="at_least" if upwards else "at_most",
        confidence=CONFIDENCE,
        reason=reason,
        details={
            "successes": k,
            "wilson_low": shown.low,
            "wilson_high": shown.high,
        },
    )


def _judge_success_rate(rate: SuccessRate, case: Case) -> Outcome:
    wanted = [(rate.arm, rate.score)]
    if rate.among is not None:
        wanted.append((rate.arm, rate.among))
    scores, reason = case.scores(wanted)
    if reason:
        return _untested(rate, reason)
    successes, what = scores[0], f"runs {rate.score.words}"
    if rate.among is not None:
        successes = successes[scores[1] == 1.0]
        what = f"runs that {rate.among.words} {rate.score.words}"
        if len(successes) < SMALLEST_NUM_RUNS:
            return _untested(
                rate, f"Only {len(successes)} runs {rate.among.words}; too few."
            )
    upwards = rate.direction == "at_least"
    return _share(rate, successes, upwards=upwards, what=what)


def _judge_agreement(agreement: Agreement, case: Case) -> Outcome:
    arms = (agreement.arm, agreement.other)
    counts = [case.seeds_of(arm) for arm in arms]
    scarce = arms[int(np.argmin(counts))]
    paired, reason = _on_common_seeds(case, arms, agreement.score, scarce)
    if reason:
        return _untested(agreement, reason)
    same = (paired[0] == paired[1]).astype(np.float64)
    return _share(agreement, same, upwards=True, what="seeds end alike")


def _on_common_seeds(
    case: Case, arms: tuple[str, str], config: ScoreConfig, scarce: str
) -> tuple[list[np.ndarray], str]:
    """Return the scores of both arms on the seeds of the one with fewer runs."""
    num_seeds = case.seeds_of(scarce)
    scores = []
    for name in arms:
        choice = case.evidence.choice(case.claim.arms[name])
        table = choice and case.evidence.runs(choice.config, num_seeds)
        if table is None or len(table) < num_seeds:
            return [], f"Some of the {num_seeds:,} runs of {name} are missing."
        scores.append(score(table, config))
    return scores, ""


# --- differences -------------------------------------------------------------------


def _difference(
    treatment: np.ndarray, control: np.ndarray, *, success: bool, confidence: float
) -> Estimate:
    """Estimate treatment - control over pairs."""
    if success:
        return paired_rate_difference(treatment, control, confidence=confidence)
    differences = treatment - control
    digest = hashlib.sha256(np.ascontiguousarray(differences, "<f8").tobytes()).digest()
    # The signs drawn follow from the data, so that the same runs give the same word.
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    return paired_mean_difference(differences, rng=rng, confidence=confidence)


def _judge_comparison(comparison: Comparison, case: Case) -> Outcome:
    control_score = comparison.control_score or comparison.score
    scores, reason = case.scores(
        [
            (comparison.treatment, comparison.score),
            (comparison.control, control_score),
        ]
    )
    if reason:
        return _untested(comparison, reason)
    treatment, control = scores
    success = comparison.score.is_success
    if success and not treatment.any() and not control.any():
        return _untested(comparison, "No run of either arm succeeds.")
    if not success and np.isnan(treatment - control).any():
        return _untested(comparison, "Some runs failed and have no score.")
    estimate = _difference(treatment, control, success=success, confidence=CONFIDENCE)
    word = _side(estimate.low, estimate.high, comparison.bound, comparison.upwards)
    reason = ""
    if word == "undecided":
        spread = float(np.std(treatment - control, ddof=1))
        needed = seeds_to_decide(estimate, spread, (comparison.bound,))
        reason = _more_seeds(comparison.label, estimate.n, needed)
    relation = "at least" if comparison.upwards else "at most"
    show = _points if success else _signed
    means = (
        f" ({_percent(treatment.mean())} against {_percent(control.mean())})"
        if success
        else f" ({_number(treatment.mean())} against {_number(control.mean())})"
    )
    return Outcome(
        comparison.label,
        comparison.kind,
        word,
        f"{comparison.label}: {show(estimate.estimate)}"
        f" [{show(estimate.low)}, {show(estimate.high)}]{means} over"
        f" {estimate.n:,} seeds, where the statement implies {relation}"
        f" {show(comparison.bound)}",
        comparison.rule(),
        estimate=estimate.estimate,
        low=estimate.low,
        high=estimate.high,
        unit="difference in share of runs" if success else comparison.score.words,
        n=estimate.n,
        bound=comparison.bound,
        direction="at_least" if comparison.upwards else "at_most",
        p=estimate.p_value,
        confidence=CONFIDENCE,
        reason=reason,
        details={
            "treatment_mean": float(treatment.mean()),
            "control_mean": float(control.mean()),
            "smallest_num_pairs": smallest_num_pairs(),
        },
    )


def _judge_trend(trend: Trend, case: Case) -> Outcome:
    levels = trend.levels()
    scores, reason = case.scores(levels)
    if reason:
        return _untested(trend, reason)
    success = all(config.is_success for _, config in levels)
    if success and not any(values.any() for values in scores):
        return _untested(trend, "No run of any level succeeds.")
    if not success and any(np.isnan(values).any() for values in scores):
        return _untested(trend, "Some runs failed and have no score.")
    whole = _difference(scores[-1], scores[0], success=success, confidence=CONFIDENCE)
    each = simultaneous_confidence(len(scores) - 1, confidence=CONFIDENCE)
    steps = [
        _difference(after, before, success=success, confidence=each)
        for before, after in zip(scores[:-1], scores[1:], strict=True)
    ]
    word = _side(whole.low, whole.high, trend.margin, upwards=True)
    falls = [i for i, step in enumerate(steps) if step.high < -trend.margin]
    maybe = [i for i, step in enumerate(steps) if step.low < -trend.margin]
    reason = ""
    if falls:
        word = "fails"
        reason = f"It falls from level {falls[0] + 1} to level {falls[0] + 2}."
    elif maybe and word == "holds":
        word = "undecided"
        reason = f"A fall from level {maybe[0] + 1} to the next cannot be excluded."
    elif word == "undecided":
        spread = float(np.std(scores[-1] - scores[0], ddof=1))
        needed = seeds_to_decide(whole, spread, (trend.margin,))
        reason = _more_seeds(trend.label, whole.n, needed)
    show, mean = (_points, _percent) if success else (_signed, _number)
    means = [float(values.mean()) for values in scores]
    return Outcome(
        trend.label,
        trend.kind,
        word,
        f"{trend.label}: {' → '.join(mean(m) for m in means)}, in all"
        f" {show(whole.estimate)} [{show(whole.low)}, {show(whole.high)}] over"
        f" {whole.n:,} seeds, where the statement implies at least"
        f" {show(trend.margin)} without a fall",
        trend.rule(),
        estimate=whole.estimate,
        low=whole.low,
        high=whole.high,
        unit="difference in share of runs" if success else "difference",
        n=whole.n,
        bound=trend.margin,
        direction="at_least",
        p=whole.p_value,
        confidence=CONFIDENCE,
        reason=reason,
        details={
            "levels": [name for name, _ in levels],
            "means": means,
            "steps": [[s.estimate, s.low, s.high] for s in steps],
        },
    )


# --- words for numbers -------------------------------------------------------------


def _more_seeds(label: str, n: int, needed: int | None) -> str:
    if needed is None:
        return f"{label}: {n:,} seeds do not decide, nor would many more."
    return f"{label}: {n:,} seeds do not decide; about {max(needed, n):,} would."


def _percent(share: float) -> str:
    """Write a share so that neither 0 nor 1 is claimed without being exact."""
    percent = 100.0 * share
    if share in (0.0, 1.0):
        return f"{percent:.0f} %"
    decimals = 1 if 1.0 <= percent <= 99.0 else 2 if 0.1 <= percent <= 99.9 else 3
    return f"{percent:.{decimals}f} %"


def _points(difference: float) -> str:
    if not math.isfinite(difference):
        return "unbounded"
    return f"{100.0 * difference:+.1f} points"


def _signed(value: float) -> str:
    return f"{value:+.4g}" if math.isfinite(value) else "unbounded"


def _number(value: float) -> str:
    return f"{value:.6g}"
