"""Each printed number is an exponential, their sum or a quotient of both.

A printed number is right if the exact one rounds to it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals


def _rounds_to(quantity: str, printed: float, digits: int) -> ExactCheck:
    """Predict a number that is rounded to the printed one, with so many decimals."""
    label = f"{quantity.replace('_', ' ')}, printed {printed:.{digits}f}"
    half, example = 0.5 * 10**-digits, "softmax_example"
    return equals(example, quantity, printed, half, key=quantity, label=label)


CLAIM = Claim(
    statement="Logits of 3, 1 and 0.5 give shares of 82.1, 11.1 and 6.7 percent, from"
    " 20.085, 2.718 and 1.649 out of 24.452.",
    strength="always",
    rows=("A-ACT-29",),
    source=f"{NOTES}, example of three moods",
    core=(
        _rounds_to("percent_positive", 82.1, 1),
        _rounds_to("percent_neutral", 11.1, 1),
        _rounds_to("percent_negative", 6.7, 1),
        _rounds_to("power_positive", 20.085, 3),
        _rounds_to("power_neutral", 2.718, 3),
        _rounds_to("power_negative", 1.649, 3),
        _rounds_to("sum_of_powers", 24.452, 3),
    ),
    answers={
        "core": "Yes: all seven printed numbers are right to their last digit.",
        "percent_positive percent_neutral percent_negative !sum_of_powers": (
            "Not quite: the three shares are right, but 20.085 should be 20.086, and"
            " the sum is wrong by the same thousandth."
        ),
        "!core": "No: none of the seven printed numbers is right.",
    },
    how="All seven numbers were computed anew and rounded to the digits printed.",
)
