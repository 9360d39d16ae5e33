"""Batch norm fixes mean and variance of what enters an activation.

Its learned scale and shift move them on purpose, and nothing fixes what else there is
to a distribution, or how the gradient of a layer depends on the layers before it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.depth.recipes import learns
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly

CASES = {
    f"{activation}_{depth}": (activation, depth)
    for depth in (3, 8)
    for activation in ("relu", "tanh")
}
DRIFT = ("log10_input_drift", "log10 of the drift of layers' inputs")
CHANGE = ("log10_gradient_change", "log10 of the gradient's change by updates before")
FIFTH = 0.1
"""A fall of log10 that is one by a fifth."""


def _less(key: str, quantity: str, words: str, end: str = "") -> Comparison:
    norm, plain = (rig.drifting(place, *CASES[key]) for place in ("before", None))
    score = ScoreConfig(quantity=quantity, better="lower", words=words)
    at = ("depth", CASES[key][1])
    return compare(norm, "less", plain, score, FIFTH, key=key + end, at=at)


CLAIM = Claim(
    statement="Batch norm mitigates the changing distributions of layers' inputs, the"
    " internal covariate shift.",
    rows=("A-BN-3",),
    source=f"{NOTES}, benefits",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018), How does batch"
    " normalization help optimization?",
    axis="depth",
    core=tuple(_less(key, *DRIFT) for key in CASES),
    beside=tuple(_less(key, *CHANGE, "_gradient") for key in CASES),
    controls=(
        mostly(rig.drifting(None, "relu", 3), learns(), key="plain"),
        mostly(rig.drifting("before", "relu", 3), learns(), key="norm"),
    ),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core !relu_3_gradient !tanh_3_gradient !relu_8_gradient !tanh_8_gradient": (
            "Yes: in eight layers inputs drift less with batch norm, by a factor of"
            " {relu_8.power} with ReLU, {tanh_8.power} with tanh; but gradients change"
            " more."
        ),
        "core": "Yes: at the same rate inputs of eight layers drift less with batch"
        " norm, by a factor of {relu_8.power} with ReLU, {tanh_8.power} with tanh.",
        "!core": "No: with batch norm the inputs of layers do not drift a fifth less,"
        " neither with ReLU nor with tanh.",
        "relu_3 relu_8 !tanh_3 !tanh_8": "With ReLU they drift less, in eight layers by"
        " a factor of {relu_8.power}; with tanh they do not.",
        "!relu_3 !tanh_3 relu_8 tanh_8": "It depends on depth: in eight layers they"
        " drift less, in three not.",
    },
    how="Networks of three and eight layers, {relu_3.n} for each case, were followed"
    " over ten passes of plain gradient descent at a rate of 0.1 on 512 digits.",
    caveats="Drift is that of mean and deviation of each input over all training rows,"
    " which batch norm takes its statistics from.",
)
