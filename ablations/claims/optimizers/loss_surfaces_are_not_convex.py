"""Hidden units can change places, and the same function stands at many points.

Halfway between two of them units are mixtures, which compute something else. Where all
weights are zero, or the first layer is saturated, the output is the same for every row;
if it is the mean of the targets, no small change of one weight lowers the loss.
"""

from collections.abc import Callable

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most, equals

SURFACES, CURVATURES = "loss_surfaces", "surface_curvatures"
SIGNS: dict[str, tuple[Callable[..., ExactCheck], str, float, str]] = {
    "minima": (
        *(at_least, "loss_between_minima", 0.01),
        "loss halfway between two minima, over that of the mean",
    ),
    "saddle": (
        *(at_least, "rarer_side_of_a_saddle", 0.01),
        "rarer share of a lower or a higher loss near zero weights",
    ),
    "plateau": (
        *(at_most, "gradient_on_a_plateau", 1e-6),
        "largest gradient where the first layer is saturated",
    ),
}


def _has(sign: str, depth: int) -> ExactCheck:
    """Predict a rise between minima, both sides of a saddle, or hardly any gradient."""
    relation, quantity, bound, label = SIGNS[sign]
    layers = "1 hidden layer" if depth == 1 else f"{depth} hidden layers"
    return relation(
        *(SURFACES, f"{quantity}_{depth}", bound),
        key=f"{sign}_{depth}",
        label=f"{label}, {layers}",
        at=("hidden layers", depth),
    )


CLAIM = Claim(
    statement="Loss surfaces of deep networks are not convex: they have several minima,"
    " saddle points and plateaus.",
    strength="usually",
    rows=("A-OPT-1",),
    source=f"{NOTES}, non-convex loss surface",
    reference="Dauphin et al. (2014), Identifying and attacking the saddle point"
    " problem in high-dimensional non-convex optimization; Brea et al. (2019),"
    " Weight-space symmetry in deep networks",
    axis="hidden layers",
    core=tuple(_has(sign, depth) for sign in SIGNS for depth in (2, 4)),
    beside=(
        *(_has(sign, 1) for sign in SIGNS),
        equals(
            *(CURVATURES, "share_of_starts_with_both_signs", 1.0),
            key="both_signs",
            label="share of random starts that curve up and down, 2 hidden layers",
        ),
        at_most(
            *(SURFACES, "largest_loss_of_a_twin", 0.0, 1e-12),
            key="twin",
            label="largest loss of the same networks with units exchanged",
        ),
        at_most(
            *(SURFACES, "largest_gradient_at_a_saddle", 0.0, 1e-9),
            key="level",
            label="largest gradient at zero weights",
        ),
        at_least(
            *(SURFACES, "smallest_loss_on_a_plateau", 0.5),
            key="high",
            label="smallest loss where the first layer is saturated",
        ),
    ),
    controls=(
        at_most(
            *(CURVATURES, "excess_without_hidden_layers", 0.0, 1e-12),
            key="convex",
            label="largest rise halfway between two networks, no hidden layers",
        ),
    ),
    answers={
        "core twin level high": "Yes: with two and four hidden layers there are equal"
        " minima with a rise between them, saddle points and plateaus.",
        "minima_2 minima_4 saddle_2 saddle_4 !plateau_4": "Nearly: there are several"
        " minima with a rise between them, and saddle points; with four hidden"
        " layers not every plateau is flat to a millionth.",
        "core": "Yes: with two and four hidden layers signs of all three were found,"
        " though not all that they rest on.",
        "!core": "No: no rise between minima, no saddle point and no plateau was"
        " found.",
        "minima_2 minima_4": "Not all of it: there are several minima with a rise"
        " between them, but some saddle points or plateaus are missing.",
    },
    how="Losses were computed at and between points of ten tanh networks for each"
    " depth, whose targets another network of the same shape gives.",
    caveats="Minima that are worse than others are a matter of other claims.",
)
