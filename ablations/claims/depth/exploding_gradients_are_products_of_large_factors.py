"""A recurrent network meets the same matrix at every step, so its factors multiply.

With linear units the gradient grows as the power of the matrix's spectral radius, and
the threshold is 1. A tanh unit multiplies every factor by its slope, at most 1 and
small where it saturates, so that the radius must be larger before anything explodes.
"""

from ablations.protocol.claim import Claim, SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recurrent import SOURCE, growth_arm
from ablations.rigs.readings import mostly

TENFOLD = "have a gradient ten times as long 50 steps before the end"
EXPLODES = ScoreConfig(quantity="log10_growth", at_least=1.0, words=TENFOLD)


def _multiplies(radius: float) -> SuccessRate:
    """Predict that a step multiplies the gradient by the radius, within 2 %."""
    score = ScoreConfig(
        quantity="growth_per_step",
        at_least=0.98 * radius,
        at_most=1.02 * radius,
        words="multiply the gradient by the radius per step, within 2 %",
    )
    arm, key = growth_arm("linear", radius, 100), f"step_{100 * radius:.0f}"
    return mostly(arm, score, 0.95, key=key)


def _ends(radius: float, word: str) -> SuccessRate:
    bound = {"at_least": 0.0} if radius > 1.0 else {"at_least": None, "at_most": 0.0}
    score = EXPLODES.replace(words=f"have a {word} gradient 100 steps back", **bound)
    return mostly(growth_arm("linear", radius, 100), score, 0.95, key=word)


def _explodes(radius: float) -> SuccessRate:
    arm, key = growth_arm("tanh", radius, 50), f"tanh_{100 * radius:.0f}"
    return mostly(arm, EXPLODES, 0.5, key=key)


CLAIM = Claim(
    statement="Gradients explode where the factors along their way multiply to"
    " something large, as they may over the steps of a recurrent network.",
    strength="can",
    rows=("B-EXP-1",),
    source=SOURCE,
    reference="Bengio, Simard and Frasconi (1994); Pascanu, Mikolov and Bengio (2013),"
    " On the difficulty of training recurrent neural networks",
    axis="radius",
    core=(
        *map(_multiplies, (1.05, 1.5, 2.0)),
        _ends(1.05, "longer"),
        *map(_explodes, (1.25, 1.5, 2.0, 3.0)),
    ),
    beside=(*map(_multiplies, (0.8, 0.95)), _ends(0.95, "shorter"), _explodes(1.0)),
    seeds=SeedPlan(quick=500, standard=2_000, full=10_000),
    answers={
        "longer step_105 step_150 step_200 !tanh_150 tanh_200 tanh_300": (
            "Yes: over many steps gradients of linear recurrent networks grow by the"
            " spectral radius per step; most tanh networks explode from radius two on."
        ),
        "core": "Yes: above a radius of one gradients grow, with tanh most explode.",
        "!core": "No: even over many steps of large factors gradients do not explode.",
    },
    how="Gradients were sent back through {tanh_200.n} untrained recurrent networks of"
    " 16 units for every spectral radius.",
    caveats=(
        "Linear kernels are Gaussian, tanh kernels orthogonal, so that their thresholds"
        " are not comparable. A radius of 1 is what Keras starts from."
    ),
)
