"""Fill the sentences of a chapter with the numbers of its claims, while they hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from ablations.judging.answers import Quoted
from ablations.judging.verdict import Verdict
from ablations.protocol.chapter import Told


def tell(told: Told, verdicts: Mapping[str, Verdict]) -> str | None:
    """Return a sentence with its numbers, None where it may no longer be true.

    Args:
        told: The sentence and the verdicts that it presumes.
        verdicts: Those that stand, by claim.
    """
    for claim, word in told.presumes.items():
        if claim not in verdicts or verdicts[claim].verdict != word:
            return None
    quoted = {
        claim: SimpleNamespace(**{o.key: Quoted(o) for o in verdicts[claim].outcomes})
        for claim in told.presumes
    }
    return told.text.format(**quoted)
