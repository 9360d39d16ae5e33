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

WORLDS = {
    "noise": ("false training labels", NOISY, 0.4),
    "overlap": ("classes that overlap", NOISY.replace(spread=2.0), 0.0),
    "chance": ("labels by chance", NOISY.replace(labels="random"), 0.0),
}


def _network(world: str) -> Arm:
    words, task, noise = WORLDS[world]
    return watched(1000, noise, task=task).with_levels(labels=words)


def _best(world: str, **more: bool) -> SuccessRate:
    words, task, noise = WORLDS[world]
    rule = Arm(
        levels={"rule": "best rule", "labels": words},
        config=BayesRuleConfig(task=task.replace(label_noise=noise)),
    )
    return share(
        rule,
        "test_accuracy",
        "have 90 % of the test rows right",
        key=f"best_{world}",
        label=f"samples on which the best rule there is does well, {words}",
        at_least=GOOD,
        **more,
    )


def _watched(
    key: str, label: str, quantity: str, words: str, world: str, **ends: float
) -> SuccessRate:
    return share(
        _network(world),
        quantity,
        words,
        key=f"{key}_{world}",
        label=f"networks that {label}, {WORLDS[world][0]}",
        quick=False,
        **ends,
    )


def _stopped(world: str) -> SuccessRate:
    label = "stop early and do well"
    words = "have 90 % of the test rows right at the smallest validation loss"
    part = "test_accuracy_lowest"
    return _watched("stopped", label, part, words, world, at_least=GOOD)


def _fits(world: str) -> SuccessRate:
    words = "end with 95 % of the training rows right"
    return _watched("fits", "overfit", "accuracy_end", words, world, at_least=0.95)


def _poor(world: str) -> SuccessRate:
    words = "end with at most 90 % of the test rows right"
    return _watched(
        "poor", "end poor on new rows", "test_accuracy_end", words, world, at_most=GOOD
    )


CLAIM = Claim(
    statement=(
        "Where a network that fits its training rows does poorly on validation rows, a"
        " shift of distribution or overfitting is to blame, so that a rule with neither"
        " does well."
    ),
    strength="always",
    rows=("A-REG-3",),
    source=SOURCE,
    reference="Hastie, Tibshirani and Friedman (2009), section 2.4, on the Bayes rate",
    core=(_best("noise"), _best("overlap", headline=True)),
    beside=(_best("chance"), *map(_stopped, WORLDS)),
    controls=(*map(_fits, WORLDS), *map(_poor, WORLDS)),
    seeds=SEEDS,
    answers={
        "!best_overlap": (
            "No: where classes overlap, even the best rule there is does poorly, with"
            " no shift and nothing overfitted."
        ),
        "core": "Yes: a rule with neither fault does well in both settings tried.",
    },
    how=(
        "Networks of two ReLU layers on 1,000 labeled rows, beside the best rule, which"
        " knows the clusters that rows are drawn from; {best_noise.n} samples each."
    ),
    caveats=(
        "Training and test rows come from one distribution, except that test labels are"
        " never redrawn. Poor is below 90 % right. An overfitted network can be"
        " improved also where its best is poor."
    ),
    figure="conditions",
)
