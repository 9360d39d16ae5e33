"""What can be explored of dying units: biases, learning rates and activations."""

from ablations.rigs.dying_units.networks import dead, hardly_learns
from reports.explorers.declared import ControlConfig, ExplorerConfig, control

BIASES = {"zero": 0.0, "minus one": -1.0, "minus three": -3.0, "minus ten": -10.0}
LOW = {words: bias for words, bias in BIASES.items() if bias != -1.0}
UNITS = ("ReLU", "GELU", "ELU", "PReLU", "leaky ReLU")


def _first_biases(options: dict[str, float]) -> ControlConfig:
    """Let the reader choose the first value of all biases."""
    shorts = {words: f"{bias:g}" for words, bias in options.items()}
    return control("bias", "First biases", options, "slider", shorts=shorts)


EXPLORERS = (
    ExplorerConfig(
        id="biases",
        question="Which biases kill ReLU units?",
        claim="large_negative_biases_kill_relu_units",
        controls=(
            control("depth", "Hidden layers", {"one layer": 1, "three layers": 3}),
            _first_biases(BIASES),
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
            control(
                "rate",
                "Learning rate",
                {
                    "the best rate": "best rate",
                    "ten times the best rate": "10 times the best rate",
                },
            ),
            control("activation", "Activation", {name: name for name in UNITS}),
            _first_biases(LOW),
        ),
        score=hardly_learns(),
        where={"optimizer": "Adam"},
        chart="grid",
        axis="share of units that hardly learn, mean of forty seeds",
        says={
            "any": "Biases of {bias}, {rate}: {mean} of {activation} units have hardly"
            " any slope after training by Adam.",
        },
        first=("the best rate", "ReLU", "minus ten"),
        starts={
            "not dead, but idle": ("the best rate", "GELU", "minus ten"),
            "a high rate": ("ten times the best rate", "ReLU", "zero"),
            "both": ("ten times the best rate", "ReLU", "minus ten"),
        },
    ),
)
"""The chapter's explorers."""
