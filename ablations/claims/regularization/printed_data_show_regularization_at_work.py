"""Inputs and targets are drawn apart, so whatever a network learns of them is false.

Regularization then keeps it from learning, which can be seen; but no network can do
better on new data than the one that ignores its inputs.
"""

from ablations.experiments.random_targets import RandomTargetsConfig as Network
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import at_least, compare, equals
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, SOURCE
from ablations.rigs.regularization.readings import less_is_better, within_runs

NETWORKS = {
    "neither": ("neither", Network()),
    "l2": ("L2", Network(l2=1e-4)),
    "dropout": ("dropout", Network(dropout=(0.3, 0.2))),
    "both": ("both, as printed", Network(l2=1e-4, dropout=(0.3, 0.2))),
    "strong": ("L2 a hundred times as strong", Network(l2=1e-2)),
}
ARMS = {k: Arm(levels={"method": m}, config=c) for k, (m, c) in NETWORKS.items()}
NEITHER = ARMS["neither"]
STEPS = dict(zip(Network().epochs, Network().recorded_steps(), strict=True))
"""Updates after 10 epochs, as in the commented line of the code, and after 100."""
GUESS = "val_squared_error_of_constant"
WORDS = {
    "val_squared_error": "validation error",
    "squared_error": "training error",
    GUESS: "that of a constant guess",
}


def _error(epochs: int, part: str = "val_squared_error") -> ScoreConfig:
    score = less_is_better(part, f"{WORDS[part]} after {epochs} epochs")
    return score.replace(at=STEPS[epochs])


def _against_none(key: str, epochs: int) -> Comparison:
    by = _error(epochs), 0.1 / 12  # a tenth of the variance of a target
    return compare(ARMS[key], "less", NEITHER, *by, key=f"{key}_{epochs}", quick=False)


def _against_guess(key: str, epochs: int) -> Comparison:
    scores = _error(epochs), _error(epochs, GUESS)
    told = {"key": f"{key}_guess_{epochs}", "quick": False}
    return within_runs(ARMS[key], *scores, 0.0, "less", **told)


MEASURE, EXPLAINED = "random_targets", "share_explained_by_inputs"
HALF = "error_of_one_half"
FIT = _error(100, "squared_error"), _error(100, GUESS)
TREATED = ("l2", "dropout", "both")

CLAIM = Claim(
    statement="The printed data can show regularization at work.",
    strength="can",
    rows=("A-REG-38",),
    source=f"{SOURCE}, code",
    reference="Zhang et al. (2017), Understanding deep learning requires rethinking"
    " generalization",
    core=tuple(_against_none(key, epochs) for epochs in STEPS for key in TREATED),
    beside=(
        at_least(MEASURE, EXPLAINED, 0.1, key="explained", headline=True),
        *(_against_none("strong", epochs) for epochs in STEPS),
        *(_against_guess(key, epochs) for epochs in STEPS for key in ARMS),
    ),
    controls=(
        # Tolerances are the sampling error of 20,000 targets.
        equals(MEASURE, f"squared_{HALF}", 1.0 / 12.0, 0.002, key="squared"),
        equals(MEASURE, f"absolute_{HALF}", 0.25, 0.004, key="absolute"),
        within_runs(NEITHER, *FIT, 0.05, "less", key="memorize", quick=False),
    ),
    seeds=FEW_SEEDS,
    answers={
        "dropout_100 !dropout_10 !dropout_guess_100": (
            "Yes, if trained ten times as long as printed: dropout then cuts the"
            " validation error, though never below that of a constant guess."
        ),
        "!core": "No: neither L2 nor dropout changes the validation error noticeably.",
    },
    how="The printed network on {dropout_100.n} draws of its random data.",
    caveats="The line that would train it is a comment, with ten epochs. Errors leave"
    " out the penalty, which Keras adds to the losses it prints.",
    figure="effects",
)
