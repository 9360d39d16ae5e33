"""A unit that is off for all rows adds nothing, so that the others are all there is.

How much is lost depends on how much was needed: a network with units to spare can lose
some of them and hold as much as before.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import accuracy
from ablations.rigs.dying_units.networks import DEAD, SEEDS, TEST, crippled
from ablations.rigs.readings import alike, compare, mostly

MEMORY = accuracy("accuracy")
"""Share of random labels that a network has learned by heart."""

SLIGHTLY = 0.02


def _costs(width: int, share: float, quick: bool = False) -> Comparison:
    key = f"{'half' if share == 0.5 else 'most'}{width}"
    arms = crippled(width, share), crippled(width)
    return compare(arms[0], "less", arms[1], MEMORY, 0.05, key=key, quick=quick)


def _costs_on_clusters(width: int) -> Comparison:
    arms = (crippled(width, share, "clusters") for share in (0.5, 0.0))
    key, dead, whole = f"clusters{width}", *arms
    return compare(dead, "less", whole, TEST, SLIGHTLY, key=key, quick=False)


def _as_a_smaller_one(width: int, share: float) -> Equivalence:
    smaller = crippled(round(width * (1.0 - share)))
    key = f"as_small{width}_{100 * share:.0f}"
    return alike(
        crippled(width, share), smaller, MEMORY, SLIGHTLY, key=key, quick=False
    )


CLAIM = Claim(
    statement="Dead units reduce the capacity of a network.",
    rows=("B-DEAD-5",),
    source=f"{DEAD}, effect",
    reference="Zhang, Bengio, Hardt, Recht and Vinyals (2017), random labels",
    axis="width",
    core=(_costs(16, 0.5, quick=True), _costs(64, 0.5), _costs(256, 0.5)),
    beside=(
        _costs(16, 0.75),
        _costs(64, 0.75),
        _as_a_smaller_one(16, 0.5),
        _as_a_smaller_one(64, 0.5),
        _as_a_smaller_one(64, 0.75),
        _costs_on_clusters(16),
        _costs_on_clusters(64),
        mostly(
            crippled(16, 0.5),
            ScoreConfig(
                quantity="share_of_dead_units",
                at_least=0.5,
                words="still have their dead units at the end",
            ),
            key="still_dead",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: with half its units dead a wide network learns {half256}"
        " percentage points fewer random labels by heart, a narrow one {half16}.",
        "half16 half64 !half256": (
            "It depends: with half of their units dead, the narrowest networks learn"
            " {half16} percentage points fewer random labels, wider ones {half64}, the"
            " widest no fewer."
        ),
        "half16 !half64 !half256": "It depends: half of the units dead cost the"
        " narrowest networks {half16} percentage points of the random labels they"
        " hold, wider ones under five.",
        "!core": "No: with half of its units dead a network learns less than five"
        " percentage points fewer random labels by heart.",
    },
    how="{half16.n} networks of two layers, some of whose units were dead from the"
    " start, learned 512 random labels by heart in 1,000 updates of Adam.",
    caveats="Layers have 16, 64 or 256 units; all networks train at a rate of 0.003."
    " What a network can hold is read as what it holds after that many updates.",
)
