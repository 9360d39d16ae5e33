"""Members that bend around single rows bend in ways of their own, which average out.

What they share stays: the rows themselves, or all of it where training finds one best
model whatever the start.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.ensembles import (
    MEMBERS,
    MEMBERS_OF,
    SEEDS,
    ensemble_arm,
    test_loss,
    tested,
    training_accuracy,
)
from ablations.rigs.regularization.noisy_labels import SOURCE, TIE

FALL = 0.05
"""Fall of the test loss that matters, in nats: a tenth to a fifth of it."""

FORGOTTEN = 0.03
"""Fall of training accuracy that counts as fewer false labels learned: a fifth."""


def _better(members: str, k: int) -> Comparison:
    return Comparison(
        label=f"{k} together do better on new data, {members}",
        at=("members", k) if members == "same rows" else None,
        treatment=members,
        control=members,
        score=tested(k),
        control_score=tested(1),
        margin=TIE,
    )


GAINS = (
    *(_better("same rows", k) for k in (2, 4, MEMBERS)),
    *(_better(members, MEMBERS) for members in MEMBERS_OF if members != "same rows"),
)
PREDICTIONS = (
    *GAINS,
    *(
        Comparison(
            label=f"eight together have a smaller test loss, {members}",
            treatment=members,
            control=members,
            score=test_loss(MEMBERS),
            control_score=test_loss(1),
            margin=FALL,
            direction="less",
        )
        for members in MEMBERS_OF
    ),
    *(
        Comparison(
            label=f"eight together fit false labels less, {members}",
            treatment=members,
            control=members,
            score=training_accuracy(MEMBERS),
            control_score=training_accuracy(1),
            margin=FORGOTTEN,
            direction="less",
        )
        for members in ("same rows", "bagging")
    ),
    Comparison(
        label="eight with rows of their own do better than eight on the same rows",
        treatment="bagging",
        control="same rows",
        score=tested(MEMBERS),
        margin=TIE,
    ),
)
HEADLINE = GAINS[2].label
QUICK = {GAINS[0].label, HEADLINE}

CLAIM = Claim(
    statement=(
        "Several unlike models that answer together overfit less than one of them."
    ),
    rows=("A-REG-23",),
    source=f"{SOURCE}, dropout and ensembles",
    reference=(
        "Hansen and Salamon (1990), Neural network ensembles; Breiman (1996), Bagging"
        " predictors"
    ),
    arms={members: ensemble_arm(members) for members in MEMBERS_OF},
    predictions=PREDICTIONS,
    headline=HEADLINE,
    beyond_quick=tuple(p.label for p in PREDICTIONS if p.label not in QUICK),
    controls=(
        SuccessRate(
            label="single networks memorize",
            arm="same rows",
            score=ScoreConfig(
                quantity="accuracy_of_1",
                at_least=0.95,
                words="classify 95 % of the training rows as labeled",
            ),
            bound=0.6,
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Two networks together change test accuracy by {0}, eight by {2} and eight"
            " with rows of their own by {3}; eight linear models on the same rows by"
            " {4} ({2.n} seeds). Training accuracy, false labels included, changes by"
            " {10} with eight."
        ),
        "inconclusive": (
            "Two networks together change test accuracy by {0}, eight by {2} and eight"
            " with rows of their own by {3}; eight linear models on the same rows by"
            " {4} ({2.n} seeds). Training accuracy, false labels included, changes by"
            " {10} with eight."
        ),
    },
    caveats=(
        "Two ReLU layers of 64 units, or none, on 320 rows, some 15 % of whose labels"
        " are false; 1,500 updates by Adam. The loss of a mean is never above the mean"
        " loss, whatever the members, so there the question is by how much."
    ),
    figure="effects",
)
