"""Without biases a ReLU unit is on where a weighted sum is above zero, at any scale.

So weights twice as large switch no unit on or off; what helps is more units, or an
activation that is never off.
"""

from ablations.protocol.claim import Claim, SeedPlan
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.backpropagation import DEAD
from ablations.rigs.depth.starts import alive, narrow
from ablations.rigs.readings import Said, compare, mostly, rarely, shown

UNITS = ScoreConfig(
    quantity="mean_dead_share", better="lower", at=0, words="share of dead units"
)

WIDTHS = (4, 16)


def _is_less(width: int, improper: str) -> Comparison:
    """Predict a share of dead units smaller by a twentieth than from worse weights."""
    said: Said = {"key": f"{improper}_{width}", "at": ("width", width)}
    said["quick"] = width == max(WIDTHS)
    arms = narrow("relu", "he", width), narrow("relu", improper, width)
    return compare(arms[0], "less", arms[1], UNITS, 0.05, **said)


BIASED = narrow("relu", "he", 16, bias_start=0.5)

CLAIM = Claim(
    statement="Proper initialization of weights is a solution to dead ReLU units.",
    strength="can",
    rows=("B-DEAD-8",),
    source=f"{DEAD}, solutions",
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="width",
    core=tuple(_is_less(width, "small") for width in WIDTHS),
    beside=(
        *(_is_less(width, "glorot") for width in WIDTHS),
        compare(BIASED, "less", narrow("relu", "he", 16), UNITS, 0.05, key="bias"),
        mostly(narrow("relu", "he", 16), alive(), key="wide_alive"),
        rarely(narrow("relu", "he", 4), alive(), key="narrow_alive", quick=False),
    ),
    controls=(
        mostly(narrow("leaky_relu", "he", 16), alive(), key="leaky", quick=False),
    ),
    shown=(
        *(
            shown(narrow("relu", w, 4), alive(), key=f"narrow_{w}_alive", quick=False)
            for w in ("small", "glorot")
        ),
    ),
    seeds=SeedPlan(quick=50, standard=200, full=1000),
    answers={
        "!core !glorot_4 !glorot_16 !bias": (
            "Not these, before training: He's weights leave as many units dead as small"
            " ones or Xavier's; a bias of 0.5 does not make them fewer."
        ),
        "!core": "No: with He's weights hardly fewer units are dead at the start"
        " than with small ones.",
        "core glorot_4 glorot_16": "Yes: with He's weights fewer units are dead at the"
        " start than with small or Xavier's.",
        "core": "Yes: with He's weights fewer units are dead at the start than with"
        " small ones.",
    },
    how="Units that are off for all rows were counted in {small_16.n} untrained"
    " networks of 20 layers, four or 16 units wide, for each start.",
    caveats=(
        "At the start only. Weights that are not symmetric around zero, which"
        " prevent dead units in the paper, are not compared. With a bias of"
        " 0.5 slightly more units are dead."
    ),
)
