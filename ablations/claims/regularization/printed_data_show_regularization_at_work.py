"""Inputs and targets are drawn apart, so whatever a network learns of them is false.

Regularization then keeps it from learning, which can be seen; but no network can do
better on new data than the one that ignores its inputs.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.ensembles import SEEDS
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.penalties import PRINTED_ARMS

EPOCHS = PRINTED_ARMS["neither"].epochs
STEPS = dict(zip(EPOCHS, PRINTED_ARMS["neither"].recorded_steps(), strict=True))
"""Updates after 10 epochs, as in the commented line of the code, and after 100."""

MATTERS = 0.1 / 12
"""A tenth of the variance of a target."""

NEITHER = "neither"


def _error(epochs: int, guess: bool = False) -> ScoreConfig:
    of = "_of_constant" if guess else ""
    words = "validation error of the mean target" if guess else "validation error"
    return ScoreConfig(
        quantity=f"val_squared_error{of}",
        at=STEPS[epochs],
        better="lower",
        words=f"{words} after {epochs} epochs",
    )


def _against_none(arm: str, epochs: int) -> Comparison:
    arms: dict[str, Any] = {"treatment": arm, "control": NEITHER}
    return Comparison(
        label=f"smaller error than with neither, {arm}, {epochs} epochs",
        score=_error(epochs),
        margin=MATTERS,
        direction="less",
        **arms,
    )


def _against_guess(arm: str, epochs: int) -> Comparison:
    return Comparison(
        label=f"smaller error than a constant guess, {arm}, {epochs} epochs",
        treatment=arm,
        control=arm,
        score=_error(epochs),
        control_score=_error(epochs, guess=True),
        margin=0.0,
        direction="less",
    )


REGULARIZED = tuple(arm for arm in PRINTED_ARMS if arm != NEITHER)
TRAINED = (
    *(_against_none(arm, epochs) for epochs in STEPS for arm in REGULARIZED),
    *(_against_guess(arm, epochs) for epochs in STEPS for arm in PRINTED_ARMS),
)
EXPLAINED = ExactCheck(
    label="share of the targets' variance that the inputs explain",
    measurement="random_targets",
    quantity="share_explained_by_inputs",
    expected=0.1,
    relation="at_least",
)

CLAIM = Claim(
    statement="The printed data can show regularization at work.",
    rows=("A-REG-38",),
    source=f"{SOURCE}, code",
    reference="Zhang et al. (2017), Understanding deep learning requires rethinking"
    " generalization",
    arms={name: Arm(config=config) for name, config in PRINTED_ARMS.items()},
    predictions=(EXPLAINED, *TRAINED),
    headline=EXPLAINED.label,
    beyond_quick=(*(p.label for p in TRAINED), "networks memorize"),
    controls=(
        ExactCheck(
            label="mean squared error of guessing one half",
            measurement="random_targets",
            quantity="squared_error_of_one_half",
            expected=1.0 / 12.0,
            # Sampling error of 20,000 targets.
            tolerance=0.002,
        ),
        ExactCheck(
            label="mean absolute error of guessing one half",
            measurement="random_targets",
            quantity="absolute_error_of_one_half",
            expected=0.25,
            tolerance=0.004,
        ),
        Comparison(
            label="networks memorize",
            treatment=NEITHER,
            control=NEITHER,
            score=ScoreConfig(
                quantity="squared_error",
                at=STEPS[100],
                better="lower",
                words="training error after 100 epochs",
            ),
            control_score=_error(100, guess=True),
            margin=0.05,
            direction="less",
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "The inputs explain {0} of the targets' variance. After 100 epochs L2 and"
            " dropout as printed change the validation error by {7} against neither,"
            " and after 10 by {3}; from that of a constant guess it differs by {17} and"
            " {12} ({7.n} seeds; guessing one half has {controls[0]})."
        ),
        "inconclusive": (
            "The inputs explain {0} of the targets' variance. After 100 epochs L2 and"
            " dropout as printed change the validation error by {7} against neither,"
            " and after 10 by {3}; from that of a constant guess it differs by {17} and"
            " {12} ({7.n} seeds; guessing one half has {controls[0]})."
        ),
    },
    caveats=(
        "The printed network and data; the code's line that would train it is a"
        " comment, with 10 epochs. Errors leave the penalty out, which Keras adds to"
        " the losses it prints."
    ),
    figure="effects",
)
