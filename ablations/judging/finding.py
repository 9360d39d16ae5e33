"""Say in words what the outcomes of a claim came to, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ablations.judging.outcome import Outcome
from ablations.judging.wording import (
    number,
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
        if o.estimate is None or o.low is None or o.high is None:
            return "an unknown number"
        if o.kind == "exact":
            return number(o.estimate)
        write = {
            "share of runs": share_interval,
            "difference in share of runs": points_interval,
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
        """The treatment's share of successes in a comparison."""
        return percent(self._outcome.details["treatment_mean"])

    @property
    def control(self) -> str:
        """The control's share of successes in a comparison."""
        return percent(self._outcome.details["control_mean"])

    @property
    def means(self) -> str:
        """The shares of successes along a trend."""
        return ", ".join(percent(mean) for mean in self._outcome.details["means"])


def tell(
    template: str,
    outcomes: Sequence[Outcome],
    controls: Sequence[Outcome] = (),
    shown: Sequence[Outcome] = (),
) -> str:
    """Fill the outcomes' numbers into a claim's sentence.

    Args:
        template: Text in which `{0}` is the first prediction's number; controls and
            what is only shown are `{controls[0]}` and `{shown[0]}`.
        outcomes: Outcomes of the predictions.
        controls: Outcomes of the controls.
        shown: Outcomes that were not judged.
    """
    return template.format(
        *map(Quoted, outcomes),
        controls=[Quoted(outcome) for outcome in controls],
        shown=[Quoted(outcome) for outcome in shown],
    )
