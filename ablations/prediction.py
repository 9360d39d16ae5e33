"""Say what a claim predicts, before any run, in a form that data can contradict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from models.config import ConfigError, Finite, FrozenConfig, NonNegative, NonNegativeInt


class ScoreConfig(FrozenConfig):
    """Turn a run into one number, or into success and failure.

    Args:
        quantity: A recorded metric, or a name of `ablations.scores`.
        at: Number of updates at which the metric is read; None reads the last.
        at_least: With this, or `at_most`, the score is 1 where the bound is met, else
            0; a run that diverged or failed scores 0.
        words: What a success is called in the report, as in "solves all four rows".
    """

    quantity: str
    at: NonNegativeInt | None = None
    at_least: Finite | None = None
    at_most: Finite | None = None
    words: str

    @property
    def is_success(self) -> bool:
        """Whether the score is 0 or 1."""
        return self.at_least is not None or self.at_most is not None


class ExactCheck(FrozenConfig):
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
    label: str
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


class SuccessRate(FrozenConfig):
    """Bound the share of an arm's runs that succeed.

    Args:
        arm: Name of the arm.
        score: What success is.
        bound: The share predicted.
        direction: Whether the share is predicted to be at least or at most `bound`.
        among: Count only the runs that succeed in this.
    """

    kind: Literal["success_rate"] = "success_rate"
    label: str
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


class Agreement(FrozenConfig):
    """Bound the share of seeds on which two arms end alike.

    Args:
        arm: Name of an arm.
        other: Name of the arm that should give the same outcomes.
        score: The outcome.
        bound: Smallest share of equal outcomes.
    """

    kind: Literal["agreement"] = "agreement"
    label: str
    arm: str
    other: str
    score: ScoreConfig
    bound: Annotated[float, Field(ge=0.0, le=1.0)]

    def rule(self) -> str:
        """Say when the prediction holds."""
        return (
            f"holds if the 95 % Clopper-Pearson interval of the share of seeds on which"
            f" {self.arm} and {self.other} agree whether a run {self.score.words} is at"
            f" least {self.bound:g} throughout, fails if all of it is below"
        )


class Comparison(FrozenConfig):
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
    label: str
    treatment: str
    control: str
    score: ScoreConfig
    control_score: ScoreConfig | None = None
    margin: NonNegative
    direction: Literal["greater", "less", "no_less", "no_greater"] = "greater"

    @property
    def bound(self) -> float:
        """Difference treatment - control that separates holding from failing."""
        return (
            self.margin
            if self.direction in ("greater", "no_greater")
            else (-self.margin)
        )

    @property
    def upwards(self) -> bool:
        """Whether larger differences favor the prediction."""
        return self.direction in ("greater", "no_less")

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = ("at least", "below") if self.upwards else ("at most", "above")
        earlier = f" ({self.control_score.words})" if self.control_score else ""
        return (
            f"holds if the 95 % interval of the paired difference {self.treatment}"
            f" ({self.score.words}) minus {self.control}{earlier} is {words}"
            f" {self.bound:+g} throughout, fails if all of it is {beyond}"
        )


class Trend(FrozenConfig):
    """Predict that a success rate rises along ordered arms.

    It holds if the last arm exceeds the first by at least `margin` and no step from
    one arm to the next falls by more than `margin` beyond chance.

    Args:
        arms: Names of the arms in order, or one arm whose scores are in order.
        scores: One score for all arms, or one per arm.
        margin: Smallest difference that matters.
    """

    kind: Literal["trend"] = "trend"
    label: str
    arms: tuple[str, ...]
    scores: tuple[ScoreConfig, ...]
    margin: NonNegative

    def model_post_init(self, context: object) -> None:
        """Check that arms and scores line up."""
        counts = {len(self.arms), len(self.scores)} - {1}
        if len(counts) != 1 or 0 in counts:
            raise ConfigError(
                "`arms` and `scores` must have equal lengths, or one of them length 1."
                f" Received: {len(self.arms)} arms, {len(self.scores)} scores."
            )

    def levels(self) -> list[tuple[str, ScoreConfig]]:
        """Return arm and score of every level, in order."""
        size = max(len(self.arms), len(self.scores))
        arms = self.arms * size if len(self.arms) == 1 else self.arms
        scores = self.scores * size if len(self.scores) == 1 else self.scores
        return list(zip(arms, scores, strict=True))

    def rule(self) -> str:
        """Say when the prediction holds."""
        return (
            "holds if the 95 % interval of the paired difference between the last and"
            f" the first level is at least {self.margin:+g} throughout and no step"
            f" surely falls by more than {self.margin:g} (simultaneous 95 % intervals);"
            " fails if the difference is surely smaller or a step surely falls"
        )


Prediction = Annotated[
    ExactCheck | SuccessRate | Agreement | Comparison | Trend,
    Field(discriminator="kind"),
]
