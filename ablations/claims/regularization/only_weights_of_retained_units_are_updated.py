"""A dropped unit passes no gradient, so gradient descent leaves its weights alone.

Momentum and Adam move a weight by the gradients of earlier updates, penalties and decay
by the weight itself.
With a mask for every row, hardly any unit is dropped from a whole mini-batch.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

RULES = {
    "sgd": "plain gradient descent",
    "rmsprop": "RMSProp",
    "adagrad": "AdaGrad",
    "momentum": "momentum",
    "adam": "Adam",
    "sgd_with_l2": "gradient descent with an L2 penalty",
    "sgd_with_decay": "gradient descent with weight decay",
}

CLAIM = Claim(
    statement=(
        "In an update with dropout only the weights of the units that are kept change."
    ),
    rows=("A-REG-27",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 5.1",
    predictions=(
        *(
            ExactCheck(
                label=f"movement of weights of dropped units, {words}",
                at=("rule", words),
                measurement="weights_of_dropped_units",
                quantity=f"movement_under_{name}",
                expected=0.0,
            )
            for name, words in RULES.items()
        ),
        ExactCheck(
            label="units that no row of a mini-batch keeps, with Keras's masks",
            measurement="batch_masks",
            quantity="units_that_no_row_of_a_batch_keeps",
            expected=1.0,
            relation="at_least",
        ),
    ),
    controls=(
        ExactCheck(
            label="movement of weights of kept units, plain gradient descent",
            measurement="weights_of_dropped_units",
            quantity="movement_of_kept_units_under_sgd",
            # Weights are of order 0.3 and rounded at 1e-8.
            expected=1e-5,
            relation="at_least",
        ),
    ),
    caveats=(
        "The rules of Keras, with one mask for the whole mini-batch, after an update"
        " with all units; movements are relative to those of kept units. The last check"
        " is the most of 64 units in 200 mini-batches of 32 rows."
    ),
    findings={
        "conditional": (
            "With one mask for the mini-batch, plain gradient descent, RMSProp and"
            " AdaGrad leave the weights of dropped units as they are. Momentum moves"
            " them {3} times and Adam {4} times as far as those of kept units; a"
            " penalty and weight decay move them too, {5} and {6} times. With Keras's"
            " masks, one for every row, {7} of 64 units are dropped from a whole"
            " mini-batch."
        )
    },
)
