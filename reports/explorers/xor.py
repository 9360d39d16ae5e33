"""What can be explored of XOR: success by activation, updates and width."""

from ablations.rigs.xor import solved
from reports.explorers.declared import ExplorerConfig, control, reading

ACTIVATIONS = {
    "ReLU": "ReLU",
    "leaky ReLU, slope 0.01": "leaky ReLU of slope 0.01",
    "leaky ReLU, slope 0.2": "leaky ReLU",
    "ELU": "ELU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}
UPDATES = {"100 updates": 100, "500 updates": 500, "5,000 updates": 5000}
WIDTHS = {
    "one hidden unit": 1,
    "two hidden units": 2,
    "three hidden units": 3,
    "four hidden units": 4,
    "eight hidden units": 8,
    "sixteen hidden units": 16,
}

EXPLORERS = (
    ExplorerConfig(
        id="two_units",
        question="Two hidden units can solve XOR. How often do they learn it?",
        claim="two_relu_units_learn_xor",
        controls=(
            control("activation", "Activation", ACTIVATIONS),
            reading("updates", "Training", UPDATES, fills="at"),
        ),
        score=solved(),
        where={"width": 2},
        chart="icons",
        says={
            "some": "In {percent} of ten thousand runs the network learns XOR within"
            " {updates}.",
            "all": "Every network learns XOR within {updates}.",
            "none": "No network learns XOR within {updates}.",
        },
        first=("ReLU", "5,000 updates"),
        starts={
            "ReLU, stopped early": ("ReLU", "100 updates"),
            "the best of six": ("ELU", "5,000 updates"),
        },
    ),
    ExplorerConfig(
        id="spare_units",
        question="Do spare hidden units help?",
        claim="wider_hidden_layers_make_xor_certain",
        controls=(
            control(
                "activation",
                "Activation",
                {"ReLU": "ReLU", "leaky ReLU": "leaky ReLU"},
            ),
            control("width", "Width", WIDTHS, "slider"),
        ),
        score=solved(500),
        chart="icons",
        says={
            "some": "With {width}, {percent} of ten thousand {activation} networks"
            " learn XOR within 500 updates.",
            "all": "With {width}, every {activation} network learns XOR within 500"
            " updates.",
            "none": "With {width}, no {activation} network learns XOR: it cannot bend"
            " twice.",
        },
        first=("ReLU", "two hidden units"),
        starts={
            "too small a network": ("ReLU", "one hidden unit"),
            "plenty of units": ("leaky ReLU", "sixteen hidden units"),
        },
    ),
)
"""The chapter's explorers."""
