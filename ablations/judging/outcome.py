"""Say what became of one prediction, with the numbers that say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ablations.protocol.prediction import Prediction

Word = Literal["holds", "fails", "undecided", "untested"]

SHARE = "share of runs"
"""Unit of a share of runs that succeed; that of a difference of shares ends in it."""


@dataclass(frozen=True)
class Outcome:
    """Say what became of one prediction, with the numbers that say so.

    Attributes:
        key: The prediction's key.
        label: Its label.
        kind: Its kind.
        outcome: The word.
        text: The numbers in one clause, without a full stop.
        rule: The rule as the claim states it.
        estimate: Share, difference or measured number; None where there is none.
        low: Lower end of the 95 % interval.
        high: Upper end.
        unit: What the numbers count.
        n: Number of seeds, or of entries checked.
        bound: The number that separates holding from failing.
        direction: On which side of the bound the prediction holds.
        p: Probability of data like these if the arms were equal, where tested.
        confidence: Coverage of the interval.
        reason: Why it is undecided or untested, or which step of a trend falls; a
            sentence.
        details: Further numbers for figures and tables; `seeds_that_decide` is about
            how many would, where these do not, and `p_bound` the probability of data
            like these if the truth were the bound.
        factor: Name of the factor that orders the conditions, empty for none.
        value: Its value here.
        role: The part of the claim that the prediction stands in: `core`, `beside`,
            `control` or `shown`.
    """

    key: str
    label: str
    kind: str
    outcome: Word
    text: str
    rule: str = ""
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
    factor: str = ""
    value: float | str | None = None
    role: str = ""

    @classmethod
    def of(cls, prediction: Prediction, **found: Any) -> Outcome:
        """Return what was found of a prediction, with what the claim says of it."""
        at = prediction.at or ("", None)
        return cls(
            key=prediction.key,
            label=prediction.label,
            kind=prediction.kind,
            rule=prediction.rule(),
            factor=at[0],
            value=at[1],
            **found,
        )

    @property
    def is_timed(self) -> bool:
        """Whether it is about a time of a machine, which another need not repeat."""
        return bool(self.details.get("timed"))

    @property
    def is_decided(self) -> bool:
        """Whether it holds or fails."""
        return self.outcome in ("holds", "fails")

    def record(self) -> dict[str, Any]:
        """Return plain data; NaN and infinities, which JSON lacks, become None."""
        return plain(asdict(self))


class UntestedError(Exception):
    """Say in a sentence why a prediction cannot be judged.

    Attributes:
        num_seeds: How many seeds it takes, where more would do.
    """

    def __init__(self, reason: str, num_seeds: int | None = None) -> None:
        """Keep the reason and the number of seeds."""
        super().__init__(reason)
        self.num_seeds = num_seeds


def untested(
    prediction: Prediction, reason: str, num_seeds: int | None = None
) -> Outcome:
    """Return the outcome of a prediction that cannot be judged.

    Args:
        prediction: The prediction.
        reason: Why, in a sentence.
        num_seeds: How many seeds it takes, where more would do.
    """
    return Outcome.of(
        prediction,
        outcome="untested",
        text=f"{prediction.label}: not tested, {reason.removesuffix('.')}",
        reason=reason,
        details={} if num_seeds is None else {"seeds_that_decide": num_seeds},
    )


def finding_of(core: Sequence[Outcome]) -> str:
    """Say with all numbers what every condition came to."""
    groups = (
        ("Holds", "holds"),
        ("Fails", "fails"),
        ("Undecided", "undecided"),
        ("Not tested", "untested"),
    )
    return " ".join(
        f"{name}: {'; '.join(o.text for o in core if o.outcome == word)}."
        for name, word in groups
        if any(o.outcome == word for o in core)
    )


def side(low: float, high: float, bound: float, *, upwards: bool) -> Word:
    """Say on which side of a bound an interval lies; the bound itself holds."""
    if upwards:
        return "holds" if low >= bound else "fails" if high < bound else "undecided"
    return "holds" if high <= bound else "fails" if low > bound else "undecided"


def plain(value: Any) -> Any:
    """Return nested data as JSON can hold it, NaN and infinities as None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value
