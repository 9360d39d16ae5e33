"""A recurrent network meets the same matrix at every step, so its factors multiply.

With linear units the gradient grows as the power of the matrix's spectral radius, and
the threshold is 1.
A tanh unit adds its own slope to every factor, at most 1 and small where it saturates,
so that the radius must be larger before anything explodes.
"""

from ablations.protocol.claim import Claim, SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recurrent import SOURCE, Ungated, growth_arm

RADII: dict[Ungated, tuple[float, ...]] = {
    "linear": (0.8, 0.95, 1.05, 1.5, 2.0),
    "tanh": (1.0, 1.25, 1.5, 2.0, 3.0),
}
LENGTHS: dict[Ungated, int] = {"linear": 100, "tanh": 50}

GROWS = ScoreConfig(
    quantity="log10_growth", at_least=0.0, words="have a longer gradient at the start"
)
SHRINKS = ScoreConfig(
    quantity="log10_growth", at_most=0.0, words="have a shorter gradient at the start"
)
EXPLODES = ScoreConfig(
    quantity="log10_growth",
    at_least=1.0,
    words="have a gradient ten times as long 50 steps before the end",
)


def settles_at(radius: float) -> ScoreConfig:
    """Return success: a step multiplies the gradient by the radius, within 2 %."""
    return ScoreConfig(
        quantity="growth_per_step",
        at_least=0.98 * radius,
        at_most=1.02 * radius,
        words=f"lengthen the gradient by {radius:g} per step, within 2 %",
    )


CLAIM = Claim(
    statement=(
        "Gradients explode where the factors along their way multiply to something"
        " large, as they may over the steps of a recurrent network."
    ),
    rows=("B-EXP-1",),
    source=SOURCE,
    reference=(
        "Bengio, Simard and Frasconi (1994); Pascanu, Mikolov and Bengio (2013),"
        " On the difficulty of training recurrent neural networks"
    ),
    arms={
        f"{cell}, radius {radius:g}": growth_arm(cell, radius, LENGTHS[cell])
        for cell, radii in RADII.items()
        for radius in radii
    },
    predictions=(
        *(
            SuccessRate(
                label=f"linear, a step multiplies by the radius {radius:g}",
                arm=f"linear, radius {radius:g}",
                score=settles_at(radius),
                bound=0.95,
            )
            for radius in RADII["linear"]
        ),
        *(
            SuccessRate(
                label=f"linear, {'longer' if radius > 1.0 else 'shorter'} at the start,"
                f" radius {radius:g}",
                arm=f"linear, radius {radius:g}",
                score=GROWS if radius > 1.0 else SHRINKS,
                bound=0.95,
            )
            for radius in (0.95, 1.05)
        ),
        *(
            SuccessRate(
                label=f"tanh explodes, radius {radius:g}",
                at=("radius", radius),
                arm=f"tanh, radius {radius:g}",
                score=EXPLODES,
                bound=0.5,
            )
            for radius in RADII["tanh"]
        ),
    ),
    seeds=SeedPlan(quick=500, standard=2_000, full=10_000),
    findings={
        "conditional": (
            "With linear units the threshold lies around a spectral radius of 1:"
            " gradients shrink in {5} of {5.n} recurrent networks at 0.95 and grow in"
            " {6} at 1.05. With tanh units an explosion, tenfold over 50 steps, takes"
            " more: it fails up to a radius of 1.5 ({9} of networks) and holds from 2"
            " on ({10})."
        )
    },
    caveats=(
        "Untrained networks of 16 units. Linear kernels are Gaussian and read over 100"
        " steps, of which the last 50 give the factor of a step; tanh kernels are"
        " orthogonal, which lets them explode most easily, and read over 50 steps. A"
        " radius of 1 is what Keras starts from. To explode here is only to grow"
        " tenfold in those 50 steps, by 5 % in each."
    ),
)
