"""Say which net a report shows, whether or not it is what to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult


def shown_net(result: StudyResult) -> str:
    """Return the recommended net, and the best one where no net is recommended."""
    chosen = result.recommendation
    return chosen.name if chosen.kind == "net" else chosen.best
