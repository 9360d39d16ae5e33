"""A rule can be no better than what the inputs tell about the answer.

Where classes overlap, or labels are chance, rows beyond the training rows are answered
badly by every rule, also by one that overfits nothing because it learns nothing.
"""

from ablations.experiments.bayes_rule import BayesRuleConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.regularization.noisy_labels import NOISY, SEEDS, SOURCE
from ablations.rigs.regularization.stopping import share, watched

GOOD = 0.9
"""Share of test rows right that is not poor."""

ROWS = 1000
TASKS = {
    "false training labels": (NOISY, 0.4),
    "classes that overlap": (NOISY.replace(spread=2.0), 0.0),
    "labels by chance": (NOISY.replace(labels="random"), 0.0),
}


def _network(world: str) -> str:
    return f"network, {world}"


def _best(world: str) -> str:
    return f"best rule, {world}"


def _stopped(world: str) -> SuccessRate:
    return share(
        f"a network that stops early does well, {world}",
        _network(world),
        "test_accuracy_lowest",
        "have 90 % of the test rows right at the smallest validation loss",
        at_least=GOOD,
    )


def _known(world: str) -> SuccessRate:
    return share(
        f"the best rule there is does well, {world}",
        _best(world),
        "test_accuracy",
        "have 90 % of the test rows right",
        at_least=GOOD,
    )


def _premises(world: str) -> tuple[SuccessRate, ...]:
    return (
        share(
            f"the network overfits, {world}",
            _network(world),
            "accuracy_end",
            "end with 95 % of the training rows right",
            at_least=0.95,
        ),
        share(
            f"validation is poor, {world}",
            _network(world),
            "test_accuracy_end",
            "end with at most 90 % of the test rows right",
            at_most=GOOD,
        ),
    )


CONTROLS = tuple(premise for world in TASKS for premise in _premises(world))
BEYOND = (*(_stopped(world).label for world in TASKS), *(c.label for c in CONTROLS))

CLAIM = Claim(
    statement=(
        "Where a network that fits its training rows does poorly on validation rows, a"
        " shift of distribution or overfitting is to blame, so that a rule with neither"
        " does well."
    ),
    rows=("A-REG-3",),
    source=SOURCE,
    reference="Hastie, Tibshirani and Friedman (2009), section 2.4, on the Bayes rate",
    arms={
        **{
            _network(world): watched(ROWS, noise, task=task)
            for world, (task, noise) in TASKS.items()
        },
        **{
            _best(world): Arm(
                config=BayesRuleConfig(task=task.replace(label_noise=noise))
            )
            for world, (task, noise) in TASKS.items()
        },
    },
    predictions=(*map(_known, TASKS), *map(_stopped, TASKS)),
    beyond_quick=BEYOND,
    headline="the best rule there is does well, classes that overlap",
    controls=CONTROLS,
    seeds=SEEDS,
    findings={
        "conditional": (
            "With false training labels alone, stopping early makes {3.brief} of"
            " {3.n} networks good on new rows; where classes overlap or labels are"
            " chance it does so in {4.brief} and {5.brief}. The best rule there is,"
            " which meets no shift and overfits nothing, does well in {1.brief} and"
            " {2.brief}."
        )
    },
    caveats=(
        "Two ReLU layers of 64 units on 1,000 labeled rows; training and test rows"
        " come from one distribution, except that test labels are never redrawn. Poor"
        " is below 90 % right; the best rule knows the clusters that rows are drawn"
        " from. An overfitted network can be improved also where its best is poor."
    ),
    figure="conditions",
)
