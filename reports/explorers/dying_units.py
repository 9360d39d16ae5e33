"""What can be explored of dying units: biases, learning rates and activations."""

from ablations.rigs.dying_units.networks import dead, hardly_learns
from reports.explorers.declared import (
    ControlConfig,
    ExplorerConfig,
    OptionConfig,
    control,
)

BIASES = {"zero": 0.0, "minus one": -1.0, "minus three": -3.0, "minus ten": -10.0}
UNITS = ("ReLU", "GELU", "ELU", "PReLU", "leaky ReLU")
TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
LOW = {
    "biases of zero": 0.0,
    "biases of minus three": -3.0,
    "biases of minus ten": -10.0,
}
RATES = {
    "at the best rate": ("best", "best rate"),
    "at ten times the best rate": (
        f"{TIMES} 10",
        "10 times the best rate",
    ),
}
CAUSES = tuple(
    OptionConfig(
        words=f"{low} {high}",
        levels={"bias": bias, "rate": rate},
        short=f"{bias:g}, {short}".replace("-", MINUS),
    )
    for high, (short, rate) in RATES.items()
    for low, bias in LOW.items()
)
"""What may kill units: the first value of all biases, and the learning rate."""

EXPLORERS = (
    ExplorerConfig(
        id="biases",
        question="Which biases kill ReLU units?",
        claim="large_negative_biases_kill_relu_units",
        controls=(
            control("depth", "Hidden layers", {"one layer": 1, "three layers": 3}),
            control(
                "bias",
                "First biases",
                BIASES,
                "slider",
                shorts={words: f"{bias:g}" for words, bias in BIASES.items()},
            ),
        ),
        score=dead(),
        where={"optimizer": "SGD"},
        chart="grid",
        axis="share of units that are dead at the end, mean of forty seeds",
        says={
            "base": "With {depth} and biases that start at zero, {mean} of the units"
            " are dead after training.",
            "more": "With {depth} and biases of {bias}, {mean} of the units are dead"
            " after training.",
            "less": "With {depth} and biases of {bias}, {mean} of the units are dead"
            " after training.",
            "same": "With {depth}, biases of {bias} kill no more units than biases of"
            " zero, to one percentage point.",
        },
        base=("zero",),
        first=("three layers", "minus three"),
        starts={"the usual start": ("three layers", "zero")},
    ),
    ExplorerConfig(
        id="variants",
        question="Which units stop learning, by activation, bias and rate?",
        claim="variants_of_relu_solve_the_dead_neuron_problem",
        controls=(
            control("activation", "Activation", {name: name for name in UNITS}),
            ControlConfig(
                key="cause",
                title="Biases and rate",
                kind="choice",
                options=CAUSES,
            ),
        ),
        score=hardly_learns(),
        where={"optimizer": "Adam"},
        chart="grid",
        axis="share of units that hardly learn, mean of forty seeds",
        says={
            "any": "With {cause}, {mean} of {activation} units have a slope next to"
            " zero after training by Adam.",
        },
        first=("ReLU", "biases of minus ten at the best rate"),
        starts={
            "not dead, but idle": ("GELU", "biases of minus ten at the best rate"),
            "a high rate": ("ReLU", "biases of zero at ten times the best rate"),
            "both": ("ReLU", "biases of minus ten at ten times the best rate"),
        },
    ),
)
"""The chapter's explorers."""
