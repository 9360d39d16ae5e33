"""The gradient of a rare feature's weight is as small as the feature is rare.

A larger rate makes up for that where the gradient is an average over many rows; in
batches it also raises the noise of the rare ones. With single rows every weight allows
the same rate, and the wait for rare rows sets the time.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most

RARE = "rare_features"
BATCHES: dict[str, tuple[str, int | str]] = {
    "one": ("single rows", 1),
    "thirty_two": ("batches of 32", 32),
    "all": ("all rows", "all rows"),
}


def _gains(batch: str) -> ExactCheck:
    """Predict that own rates at least halve the updates."""
    words, size = BATCHES[batch]
    return at_least(
        *(RARE, f"gain_with_batches_of_{batch}", 2.0),
        key=batch,
        label="updates until all weights are learned, best single rate over own rates,"
        f" {words}",
        at=("batch size", size),
    )


def _moves_it_rarely(batch: str) -> ExactCheck:
    words, size = BATCHES[batch]
    label = f"share of updates that move the rare weight, {words}"
    quantity, at = f"share_of_updates_that_move_it_of_{batch}", ("batch size", size)
    return at_most(RARE, quantity, 0.1, key=f"few_{batch}", label=label, at=at)


CLAIM = Claim(
    statement="Different parameters require different learning rates; those of rare"
    " features, for example, get few updates.",
    strength="usually",
    rows=("A-OPT-7",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online"
    " learning and stochastic optimization, JMLR 12",
    axis="batch size",
    core=(
        *(_gains(batch) for batch in BATCHES),
        *(_moves_it_rarely(batch) for batch in BATCHES),
    ),
    beside=(
        *(
            at_least(
                *(RARE, f"gain_with_batches_of_{batch}_without_noise", 2.0),
                key=f"{batch}_without_noise",
                label="updates until learned without noise, best single rate over own"
                f" rates, {BATCHES[batch][0]}",
            )
            for batch in ("one", "thirty_two")
        ),
        at_least(
            *(RARE, "gain_in_error_with_batches_of_one", 2.0),
            key="error",
            label="error left after 1,000 single rows, best single rate over own rates",
        ),
        *(
            at_least(
                *(RARE, f"times_as_many_with_batches_of_{batch}", 10.0),
                key=f"slower_{batch}",
                label="updates for the feature in 1 % of rows over those for that in"
                f" 90 %, one rate, {words}",
            )
            for batch, (words, _) in BATCHES.items()
        ),
    ),
    answers={
        "core": "Yes: own rates at least halve the updates, whether each sees one row,"
        " 32 or all, and few of these move rare weights.",
        "!core": "No: own rates save less than half of the updates, and rare weights"
        " move in more than a tenth of them.",
        "!one !thirty_two all few_one !few_thirty_two !few_all": (
            "Mixed: own rates save most updates with all rows at once, under half"
            " in batches, none with single rows, where rare weights seldom move."
        ),
        "one thirty_two all few_one !few_all": "Mixed: own rates at least halve the"
        " updates, but few of them move rare weights only in small batches.",
        "!one thirty_two all few_one !few_all": "Mixed: own rates at least halve the"
        " updates, but not with single rows, where few updates move rare weights.",
    },
    how="For a linear unit with features in 90, 9 and 1 % of rows, errors were computed"
    " in closed form at 1,401 rates.",
    caveats="Targets have noise of half the weights' size, a weight is learned at a"
    " tenth of it, and rates are constant. What AdaGrad does is a matter of other"
    " claims.",
)
