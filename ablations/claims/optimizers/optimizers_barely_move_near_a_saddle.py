"""Near a saddle the gradient is as small as the distance from it.

SGD grows that distance by a fixed percentage per update, so that each power of ten
costs equally many. Rules that divide by the size of gradients do not see how small it
is, down to the number that they add to the root.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.protocol.prediction import Condition
from ablations.rigs.landscapes import NOTES, OPTIMIZERS, hardly_moves
from ablations.rigs.readings import at_least, equals

SADDLE = "saddle_ways"


def _stays(who: str, key: str, what: str, at: Condition | None = None) -> ExactCheck:
    """Predict hardly any distance beside a saddle."""
    label = f"distance over that on a slope of one, {what}"
    return hardly_moves(SADDLE, f"distance_of_{who}", key, label, at)


CLAIM = Claim(
    statement="Near a saddle point an optimizer barely moves.",
    strength="usually",
    rows=("A-OPT-4",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Du et al. (2017), Gradient descent can take exponential time to escape"
    " saddle points; Dauphin et al. (2014)",
    axis="optimizer",
    core=tuple(
        _stays(
            f"{rule}_from_a_millionth",
            key=rule,
            what=f"in 100 updates from a millionth beside a saddle, {name}",
            at=("optimizer", name),
        )
        for rule, name in OPTIMIZERS.items()
    ),
    beside=(
        _stays("sgd_from_a_hundredth", "sgd_farther", "from a hundredth, SGD"),
        _stays("adam_from_a_trillionth", "adam_closer", "from a trillionth, Adam"),
        _stays(
            "adam_of_keras_from_a_millionth",
            "adam_of_keras",
            "from a millionth, Adam as in Keras",
        ),
        _stays("sgd_in_a_chain", "chain_sgd", "from zero weights of two layers, SGD"),
        _stays(
            "adam_in_a_chain", "chain_adam", "from zero weights of two layers, Adam"
        ),
        _stays("sgd_with_noise", "noise", "from a millionth, SGD with noise"),
        equals(
            SADDLE,
            "deviation_of_updates_to_leave",
            0.0,
            1.0,
            key="law",
            label="updates by which SGD's leaving differs from its law",
        ),
    ),
    controls=(at_least(SADDLE, "distance_of_sgd_from_one", 0.5, key="far"),),
    answers={
        "core": "Yes: a millionth beside a saddle no optimizer gets a hundredth as far"
        " as on an even slope.",
        "!core": "No: a millionth beside a saddle every optimizer gets over a hundredth"
        " as far as on an even slope.",
        "sgd momentum !adagrad !rmsprop !adam": "It depends on the optimizer: SGD"
        " barely moves, with or without momentum; AdaGrad, RMSProp and Adam move on.",
        "sgd !momentum !adagrad !rmsprop !adam": "It depends on the optimizer: plain"
        " SGD barely moves; momentum, AdaGrad, RMSProp and Adam move on.",
        "sgd !adam": "It depends on the optimizer: SGD barely moves, and Adam moves"
        " on.",
    },
    how="One hundred updates by the printed rules were computed beside the saddle of"
    " x² - y², and on a slope of one.",
    caveats="Near is read as a millionth, barely as a hundredth of the distance on"
    " the slope, each optimizer by its own. Exactly at the saddle none of them moves.",
)
