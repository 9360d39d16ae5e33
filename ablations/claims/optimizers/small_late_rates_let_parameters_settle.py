"""A constant rate turns the noise of batches into a distance from the minimum.

Its square grows with the rate, so that a rate that falls lets it die out. Without noise
there is nothing to settle, and falling rates only slow down.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import SEEDS, TENTH, WHERE, WRONG, arm, lower, named
from ablations.rigs.readings import at_least, at_most

FLOORS = "noise_floors"
PLACES = (WRONG, "MNIST-1D")


def _settles(key: str, rate: str) -> ExactCheck:
    """Predict at most half the error of a rate that stays."""
    return at_most(
        *(FLOORS, f"left_at_{rate.replace('.', '_')}", 0.5),
        key=key,
        label=f"error under a rate that falls from {rate}, over that under one that"
        " stays",
        at=("rate", float(rate)),
    )


def _gains(optimizer: str, task: str) -> Comparison:
    """Predict a lower loss than with a steady rate, each the best of 16."""
    falls, stays = arm(optimizer, task), arm(optimizer, task, decay=False)
    key = f"{optimizer.lower()}_{named(task)}"
    label = f"log10 of the training loss, falling less steady rate, {optimizer}, {task}"
    return lower(falls, stays, key, TENTH, label=label, quick=False)


CLAIM = Claim(
    statement="A small learning rate late in training lets parameters settle into a"
    " minimum without oscillating around it.",
    strength="usually",
    rows=("A-OPT-11",),
    source=f"{NOTES}, learning rate decay",
    reference="Robbins and Monro (1951), A stochastic approximation method; You et al."
    " (2019), How does learning rate decay help modern neural networks?",
    axis="task",
    core=(
        _settles("tenth", "0.1"),
        *(_gains(rule, task) for rule in ("SGD", "Adam") for task in PLACES),
    ),
    beside=(
        _settles("hundredth", "0.01"),
        at_least(
            *(FLOORS, "floor_over_that_of_a_tenth", 5.0),
            key="floor",
            label="error that a rate of 0.1 leaves, over that of a tenth of it",
        ),
    ),
    controls=(
        at_least(
            *(FLOORS, "left_without_noise", 1.0),
            key="no_noise",
            label="error under a rate that falls over that under one that stays, early"
            " and without noise",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: rates that fall let the noise die out in a bowl, and lower the"
        " loss of networks, with SGD and with Adam.",
        "!core": "No: neither in a noisy bowl nor in networks do rates that fall leave"
        " a lower error.",
        "tenth !sgd_wrong_labels !adam_wrong_labels !sgd_mnist1d !adam_mnist1d": ""
        "Mixed: in a noisy bowl rates that fall at least halve the error; in networks"
        " they lower the loss by no tenth.",
        "tenth sgd_wrong_labels sgd_mnist1d !adam_mnist1d": (
            "Mixed: falling rates let noise die out in a bowl and lower the loss of"
            " networks under SGD; under Adam that was not shown."
        ),
        "tenth": "Mixed: in a noisy bowl rates that fall at least halve the error;"
        " networks with their best steady rate do not always gain.",
    },
    how="Errors in a noisy bowl follow from a formula; networks had the best of 16"
    " random rates, which fall or stay.",
    caveats=f"{WHERE} In bowls there are 2,000 updates, and noise as large as the first"
    " gradient.",
)
