"""Numbers that no layer bounds may grow from layer to layer, and gradients with them.

Weights that are too large, or too high a learning rate, make them grow; ReLU6 is the
same function with outputs cut off at six. Above six ReLU6 is flat: large weights push
units there, where they get no gradient.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEEPER, better, network
from ablations.rigs.readings import mostly

MUCH = 0.02
SETTINGS: dict[str, dict[str, Any]] = {
    "usual": {},
    "huge": {"gain": 4.0},
    "fast": {"times": 10.0},
}
WORDS = {
    "usual": "usual start",
    "huge": "weights four times as large",
    "fast": "ten times the best rate",
}


def _better(task: str, setting: str) -> Comparison:
    """Predict that cutting outputs off gains two points of test accuracy."""
    bounded, relu = (
        network(name, task, DEEPER, **SETTINGS[setting]) for name in ("ReLU6", "ReLU")
    )
    at = ("setting", WORDS[setting])
    return better(bounded, "greater", relu, MUCH, key=f"{task}_{setting}", at=at)


CLAIM = Claim(
    statement="That its positive outputs are unbounded is a disadvantage of ReLU.",
    strength="can",
    rows=("B-ACT-10",),
    source=f"{BASICS}, table of activations",
    reference="Krizhevsky (2010), Convolutional deep belief networks on CIFAR-10",
    axis="setting",
    core=tuple(
        _better(task, setting)
        for setting in SETTINGS
        for task in ("clusters", "digits")
    ),
    beside=(
        mostly(
            network("ReLU6", "clusters", DEEPER),
            league.learned("clusters"),
            key="learn",
        ),
    ),
    standard_only=True,
    seeds=league.SEEDS,
    answers={
        "?clusters_usual ?digits_usual !clusters_huge !digits_huge": (
            "Not with weights four times as large: there a bound of six costs"
            " {clusters_huge} percentage points on clusters. With usual weights it is"
            " open."
        ),
        "core": "Yes: cut off at six, ReLU gains {clusters_usual} percentage points on"
        " clusters from a usual start, and {clusters_huge} from weights four times as"
        " large.",
        "!core": "No: cutting its outputs off at six gains ReLU less than two"
        " percentage points, even with large weights or a high rate.",
        "!clusters_usual !digits_usual clusters_huge": "Not from a usual start; with"
        " weights four times as large a bound of six gains ReLU {clusters_huge}"
        " percentage points on clusters.",
        "!clusters_usual !digits_usual clusters_fast": "Not at the best rate; at ten"
        " times that a bound of six gains ReLU {clusters_fast} percentage points on"
        " clusters.",
        "!clusters_usual !digits_usual": "Not from a usual start, where a bound of six"
        " gains ReLU less than two percentage points, on clusters and on digits.",
    },
    how="Networks of six layers with ReLU and ReLU6 took 600 updates by Adam,"
    " {clusters_usual.n} of each kind.",
    caveats=f"{league.OWN_RATE} Ten times the best rate is ten times each one's own,"
    " which on clusters is higher with the bound. All numbers have 32 bits; with fewer"
    " an overflow is nearer.",
)
