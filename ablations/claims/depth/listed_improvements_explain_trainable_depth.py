"""Signals must keep their size forward, and gradients backward, through every layer.

An activation and weights that match it do that together, a skip connection or batch
norm each in its own way; so several combinations suffice and none is needed in all.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.depth import recipes as rig
from ablations.rigs.depth.recipes import EFFECT, MODERN, OLD, SWITCHES, learns, recipe
from ablations.rigs.readings import compare, shown


def _is_needed(switch: str) -> Comparison:
    return compare(
        MODERN,
        "greater",
        recipe(s for s in SWITCHES if s != switch),
        rig.accuracy("accuracy"),
        0.01,
        key=f"{rig.switch_key(switch)}_needed",
        label=f"gain in training accuracy by {rig.NAMES.get(switch, switch)} beside the"
        " other four",
        quick=False,
    )


CLAIM = Claim(
    statement=(
        "Activation, initialization, optimizer, batch norm and residual connections"
        " together explain why deep networks became trainable."
    ),
    rows=("A-INT-12",),
    source=rig.NOTES,
    core=(
        rig.rescues(
            MODERN,
            OLD,
            key="together",
            label="share of learning runs that all five together add",
        ),
    ),
    beside=(
        *map(_is_needed, SWITCHES),
        Interaction(
            neither=OLD,
            first=recipe(("ReLU",)),
            second=recipe(("init",)),
            both=recipe(("ReLU", "init")),
            score=learns(),
            margin=EFFECT,
            key="matched",
            label="share of learning runs that ReLU adds with matched weights, less"
            " that without",
        ),
        Interaction(
            neither=recipe(("ReLU", "init")),
            first=recipe(("ReLU", "init", "skip")),
            second=recipe(("ReLU", "init", "batch norm")),
            both=recipe(("ReLU", "init", "batch norm", "skip")),
            score=learns(),
            margin=EFFECT,
            key="tamed",
            label="share of learning runs that skips add with batch norm, less that"
            " without, ReLU and matched weights",
            quick=False,
        ),
    ),
    controls=rig.CONTROLS,
    shown=tuple(
        shown(
            arm,
            learns(),
            key=rig.switch_key(arm.name.replace(",", "")),
            label=f"runs that learn: {arm.name}",
            quick=False,
        )
        for arm in rig.factorial()
    ),
    seeds=rig.SEEDS,
    answers={
        "core": (
            "Yes: all five together let {together.treatment} networks of twenty layers"
            " learn, without them few do; but skips alone let {skip} learn."
        ),
        "!core": "No: with all five, at most a fifth more of the networks of twenty"
        " layers learn than with none.",
    },
    how=(
        "{together.n} networks of twenty layers were trained for 500 updates with each"
        " of the 32 combinations of five improvements."
    ),
    caveats=(
        "Accuracy is that on the training rows; with batch norm it is at inference,"
        " with moving averages of momentum 0.99. Each combination has its own learning"
        " rate, the middlemost of those within two points of the best validation"
        " accuracy on two tuning seeds, so that a small difference may be the rate's."
    ),
    figure="rescue_matrix",
)
