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
READINGS: dict[str, tuple[str, str, dict[str, float]]] = {
    "stopped": ("test_accuracy_lowest", "do well if stopped", {"at_least": GOOD}),
    "fits": ("accuracy_end", "overfit", {"at_least": 0.95}),
    "poor": ("test_accuracy_end", "end poor on new rows", {"at_most": GOOD}),
}


def _best(world: str) -> SuccessRate:
    words, task, noise = WORLDS[world]
    rule = BayesRuleConfig(task=task.replace(label_noise=noise))
    arm = Arm(levels={"rule": "best rule", "labels": words}, config=rule)
    told = {"key": f"best_{world}", "headline": world == "overlap"}
    return share(arm, "test_accuracy", "do well", GOOD, **told)


def _watched(key: str) -> list[SuccessRate]:
    quantity, words, ends = READINGS[key]
    return [
        share(
            watched(1000, noise, task=task).with_levels(labels=world),
            quantity,
            words,
            **ends,
            key=f"{key}_{name}",
            quick=False,
        )
        for name, (world, task, noise) in WORLDS.items()
    ]


CLAIM = Claim(
    statement="Where a network that fits its training rows does poorly on validation"
    " rows, a shift of distribution or overfitting is to blame, so that a rule with"
    " neither does well.",
    strength="always",
    rows=("A-REG-3",),
    source=SOURCE,
    reference="Hastie, Tibshirani and Friedman (2009), section 2.4, on the Bayes rate",
    core=(_best("noise"), _best("overlap")),
    beside=(_best("chance"), *_watched("stopped")),
    controls=(*_watched("fits"), *_watched("poor")),
    seeds=SEEDS,
    answers={
        "!best_overlap": (
            "No: where classes overlap, even the best rule there is does poorly, with"
            " no shift and nothing overfitted."
        ),
        "core": "Yes: a rule with neither fault does well in both settings tried.",
    },
    how="Networks of two ReLU layers on 1,000 labeled rows, beside the best rule, which"
    " knows the clusters that rows are drawn from; {best_noise.n} samples each.",
    caveats="Well is at least 90 % of the test rows right, poor at most that; to"
    " overfit is to have 95 % of the training rows right. Test labels are never"
    " redrawn. An overfitted network can be improved also where its best is poor.",
    figure="conditions",
)
