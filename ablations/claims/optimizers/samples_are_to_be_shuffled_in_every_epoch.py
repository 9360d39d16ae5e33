"""Class after class, a network learns each class and forgets the one before.

One random order mixes the classes. That rows then always have the same neighbors costs
little here.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import (
    LOSS,
    ORDERS,
    SEARCHED,
    SEEDS,
    TENTH,
    WHERE,
    WRONG,
    arm,
    lower,
    named,
)
from ablations.rigs.readings import compare

PLACES = (("SGD", WRONG), ("Adam", WRONG), ("SGD", "MNIST-1D"))


def _key(order: str, optimizer: str, task: str) -> str:
    return f"{order}_{optimizer.lower()}_{named(task)}"


def _label(order: str, optimizer: str, task: str) -> str:
    rows = f"new orders less {ORDERS[order]}"
    return f"log10 of the training loss, {rows}, {optimizer}, {task}"


def _beats(order: str, optimizer: str, task: str, margin: float) -> Comparison:
    """Predict a lower loss with new orders than with another one."""
    ours, theirs = arm(optimizer, task), arm(optimizer, task, order=order)
    key, label = _key(order, optimizer, task), _label(order, optimizer, task)
    return lower(ours, theirs, key, margin, label=label)


def _as_good(order: str, optimizer: str, task: str) -> Comparison:
    """Predict that new orders leave at most a tenth more loss than another way."""
    ours, theirs = arm(optimizer, task), arm(optimizer, task, order=order)
    key = f"no_worse_{_key(order, optimizer, task)}"
    label = f"{_label(order, optimizer, task)}, a tenth allowed"
    return compare(ours, "no_greater", theirs, LOSS, TENTH, key=key, label=label)


CLAIM = Claim(
    statement="The samples of mini-batches are to be shuffled anew in every epoch.",
    strength="usually",
    rows=("A-OPT-17",),
    source=f"{NOTES}, terminologies, notes",
    reference="Bottou (2009), Curiously fast convergence of some stochastic gradient"
    " descent algorithms; Guerbuezbalaban, Ozdaglar and Parrilo (2021), Why random"
    " reshuffling beats stochastic gradient descent",
    axis="order",
    core=(
        *(_beats("by_class", *place, TENTH) for place in PLACES),
        *(_as_good("once", *place) for place in PLACES),
    ),
    beside=(
        *(_beats("once", *place, TENTH) for place in PLACES),
        *(_as_good("replaced", *place) for place in PLACES),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core !once_sgd_wrong_labels !once_adam_wrong_labels !once_sgd_mnist1d": (
            "Yes, compared with rows sorted by class; but new orders in every epoch"
            " save less than a tenth of the loss compared with shuffling once."
        ),
        "core": "Yes: new orders leave a lower loss than class after class, and no"
        " higher one than one random order.",
        "!core": "No: new orders leave no lower loss than class after class, and a"
        " higher one than one random order.",
    },
    how=SEARCHED,
    caveats=f"{WHERE} Rows are seen 16 times, in batches of 32 of 1,024.",
)
