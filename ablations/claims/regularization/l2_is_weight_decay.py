"""Gradient descent turns the penalty's gradient into a shrinkage by a fixed share.

Momentum adds it up over many steps, and Adam divides it by the size of the gradients
like everything else, so that weights with large gradients hardly shrink, and those with
small ones shrink much faster than by decay.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence, ExactCheck
from ablations.rigs.readings import alike, at_least, compare, equals
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, accuracy

MEASURE = "decay_trajectories"
RATIO = "pull on a weight of small gradients over that on one of large, Adam"
PULLS = MEASURE, "ratio_of_pulls_by_decay"
PULLS_L2 = MEASURE, "ratio_of_pulls_by_l2"
LARGE = 3.0
"""A decay that does under Adam what a penalty of 0.03 does, by other seeds."""
NORM = rig.NORM, rig.FACTOR
PLAIN, GOOD, DECAYED = rig.penalized(0.0), rig.penalized(rig.GOOD), rig.decayed(LARGE)


def _path(key: str, optimizer: str) -> ExactCheck:
    label = f"distance between the weights under either, {optimizer}"
    # Rounding leaves a hundred-thousandth of the weights between two paths.
    return equals(MEASURE, f"distance_under_{key}", 0.0, 1e-5, key=key, label=label)


def _alike(key: str, l2: float, decay: float) -> tuple[Equivalence, Equivalence]:
    arms = rig.penalized(l2), rig.decayed(decay)
    return (
        alike(*arms, accuracy(), TIE, key=f"accuracy_{key}", quick=False),
        alike(*arms, *NORM, key=f"norm_{key}", quick=False),
    )


CLAIM = Claim(
    statement="L2 regularization is weight decay.",
    strength="always",
    rows=("A-REG-11",),
    source=f"{SOURCE}, L2 regularization",
    reference="Loshchilov and Hutter (2019), Decoupled weight decay regularization",
    core=(
        _path("sgd", "gradient descent"),
        _path("momentum", "momentum"),
        _path("rmsprop", "RMSProp"),
        _path("adam", "Adam"),
        *_alike("weak", 0.01, 0.02),
        *_alike("strong", rig.GOOD, 2 * rig.GOOD),
    ),
    beside=_alike("large", rig.GOOD, LARGE),
    controls=(
        compare(GOOD, "less", PLAIN, *NORM, key="penalty_matters", quick=False),
        compare(DECAYED, "less", PLAIN, *NORM, key="decay_matters", quick=False),
        equals(*PULLS, 1, 0.01, key="pull_of_decay", label=f"{RATIO}, decay"),
        at_least(*PULLS_L2, 2, key="pull_of_l2", label=f"{RATIO}, penalty"),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: under all four optimizers both take the weights the same way.",
        "sgd !adam !accuracy_strong": (
            "No: the two agree under plain gradient descent, but under Adam, at"
            " equal strength, networks differ by {accuracy_strong} percentage"
            " points of test accuracy."
        ),
        "sgd !adam": (
            "No: the two agree under plain gradient descent, but not under Adam."
        ),
        "!adam": "No: under Adam, penalty and decay take the weights different ways.",
    },
    how="With a penalty or with decay, a linear model took forty steps by each of four"
    " optimizers, and {accuracy_strong.n} networks per strength 1,500 updates by Adam"
    " on 320 rows.",
    caveats=(
        "A penalty is compared with a decay of twice its strength, which is"
        " the same under plain gradient descent. Under Adam decay needs more:"
        " a decay of 3 gives the test accuracy of a penalty of 0.03."
    ),
)
