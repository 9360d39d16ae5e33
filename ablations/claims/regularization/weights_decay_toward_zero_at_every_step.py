"""Gradient descent under a penalty first shrinks a weight, then follows the data.

The first part is a fixed share of the weight; which way the weight moves in all is up
to both, and while a network learns, the data win.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured


def _shrinks(key: str, label: str, quantity: str, **more: object) -> ExactCheck:
    return measured(
        "decay_trace",
        key,
        f"share of weights and steps that shrink, {label}",
        f"share_that_shrinks_{quantity}",
        0.99,
        relation="at_least",
        **more,
    )


def _pull(key: str, rule: str) -> ExactCheck:
    # Weights are read to seven digits before and after a small step.
    return measured(
        "decay_trace",
        f"pull_{key}",
        f"distance of the penalty's pull from a fixed share of the weight, {rule}",
        f"error_of_the_pull_under_{key}",
        0.0,
        1e-3,
    )


CLAIM = Claim(
    statement="Under an L2 penalty every step brings weights nearer to zero.",
    strength="always",
    rows=("A-REG-10",),
    source=f"{SOURCE}, L2 regularization",
    reference="Krogh and Hertz (1992); Loshchilov and Hutter (2019)",
    core=(
        _shrinks("weak", "penalty 0.0001", "at_0_0001"),
        _shrinks("medium", "penalty 0.01", "at_0_01"),
        _shrinks("strong", "penalty 0.1", "at_0_1"),
    ),
    beside=(
        _shrinks("no_data", "no data", "without_data"),
        _pull("sgd", "gradient descent"),
        _pull("adam", "Adam"),
    ),
    answers={
        "!weak !strong": (
            "No: while a line is fitted, most steps enlarge a weight; only the"
            " penalty's own pull is toward zero at every step."
        ),
        "core": "Yes: while a line is fitted, nearly every step shrinks its weight.",
    },
    how="Forty steps of gradient descent from small weights, 64 rows and 20 inputs.",
    caveats=(
        "Adam's pull is that of a first step. A weight that starts large is more often"
        " seen to shrink."
    ),
)
