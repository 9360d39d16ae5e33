"""Say what counts as learning, and on how many seeds something was measured."""

from __future__ import annotations

from collections.abc import Iterable

from ablations.protocol.claim import Claim
from ablations.protocol.score import ScoreConfig

HALF = ScoreConfig(
    quantity="accuracy", at_least=0.5, words="classify half of the training rows"
)
"""What counts as learning where a claim does not say."""


def success_of(claim: Claim) -> ScoreConfig:
    """Return the first success in accuracy that a claim speaks of."""
    for prediction in claim.everything:
        for _, config in prediction.reads():
            if config.is_success and config.quantity.endswith("accuracy"):
                return config
    return HALF


def count_words(counts: Iterable[int]) -> str:
    """Write the smallest and the largest of some counts, once where they agree."""
    known = sorted(counts)
    return " to ".join(f"{n:,}" for n in dict.fromkeys((known[0], known[-1])))
