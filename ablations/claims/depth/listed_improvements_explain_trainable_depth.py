"""Signals must keep their size forward, and gradients backward, through every layer.

An activation and weights that match it do that together, a skip connection or batch
norm each in its own way; so several combinations suffice and none is needed in all.
They can also harm: ReLU with He's weights and skips diverges under plain descent
without batch norm.
"""

from itertools import combinations

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction, SuccessRate
from ablations.rigs.depth import recipes as rig
from ablations.rigs.depth.recipes import MODERN, OLD, SWITCHES, learns, recipe
from ablations.rigs.readings import compare, interaction, shown

MATCHED = ("ReLU", "init")
RELU_GAIN = "gain by ReLU with matched weights less that without them"
SKIP_GAIN = "gain by skips with batch norm less that without; ReLU, matched weights"

LONGER = recipe(SWITCHES, num_steps=rig.LONG), recipe(num_steps=rig.LONG)


def _is_needed(switch: str) -> Comparison:
    rest, key = recipe(set(SWITCHES) - {switch}), f"{rig.switch_key(switch)}_needed"
    score = rig.accuracy("accuracy")
    return compare(MODERN, "greater", rest, score, 0.01, key=key)


def _changes(
    key: str,
    label: str,
    on: tuple[str, ...],
    first: str,
    second: str,
) -> Interaction:
    """Predict that a switch does more beside another, with those that are on."""
    sets = ((), (first,), (second,), (first, second))
    arms = [recipe((*on, *switches)) for switches in sets]
    label = f"share of runs that learn, {label}"
    return interaction(arms, learns(), rig.EFFECT, key=key, label=label)


def _shown(*on: str) -> SuccessRate:
    key, arm = "_".join(map(rig.switch_key, on)) or "old_recipe", recipe(on)
    return shown(arm, learns(), key=key, label=f"runs that learn: {arm.name}")


CLAIM = Claim(
    statement="Activation, initialization, optimizer, batch norm and residual"
    " connections together explain why deep networks became trainable.",
    rows=("A-INT-12",),
    source=rig.NOTES,
    axis="updates",
    core=(
        rig.rescues(MODERN, OLD, "together", at=("updates", rig.NUM_STEPS)),
        rig.rescues(*LONGER, "together_long", at=("updates", rig.LONG)),
        rig.succeeds(MODERN, "modern", at=("updates", rig.NUM_STEPS)),
    ),
    beside=(
        *map(_is_needed, SWITCHES),
        _changes("matched", RELU_GAIN, (), *MATCHED),
        _changes("tamed", SKIP_GAIN, MATCHED, "skip", "batch norm"),
    ),
    controls=(rig.STUCK,),
    shown=(
        *(_shown(*on) for n in range(6) for on in combinations(SWITCHES, n)),
        rig.shown_moving(recipe(("batch norm",)), "batch_norm"),
        rig.shown_moving(MODERN, "modern"),
    ),
    standard_only=True,
    seeds=rig.LATER_SEEDS,
    answers={
        "core": (
            "Yes: with all five most networks of twenty layers learn, with none"
            " {together_long.control}; but batch norm alone or skips alone"
            " suffice."
        ),
        "!core": "No: with all five together at most a fifth more networks learn, in"
        " 500 updates and in 2,000.",
    },
    how="{together.n} networks of twenty layers were trained for 500 updates on 1,024"
    " rows of ten classes with each of the 32 combinations of five improvements, and"
    " with all and none for 2,000; with skips alone {skip} learn in 500, too.",
    caveats=f"Accuracy is on the training rows. {rig.LEARNING} {rig.AT_INFERENCE}"
    f" {rig.OWN_RATE}",
    figure="rescue_matrix",
)
