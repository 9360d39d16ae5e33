"""A skip connection adds a layer's input to its output, and so does its gradient.

However small the weights, at least that part of the signal passes unchanged.
With He's weights each block doubles the signal's power instead, and fifty blocks
without a norm raise it by fifteen orders of magnitude.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import OLD, evens_out, recipe, rescues, succeeds
from ablations.rigs.readings import shown, yes_or_no

SKIPS, RATES = recipe(("skip",)), recipes.TINY_RATES
STARTS = {"small": recipes.SMALL, "glorot": "glorot_normal", "he": "he_normal"}
FIFTY = {
    f"{start}{'_norm' * len(norm)}": recipe(
        ("ReLU", "skip", *norm), rates=RATES, initializer=STARTS[start], depth=50
    )
    for start in STARTS
    for norm in ((), ("batch norm",))
}

CLAIM = Claim(
    statement="Residual connections improve gradient propagation in deep networks.",
    rows=("A-INT-11",),
    source=recipes.NOTES,
    reference="He et al. (2016); Zhang, Dauphin and Ma (2019)",
    core=(evens_out(SKIPS, OLD, key="gradients"),),
    beside=(
        rescues(SKIPS, OLD, key="learns"),
        *(succeeds(arm, key=key, quick=False) for key, arm in FIFTY.items()),
    ),
    controls=recipes.CONTROLS,
    shown=(
        shown(SKIPS, recipes.balanced(), key="balanced"),
        shown(SKIPS, recipes.learns(200), key="early"),
        *(
            recipes.shown_moving(FIFTY[key], key, quick=False)
            for key in FIFTY
            if key.endswith("_norm")
        ),
    ),
    seeds=recipes.FRESH_SEEDS,
    answers=yes_or_no(
        "skips shrink the gradient gap of twenty sigmoid layers from"
        " {gradients.control} to {gradients.treatment} orders of magnitude; but"
        " fifty ReLU layers with He's weights diverge."
    ),
    how=(
        "Gradients of {gradients.n} networks of twenty sigmoid layers were measured at"
        " the start; these and fifty ReLU layers from three starts were trained for 500"
        " updates on 1,024 rows of ten classes."
    ),
    caveats=(
        "One skip around every layer; fifty layers are ReLU, without batch"
        f" norm, and all have skips. {recipes.AT_INFERENCE}"
    ),
    figure="gradient_depth",
)
