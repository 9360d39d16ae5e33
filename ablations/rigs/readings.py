"""Say what is predicted of arms in few words, and in the same ones everywhere.

Every function here and in the rigs takes what is read first, and by keyword what a
prediction is called and when it is judged, the fields of `Said`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Required, TypedDict, Unpack

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import (
    Comparison,
    Equivalence,
    ExactCheck,
    Interaction,
    SuccessRate,
    Trend,
)
from ablations.protocol.prediction import Condition, Direction
from ablations.protocol.score import ScoreConfig


class Told(TypedDict, total=False):
    """What a prediction is called and when it is judged, its key apart."""

    label: str
    at: Condition | None
    quick: bool
    headline: bool
    family: bool
    differs_in: tuple[Literal["budget", "data", "tuning"], ...]


class Said(Told):
    """What a prediction is called and when it is judged, as in `Prediction`."""

    key: Required[str]


def when(at: int) -> str:
    """Say after how many updates, in words."""
    return "at the start" if at == 0 else f"after {at:,} updates"


def until(at: int) -> str:
    """Say up to how many updates, in words."""
    return "at the start" if at == 0 else f"in the first {at:,} updates"


def yes_or_no(words: str, pattern: str = "core") -> dict[str, str]:
    """Return answers that tell the same numbers, whether a pattern is met or not."""
    return {pattern: f"Yes: {words}", f"!{pattern}": f"No: {words}"}


def error(quantity: str = "test_loss") -> ScoreConfig:
    """Return a mean squared error; a run that diverged counts as the mean would.

    A loss has its penalties in it; `test_squared_error` does not.
    """
    words = f"{quantity.partition('_')[0]} error"
    return ScoreConfig(quantity=quantity, better="lower", failed_value=1.0, words=words)


MOSTLY, RARELY = 0.6, 0.4
"""Shares that count as most runs and as few; ten of ten and none of ten show them."""


def mostly(
    arm: Arm, score: ScoreConfig, bound: float = MOSTLY, **said: Unpack[Said]
) -> SuccessRate:
    """Predict that most runs of an arm succeed."""
    return SuccessRate(arm=arm, score=score, bound=bound, **said)


def rarely(
    arm: Arm, score: ScoreConfig, bound: float = RARELY, **said: Unpack[Said]
) -> SuccessRate:
    """Predict that few runs of an arm succeed."""
    return SuccessRate(arm=arm, score=score, bound=bound, direction="at_most", **said)


def shown(arm: Arm, score: ScoreConfig, **said: Unpack[Said]) -> SuccessRate:
    """Show the share of an arm's runs that succeed, without judging it."""
    return mostly(arm, score, 0.0, **said)


def compare(
    treatment: Arm,
    direction: Direction,
    control: Arm,
    score: ScoreConfig,
    margin: float,
    control_score: ScoreConfig | None = None,
    **said: Unpack[Said],
) -> Comparison:
    """Predict on which side of a control a treatment lies, by a margin."""
    return Comparison(
        treatment=treatment,
        control=control,
        score=score,
        control_score=control_score,
        margin=margin,
        direction=direction,
        **said,
    )


def alike(
    treatment: Arm,
    control: Arm,
    score: ScoreConfig,
    margin: float,
    other: ScoreConfig | None = None,
    **said: Unpack[Said],
) -> Equivalence:
    """Predict that two arms differ by less than a margin; `other` is the control's."""
    arms: Any = {"treatment": treatment, "control": control}
    return Equivalence(**arms, score=score, control_score=other, margin=margin, **said)


def interaction(
    arms: Iterable[Arm],
    score: ScoreConfig,
    margin: float,
    direction: Direction = "greater",
    **said: Unpack[Said],
) -> Interaction:
    """Predict what a first change does beside a second one, less what it does alone.

    The arms are those with neither, with the first, with the second and with both.
    """
    four: Any = zip(("neither", "first", "second", "both"), arms, strict=True)
    about: Any = {"score": score, "margin": margin, "direction": direction}
    return Interaction(**dict(four), **about, **said)


def trend(
    along: Sequence[Arm],
    direction: Literal["rises", "falls"],
    scores: ScoreConfig | Sequence[ScoreConfig],
    margin: float,
    **said: Unpack[Said],
) -> Trend:
    """Predict that a score rises or falls along ordered arms."""
    given = (scores,) if isinstance(scores, ScoreConfig) else tuple(scores)
    return Trend(
        along=tuple(along), scores=given, margin=margin, direction=direction, **said
    )


def equals(
    measurement: str,
    quantity: str,
    expected: float,
    tolerance: float = 0.0,
    relation: Literal["equal", "at_least", "at_most"] = "equal",
    **said: Unpack[Said],
) -> ExactCheck:
    """Predict that a measured number is the expected one."""
    return ExactCheck(
        measurement=measurement,
        quantity=quantity,
        expected=expected,
        tolerance=tolerance,
        relation=relation,
        **said,
    )


DIGITS = 1e-6
"""Largest relative deviation that counts as none: six digits agree."""


def agrees(
    measurement: str, quantity: str, key: str, label: str, at: Condition | None = None
) -> ExactCheck:
    """Predict a deviation of zero to six digits."""
    return equals(measurement, quantity, 0.0, DIGITS, key=key, label=label, at=at)


def at_least(
    measurement: str, quantity: str, bound: float, **said: Unpack[Said]
) -> ExactCheck:
    """Predict that a measured number is no smaller than a bound."""
    return equals(measurement, quantity, bound, relation="at_least", **said)


def at_most(
    measurement: str,
    quantity: str,
    bound: float,
    tolerance: float = 0.0,
    **said: Unpack[Said],
) -> ExactCheck:
    """Predict that a measured number is no larger than a bound."""
    return equals(measurement, quantity, bound, tolerance, "at_most", **said)
