"""Inputs and targets are drawn apart, so whatever a network learns of them is false.

Regularization then keeps it from learning, which can be seen; but no network can do
better on new data than the one that ignores its inputs.
"""

from typing import Any

from ablations.experiments.random_targets import RandomTargetsConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Said, at_least, compare, equals
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, SOURCE
from ablations.rigs.regularization.readings import less_is_better, within_runs


def _network(words: str, **changes: Any) -> Arm:
    return Arm(levels={"method": words}, config=RandomTargetsConfig(**changes))


ARMS = {
    "neither": _network("neither"),
    "l2": _network("L2", l2=1e-4),
    "dropout": _network("dropout", dropout=(0.3, 0.2)),
    "both": _network("both", l2=1e-4, dropout=(0.3, 0.2)),
    "strong": _network("L2 a hundred times as strong", l2=1e-2),
}
NEITHER, *TREATED, _ = ARMS
STEPS = {10: 320, 100: 3200}
"""Updates after 10 epochs, as in the commented line of the code, and after 100."""
ERROR = "val_squared_error", "validation error"
GUESS = "val_squared_error_of_constant", "that of a constant guess"


def _error(epochs: int, read: tuple[str, str] = ERROR) -> ScoreConfig:
    score = less_is_better(read[0], f"{read[1]} after {epochs} epochs")
    return score.replace(at=STEPS[epochs])


def _less(key: str, epochs: int) -> Comparison:
    by = _error(epochs), 0.1 / 12  # a tenth of the variance of a target
    told: Said = {"key": f"{key}_{epochs}", "quick": False}
    return compare(ARMS[key], "less", ARMS[NEITHER], *by, **told)


def _guess(key: str, epochs: int) -> Comparison:
    scores = _error(epochs), _error(epochs, GUESS)
    words = f"{ERROR[1]} after {epochs} epochs less {GUESS[1]}, {ARMS[key].name}"
    told: Said = {"key": f"{key}_guess_{epochs}", "label": words, "quick": False}
    return within_runs(ARMS[key], *scores, 0.0, "less", **told)


FIT = _error(100, ("squared_error", "training error")), _error(100, GUESS)
EXPLAINED = "share_explained_by_inputs"
SHARE = "share of the variance of targets that inputs explain"
MEASURE = "random_targets"

CLAIM = Claim(
    statement="The printed data can show regularization at work.",
    strength="can",
    rows=("A-REG-38",),
    source=f"{SOURCE}, code",
    reference="Zhang et al. (2017), on networks that fit random labels",
    core=tuple(_less(key, epochs) for epochs in STEPS for key in TREATED),
    beside=(
        at_least(MEASURE, EXPLAINED, 0.1, key="explained", label=SHARE, headline=True),
        *(_less("strong", epochs) for epochs in STEPS),
        *(_guess(key, epochs) for epochs in STEPS for key in ARMS),
    ),
    controls=(
        # Tolerances are the sampling error of 20,000 targets.
        equals(MEASURE, "squared_error_of_one_half", 1 / 12, 0.002, key="squared"),
        equals(MEASURE, "absolute_error_of_one_half", 0.25, 0.004, key="absolute"),
        within_runs(ARMS[NEITHER], *FIT, 0.05, "less", key="memorize", quick=False),
    ),
    seeds=FEW_SEEDS,
    answers={
        "dropout_100 !dropout_10 !dropout_guess_100": (
            "Yes, if trained ten times as long as printed: dropout then cuts the"
            " validation error, though not below that of a constant guess."
        ),
        "!core": "No: neither L2 nor dropout changes the validation error noticeably.",
    },
    how="The printed network learned {dropout_100.n} draws of its random data for 10"
    " and for 100 epochs, with L2, dropout, both or neither.",
    caveats="Errors leave out the penalty, which Keras adds to the losses it prints.",
)
