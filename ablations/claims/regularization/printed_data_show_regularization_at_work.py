"""Inputs and targets are drawn apart, so whatever a network learns of them is false.

Regularization then keeps it from learning, which can be seen; but no network can do
better on new data than the one that ignores its inputs.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.ensembles import SEEDS
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.penalties import PRINTED_ARMS
from ablations.rigs.regularization.readings import measured, within_runs

ARMS = NEITHER, L2, DROPOUT, BOTH, STRONG = tuple(PRINTED_ARMS.values())
KEYS = {arm.name: arm.name.split(",")[0].lower().replace(" ", "_") for arm in ARMS}
STEPS = dict(zip(NEITHER.config.epochs, NEITHER.config.recorded_steps(), strict=True))
"""Updates after 10 epochs, as in the commented line of the code, and after 100."""
GUESS = "val_squared_error_of_constant"


def _error(epochs: int, part: str = "val_squared_error") -> ScoreConfig:
    words = f"{part.replace('_', ' ')} after {epochs} epochs"
    return ScoreConfig(quantity=part, at=STEPS[epochs], better="lower", words=words)


def _against_none(arm: Arm, epochs: int) -> Comparison:
    return Comparison(
        key=f"{KEYS[arm.name]}_{epochs}",
        label=f"error less that with neither, {arm.name}, {epochs} epochs",
        treatment=arm,
        control=NEITHER,
        score=_error(epochs),
        margin=0.1 / 12,  # a tenth of the variance of a target
        direction="less",
        quick=False,
    )


def _against_guess(arm: Arm, epochs: int) -> Comparison:
    return within_runs(
        arm,
        _error(epochs),
        _error(epochs, GUESS),
        0.0,
        key=f"{KEYS[arm.name]}_guess_{epochs}",
        label=f"error less that of a constant guess, {arm.name}, {epochs} epochs",
        direction="less",
        quick=False,
    )


def _guessed(kind: str, expected: float, tolerance: float) -> ExactCheck:
    label = f"mean {kind} error of guessing one half"
    quantity = f"{kind}_error_of_one_half"
    return measured("random_targets", kind, label, quantity, expected, tolerance)


CLAIM = Claim(
    statement="The printed data can show regularization at work.",
    strength="can",
    rows=("A-REG-38",),
    source=f"{SOURCE}, code",
    reference="Zhang et al. (2017), Understanding deep learning requires rethinking"
    " generalization",
    core=tuple(_against_none(arm, e) for e in STEPS for arm in (L2, DROPOUT, BOTH)),
    beside=(
        measured(
            "random_targets",
            "explained",
            "share of the targets' variance that the inputs explain",
            "share_explained_by_inputs",
            0.1,
            relation="at_least",
            headline=True,
        ),
        *(_against_none(STRONG, epochs) for epochs in STEPS),
        *(_against_guess(arm, e) for e in STEPS for arm in ARMS),
    ),
    controls=(
        # Tolerances are the sampling error of 20,000 targets.
        _guessed("squared", 1.0 / 12.0, 0.002),
        _guessed("absolute", 0.25, 0.004),
        within_runs(
            NEITHER,
            _error(100, "squared_error"),
            _error(100, GUESS),
            0.05,
            key="memorize",
            label="training error less that of a constant guess, neither",
            direction="less",
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "dropout_100 !dropout_10 !dropout_guess_100": (
            "Yes, if trained ten times as long as printed: dropout then cuts the"
            " validation error, though never below that of a constant guess."
        ),
        "!core": "No: neither L2 nor dropout changes the validation error noticeably.",
    },
    how="The printed network on {dropout_100.n} draws of its random data.",
    caveats=(
        "The code's line that would train it is a comment, with ten epochs. Errors"
        " leave the penalty out, which Keras adds to the losses it prints."
    ),
    figure="effects",
)
