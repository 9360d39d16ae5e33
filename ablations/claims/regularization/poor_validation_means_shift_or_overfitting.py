"""A rule can be no better than what the inputs tell about the answer.

Where classes overlap, or labels are chance, rows beyond the training rows are answered
badly by every rule, also by one that overfits nothing because it learns nothing.
"""

from typing import Any

from ablations.experiments.bayes_rule import BayesRuleConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.readings import Said
from ablations.rigs.regularization.noisy_labels import NOISY, SEEDS, SOURCE
from ablations.rigs.regularization.stopping import share, watched

GOOD = 0.9
"""Share of test rows right that is not poor."""

WORLDS = {
    "noise": ("false training labels", NOISY, 0.4),
    "overlap": ("classes that overlap", NOISY.replace(spread=2.0), 0.0),
    "chance": ("labels by chance", NOISY.replace(labels="random"), 0.0),
}


def _best(world: str) -> SuccessRate:
    words, task, noise = WORLDS[world]
    rule = BayesRuleConfig(task=task.replace(label_noise=noise))
    arm = Arm(levels={"rule": "best rule", "labels": words}, config=rule)
    told: Said = {"key": f"best_{world}", "headline": world == "overlap"}
    return share(arm, "test_accuracy", "do well", GOOD, **told)


def _all(key: str, quantity: str, words: str, **ends: Any) -> list[SuccessRate]:
    arms = {
        f"{key}_{world}": watched(1000, noise, task=task).with_levels(labels=labels)
        for world, (labels, task, noise) in WORLDS.items()
    }
    read = quantity, words
    return [share(arms[key], *read, **ends, key=key, quick=False) for key in arms]


STOPPED = _all("stopped", "test_accuracy_lowest", "do well if stopped", at_least=GOOD)
FIT = _all("fits", "accuracy_end", "overfit", at_least=0.95)
END_POOR = _all("poor", "test_accuracy_end", "end poor on new rows", at_most=GOOD)

CLAIM = Claim(
    statement="Where a network that fits its training rows does poorly on validation"
    " rows, a shift of distribution or overfitting is to blame, so that a rule with"
    " neither does well.",
    strength="always",
    rows=("A-REG-3",),
    source=SOURCE,
    reference="Hastie, Tibshirani and Friedman (2009), section 2.4, on the Bayes rate",
    core=(_best("noise"), _best("overlap")),
    beside=(_best("chance"), *STOPPED),
    controls=(*FIT, *END_POOR),
    seeds=SEEDS,
    answers={
        "!best_overlap": (
            "No: where classes overlap, even the best possible rule does poorly on new"
            " rows."
        ),
        "core": "Yes: a rule with neither fault does well in both settings tried.",
    },
    how="Networks of two ReLU layers learned 1,000 rows for 60 epochs, beside the best"
    " rule, which knows the clusters that rows are drawn from; {best_noise.n} samples"
    " each.",
    caveats="Well is 90 % of the test rows right, overfitted 95 % of the training rows."
    " An overfitted network can be improved also where its best is poor.",
)
