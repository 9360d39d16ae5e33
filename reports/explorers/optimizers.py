"""What can be explored of optimizers: walks down landscapes, searches for a rate."""

from ablations.protocol.score import ScoreConfig
from ablations.rigs.rate_search import TASKS
from reports.explorers.declared import ExplorerConfig, control, reading
from reports.explorers.landscapes import LANDSCAPES
from reports.explorers.paths import PathsConfig

RULES = {
    "SGD": "sgd",
    "momentum": "momentum",
    "AdaGrad": "adagrad",
    "RMSProp": "rmsprop",
    "Adam": "adam",
}
TRIALS = {
    "one random rate": 1,
    "the best of two rates": 2,
    "the best of four rates": 4,
    "the best of eight rates": 8,
    "the best of sixteen rates": 16,
}
RATES = ("0.01", "0.03", "0.1", "0.3")

PATHS = (
    PathsConfig(
        id="paths",
        question="Which way does each optimizer take?",
        claim="sgd_oscillates_uncontrollably_in_ravines",
        controls=(
            control("landscape", "Landscape", dict.fromkeys(LANDSCAPES)),
            control("rate", "Learning rate", dict.fromkeys(RATES), "slider"),
            control("optimizer", "Optimizer", dict.fromkeys(RULES)),
        ),
        rules=RULES,
        says={
            "ravine there": "In the ravine, {optimizer} at a rate of {rate} is down to"
            " a hundredth of its first loss after {updates} updates.",
            "ravine swings": "In the ravine, {optimizer} at a rate of {rate} swings"
            " across the bottom and does not settle.",
            "ravine thrown": "A rate of {rate} is too high for {optimizer} in the"
            " ravine: its first step already leaves the picture.",
            "ravine short": "In the ravine, {optimizer} at a rate of {rate} has not"
            " settled at the bottom after sixty updates.",
            "saddle there": "At a rate of {rate}, {optimizer} has left the saddle after"
            " {updates} updates.",
            "saddle short": "At a rate of {rate}, {optimizer} has not left the saddle"
            " after sixty updates.",
            "plateau there": "At a rate of {rate}, {optimizer} has crossed the plateau"
            " and is in the pit after {updates} updates.",
            "plateau swings": "At a rate of {rate}, {optimizer} crosses the plateau but"
            " swings across the pit and does not settle.",
            "plateau stands": "On the plateau, {optimizer} at a rate of {rate} hardly"
            " moves in sixty updates.",
            "plateau short": "From the plateau, {optimizer} at a rate of {rate} has not"
            " settled in the pit after sixty updates.",
            "two valleys there": "At a rate of {rate}, {optimizer} rolls over the ridge"
            " and is in the deeper valley after {updates} updates.",
            "two valleys short": "At a rate of {rate}, {optimizer} stays in the valley"
            " beside its start, which is not the deeper one.",
        },
        first=("ravine", "0.1", "SGD"),
        starts={
            "what momentum is for": ("plateau", "0.3", "momentum"),
            "beside a saddle": ("saddle", "0.03", "SGD"),
            "over the ridge": ("two valleys", "0.1", "momentum"),
        },
    ),
)

EXPLORERS = (
    ExplorerConfig(
        id="trials",
        question="How much does a search for the rate give each optimizer?",
        claim="adam_converges_faster",
        controls=(
            control("task", "Task", dict(zip(TASKS, TASKS, strict=True))),
            control("optimizer", "Optimizer", dict(zip(RULES, RULES, strict=True))),
            reading("trials", "Random rates tried", TRIALS, fills="trials", short="{}"),
        ),
        score=ScoreConfig(
            quantity="test_accuracy_after_{trials}",
            better="higher",
            words="test accuracy of the best rate",
        ),
        where={"depth": None},
        chart="grid",
        axis="test accuracy, mean over seeds",
        says={
            "base": "With one random rate, {optimizer} gets {mean} of new rows right on"
            " average.",
            "more": "With {trials}, {optimizer} gets {mean} of new rows right: {change}"
            " percentage points more than with one.",
            "less": "With {trials}, {optimizer} gets {mean} of new rows right: {change}"
            " percentage points less than with one.",
            "same": "With {trials}, {optimizer} gets as many new rows right as with"
            " one, to one percentage point.",
        },
        base=("one random rate",),
        first=("digits", "Adam", "the best of sixteen rates"),
        starts={
            "a single guess": ("digits", "Adam", "one random rate"),
            "the hardest task": ("MNIST-1D", "SGD", "the best of sixteen rates"),
        },
    ),
)
"""The chapter's explorers."""
