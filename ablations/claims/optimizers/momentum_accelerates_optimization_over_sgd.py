"""Momentum adds up the small gradients along a valley, and those across it cancel.

With the best coefficient a bowl takes about the root of the updates that SGD needs, if
not noise but the steepest direction sets the rate.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.rigs.optimizers import MOMENTUM
from ablations.rigs.rate_search import (
    SEARCHED,
    SEEDS,
    TARGET,
    TASKS,
    WHERE,
    arm,
    faster,
    lower,
    named,
)
from ablations.rigs.readings import at_least, at_most, equals

GAINS = "momentum_gains"


def _bowl(condition: int) -> ExactCheck:
    """Predict a tenth fewer updates in a bowl of this condition."""
    return at_least(
        *(GAINS, f"gain_at_{condition}", 1.1),
        key=f"bowl_{condition}",
        label=f"updates of SGD over those of momentum in a bowl of condition"
        f" {condition:,}",
        at=("condition", condition),
    )


def _network(task: str) -> Comparison:
    momentum, sgd = (arm(name, task) for name in ("momentum", "SGD"))
    return faster(momentum, sgd, named(task), quick=False)


ALL_ROWS = {"batch_size": 1024, "num_steps": 64}

CLAIM = Claim(
    statement="Momentum accelerates optimization compared with plain SGD.",
    strength="usually",
    rows=("A-OPT-21",),
    source=f"{MOMENTUM}; methods to accelerate the optimization",
    reference="Polyak (1964), Some methods of speeding up the convergence of iteration"
    " methods; Sutskever et al. (2013), On the importance of initialization and"
    " momentum in deep learning",
    axis="task",
    core=tuple(_network(task) for task in TASKS),
    beside=(
        *(_bowl(condition) for condition in (10, 100, 1000)),
        equals(
            *(GAINS, "power_of_the_gain", 0.5, 0.05),
            key="root",
            label="power of the condition by which the gain grows, best coefficients",
        ),
        at_most(
            *("momentum_gains_in_noise", "gain_with_noise", 1.1),
            key="noise",
            label="updates of SGD over those of momentum in a bowl of condition 100"
            " with much noise",
        ),
        at_least(
            *("momentum_gains_in_noise", "gain_without_noise", 1.1),
            key="no_noise",
            label="updates of SGD over those of momentum in the same bowl without"
            " noise",
        ),
        lower(
            arm("momentum", "clusters", **ALL_ROWS),
            arm("SGD", "clusters", **ALL_ROWS),
            "all_rows",
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: at its best rate momentum needs fewer updates than SGD on all"
        " four tasks.",
        "!core": "No: at its best rate momentum saves no tenth of SGD's updates on any"
        " of four tasks.",
        "!clusters spirals ?mnist1d !digits all_rows": (
            "It depends on the task: SGD needs {spirals.power} times the updates"
            " of momentum on spirals; on clusters and digits momentum needs more"
            " than SGD."
        ),
        "!clusters spirals !digits": "It depends on the task: momentum saves a tenth of"
        " SGD's updates on spirals, but not on clusters or digits.",
    },
    how=f"{SEARCHED[:-1]}; for bowls the best rate is known from algebra.",
    caveats=f"{WHERE} {TARGET} Momentum has the coefficient 0.9. With all rows losses"
    " are compared, after 64 updates; in noisy bowls the updates to a hundredth of the"
    " loss, in others those of the long run.",
)
