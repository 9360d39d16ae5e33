"""Signals must keep their size forward, and gradients backward, through every layer.

An activation and weights that match it do that together, a skip connection or batch
norm each in its own way; so several combinations suffice and none is needed in all.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction, SuccessRate
from ablations.rigs.depth.recipes import (
    CONTROLS,
    EFFECT,
    MODERN,
    NOTES,
    SEEDS,
    SWITCHES,
    accuracy,
    factorial,
    learns,
    recipe_name,
    rescues,
)


def _without(switch: str) -> str:
    return recipe_name(s for s in SWITCHES if s != switch)


SHOWN = tuple(
    SuccessRate(label=f"{name} learns", arm=name, score=learns(), bound=0.0)
    for name in factorial()
)

CLAIM = Claim(
    statement=(
        "Activation, initialization, optimizer, batch norm and residual connections"
        " together explain why deep networks became trainable."
    ),
    rows=("A-INT-12",),
    source=NOTES,
    arms=factorial(),
    predictions=(
        rescues("all five together", MODERN, recipe_name()),
        *(
            Comparison(
                label=f"{switch} is needed beside the other four",
                treatment=MODERN,
                control=_without(switch),
                score=accuracy("accuracy"),
                margin=0.01,
            )
            for switch in SWITCHES
        ),
        Interaction(
            label="ReLU and its initializer work only together",
            neither=recipe_name(),
            first="ReLU",
            second="init",
            both="ReLU + init",
            score=learns(),
            margin=EFFECT,
        ),
        Interaction(
            label="skips need batch norm, with ReLU and its initializer",
            neither="ReLU + init",
            first="ReLU + init + skip",
            second="ReLU + init + batch norm",
            both="ReLU + init + batch norm + skip",
            score=learns(),
            margin=EFFECT,
        ),
    ),
    beyond_quick=(
        *(f"{switch} is needed beside the other four" for switch in SWITCHES),
        "skips need batch norm, with ReLU and its initializer",
        *(p.label for p in SHOWN),
    ),
    controls=CONTROLS,
    shown=SHOWN,
    seeds=SEEDS,
    caveats=(
        "Twenty layers, 500 updates, accuracy on the training rows; with batch norm it"
        " is that in use, with moving averages of momentum 0.99. Each arm has its own"
        " learning rate, the middlemost of those within two points of the best"
        " validation accuracy on two tuning seeds, so that a small difference may be"
        " the rate's."
    ),
    figure="rescue_matrix",
    findings={
        "conditional": (
            "All five together add {0} to the share of runs that learn ({0.n}"
            " seeds), but skips alone reach {shown[5].brief}. Beside the other four,"
            " ReLU adds {1} of training accuracy, skips {5}, batch norm {4}; Adam"
            " and the initializer add less than 0.01, {3} and {2}."
        )
    },
)
