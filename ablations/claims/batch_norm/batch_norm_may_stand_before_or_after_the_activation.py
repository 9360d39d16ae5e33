"""Before the activation batch norm sets which part of it is used.

Behind the activation it sets what the next layer reads. Either way the layers behind
get inputs whose mean and variance do not drift with the weights.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.rigs.batch_norm import CODE
from ablations.rigs.depth.recipes import accuracy
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import alike

POINT = 0.01
CASES = {
    "relu_3": ("relu", 3),
    "tanh_3": ("tanh", 3),
    "sigmoid_3": ("sigmoid", 3),
    "relu_6": ("relu", 6),
}


def _same(key: str) -> Equivalence:
    before, after = (rig.placed(place, *CASES[key]) for place in ("before", "after"))
    at = ("activation", rig.WORDS[CASES[key][0]])
    return alike(after, before, accuracy(), POINT, key=key, at=at)


CLAIM = Claim(
    statement="Batch norm may stand before the activation, as in the code, or after it,"
    " as in other notes: both places serve alike.",
    rows=("A-BN-24",),
    source=f"{CODE}; Basics of deep learning, batch normalization; that both serve"
    " alike is implied",
    reference="Ioffe and Szegedy (2015), section 3.2, who put it before",
    axis="activation",
    implied=True,
    core=tuple(map(_same, CASES)),
    standard_only=True,
    seeds=rig.MORE_SEEDS,
    answers={
        "core": (
            "Yes, within a percentage point of test accuracy: in three layers before is"
            " {relu_3} better with ReLU, after {sigmoid_3} better with sigmoid."
        ),
        "!core": "No: the place changes test accuracy by a percentage point or more,"
        " whatever the activation.",
        "relu_3 !sigmoid_3": "It depends on the activation: with three ReLU layers"
        " either place serves; with sigmoids they end {sigmoid_3} percentage points"
        " apart.",
        "!relu_3 sigmoid_3": "It depends on the activation: with sigmoids either place"
        " serves; with three ReLU layers they end {relu_3} percentage points apart.",
    },
    how="Networks of three and six layers, {relu_3.n} for each place and activation,"
    " were trained for 500 updates on 1,024 rows of ten classes.",
    caveats=(
        "Every network trains by plain gradient descent at a rate chosen of"
        " seven by validation rows. Few rows are misclassified, 1 to 3 %, so"
        f" that a percentage point is many of them. {rig.ALL_ROWS}"
    ),
)
