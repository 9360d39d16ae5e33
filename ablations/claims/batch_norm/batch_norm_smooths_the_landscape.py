"""Behind batch norm a longer kernel changes nothing, so no gradient points along it.

So a step turns kernels instead of stretching them, and a share of their length is a
small turn. Without it a step down the gradient also makes signals larger, layer upon
layer.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import alike, compare, mostly

CASES = {
    f"{name}_{depth}": (depth, loss)
    for depth in (3, 6)
    for name, loss in (("early", 1.5), ("late", 0.5))
}
FIFTH = 0.1
"""A fall of log10 that is one by a fifth."""
RANGE = ScoreConfig(
    quantity="log10_loss_range",
    better="lower",
    words="log10 of the range of losses along a step",
)
TURN = ScoreConfig(
    quantity="gradient_turn",
    better="lower",
    words="1 minus the cosine between gradients before and after a step",
)
LOSS = ScoreConfig(quantity="loss", better="lower", words="training loss")


def _arms(key: str) -> tuple[Arm, Arm]:
    return rig.walking("before", *CASES[key]), rig.walking(None, *CASES[key])


def _smoother(key: str) -> Comparison:
    norm, plain = _arms(key)
    at = ("depth", CASES[key][0])
    return compare(norm, "less", plain, RANGE, FIFTH, key=key, at=at)


def _turns_less(key: str) -> Comparison:
    norm, plain = _arms(key)
    key, at = f"{key}_turn", ("depth", CASES[key][0])
    return compare(norm, "less", plain, TURN, 0.05, key=key, at=at)


def _matched(key: str) -> Equivalence:
    return alike(*_arms(key), LOSS, CASES[key][1] / 5.0, key=f"{key}_matched")


def _reached(key: str, place: int) -> SuccessRate:
    score = LOSS.replace(better=None, at_most=CASES[key][1], words="reach the target")
    end = ("norm", "plain")[place]
    return mostly(_arms(key)[place], score, key=f"{key}_{end}")


CLAIM = Claim(
    statement="Batch norm smooths the optimization landscape.",
    rows=("A-BN-14",),
    source=f"{NOTES}, benefits",
    reference="Santurkar et al. (2018), How does batch normalization help"
    " optimization?",
    axis="depth",
    core=(*map(_smoother, CASES), *map(_turns_less, CASES)),
    controls=(
        *map(_matched, CASES),
        *(_reached(key, place) for key in CASES for place in (0, 1)),
    ),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core": (
            "Yes: along steps of equal relative length losses vary less,"
            " {early_3.power} to {late_6.power} times, and gradients turn less."
        ),
        "early_3 late_3 early_6 late_6 !early_3_turn !late_3_turn !early_6_turn"
        " !late_6_turn": "Not settled: losses along a step vary less, by a factor of"
        " {late_6.power} in six layers, but gradients turn no less.",
        "!core": "No: losses along a step vary no less with it, and gradients turn as"
        " much.",
    },
    how="Networks with and without batch norm, {late_6.n} for each depth and loss, were"
    " taken at the same training loss and walked down the gradient of all rows.",
    caveats="Steps reach a tenth of the length of all weights, and gradients are"
    " compared there. Training losses are 1.5 and 0.5 nats, of 2.3 for guessing."
    f" {rig.ALL_ROWS}",
)
