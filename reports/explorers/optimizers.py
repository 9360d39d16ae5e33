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
RATES = {words: float(words) for words in ("0.01", "0.03", "0.1", "0.3")}
STEEP_RATES = {words: rate for words, rate in RATES.items() if rate > 0.01}
COEFFICIENTS = {words: float(words) for words in ("0", "0.5", "0.9")}
NOISE = {"exact": 0.0, "noisy": 0.5}
LANDSCAPE = control("landscape", "Landscape", {name: name for name in LANDSCAPES})

PATHS = (
    PathsConfig(
        id="paths",
        question="Which way does each optimizer take?",
        claim="sgd_oscillates_uncontrollably_in_ravines",
        controls=(
            LANDSCAPE,
            control("rate", "Learning rate", RATES, "slider"),
            control("optimizer", "Optimizer", RULES),
        ),
        others="the other optimizers at this rate",
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
    PathsConfig(
        id="momentum",
        question="What do momentum and noise make of a way down?",
        claim="momentum_cancels_gradients_that_fluctuate",
        controls=(
            LANDSCAPE,
            control("rate", "Learning rate", STEEP_RATES, "slider"),
            control("noise", "Gradients", NOISE),
            control("gamma", "Momentum coefficient", COEFFICIENTS, "slider"),
        ),
        others="the other coefficients, with the same noise",
        usual={"optimizer": "momentum"},
        says={
            "ravine there": "With {noise} gradients, momentum of {gamma} is down to a"
            " hundredth of the first loss after {updates} updates at this rate.",
            "ravine swings": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} swings across the ravine and does not settle.",
            "ravine thrown": "A rate of {rate} is too high for the ravine: with"
            " momentum of {gamma}, too, the first step leaves the picture.",
            "ravine short": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} has not settled in the ravine after sixty updates.",
            "saddle there": "With {noise} gradients, momentum of {gamma} has left the"
            " saddle after {updates} updates at this rate.",
            "saddle short": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} has not left the saddle after sixty updates.",
            "plateau there": "With {noise} gradients, momentum of {gamma} has crossed"
            " the plateau and is in the pit after {updates} updates at this rate.",
            "plateau swings": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} goes back and forth and does not settle in the pit.",
            "plateau stands": "On the plateau with {noise} gradients, momentum of"
            " {gamma} at a rate of {rate} hardly moves in sixty updates.",
            "plateau thrown": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} does not find the pit and leaves the picture.",
            "plateau short": "With {noise} gradients and a rate of {rate}, momentum of"
            " {gamma} has not settled in the pit after sixty updates.",
            "two valleys there": "With {noise} gradients, momentum of {gamma} is in the"
            " deeper valley after {updates} updates at this rate.",
            "two valleys thrown": "With {noise} gradients and a rate of {rate},"
            " momentum of {gamma} settles in neither valley and leaves the picture.",
            "two valleys short": "With {noise} gradients and a rate of {rate}, momentum"
            " of {gamma} has not settled in the deeper valley after sixty updates.",
        },
        first=("ravine", "0.03", "exact", "0.5"),
        starts={
            "the same way with noise": ("ravine", "0.03", "noisy", "0.9"),
            "out of the shallow valley": ("two valleys", "0.1", "exact", "0.9"),
            "noise off a saddle": ("saddle", "0.03", "noisy", "0"),
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
