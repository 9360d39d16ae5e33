"""Adam takes a dozen operations per weight, a gradient six per weight and row.

So it costs little beside a batch of many rows, and much beside single rows.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import at_most

COST, TIME = "cost_of_update_rules", "time_of_update_rules"


def _cheap(rows: int, other: str = "sgd") -> ExactCheck:
    """Predict at most a tenth more operations for a whole update."""
    rival = {"sgd": "SGD", "momentum": "momentum"}[other]
    return at_most(
        *(COST, f"adam_over_{other}_with_{rows}_rows", 1.1),
        key=f"{other}_{rows}",
        label=f"operations of an update with Adam over one with {rival}, {rows} rows",
        at=("measure", "operations"),
    )


CLAIM = Claim(
    statement="Adam is computationally efficient.",
    strength="usually",
    rows=("A-OPT-42",),
    source=f"{ADAM}, advantages",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization",
    axis="measure",
    core=(
        _cheap(32),
        at_most(
            *(TIME, "whole_update_of_adam_over_sgd", 1.5),
            key="time",
            label="time of an update with Adam over one with SGD, 32 rows",
            at=("measure", "time"),
        ).replace(timed=True),
    ),
    beside=(
        _cheap(1),
        _cheap(128),
        _cheap(32, "momentum"),
        at_most(
            *(COST, "rule_of_adam_over_sgd", 2.0),
            key="rule",
            label="operations of Adam for each weight over those of SGD",
        ),
        at_most(
            *(TIME, "rule_of_adam_over_sgd", 6.0),
            key="rule_time",
            label="time of Adam's rule over that of SGD",
        ).replace(timed=True),
    ),
    answers={
        "core": (
            "Yes: in batches an update takes {sgd_32} times the operations and"
            " {time} times the time of SGD."
        ),
        "!core": "No: with 32 rows an update costs over a tenth more operations and"
        " over half more time than with SGD.",
        "sgd_32 !time": "It depends on the measure: with 32 rows an update costs at"
        " most a tenth more operations than with SGD, but more time.",
        "!sgd_32 time": "It depends on the measure: an update costs over a tenth more"
        " operations than with SGD, but at most half more time.",
    },
    how="Operations were counted, and the rules timed in turn on five layers of 256 by"
    " 256 weights.",
    caveats="Operations are no time: a rule reads and writes every weight and does"
    " little with it. Times are of NumPy on this machine.",
)
