"""The kinds of predictions, one module for each."""

from ablations.protocol.kinds.agreement import Agreement
from ablations.protocol.kinds.comparison import Comparison
from ablations.protocol.kinds.equivalence import Equivalence
from ablations.protocol.kinds.exact import ExactCheck
from ablations.protocol.kinds.interaction import Interaction
from ablations.protocol.kinds.league import League
from ablations.protocol.kinds.success_rate import SuccessRate
from ablations.protocol.kinds.time_to_target import TimeToTarget
from ablations.protocol.kinds.trend import Trend

__all__ = [
    "Agreement",
    "Comparison",
    "Equivalence",
    "ExactCheck",
    "Interaction",
    "League",
    "SuccessRate",
    "TimeToTarget",
    "Trend",
]
