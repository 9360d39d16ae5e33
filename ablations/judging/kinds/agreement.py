"""Judge the share of seeds on which two arms end alike."""

from __future__ import annotations

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.outcome import Outcome
from ablations.judging.shares import judge_share
from ablations.protocol.kinds.agreement import Agreement


def judge(agreement: Agreement, case: Case) -> Outcome:
    """Say whether two arms end alike on at least a share of their common seeds.

    A run without a score, NaN, is like no other.

    Raises:
        UntestedError: If runs are missing.
    """
    one, other = case.scores(agreement.reads())
    return judge_share(
        agreement, (one == other) * 1.0, "seeds end alike", case.confidence
    )


def fewest_seeds(
    agreement: Agreement, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    return planning.fewest_for_share(
        agreement.bound, agreement.upwards, confidence, words
    )


def detectable(agreement: Agreement, n: int, confidence: float) -> planning.Detectable:
    """Return the share that is distinguished from the bound with a chance of 80 %."""
    return planning.detectable_share(agreement.bound, agreement.upwards, n, confidence)
