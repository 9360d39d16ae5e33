"""A dropped unit passes no gradient, so gradient descent leaves its weights alone.

Momentum and Adam move a weight by the gradients of earlier updates, penalties and decay
by the weight itself.
With a mask for every row, hardly any unit is dropped from a whole mini-batch.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import Said, at_least, equals
from ablations.rigs.regularization.dropout import DROPOUT

MEASURE = "weights_of_dropped_units"


def _movement(key: str, rule: str) -> ExactCheck:
    label = f"movement of weights of dropped units over that of kept ones, {rule}"
    told: Said = {"key": key, "label": label, "at": ("update rule", rule)}
    return equals(MEASURE, f"movement_under_{key}", 0, **told)


CLAIM = Claim(
    statement="In an update with dropout only the weights of the units that are kept"
    " change.",
    strength="always",
    rows=("A-REG-27",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 5.1",
    axis="update rule",
    core=(
        _movement("sgd", "plain gradient descent"),
        _movement("rmsprop", "RMSProp"),
        _movement("adagrad", "AdaGrad"),
        _movement("momentum", "momentum"),
        _movement("adam", "Adam"),
    ),
    beside=(
        _movement("sgd_with_l2", "gradient descent with an L2 penalty"),
        _movement("sgd_with_decay", "gradient descent with weight decay"),
        at_least(
            "batch_masks", "units_that_no_row_of_a_batch_keeps", 1, key="row_masks"
        ),
    ),
    # Weights are of order 0.3 and rounded at 1e-8.
    controls=(at_least(MEASURE, "movement_of_kept_units_under_sgd", 1e-5, key="kept"),),
    answers={
        "sgd !momentum !adam": (
            "No: plain gradient descent leaves the weights of dropped units alone, but"
            " Adam moves them {adam.percent} as far as those of kept ones."
        ),
        "core": "Yes: no update rule tried moves the weights of dropped units.",
    },
    how="One mask dropped half of 64 units for a whole mini-batch, in an update by each"
    " of seven rules of Keras that followed one with all units.",
    caveats="Movements are mean sizes of changes, of weights and biases together.",
)
