"""A wide random layer sums so many weights that its sums are normal.

Then the growth of signals and gradients per layer is an integral over one normal
variable, which gave the scale of today's initializers before they were tried.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least

ERROR = 0.05
"""Error of a factor per layer from which on a theory is of little use."""

NAMES = {"relu": "ReLU", "glorot": "Xavier", "he": "He", "batch_norm": "batch norm"}
WAYS = {"forward": "signal", "backward": "gradient"}
MATCHED = (("relu", "he"), ("tanh", "glorot"))
OTHERS = (("relu", "glorot"), ("tanh", "he"), ("sigmoid", "glorot"), ("sigmoid", "he"))


def _error(way: str, activation: str, rule: str) -> ExactCheck:
    name = NAMES.get(activation, activation)
    return at_least(
        "signal_propagation",
        f"error_{way}_{activation}_{rule}",
        ERROR,
        key=f"{way}_{activation}_{rule}",
        label=f"relative error of the predicted {WAYS[way]}, {name} with {NAMES[rule]}",
        at=("activation", name),
    )


CLAIM = Claim(
    statement=(
        "Deep learning is an engineering science, in which pen and paper do not lead"
        " to advances."
    ),
    rows=("A-INT-19",),
    source="Deep learning notes, chapter 1, experiments and engineering",
    reference=(
        "He et al. (2015), Delving deep into rectifiers; Poole et al. (2016),"
        " Exponential expressivity in deep neural networks through"
        " transient chaos; Schoenholz et al. (2017), Deep information propagation;"
        " Yang et al. (2019), A mean field theory of batch normalization"
    ),
    axis="activation",
    core=tuple(_error(way, *pair) for way in WAYS for pair in MATCHED),
    beside=(
        *(_error(way, *pair) for way in WAYS for pair in OTHERS),
        _error("backward", "relu", "batch_norm"),
        _error("backward", "tanh", "batch_norm"),
    ),
    controls=(
        at_least(
            "signal_propagation",
            "smallest_error_without_the_activation",
            ERROR,
            key="blind",
            label="smallest relative error of a theory without the activation",
        ),
    ),
    answers={
        "!core": (
            "No: theory on paper gets the growth of signals and gradients per layer"
            " right within five percent, for ReLU and for tanh."
        ),
        "core": "Yes: theory on paper is wrong by five percent or more in every case.",
    },
    how=(
        "What theory predicts was compared with signals and gradients in networks of"
        " 50 random layers of 512 units."
    ),
    caveats=(
        "All that is tested is whether theory on paper predicts the factors by which"
        " signals and gradients grow per layer; refuted means that it does. This bears"
        " on one advance, the scale of first weights, whose rule He et al. (2015)"
        " derived on paper; how other advances came about is history. Two networks"
        " have batch norm."
    ),
)
