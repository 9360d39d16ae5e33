"""Where the notes speak of activations, and how long they take beside ReLU."""

from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least

NOTES = "Deep learning notes, chapter 3, activation functions"
BASICS = "Basics of deep learning, activation functions"

OTHERS = {"sigmoid": "the sigmoid", "tanh": "tanh", "elu": "ELU"}
PARTS = {"forward": "{}", "backward": "slopes of {}", "step": "an update with {}"}
LONGER = {"forward": 1.1, "backward": 1.1, "step": 1.05}
"""How many times as long as with ReLU counts as longer."""


def takes_longer(part: str, other: str) -> ExactCheck:
    """Predict that something surely takes longer than with ReLU.

    The number is the lower end of the 95 % interval of the ratio of seconds.
    """
    what = PARTS[part].format(OTHERS[other])
    check = at_least(
        "activation_seconds",
        f"least_{part}_of_{other}",
        LONGER[part],
        key=f"{part}_{other}",
        label=f"times as long as with ReLU at least, {what}",
    )
    return check.replace(timed=True)
