"""What can be explored of depth: ingredients, gradients, first weights, recipes."""

from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import accuracy, learns
from ablations.rigs.depth.signals import finite
from reports.explorers.declared import (
    ControlConfig,
    ExplorerConfig,
    OptionConfig,
    Wanted,
    control,
    switch,
)

FEW = {"four layers": 4, "eight layers": 8, "twenty layers": 20}
MANY = {"50 layers": 50, "100 layers": 100, "200 layers": 200}
AT_ONCE: dict[str, Wanted] = {"updates": None}
"""Networks of 500 updates, which claims on depth train for 2,000, too."""

FITTED = ("He weights", "Glorot weights")
RECIPES: dict[str, dict[str, Wanted]] = {
    "ReLU with He's weights": {"ReLU": True, "batch norm": False, "skips": False},
    "tanh with orthogonal weights": {"activation": "tanh"},
    "ReLU with batch norm": {"batch norm": True, "skips": False},
    "ReLU with batch norm and skips": {"batch norm": True, "skips": True},
    "ReLU with scaled skips": {"skip branch": "scaled branches"},
}
RADII = {f"{radius:g}": radius for radius in (1.0, 1.25, 1.5, 2.0, 3.0)}
GAINS = {
    "half-size": 0.5,
    "Xavier's": 1.0,
    "doubled": 2.0,
    "fourfold": 4.0,
    "eightfold": 8.0,
}
SHALLOW = {"two layers": 2, "four layers": 4, "eight layers": 8}
SIZES = {
    "He's weights": None,
    "weights a quarter larger": 1.25,
    "weights half again as large": 1.5,
    "weights twice as large": 2.0,
}

ARRIVES = {
    "vanished": "With {activation}, {weights} and {depth}, the gradient vanishes: about"
    " {first} is left at the first layer.",
    "arrived": "With {activation}, {weights} and {depth}, the gradient arrives: it is"
    " about {first} at the first layer.",
    "exploded": "With {activation}, {weights} and {depth}, the gradient explodes: it is"
    " about {first} at the first layer.",
}
"""What is said of a gradient after its way through the layers."""

EXPLORERS = (
    ExplorerConfig(
        id="deep_net",
        question="Build a network of twenty layers. Does it learn in 500 updates?",
        claim="listed_improvements_explain_trainable_depth",
        controls=(
            switch("ReLU", "ReLU", "instead of sigmoid"),
            switch("matched weights", "fitted weights", "He's or Glorot's"),
            switch("Adam", "Adam", "instead of gradient descent"),
            switch("batch norm", "batch norm"),
            switch("skips", "skips", "around every layer"),
        ),
        score=learns(),
        measure="accuracy",
        where=AT_ONCE,
        chart="bars",
        axis="training accuracy",
        says={
            "all": "With {choices} on, every network learns; on average they get {mean}"
            " of the training rows right.",
            "some": "With {choices} on, it is a matter of luck: {won} of {total}"
            " networks learn.",
            "none": "With {choices} on, no network learns: {mean} of the training rows"
            " are right, and guessing gives 10 %.",
            "lost": "With {choices} on, every network diverges: its numbers overflow.",
        },
        first=("ReLU", "fitted weights", "no Adam", "no batch norm", "no skips"),
        starts={
            "the old recipe": (
                "no ReLU",
                "no fitted weights",
                "no Adam",
                "no batch norm",
                "no skips",
            ),
            "only ReLU": (
                "ReLU",
                "no fitted weights",
                "no Adam",
                "no batch norm",
                "no skips",
            ),
            "only skips": (
                "no ReLU",
                "no fitted weights",
                "no Adam",
                "no batch norm",
                "skips",
            ),
            "a surprise": (
                "ReLU",
                "fitted weights",
                "no Adam",
                "no batch norm",
                "skips",
            ),
        },
    ),
    ExplorerConfig(
        id="signal",
        question="How much of the gradient reaches the first layer?",
        claim="the_training_signal_fades_as_layers_are_added",
        controls=(
            control("activation", "Activation", {"sigmoid": "sigmoid", "ReLU": "ReLU"}),
            control(
                "weights",
                "First weights",
                {"small weights": "small weights", "fitted weights": FITTED},
                factor="initializer",
            ),
            control("depth", "Depth", FEW, "slider"),
        ),
        score=learns(),
        layers=True,
        chart="lines",
        axis="size of the gradient (shaded: as it should be)",
        says=ARRIVES,
        first=("sigmoid", "fitted weights", "twenty layers"),
        starts={
            "the old start": ("sigmoid", "small weights", "twenty layers"),
            "what works today": ("ReLU", "fitted weights", "twenty layers"),
        },
    ),
    ExplorerConfig(
        id="first_weights",
        question="How large may first weights be before training overflows?",
        claim="exploding_gradients_lead_to_unstable_training_and_overflow",
        controls=(
            control(
                "size",
                "First weights",
                SIZES,
                "slider",
                factor="gain",
                shorts={
                    words: f"{gain or 1.0:g}\N{MULTIPLICATION SIGN}"
                    for words, gain in SIZES.items()
                },
            ),
            control(
                "rate",
                "Learning rate",
                {"0.001": 0.001, "0.01": 0.01, "0.1": 0.1},
                "slider",
            ),
        ),
        score=finite(),
        where={"updates": 100},
        chart="grid",
        axis="runs that stay finite, of twenty",
        says={
            "all": "From {size} and at a rate of {rate}, every network stays finite for"
            " a hundred updates.",
            "some": "From {size}, {won} of {total} networks stay finite for a hundred"
            " updates.",
            "none": "From {size} and at a rate of {rate}, every network overflows"
            " within a hundred updates.",
        },
        first=("weights a quarter larger", "0.01"),
        starts={
            "the matched start": ("He's weights", "0.01"),
            "a smaller rate": ("weights a quarter larger", "0.001"),
        },
    ),
    ExplorerConfig(
        id="very_deep",
        question="Which recipes learn with two hundred layers in 500 updates?",
        claim="hundreds_of_layers_are_normal",
        controls=(
            ControlConfig(
                key="recipe",
                title="Recipe",
                kind="choice",
                options=tuple(
                    OptionConfig(words=words, levels=levels)
                    for words, levels in RECIPES.items()
                ),
            ),
            control("depth", "Depth", MANY, "slider"),
        ),
        score=learns(),
        measure="accuracy",
        where={"width": 32} | AT_ONCE,
        chart="grid",
        axis="networks that learn, of twenty",
        says={
            "all": "{recipe} learns with {depth} from every start.",
            "some": "{recipe} learns with {depth} in {won} runs of twenty.",
            "none": "{recipe} does not learn with {depth} from any start.",
        },
        first=("ReLU with batch norm and skips", "200 layers"),
        starts={
            "batch norm without skips": ("ReLU with batch norm", "200 layers"),
            "neither of them": ("ReLU with He's weights", "50 layers"),
        },
    ),
    ExplorerConfig(
        id="sigmoid_weights",
        question="Which first weights suit sigmoid layers in 500 updates?",
        claim="xavier_works_well_with_sigmoid",
        controls=(
            control("optimizer", "Optimizer", {"plain descent": "SGD", "Adam": "Adam"}),
            control("depth", "Depth", SHALLOW, "slider"),
            control(
                "gain",
                "First weights",
                GAINS,
                "slider",
                shorts={"half-size": "½", "Xavier's": "1", "doubled": "2"}
                | {"fourfold": "4", "eightfold": "8"},
            ),
        ),
        score=accuracy(),
        where=AT_ONCE,
        chart="grid",
        axis="test accuracy, mean of twenty seeds",
        says={
            "base": "With {depth} and Xavier's weights, networks get {mean} of new rows"
            " right.",
            "more": "With {depth}, {gain} weights reach {change} percentage points more"
            " test accuracy than Xavier's.",
            "less": "With {depth}, {gain} weights reach {change} percentage points less"
            " test accuracy than Xavier's.",
            "same": "With {depth}, {gain} weights do as well as Xavier's, to one"
            " percentage point.",
        },
        base=("Xavier's",),
        first=("plain descent", "eight layers", "fourfold"),
        starts={"few layers": ("plain descent", "two layers", "fourfold")},
    ),
    ExplorerConfig(
        id="recurrent_matrix",
        question="How large may a recurrent matrix be before gradients explode?",
        claim="exploding_gradients_are_products_of_large_factors",
        controls=(control("radius", "Spectral radius", RADII, "slider"),),
        score=ScoreConfig(
            quantity="log10_growth",
            at_least=1.0,
            words="have a gradient ten times as long 50 steps before the end",
        ),
        where={"cell": "tanh"},
        chart="icons",
        says={
            "all": "At a spectral radius of {radius}, the gradient of every tanh"
            " network explodes.",
            "some": "At a spectral radius of {radius}, gradients explode in {percent}"
            " of tanh networks.",
            "none": "At a spectral radius of {radius}, the gradient of no tanh network"
            " explodes.",
        },
        first=("2",),
        starts={"where linear units turn": ("1",)},
    ),
)
"""The chapter's explorers."""
