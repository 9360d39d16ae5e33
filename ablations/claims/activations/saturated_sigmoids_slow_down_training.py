"""Far from zero the slope of a sigmoid is a factor of next to nothing in the gradient.

Cross-entropy divides that slope out again, squared error does not; hidden sigmoids have
it in their gradients whatever the loss is.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, TimeToTarget
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.recipes import OWN_RATE, learns
from ablations.rigs.readings import at_least, equals
from ablations.rigs.training import SEEDS, sigmoids

STARTS = "saturated_start"
LOSSES = {"mse": "squared error", "bce": "cross-entropy"}
SLOWER = 0.5
"""Excess of updates that counts: half as many again."""


def _delays(loss: str) -> ExactCheck:
    """Predict that the first unit of the way takes more updates from 8 than from 1."""
    label = f"updates from 8 to 7 over those from 1 to 0, {LOSSES[loss]}"
    at = ("place", f"output, {LOSSES[loss]}")
    quantity, bound = f"delay_{loss}", 1.0 + SLOWER
    return at_least(STARTS, quantity, bound, key=loss, label=label, at=at)


def _hidden(optimizer: str, words: str) -> TimeToTarget:
    """Predict that saturated hidden layers take half as long again to learn."""
    return TimeToTarget(
        treatment=sigmoids(8.0, optimizer),
        control=sigmoids(0.0, optimizer),
        score=learns(),
        budget=2000,
        margin=SLOWER,
        direction="greater",
        key=f"hidden_{optimizer}",
        label=f"updates until runs learn from a bias of 8 over those from 0, {words}",
        at=("place", f"hidden layers, {words}"),
        quick=False,
    )


CLAIM = Claim(
    statement="Gradients of a sigmoid near zero for large inputs slow down training.",
    rows=("A-ACT-9",),
    source=f"{NOTES}, sigmoid",
    reference="LeCun, Bottou, Orr and Müller (1998), Efficient backprop; Glorot and"
    " Bengio (2010)",
    axis="place",
    core=(
        _delays("mse"),
        _delays("bce"),
        _hidden("sgd", "plain descent"),
        _hidden("adam", "Adam"),
    ),
    beside=(
        equals(
            STARTS,
            "growth_mse",
            1.0,
            0.1,
            key="exponential",
            label="logarithm of the factor in updates per unit of start, squared error",
        ),
        equals(
            STARTS,
            "step_bce",
            1.0,
            0.1,
            key="linear",
            label="added updates from 6 to 8 over those from 4 to 6, cross-entropy",
        ),
    ),
    seeds=SEEDS,
    answers={
        "mse !bce hidden_sgd": "It depends: hidden layers learn {hidden_sgd.times}"
        " times as slowly, outputs with squared error start {mse} times as slowly,"
        " with cross-entropy not at all.",
        "mse !bce": "It depends: saturated outputs start {mse} times as slowly with"
        " squared error, and with cross-entropy not at all.",
        "core": "Yes: saturated hidden layers learn {hidden_sgd.times} times as slowly,"
        " and outputs start more slowly with squared error and with cross-entropy.",
        "!core": "No: neither saturated outputs nor saturated hidden layers learn half"
        " as slowly again.",
    },
    how="One sigmoid was followed from sums up to 8 on the wrong side, and"
    " {hidden_sgd.n} networks of two layers learned from hidden biases of 0 and of 8.",
    caveats="To learn is to classify half of the training rows; a run that has not"
    f" after 2,000 updates counts with these. {OWN_RATE}",
)
