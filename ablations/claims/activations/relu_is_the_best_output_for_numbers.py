"""A ReLU output cannot be negative, and has no gradient while its sum is below zero.

Where no target is negative it cuts off what must be wrong; a row whose sum has become
negative has no gradient, so that nothing calls it back.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS
from ablations.rigs.depth.classical import SAME_ROWS
from ablations.rigs.readings import compare, error
from ablations.rigs.training.heads import NUMBERS, SIGNS, TIE, regressor
from ablations.rigs.training.networks import SEEDS

SHORT = {"of both signs": "signed", "from zero up": "up"}


def _is_no_worse(task: str, signs: str) -> Comparison:
    """Predict that ReLU loses no more than a point of the variance to no activation."""
    arms = regressor(task, signs, "ReLU"), regressor(task, signs, "linear")
    key = f"{task}_{SHORT[signs]}"
    at = ("targets", signs)
    return compare(arms[0], "no_greater", arms[1], error(), TIE, key=key, at=at)


def _softplus(signs: str) -> Comparison:
    arms = (regressor("interactions", signs, name) for name in ("softplus", "linear"))
    softplus, linear = arms
    key = f"softplus_{SHORT[signs]}"
    return compare(softplus, "no_greater", linear, error(), TIE, key=key)


CLAIM = Claim(
    statement="For a linear output, which predicts numbers, ReLU is best.",
    rows=("B-ACT-37",),
    source=f"{BASICS}, choice of the output layer",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2",
    axis="targets",
    core=tuple(_is_no_worse(task, signs) for task in NUMBERS for signs in SIGNS),
    beside=tuple(map(_softplus, SIGNS)),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "!interactions_signed !diabetes_signed interactions_up diabetes_up": "Only"
        " where no target is negative: else errors are {interactions_signed.treatment}"
        " of the variance against {interactions_signed.control} without activation.",
        ("!interactions_signed !diabetes_signed ?interactions_up"): (
            "Not for targets of both signs: a ReLU output adds {interactions_signed} of"
            " the variance to the error on one task and {diabetes_signed} on another."
        ),
        "core": "Yes, as good as none: errors with a ReLU output are within a hundredth"
        " of the variance, for targets of both signs, too.",
        "!core": "No: with a ReLU output errors are {interactions_signed.treatment} of"
        " the variance, without activation {interactions_signed.control}, and larger"
        " for targets from zero up, too.",
        "!interactions_signed": "No, where targets may be negative: errors are"
        " {interactions_signed.treatment} of the variance against"
        " {interactions_signed.control} without activation.",
    },
    how="{interactions_signed.n} networks of two layers with each output predicted"
    " numbers of two tasks, as they are and shifted up to where few or none are"
    " negative.",
    caveats=(
        "Each network trains 1,000 updates of Adam, at the middle one of the rates that"
        " do nearly as well as the best. Where targets start at zero, one ReLU output"
        " in forty on each task was off for all rows and never came back; that one"
        f" leaves the mean open, and medians are alike. {SAME_ROWS}"
    ),
)
