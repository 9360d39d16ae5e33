"""AdaGrad divides by the root of a sum that only grows, so its steps shrink.

A larger first rate makes up for some of that. Whether learning ends too early is seen
beside rules that forget, when all have their best rate and lower it alike.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.optimizers import ADAGRAD
from ablations.rigs.rate_search import (
    SEARCHED,
    SEEDS,
    TENTH,
    WHERE,
    WRONG,
    arm,
    higher,
    lower,
    named,
)

LONG = 2048
PLACES = (WRONG, "MNIST-1D")


def _stops(task: str, rival: str = "RMSProp", steps: int = 512) -> Comparison:
    """Predict at least twice the training loss of a rule that forgets."""
    changes = {} if steps == 512 else {"num_steps": steps}
    parts = (named(task), *(["long"] if changes else []))
    key = "_".join(parts if rival == "RMSProp" else (rival.lower(), *parts))
    ours, theirs = (arm(name, task, **changes) for name in ("AdaGrad", rival))
    return higher(ours, theirs, key)


CLAIM = Claim(
    statement="AdaGrad's growing sums shrink its rate until learning stops before the"
    " model converges.",
    strength="usually",
    rows=("A-OPT-28",),
    source=f"{ADAGRAD}, limitation",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods; Zeiler"
    " (2012), ADADELTA: an adaptive learning rate method",
    axis="task",
    core=(
        *(_stops(task) for task in ("spirals", *PLACES)),
        *(_stops(task, steps=LONG) for task in PLACES),
    ),
    beside=(
        *(_stops(task, "Adam") for task in ("spirals", *PLACES)),
        *(_stops(task, "SGD") for task in ("spirals", *PLACES)),
        lower(
            arm("AdaGrad", WRONG, num_steps=LONG),
            arm("AdaGrad", WRONG),
            "goes_on",
            TENTH,
            differs_in=("budget",),
            label="log10 of AdaGrad's training loss after 2,048 updates less that after"
            " 512",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: AdaGrad ends with at least twice RMSProp's training loss on all"
        " tasks, after 512 and after 2,048 updates.",
        "!core goes_on": "No: with its best rate AdaGrad never ends at twice RMSProp's"
        " loss, and with more updates it goes on learning.",
        "!core": "No: with its best rate AdaGrad never ends at twice the training loss"
        " of RMSProp, after 512 or 2,048 updates.",
        "wrong_labels_long mnist1d_long goes_on": (
            "Mixed: after 2,048 updates AdaGrad's loss is far above RMSProp's on both"
            " tasks, though on wrong labels it still falls; earlier, tasks differ."
        ),
    },
    how=SEARCHED,
    caveats=f"{WHERE} AdaGrad's sums start at 0.1, as in Keras.",
)
