"""Say what a claim predicts, before any run, in a form that data can contradict."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from models.config import (
    ConfigError,
    Finite,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    one_of,
)

Direction = Literal["greater", "less", "no_less", "no_greater"]
Level = tuple[str, Finite | str]
"""A factor and its value, as in `("width", 4)`."""


class ScoreConfig(FrozenConfig):
    """Turn a run into one number, or into success and failure.

    Args:
        quantity: A recorded metric, or a name of `ablations.evidence.weight_scores`.
        at: Number of updates at which the metric is read; None reads the last.
        at_least: With this, or `at_most`, the score is 1 where the bound is met, else
            0; a run that diverged or failed scores 0.
        better: Whether larger or smaller numbers are better; runs without a number
            then count as the worst seen. Success scores need none: 1 is better.
        failed_value: The number that a run without one counts with instead.
        words: What a success is called in the report, as in "solves all four rows".
    """

    quantity: str
    at: NonNegativeInt | None = None
    at_least: Finite | None = None
    at_most: Finite | None = None
    better: Literal["higher", "lower"] | None = None
    failed_value: Finite | None = None
    words: str

    @property
    def is_success(self) -> bool:
        """Whether the score is 0 or 1."""
        return self.at_least is not None or self.at_most is not None

    def model_post_init(self, context: object) -> None:
        """Check that a success score says nothing of failures, which are no success."""
        if self.is_success and (self.better or self.failed_value is not None):
            raise ConfigError(
                "`better` and `failed_value` must be None for a success score."
                f" Received: {self.better!r} and {self.failed_value}."
            )

    def failures(self) -> str:
        """Say what becomes of runs without a number, as the end of a rule."""
        if self.is_success or (self.better is None and self.failed_value is None):
            return ""
        counts = (
            "the worst score seen"
            if self.failed_value is None
            else f"{self.failed_value:g}"
        )
        return (
            f"; a run that failed counts with {counts}, and the outcome must be the"
            " same without such runs"
        )


class _Prediction(FrozenConfig):
    """Hold what all predictions have.

    Args:
        label: What the condition is called.
        at: The factor and its value that make the condition, where conditions have an
            order.
        differs_in: What the arms are meant to differ in, though it is refused else.
    """

    label: str
    at: Level | None = None
    differs_in: tuple[Literal["budget", "data", "tuning"], ...] = ()


class _Directed(_Prediction):
    """Hold the margin of a difference and the side that is predicted.

    Args:
        margin: Smallest difference that matters.
        direction: `greater` predicts that the difference is at least `margin`, `less`
            that it is at most -`margin`, `no_less` that it is at least -`margin`,
            `no_greater` that it is at most `margin`.
    """

    margin: NonNegative
    direction: Direction = "greater"

    @property
    def bound(self) -> float:
        """Difference that separates holding from failing."""
        up = self.direction in ("greater", "no_greater")
        return self.margin if up else -self.margin

    @property
    def upwards(self) -> bool:
        """Whether larger differences favor the prediction."""
        return self.direction in ("greater", "no_less")

    def _sides(self) -> tuple[str, str]:
        """Say where the interval must lie, and where it must not."""
        return ("at least", "below") if self.upwards else ("at most", "above")


class ExactCheck(_Prediction):
    """Compare a measured number with what the statement implies.

    Args:
        measurement: A name of `ablations.measures`.
        quantity: Which of the numbers it returns; every entry of an array must agree.
        expected: The number implied.
        tolerance: Largest distance that counts as agreement.
        relation: Whether the measured number must equal the expected one or may be
            larger or smaller.
    """

    kind: Literal["exact"] = "exact"
    measurement: str
    quantity: str
    expected: Finite
    tolerance: NonNegative = 0.0
    relation: Literal["equal", "at_least", "at_most"] = "equal"

    def rule(self) -> str:
        """Say when the prediction holds."""
        words = {"equal": "equals", "at_least": "is at least", "at_most": "is at most"}
        within = f" within {self.tolerance:g}" if self.tolerance else ""
        return (
            f"holds if the measured {self.quantity.replace('_', ' ')}"
            f" {words[self.relation]} {self.expected:g}{within}, fails otherwise"
        )


class SuccessRate(_Prediction):
    """Bound the share of an arm's runs that succeed.

    Args:
        arm: Name of the arm.
        score: What success is.
        bound: The share predicted.
        direction: Whether the share is predicted to be at least or at most `bound`.
        among: Count only the runs that succeed in this.
    """

    kind: Literal["success_rate"] = "success_rate"
    arm: str
    score: ScoreConfig
    bound: Annotated[float, Field(ge=0.0, le=1.0)]
    direction: Literal["at_least", "at_most"] = "at_least"
    among: ScoreConfig | None = None

    def rule(self) -> str:
        """Say when the prediction holds."""
        at_least = self.direction == "at_least"
        words, beyond = ("at least", "below") if at_least else ("at most", "above")
        runs = f"runs that {self.among.words}" if self.among else "runs"
        return (
            f"holds if the 95 % Clopper-Pearson interval of the share of {runs} that"
            f" {self.score.words} is {words} {self.bound:.4g} throughout, fails if all"
            f" of it is {beyond}"
        )


class Agreement(_Prediction):
    """Bound the share of seeds on which two arms end alike.

    Args:
        arm: Name of an arm.
        other: Name of the arm that should give the same outcomes.
        score: The outcome.
        bound: Smallest share of equal outcomes.
    """

    kind: Literal["agreement"] = "agreement"
    arm: str
    other: str
    score: ScoreConfig
    bound: Annotated[float, Field(ge=0.0, le=1.0)]

    def rule(self) -> str:
        """Say when the prediction holds."""
        return (
            f"holds if the 95 % Clopper-Pearson interval of the share of seeds on which"
            f" both or neither of {self.arm} and {self.other} {self.score.words} is at"
            f" least {self.bound:g} throughout, fails if all of it is below"
        )


class Comparison(_Directed):
    """Compare two arms seed by seed.

    Args:
        treatment: Name of the arm predicted to do better.
        control: Name of the arm it is compared with.
        score: What is compared.
        control_score: What is read from the control, where that differs (the same
            arm at another number of updates).
        margin: Smallest difference that matters.
        direction: `greater` predicts that treatment - control is at least `margin`,
            `less` that it is at most -`margin`, `no_less` that it is at least
            -`margin`, `no_greater` that it is at most `margin`.
    """

    kind: Literal["comparison"] = "comparison"
    treatment: str
    control: str
    score: ScoreConfig
    control_score: ScoreConfig | None = None

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        earlier = f" ({self.control_score.words})" if self.control_score else ""
        return (
            f"holds if the 95 % interval of the paired difference {self.treatment}"
            f" ({self.score.words}) minus {self.control}{earlier} is {words}"
            f" {self.bound:+g} throughout, fails if all of it is {beyond}"
            f"{self.score.failures()}"
        )


class Equivalence(_Prediction):
    """Predict that two arms differ by less than matters.

    Args:
        treatment: Name of an arm.
        control: Name of the arm it is compared with.
        score: What is compared.
        control_score: What is read from the control, where that differs.
        margin: Smallest difference that matters; one of this size refutes.
    """

    kind: Literal["equivalence"] = "equivalence"
    treatment: str
    control: str
    score: ScoreConfig
    control_score: ScoreConfig | None = None
    margin: Positive

    def rule(self) -> str:
        """Say when the prediction holds."""
        earlier = f" ({self.control_score.words})" if self.control_score else ""
        size, how = "90", " (two one-sided tests at 5 %)"
        if self.score.is_success:
            size, how = "95", ""
        return (
            f"holds if the {size} % interval of the paired difference {self.treatment}"
            f" ({self.score.words}) minus {self.control}{earlier} lies inside"
            f" {-self.margin:+g} to {self.margin:+g}{how}, fails if all of the 95 %"
            f" interval lies outside{self.score.failures()}"
        )


class TimeToTarget(_Directed):
    """Compare after how many updates two arms reach a target.

    The time of a run is the first recorded update at which its score succeeds. A run
    that never does is censored at the budget; so is one that diverged, at whatever
    update, since its time is infinite. Both count with the whole budget.

    Args:
        treatment: Name of the arm predicted to be faster, or slower.
        control: Name of the arm it is compared with.
        score: What it is to reach the target.
        budget: Updates that both arms are given.
        measure: Whether mean times are divided or subtracted. A time of 0 counts as 1
            in a ratio.
        margin: Smallest difference in updates that matters; for a ratio the smallest
            excess: 0.5 means 1.5 times as fast, or as slow.
        direction: `less` predicts that the treatment takes less time.
    """

    kind: Literal["time_to_target"] = "time_to_target"
    treatment: str
    control: str
    score: ScoreConfig
    budget: PositiveInt
    measure: Literal["ratio", "difference"] = "ratio"
    direction: Direction = "less"

    def model_post_init(self, context: object) -> None:
        """Check that the score says what the target is, and leaves the time open."""
        if not self.score.is_success or self.score.at is not None:
            raise ConfigError(
                "`score` must have a bound and no `at` where the time to it is asked."
                f" Received: {self.score!r}."
            )

    @property
    def bound(self) -> float:
        """Difference, or ratio, that separates holding from failing."""
        if self.measure == "difference":
            return super().bound
        up = self.direction in ("greater", "no_greater")
        return 1.0 + self.margin if up else 1.0 / (1.0 + self.margin)

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        joined = "to" if self.measure == "ratio" else "minus"
        form = "+g" if self.measure == "difference" else ".4g"
        return (
            f"holds if the 95 % interval of the {self.measure} {self.treatment}"
            f" {joined} {self.control} of the mean number of updates, at most"
            f" {self.budget:,}, until runs {self.score.words} is {words}"
            f" {self.bound:{form}} throughout, fails if all of it is {beyond}; a run"
            f" that never does or diverges counts with {self.budget:,}"
        )


class Interaction(_Directed):
    """Predict that one factor changes the effect of another.

    The difference is (both - second) - (first - neither): the effect of the first
    factor beside the second, minus its effect alone.

    Args:
        neither: Name of the arm without the two factors.
        first: Name of the arm with the first factor alone.
        second: Name of the arm with the second factor alone.
        both: Name of the arm with both.
        score: What is compared.
    """

    kind: Literal["interaction"] = "interaction"
    neither: str
    first: str
    second: str
    both: str
    score: ScoreConfig

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        return (
            f"holds if the 95 % interval of the paired contrast ({self.both} -"
            f" {self.second}) - ({self.first} - {self.neither}) ({self.score.words})"
            f" is {words} {self.bound:+g} throughout, fails if all of it is"
            f" {beyond}{self.score.failures()}"
        )


class League(_Prediction):
    """Predict which arm is the best, or how arms rank.

    Args:
        arms: Names of the arms; without `best`, in the order predicted, best first.
        best: Name of the arm predicted to beat every other.
        score: What they are ranked by on every seed.
    """

    kind: Literal["league"] = "league"
    arms: tuple[str, ...]
    best: str | None = None
    score: ScoreConfig

    def model_post_init(self, context: object) -> None:
        """Check that there is something to rank, and which end of it is best."""
        if len(set(self.arms)) < max(2, len(self.arms)):
            raise ConfigError(
                f"`arms` must be at least two different names. Received: {self.arms}."
            )
        if self.best is not None:
            one_of("best", self.best, self.arms)
        if not self.score.is_success and self.score.better is None:
            raise ConfigError("`better` must be given for a score that arms rank by.")

    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of arms of which the first is predicted to be better."""
        if self.best is None:
            return list(pairwise(self.arms))
        return [(self.best, arm) for arm in self.arms if arm != self.best]

    def rule(self) -> str:
        """Say when the prediction holds."""
        first = (
            "each of " + ", ".join(self.arms) + " beats the next"
            if self.best is None
            else f"{self.best} beats each of "
            + ", ".join(arm for arm in self.arms if arm != self.best)
        )
        return (
            f"holds if {first} ({self.score.words}) by Wilcoxon's signed ranks over"
            " seeds at 5 %, Holm-adjusted over all pairs of the arms, fails if one of"
            f" these is surely the other way round{self.score.failures()}"
        )


class Trend(_Prediction):
    """Predict that a score rises, or falls, along ordered arms.

    It holds if the last arm exceeds the first by at least `margin` and no step from
    one arm to the next falls by more than `margin` beyond chance; or, for a predicted
    fall, the other way round.

    Args:
        arms: Names of the arms in order, or one arm whose scores are in order.
        scores: One score for all arms, or one per arm.
        margin: Smallest difference that matters.
        direction: Whether the score is predicted to rise or to fall.
    """

    kind: Literal["trend"] = "trend"
    arms: tuple[str, ...]
    scores: tuple[ScoreConfig, ...]
    margin: NonNegative
    direction: Literal["rises", "falls"] = "rises"

    def model_post_init(self, context: object) -> None:
        """Check that arms and scores line up."""
        counts = {len(self.arms), len(self.scores)} - {1}
        if len(counts) != 1 or 0 in counts:
            raise ConfigError(
                "`arms` and `scores` must have equal lengths, or one of them length 1."
                f" Received: {len(self.arms)} arms, {len(self.scores)} scores."
            )

    @property
    def upwards(self) -> bool:
        """Whether the score is predicted to rise."""
        return self.direction == "rises"

    @property
    def bound(self) -> float:
        """Difference last - first that separates holding from failing."""
        return self.margin if self.upwards else -self.margin

    def levels(self) -> list[tuple[str, ScoreConfig]]:
        """Return arm and score of every level, in order."""
        size = max(len(self.arms), len(self.scores))
        arms = self.arms * size if len(self.arms) == 1 else self.arms
        scores = self.scores * size if len(self.scores) == 1 else self.scores
        return list(zip(arms, scores, strict=True))

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, verb = ("at least", "falls") if self.upwards else ("at most", "rises")
        smaller = "smaller" if self.upwards else "larger"
        return (
            "holds if the 95 % interval of the paired difference between the last and"
            f" the first level is {words} {self.bound:+g} throughout and no step"
            f" surely {verb} by more than {self.margin:g} (simultaneous 95 %"
            f" intervals); fails if the difference is surely {smaller} or a step surely"
            f" {verb}{self.scores[0].failures()}"
        )


Prediction = Annotated[
    ExactCheck
    | SuccessRate
    | Agreement
    | Comparison
    | Equivalence
    | TimeToTarget
    | Interaction
    | League
    | Trend,
    Field(discriminator="kind"),
]


def reads(prediction: Prediction) -> list[tuple[str, ScoreConfig]]:
    """Return every arm that a prediction reads, with the score it reads from it."""
    match prediction:
        case SuccessRate(arm=arm, score=score, among=among):
            return [(arm, score), *([(arm, among)] if among else [])]
        case Agreement(arm=arm, other=other, score=score):
            return [(arm, score), (other, score)]
        case Comparison() | Equivalence():
            control_score = prediction.control_score or prediction.score
            return [
                (prediction.treatment, prediction.score),
                (prediction.control, control_score),
            ]
        case TimeToTarget(treatment=treatment, control=control, score=score):
            return [(treatment, score), (control, score)]
        case Interaction(neither=neither, first=first, second=second, both=both):
            return [(a, prediction.score) for a in (neither, first, second, both)]
        case League(arms=arms, score=score):
            return [(arm, score) for arm in arms]
        case Trend():
            return prediction.levels()
    return []
