"""A wide random layer sums so many weights that its sums are normal.

Then the growth of signals and gradients per layer is an integral over one normal
variable, which gave the scale of today's initializers before they were tried.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least

THEORY, ERROR = "signal_propagation", 0.05
"""Of little use is a theory whose factors per layer are off by the error or more."""

WORDS = {"relu": "ReLU", "glorot": "Xavier", "he": "He", "batch_norm": "batch norm"}
WAYS = {"forward": "signal", "backward": "gradient"}
MATCHED = ("relu_he", "tanh_glorot")
OTHERS = ("relu_glorot", "tanh_he", "sigmoid_glorot", "sigmoid_he")


def _error(key: str) -> ExactCheck:
    way, activation, rule = key.split("_", 2)
    name = WORDS.get(activation, activation)
    label = f"relative error of the predicted {WAYS[way]}, {name} with {WORDS[rule]}"
    at = ("activation", name)
    return at_least(THEORY, f"error_{key}", ERROR, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Deep learning is an engineering science, in which pen and paper do not"
    " lead to advances.",
    rows=("A-INT-19",),
    source="Deep learning notes, chapter 1, experiments and engineering",
    reference="He et al. (2015), Delving deep into rectifiers; Poole et al. (2016),"
    " Exponential expressivity in deep neural networks through transient chaos;"
    " Schoenholz et al. (2017), Deep information propagation; Yang et al. (2019), A"
    " mean field theory of batch normalization",
    axis="activation",
    core=tuple(_error(f"{way}_{pair}") for way in WAYS for pair in MATCHED),
    beside=(
        *(_error(f"{way}_{pair}") for way in WAYS for pair in OTHERS),
        _error("backward_relu_batch_norm"),
        _error("backward_tanh_batch_norm"),
    ),
    controls=(
        at_least(THEORY, "smallest_error_without_the_activation", ERROR, key="blind"),
    ),
    answers={
        "!core": (
            "No: theory on paper gave He's first weights, and it predicts how signals"
            " and gradients grow per layer to within five percent."
        ),
        "core": "Yes: theory on paper is wrong by five percent or more in every case.",
    },
    how="What theory predicts was compared with signals and gradients in networks of"
    " 50 random layers of 512 units.",
    caveats="Tested is only whether theory predicts the growth per layer, from which"
    " He et al. (2015) derived the scale of first weights.",
)
