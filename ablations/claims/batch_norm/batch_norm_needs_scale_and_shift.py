"""The layer behind has a scale of its own, and the one in front can turn signs.

ReLU lets a factor through, so a scale can move behind it; other activations bend it.
A shift in front of batch norm is taken off with the mean, so only beta can shift.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import at_least

NEEDS = "batch_norm_needs"
WORDS = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}


def _is_needed(lacks: str, name: str) -> ExactCheck:
    """Predict that a hundredth of a unit's variance is missing, or more."""
    return at_least(
        NEEDS,
        f"share_left_without_{lacks}_{name}",
        0.01,
        key=f"{lacks}_{name}",
        label=f"share of a unit that is missing without {lacks}, {WORDS[name]}",
        at=("activation", WORDS[name]),
    )


CLAIM = Claim(
    statement="Batch norm needs both a learned scale and a learned shift.",
    strength="always",
    rows=("A-BN-9",),
    source=f"{NOTES}, gamma and beta; that both are needed is implied",
    reference="Keras, documentation of BatchNormalization, on `scale` in front of ReLU",
    axis="activation",
    implied=True,
    core=tuple(_is_needed(k, name) for k in ("scale", "shift") for name in WORDS),
    answers={
        "!scale_relu scale_sigmoid shift_relu shift_sigmoid": (
            "Not the scale in front of ReLU, which the next layer supplies; else"
            " leaving either out loses some percent of a unit's variance."
        ),
        "!scale_relu shift_relu shift_sigmoid": "Not both: the shift is needed, but"
        " the next layer can take over the scale behind ReLU.",
        "core": "Yes: without either, units can no longer do what they did.",
        "!core": "No: other layers take over both, whatever the activation.",
    },
    how="Units with random scales and shifts were replaced by ones without, with the"
    " best sign in front and the best factor and constant behind.",
    caveats="Needed is what leaves a hundredth of a unit's variance missing, or more."
    " One unit stands for one unit; several can come nearer.",
)
