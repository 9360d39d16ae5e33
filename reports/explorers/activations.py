"""What can be explored of activations: first gradients, and the formula of softmax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ablations.measures.activations.softmax import PRINTED, softmax
from ablations.rigs.depth.signals import vanished
from ablations.rigs.depth.starts import DEPTHS
from reports.drawing.cells import whole_percent
from reports.explorers.computed import Computed, ComputedConfig
from reports.explorers.declared import ExplorerConfig, Wanted, control
from reports.explorers.depth import ARRIVES
from reports.explorers.marks import LINE, WIDTH, path, rect, text

SCORES: dict[str, tuple[float, ...]] = {
    "a clear lead": tuple(PRINTED.values()),
    "a close race": (2.0, 1.8, 0.5),
    "a tie": (3.0, 3.0, 0.5),
    "four in a row": (3.0, 2.0, 1.0, 0.0),
}
TEMPERATURES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
PLAIN = 1.0

GRADIENTS_OF = ("sigmoid", "tanh", "ReLU")
WEIGHTS = {
    "small weights": "small weights",
    "Glorot's weights": "Glorot weights",
    "He's weights": "He weights",
    "orthogonal weights": "orthogonal weights",
}
LAYERS = {"five layers": min(DEPTHS), "twenty layers": max(DEPTHS)}

TOP, ROW, BAR = 44.0, 38.0, 22.0
LEFT, RIGHT = 66.0, 266.0


def compute(levels: Mapping[str, Wanted]) -> Computed:
    """Return the shares of all classes."""
    name, temperature = str(levels["scores"]), float(str(levels["temperature"]))
    scores = np.array(SCORES[name])
    shares = softmax(scores / temperature)
    largest = whole_percent(float(shares.max()))
    return Computed(
        sentence=_sentence(name, temperature, shares),
        number=largest,
        cells=(", ".join(whole_percent(float(share)) for share in shares),),
        values={
            "scores": scores.tolist(),
            "shares": [round(float(s), 6) for s in shares],
        },
        marks=tuple(_draw(scores, shares, softmax(scores / PLAIN))),
    )


def _sentence(name: str, temperature: float, shares: np.ndarray) -> str:
    """Say what the largest score gets, and what the temperature does to gaps."""
    largest = whole_percent(float(shares.max()))
    largest = largest.replace("> ", "more than ").replace(" %", "\N{NO-BREAK SPACE}%")
    gets = f"gets {largest} of the probability."
    at = f"At temperature {temperature:g}"
    if name == "a tie":
        return f"{at}, each of the two largest scores {gets}"
    if temperature == PLAIN:
        return f"{at}, which is plain softmax, the largest score {gets}"
    change = "widen" if temperature < PLAIN else "shrink"
    return f"{at}, gaps between scores {change}: the largest score {gets}"


def _draw(scores: np.ndarray, shares: np.ndarray, plain: np.ndarray) -> Iterator[str]:
    """Draw a bar per class, and a dashed line where it ends at temperature one."""
    yield text(0, 13, "probability of each class")
    yield text(0, 13 + LINE, "dashed: at temperature 1", "start", "note")
    for n, (score, share, usual) in enumerate(zip(scores, shares, plain, strict=True)):
        y = TOP + n * ROW
        width = (RIGHT - LEFT) * float(share)
        yield text(LEFT - 8, y + BAR / 2 + 4, f"score {score:g}", "end")
        yield rect("bar", LEFT, y, max(width, 1.0), BAR)
        x = LEFT + (RIGHT - LEFT) * float(usual)
        yield path("base", f"M{x:.4g} {y - 4:g}v{BAR + 8:g}")
        yield text(WIDTH, y + BAR / 2 + 4, whole_percent(float(share)), "end")


EXPLORERS = (
    ExplorerConfig(
        id="gradient_left",
        question="How much of the gradient do activation, first weights and depth"
        " leave?",
        claim="relu_mitigates_vanishing_gradients",
        also=(
            "tanh_still_suffers_from_vanishing_gradients",
            "sigmoids_suffer_from_vanishing_gradients",
        ),
        controls=(
            control("activation", "Activation", {name: name for name in GRADIENTS_OF}),
            control("weights", "First weights", WEIGHTS, factor="initializer"),
            control("depth", "Depth", LAYERS),
        ),
        score=vanished(),
        layers=True,
        where={"training": "untrained"},
        chart="grid",
        axis="size of the gradient at the first layer",
        says=ARRIVES,
        first=("sigmoid", "Glorot's weights", "twenty layers"),
        starts={
            "the usual start of ReLU": ("ReLU", "He's weights", "twenty layers"),
            "tanh, kept in length": (
                "tanh",
                "orthogonal weights",
                "twenty layers",
            ),
        },
    ),
)
"""The chapter's explorers of runs."""

COMPUTED = (
    ComputedConfig(
        id="temperature",
        question="What does a temperature do to softmax?",
        claim="temperature_makes_softmax_uniform_or_one_hot",
        controls=(
            control("scores", "Scores", {name: name for name in SCORES}),
            control(
                "temperature",
                "Temperature",
                {f"{t:g}": t for t in TEMPERATURES},
                "slider",
            ),
        ),
        counted="Probability of the largest score",
        head=("Probabilities, the largest score first",),
        height=TOP + max(map(len, SCORES.values())) * ROW,
        compute=compute,
        first=("a clear lead", "4"),
        starts={
            "nearly all to one": ("a clear lead", "0.25"),
            "a tie that no temperature breaks": ("a tie", "0.25"),
        },
    ),
)
"""The chapter's explorers that are computed."""
