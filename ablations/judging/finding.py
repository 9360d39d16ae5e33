"""Say in words what the outcomes of a claim came to, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ablations.judging.boundary import boundary
from ablations.judging.outcome import Outcome
from ablations.judging.wording import (
    number,
    number_interval,
    percent,
    points_interval,
    share_interval,
    signed_interval,
)


class Quoted:
    """Quote an outcome in a sentence: `{0}`, or one of its attributes, `{0.n}`.

    `{0}` is the estimate with its interval, or a measured number as it is.
    """

    def __init__(self, outcome: Outcome) -> None:
        """Quote this outcome."""
        self._outcome = outcome

    def __format__(self, specification: str) -> str:
        """Write the estimate with its interval."""
        o = self._outcome
        if o.unit == "mean rank" and o.estimate is not None:
            return number(o.estimate)
        if o.estimate is None or o.low is None or o.high is None:
            return "an unknown number"
        if o.kind == "exact":
            return number(o.estimate)
        write = {
            "share of runs": share_interval,
            "difference in share of runs": points_interval,
            "ratio of mean updates": number_interval,
        }.get(o.unit, signed_interval)
        return write(o.estimate, o.low, o.high, o.bound)

    @property
    def brief(self) -> str:
        """The estimated share alone."""
        share = self._outcome.estimate
        return "an unknown share" if share is None else percent(share)

    @property
    def n(self) -> str:
        """The number of seeds."""
        return f"{self._outcome.n:,}"

    @property
    def treatment(self) -> str:
        """The treatment's share of successes, or mean score, in a comparison."""
        return self._mean(self._outcome.details["treatment_mean"])

    @property
    def control(self) -> str:
        """The control's share of successes, or mean score, in a comparison."""
        return self._mean(self._outcome.details["control_mean"])

    @property
    def means(self) -> str:
        """The shares of successes, or mean scores, along a trend."""
        return ", ".join(map(self._mean, self._outcome.details["means"]))

    def _mean(self, value: float) -> str:
        is_share = self._outcome.unit.endswith("share of runs")
        return percent(value) if is_share else number(value)


def tell(
    template: str,
    outcomes: Sequence[Outcome],
    controls: Sequence[Outcome] = (),
    shown: Sequence[Outcome] = (),
) -> str:
    """Fill the outcomes' numbers into a claim's sentence.

    Args:
        template: Text in which `{0}` is the first prediction's number; controls and
            what is only shown are `{controls[0]}` and `{shown[0]}`, and `{boundary}`
            is the clause that says where ordered conditions turn.
        outcomes: Outcomes of the predictions.
        controls: Outcomes of the controls.
        shown: Outcomes that were not judged.
    """
    return template.format(
        *map(Quoted, outcomes),
        controls=[Quoted(outcome) for outcome in controls],
        shown=[Quoted(outcome) for outcome in shown],
        boundary=boundary(outcomes),
    )
