"""SGD's step is as small as the gradient is.

Rules that divide by the size of past gradients make full steps on any even slope, as
long as it is larger than the number they add to the root; noise then leads them as well
as the slope does.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.landscapes import NOTES, OPTIMIZERS, hardly_moves
from ablations.rigs.readings import at_most, equals

PLATEAU = "plateau_ways"
KERAS = {
    f"{rule}_of_keras": f"{name} as in Keras"
    for rule, name in OPTIMIZERS.items()
    if rule not in ("sgd", "momentum")
}

CLAIM = Claim(
    statement="On plateaus, where the gradient is near zero, an optimizer gets little"
    " guidance.",
    strength="usually",
    rows=("A-OPT-5",),
    source=f"{NOTES}, issues with non-convex surfaces",
    axis="optimizer",
    core=tuple(
        hardly_moves(
            PLATEAU,
            f"distance_of_{rule}",
            key=rule,
            label="distance in 1,000 updates on a slope of a millionth, over that on"
            f" one, {name}",
            at=("optimizer", name),
        )
        for rule, name in (OPTIMIZERS | KERAS).items()
    ),
    beside=tuple(
        at_most(
            *(PLATEAU, f"right_way_of_{rule}", 0.6),
            key=f"{rule}_in_noise",
            label="share of weights that end on the lower side, in noise a thousand"
            f" times the slope, {OPTIMIZERS[rule]}",
        )
        for rule in ("sgd", "adam")
    ),
    controls=(
        equals(
            *(PLATEAU, "distance_of_sgd_on_a_slope_of_one", 10.0, 1e-9),
            key="slope",
            label="distance in 1,000 updates on a slope of one, SGD",
        ),
    ),
    answers={
        "core": "Yes: on a slope of a millionth no optimizer gets a hundredth as far as"
        " on a slope of one.",
        "!core": "No: on a slope of a millionth every optimizer gets over a hundredth"
        " as far as on a slope of one.",
        "sgd momentum !adagrad !rmsprop !adam adagrad_of_keras rmsprop_of_keras"
        " !adam_of_keras": "It depends on the optimizer: SGD, momentum and Keras's"
        " AdaGrad and RMSProp nearly stand still; Adam, and AdaGrad and RMSProp as"
        " printed, move on.",
        "sgd momentum !adagrad !rmsprop !adam": "It depends on the optimizer: SGD and"
        " momentum stand still; AdaGrad, RMSProp and Adam as printed move on.",
        "sgd momentum !adam": "It depends on the optimizer: SGD and momentum stand"
        " still; Adam as printed moves on.",
    },
    how="One thousand updates by the printed rules were computed under gradients of a"
    " millionth and of one, each optimizer against itself.",
    caveats=(
        "Guidance is read as how far one gets; a gradient without noise has"
        " the right direction however small it is. In noise a thousand times"
        " the slope Adam moves, but hardly in the right direction."
    ),
)
