"""Hidden units can change places, and the same function stands at many points.

Halfway between two of them units are mixtures, which compute something else. Where all
weights are zero, or a layer is saturated, no weight alone can change the output.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most, equals

SURFACES, CURVATURES = "loss_surfaces", "surface_curvatures"


def _layers(depth: int) -> str:
    return "1 hidden layer" if depth == 1 else f"{depth} hidden layers"


def _has_minima(depth: int) -> ExactCheck:
    """Predict a rise between two minima, by a hundredth of the mean's loss."""
    return at_least(
        SURFACES,
        f"loss_between_minima_{depth}",
        0.01,
        key=f"minima_{depth}",
        label=f"loss halfway between two minima, over that of the mean,"
        f" {_layers(depth)}",
        at=("hidden layers", depth),
    )


def _has_a_saddle(depth: int) -> ExactCheck:
    """Predict lower and higher losses near a point without a slope."""
    return at_least(
        SURFACES,
        f"rarer_side_of_a_saddle_{depth}",
        0.01,
        key=f"saddle_{depth}",
        label="rarer share of a lower or a higher loss near zero weights,"
        f" {_layers(depth)}",
        at=("hidden layers", depth),
    )


def _has_a_plateau(depth: int) -> ExactCheck:
    """Predict hardly any gradient where the first layer is saturated."""
    return at_most(
        SURFACES,
        f"gradient_on_a_plateau_{depth}",
        1e-6,
        key=f"plateau_{depth}",
        label=f"largest gradient where the first layer is saturated, {_layers(depth)}",
        at=("hidden layers", depth),
    )


SIGNS = (_has_minima, _has_a_saddle, _has_a_plateau)

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
    core=tuple(check(depth) for check in SIGNS for depth in (2, 4)),
    beside=(
        *(check(1) for check in SIGNS),
        equals(
            CURVATURES,
            "share_of_starts_with_both_signs",
            1.0,
            key="both_signs",
            label="share of random starts that curve up and down, 2 hidden layers",
        ),
        at_most(SURFACES, "largest_loss_of_a_twin", 0.0, 1e-12, key="twin"),
        at_most(SURFACES, "largest_gradient_at_a_saddle", 0.0, 1e-9, key="level"),
        at_least(SURFACES, "smallest_loss_on_a_plateau", 0.5, key="high"),
    ),
    controls=(
        at_most(CURVATURES, "excess_without_hidden_layers", 0.0, 1e-12, key="convex"),
    ),
    answers={
        "core twin level high": "Yes: with two and four hidden layers there are equal"
        " minima with a rise between them, saddle points and plateaus.",
        "core": "Yes: with two and four hidden layers signs of all three were found,"
        " though not all that they rest on.",
        "!core": "No: no rise between minima, no saddle point and no plateau was"
        " found.",
        "minima_2 minima_4": "Not all of it: there are several minima with a rise"
        " between them, but some saddle points or plateaus are missing.",
    },
    how="Losses were computed at and between points of ten tanh networks for each"
    " depth, whose targets another network of the same shape gives.",
    caveats="Such targets make sure that a minimum is known. Minima that are no better"
    " than their surroundings, yet worse than others, are a matter of other claims.",
)
