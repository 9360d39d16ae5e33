"""Plain gradient descent moves each layer in proportion to its gradient.

Where gradients shrink towards the input, early layers therefore move the least.
Adam divides that size out, so that all layers move alike from the first updates on,
unless gradients fall below the small number that it adds to the divisor.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import BASICS, NUM_STEPS, SEEDS, WORDS
from ablations.rigs.depth.signals import DEPTHS, GLOROT, HE, trained
from ablations.rigs.readings import mostly, rarely, when

MOMENTS = {"start": 0, "early": 100, "late": NUM_STEPS}


def _slow(at: int) -> ScoreConfig:
    """Return success: the first layer moves a tenth as far as the last, or less."""
    return ScoreConfig(
        quantity="update_ratio",
        at=at,
        at_most=-1.0,
        words=(
            "move their first hidden layer, relative to its size, a tenth as far as"
            f" the last or less {when(at)}"
        ),
    )


CLAIM = Claim(
    statement=(
        "Where gradients vanish, the layers near the inputs hardly move or stand still."
    ),
    rows=("B-VAN-2",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Hochreiter (1991); Glorot and Bengio (2010)",
    axis="optimizer",
    core=tuple(
        mostly(
            trained(initializer=GLOROT, depth=depth, optimizer=optimizer),
            _slow(at),
            key=f"{optimizer}_{depth}_{moment}",
            label=f"runs whose first layer hardly moves {when(at)},"
            f" {WORDS[optimizer]}, {depth} layers",
            quick=(optimizer, depth) == ("sgd", 8),
            headline=(optimizer, depth, moment) == ("sgd", 8, "late"),
        )
        for optimizer in ("sgd", "adam")
        for depth in DEPTHS
        for moment, at in MOMENTS.items()
    ),
    controls=(
        rarely(
            trained(activation="relu", initializer=HE, depth=8, optimizer="sgd"),
            _slow(100),
            key="relu",
            label=f"runs whose first layer hardly moves {when(100)}, ReLU, SGD, 8"
            " layers",
        ),
    ),
    seeds=SEEDS,
    answers={
        "sgd_8_start sgd_8_early sgd_8_late !sgd_4_late !adam_4_late !adam_8_late": (
            "Not settled: in {sgd_8_late} networks of eight layers plain descent hardly"
            " moves the first, but with four layers or Adam it moves later."
        ),
        "core": "Yes: by plain descent and by Adam, in four layers and in eight, the"
        " first layer hardly moves at any time.",
        "!core": "No: neither by plain descent nor by Adam does the first layer stand"
        " almost still.",
    },
    how=(
        "{sgd_8_late.n} networks of four and of eight sigmoid layers were trained by"
        " plain gradient descent and by Adam for 500 updates."
    ),
    caveats=(
        "Glorot's weights; hardly means, relative to its size, a tenth as far as the"
        " last hidden layer or less. Each network has its own learning rate, the"
        " middlemost of those within two points of the best validation accuracy on two"
        " tuning seeds; one at chance thus trains at the middle of its grid."
    ),
    figure="gradient_depth",
)
