"""Say what a claim predicts, before any run, in a form that data can contradict.

Each kind of prediction is a class in a module of its own in `ablations.protocol.kinds`,
which says what it reads and when it holds; the module of the same name in
`ablations.judging.kinds` judges it.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import PlainSerializer

from ablations.protocol.arm import Arm, name_of
from ablations.protocol.score import ScoreConfig
from models.config import (
    Finite,
    FrozenConfig,
    NonNegative,
    requirement,
)

Direction = Literal["greater", "less", "no_less", "no_greater"]
Condition = tuple[str, Finite | str]
"""A factor and its value, as in `("width", 4)`."""

Read = tuple[Arm, ScoreConfig]
"""An arm, and what is read from its runs."""

ArmField = Annotated[Arm, PlainSerializer(lambda arm: arm.digest, return_type=str)]
"""An arm, dumped as the digest of its runs: a rule does not change with a name."""

KEY = re.compile(r"[a-z][a-z0-9_]*")


class Prediction(FrozenConfig):
    """What all predictions have.

    Args:
        key: Names the prediction in sentences; lower case letters, digits and `_`.
        label: What the number is. Read aloud with the number and what became of the
            prediction, it must be a true sentence; empty says it by what is read.
        at: The factor and its value that make the condition, where conditions have an
            order; None takes it from the arms' levels.
        differs_in: What the arms are meant to differ in, though it is refused else.
        quick: Whether the quick preset judges it.
        headline: Whether its numbers stand for the claim.
        family: Whether it belongs to the claim's family, such as several treatments
            against one baseline: their words together err as rarely as one alone.
    """

    can_be_in_family: ClassVar[bool] = False
    """Whether there is one bound to be distinguished from, and a p-value at it."""

    needs_learning: ClassVar[bool] = True
    """Whether it says nothing where no arm has learned."""

    kind: str
    key: str
    label: str = ""
    at: Condition | None = None
    differs_in: tuple[Literal["budget", "data", "tuning"], ...] = ()
    quick: bool = True
    headline: bool = False
    family: bool = False

    def model_post_init(self, context: object) -> None:
        """Check the key, and that a family is of predictions with a p-value."""
        if not KEY.fullmatch(self.key):
            must = "must be lower case letters, digits and `_`, a letter first"
            raise requirement("key", must, self.key)
        if self.family and not self.can_be_in_family:
            raise requirement("family", f"must be False for {self.kind!r}", True)
        if not self.label:
            # The config is frozen from here on.
            self.__dict__["label"] = self.usual_label()

    @abstractmethod
    def reads(self) -> list[Read]:
        """Return every arm that it reads, with the score that it reads from it."""

    @abstractmethod
    def rule(self) -> str:
        """Say when it holds."""

    @abstractmethod
    def usual_label(self) -> str:
        """Say what the number is, by what is read of which arms."""

    def measured(self) -> str:
        """Return the name of the measurement that it reads, empty for none."""
        return ""

    def arms(self) -> list[Arm]:
        """Return the arms that are compared, one for each score."""
        return [arm for arm, _ in self.reads()]


class Directed(Prediction):
    """The margin of a difference and the side that is predicted.

    Args:
        margin: Smallest difference that matters.
        direction: `greater` predicts that the difference is at least `margin`, `less`
            that it is at most -`margin`, `no_less` that it is at least -`margin`,
            `no_greater` that it is at most `margin`.
    """

    can_be_in_family: ClassVar[bool] = True

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


def pair(
    treatment: Arm, control: Arm, score: ScoreConfig, other: ScoreConfig | None = None
) -> list[Read]:
    """Return what is read of two arms; `other` is read of the control, where given."""
    return [(treatment, score), (control, other or score)]


def counted(score: ScoreConfig) -> str:
    """Say what a mean of scores is, as in "runs that learn" or "test accuracy"."""
    return f"runs that {score.words}" if score.is_success else score.words


def versus(treatment: Arm, control: Arm, joined: str) -> str:
    """Say by what two arms differ, and behind it what they have in common.

    Examples:
        "batch norm less none; SGD, rate 0.6", "depth 20 less depth 8; ReLU".
    """
    ours, theirs = treatment.levels, control.levels
    shared = {f: v for f, v in ours.items() if theirs.get(f) == v}
    sides = (
        name_of({f: v for f, v in levels.items() if f not in shared}) or "none"
        for levels in (ours, theirs)
    )
    common = name_of(shared)
    return f" {joined} ".join(sides) + (f"; {common}" if common else "")


def difference(treatment: Read, control: Read) -> str:
    """Say what is compared, and by what the arms differ, or two readings of one."""
    (arm, score), (other, other_score) = treatment, control
    what = ("share of " if score.is_success else "") + counted(score)
    if arm == other:
        return f"{what} less {counted(other_score)}, {arm.name}"
    return f"{what}, {versus(arm, other, 'less')}"
