"""Near a saddle the gradient is as small as the distance from it.

SGD grows that distance by a fixed percentage per update, so that each power of ten
costs equally many. Rules that divide by the size of gradients do not see how small it
is, down to the number that they add to the root.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES, OPTIMIZERS, hardly_moves
from ablations.rigs.readings import at_least, equals

SADDLE = "saddle_ways"
CLOSE = {**OPTIMIZERS, "adam_of_keras": "Adam as in Keras"}


def _stays(who: str, key: str, what: str, optimizer: str = "") -> ExactCheck:
    """Predict hardly any distance in 100 updates beside a saddle."""
    label = f"distance over that on a slope of one, {what}"
    at = ("optimizer", optimizer) if optimizer else None
    return hardly_moves(SADDLE, f"distance_of_{who}", key, label, at)


CLAIM = Claim(
    statement="Near a saddle point an optimizer barely moves.",
    strength="usually",
    rows=("A-OPT-4",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Du et al. (2017), Gradient descent can take exponential time to escape"
    " saddle points; Dauphin et al. (2014)",
    axis="optimizer",
    core=(
        *(
            _stays(f"{rule}_from_a_millionth", rule, f"from a millionth, {name}", name)
            for rule, name in CLOSE.items()
        ),
        *(
            _stays(
                f"{rule}_in_a_chain",
                f"chain_{rule}",
                f"near zero weights of two layers, {OPTIMIZERS[rule]}",
                OPTIMIZERS[rule],
            )
            for rule in ("sgd", "adam")
        ),
    ),
    beside=(
        _stays("sgd_from_a_hundredth", "sgd_farther", "from a hundredth, SGD"),
        _stays("adam_from_a_trillionth", "adam_closer", "from a trillionth, Adam"),
        _stays("sgd_with_noise", "noise", "from a millionth, SGD with noise"),
        equals(
            *(SADDLE, "deviation_of_updates_to_leave", 0.0, 1.0),
            key="law",
            label="most updates by which SGD leaves sooner or later than its law says",
        ),
    ),
    controls=(
        at_least(
            *(SADDLE, "distance_of_sgd_from_one", 0.5),
            key="far",
            label="distance over that on a slope of one, from one, SGD",
        ),
    ),
    answers={
        "core": "Yes: beside a saddle no optimizer gets a hundredth as far as on an"
        " even slope.",
        "!core": "No: beside a saddle every optimizer gets over a hundredth as far as"
        " on an even slope.",
        "sgd momentum chain_sgd !adagrad !rmsprop"
        " !adam !adam_of_keras !chain_adam": "It depends on the optimizer: SGD barely"
        " moves, with or without momentum; AdaGrad, RMSProp and Adam as printed move"
        " on.",
        "sgd !momentum chain_sgd !adagrad !rmsprop"
        " !adam !adam_of_keras !chain_adam": "It depends on the optimizer: plain SGD"
        " barely moves; momentum, AdaGrad, RMSProp and Adam as printed move on.",
        "sgd chain_sgd !adam !chain_adam": "It depends on the optimizer: SGD barely"
        " moves, and Adam moves on.",
    },
    how="One hundred updates by the printed rules were computed beside the saddles of"
    " x² - y² and of two linear layers, and on a slope of one.",
    caveats=(
        "Near is read as a millionth, barely as a hundredth of the distance on the"
        " slope, each optimizer by its own. Exactly at the saddle none of them moves."
        " AdaGrad's sums start at zero, as printed; from 0.1 on, as in Keras, AdaGrad's"
        " first steps are as short as those of SGD."
    ),
)
