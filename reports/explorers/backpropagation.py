"""What can be explored of backpropagation: one row through a 2-2-1 network and back.

Numbers are those of the formulas that the chapter's claims check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ablations.measures.backpropagation.example import (
    PRINTED,
    State,
    error_of,
    forward,
)
from reports.explorers.computed import Computed, ComputedConfig
from reports.explorers.declared import Wanted, control
from reports.explorers.marks import path, text
from reports.numbers import measured

RATE = 0.5
INPUTS = (1.0, 2.0)
UPPER = (1.0, -0.5)
LOWER = {"both": ((0.5, 0.25), (-0.5, 0.5)), "one": ((0.5, 0.25), (-1.0, 0.25))}
"""Lower weights, a row per hidden unit, by how many units are on."""

STEPS = (
    "forward to the hidden layer",
    "forward to the output",
    "loss",
    "back to the output layer",
    "back to the hidden layer",
    "update",
)
HIDDEN, OUTPUT, LOSS, UPPER_BACK, LOWER_BACK, UPDATE = range(len(STEPS))
PARTIAL = "\N{PARTIAL DIFFERENTIAL}"
MINUS, TIMES, ARROW = (
    "\N{MINUS SIGN}",
    "\N{MULTIPLICATION SIGN}",
    "\N{RIGHTWARDS ARROW}",
)
FORMULAS = (
    "hidden output = the larger of zero and the sum",
    "prediction = sigmoid of the sum",
    f"loss = {MINUS} log of what was given to the target",
    f"{PARTIAL} weight = (prediction {MINUS} target) {TIMES} hidden output",
    f"{PARTIAL} weight = error {TIMES} upper weight {TIMES} slope {TIMES} input",
    f"new weight = weight {MINUS} {RATE:g} {TIMES} {PARTIAL} weight",
)

LEFT, MIDDLE, RIGHT = 26.0, 160.0, 284.0
ROWS = (72.0, 190.0)
CENTER = sum(ROWS) / 2
RADIUS = 20.0
HEIGHT = 256.0


def passed(units: str, target: float) -> State:
    """Return a forward pass of the example, arrays of one row."""
    start = {
        "x": np.array([INPUTS]),
        "w1": np.array([LOWER[units]]),
        "w2": np.array([UPPER]),
        "y": np.array([target]),
    }
    return forward(start)


def gradients(s: State) -> State:
    """Return the printed derivatives, of all entries.

    The printed lines are about the first unit and input. Those of another unit or
    input are what they say where units or inputs stand in another order.
    """

    def of(line: str, unit: int = 0, column: int = 0) -> float:
        turned = {name: np.roll(s[name], -unit, axis=1) for name in ("w2", "z1", "a1")}
        turned["x"] = np.roll(s["x"], -column, axis=1)
        turned["w1"] = np.roll(s["w1"], (-unit, -column), axis=(1, 2))
        return float(PRINTED[line][2]({**s, **turned})[0])

    units = range(2)
    return {
        "z2": error_of(s),
        "w2": np.array([[of("upper_weight", j) for j in units]]),
        "a1": np.array([[of("hidden_output", j) for j in units]]),
        "z1": np.array([[of("hidden_sum", j) for j in units]]),
        "w1": np.array([[[of("lower_weight", j, i) for i in units] for j in units]]),
    }


@dataclass(frozen=True)
class Walk:
    """The example as far as a step.

    Attributes:
        step: Place of the step.
        s: The forward pass.
        slopes: All derivatives.
        after: The forward pass of the weights that one update makes.
    """

    step: int
    s: State
    slopes: State
    after: State

    def one(self, name: str) -> str:
        """Write a number of the forward pass."""
        return _several(self.s[name])

    def slope(self, name: str) -> str:
        """Write derivatives."""
        return _several(self.slopes[name], " and ")

    def new(self, *steps: int) -> str:
        """Return the class of what is new in one of these steps."""
        return "now" if self.step in steps else ""


def walk(units: str, target: float, step: int) -> Walk:
    """Return the example as far as a step."""
    s = passed(units, target)
    slopes = gradients(s)
    after = forward({**s, **{w: s[w] - RATE * slopes[w] for w in ("w1", "w2")}})
    return Walk(step, s, slopes, after)


def compute(levels: Mapping[str, Wanted]) -> Computed:
    """Return what a step of the example comes to."""
    units, target, step = (str(levels[name]) for name in ("units", "target", "step"))
    now = walk(units, float(target), round(float(step)))
    s, slopes, after = now.s, now.slopes, now.after
    new = (
        {"hidden sums": s["z1"], "hidden outputs": s["a1"]},
        {"output sum": s["z2"], "prediction": s["yhat"]},
        {"loss": s["loss"]},
        {"error": slopes["z2"], "upper gradients": slopes["w2"]},
        {"at the hidden sums": slopes["z1"], "lower gradients": slopes["w1"]},
        {
            "new lower weights": after["w1"],
            "new upper weights": after["w2"],
            "new loss": after["loss"],
        },
    )[now.step]
    return Computed(
        sentence=_sentence(now, is_off=units == "one"),
        number=_number(now),
        cells=("; ".join(f"{name} {_several(v)}" for name, v in new.items()),),
        values={name: [float(f"{x:.6g}") for x in v.flat] for name, v in new.items()},
        marks=tuple(_draw(now)),
    )


def _several(values: np.ndarray, between: str = ", ") -> str:
    return between.join(measured(float(x), 2) for x in values.flat)


def _number(now: Walk) -> str:
    return (
        _several(now.s["a1"], " and "),
        now.one("yhat"),
        now.one("loss"),
        now.slope("z2"),
        now.slope("z1"),
        f"{now.one('loss')} {ARROW} {_several(now.after['loss'])}",
    )[now.step]


def _sentence(now: Walk, *, is_off: bool) -> str:
    """Say what a step does, with its numbers."""
    outputs, sums = _several(now.s["a1"], " and "), now.slopes["z1"]
    target = "one" if now.s["y"][0] else "zero"
    falls = f"falls from {now.one('loss')} to {_several(now.after['loss'])}."
    on = (
        "Each hidden unit adds up its weighted inputs; both sums are above zero, and"
        f" ReLU passes them on as {outputs}.",
        f"The weighted hidden outputs add up to {now.one('z2')}, of which the sigmoid"
        f" makes a prediction of {now.one('yhat')}.",
        f"The prediction is {now.one('yhat')} where the target is {target}, which costs"
        f" a loss of {now.one('loss')}.",
        f"The error is prediction less target, {now.slope('z2')}; times a hidden output"
        " it is the gradient of that output's weight.",
        f"Through the upper weights and the slope of ReLU, {now.slope('z1')} arrive at"
        " the hidden units.",
        "Every weight takes a step against its gradient, and the loss of this row"
        f" {falls}",
    )
    off = {
        HIDDEN: "The sum of the second hidden unit is below zero, so ReLU makes it"
        f" zero; the first unit passes {_several(now.s['a1'][:, 0])} on.",
        UPPER_BACK: f"The error is prediction less target, {now.slope('z2')}; the"
        " weight of the unit that is off gets no gradient.",
        LOWER_BACK: "ReLU's slope at the unit that is off is zero: nothing reaches its"
        f" weights, while {_several(sums[:, 0])} arrives at the other unit.",
        UPDATE: "Only weights with a gradient move, each against its own, and the loss"
        f" of this row {falls}",
    }
    return off.get(now.step, on[now.step]) if is_off else on[now.step]


def _draw(now: Walk) -> Iterator[str]:
    """Draw the network with all that is known after a step; `now` marks what is new."""
    yield text(0, 13, FORMULAS[now.step])
    lower = now.new(HIDDEN, LOWER_BACK, UPDATE)
    upper = now.new(OUTPUT, UPPER_BACK, UPDATE)
    for y in ROWS:
        for start in ROWS:
            yield path(f"edge {lower}", f"M{LEFT:g} {start:g}L{MIDDLE:g} {y:g}")
        yield path(f"edge {upper}", f"M{MIDDLE:g} {y:g}L{RIGHT:g} {CENTER:g}")
    for unit, y in enumerate(ROWS):
        for column, start in enumerate(ROWS):
            # Where lines cross, both numbers would stand on each other.
            along = 0.5 if unit == column else 0.3
            x = LEFT + (MIDDLE - LEFT) * along
            at = x, start + (y - start) * along
            yield from _weight(now, "w1", (0, unit, column), at)
        at = (MIDDLE + RIGHT) / 2, (y + CENTER) / 2
        yield from _weight(now, "w2", (0, unit), at)
        yield from _node((LEFT, y), measured(INPUTS[unit]), "")
        yield text(LEFT, y + (36 if unit else -27), "input", "middle", "note")
        told = f"sum {_several(now.s['z1'][0, unit])}"
        kind = now.new(HIDDEN, LOWER_BACK)
        yield from _node((MIDDLE, y), _several(now.s["a1"][0, unit]), told, kind)
        if now.step >= LOWER_BACK:
            told = f"{PARTIAL} {_several(now.slopes['z1'][0, unit])}"
            kind = f"slope {now.new(LOWER_BACK)}"
            yield text(MIDDLE, y + 36, told, "middle", kind)
    yield from _output(now)


def _node(
    at: tuple[float, float], inside: str, above: str, kind: str = ""
) -> Iterator[str]:
    """Draw a unit with its output in it."""
    x, y = at
    yield f'<circle class="unit {kind}" cx="{x:g}" cy="{y:g}" r="{RADIUS:g}"/>'
    yield text(x, y + 4, inside, "middle")
    if above:
        yield text(x, y - 27, above, "middle", "note")


def _weight(
    now: Walk, name: str, where: tuple[int, ...], at: tuple[float, float]
) -> Iterator[str]:
    """Write a weight on its line, and below it its gradient or what it becomes."""
    layer = UPPER_BACK if name == "w2" else LOWER_BACK
    is_known = now.step >= layer
    x, y = at
    yield text(x, y + (-5 if is_known else 4), _several(now.s[name][where]), "middle")
    if is_known:
        told = f"{PARTIAL} {_several(now.slopes[name][where])}"
        if now.step == UPDATE:
            told = f"{ARROW} {_several(now.after[name][where])}"
        yield text(x, y + 14, told, "middle", f"slope {now.new(layer, UPDATE)}")


def _output(now: Walk) -> Iterator[str]:
    """Draw the output, and what is known of its loss."""
    is_known = now.step >= OUTPUT
    inside, above = (now.one("yhat"), f"sum {now.one('z2')}") if is_known else ("", "")
    kind = now.new(OUTPUT, LOSS, UPPER_BACK)
    yield from _node((RIGHT, CENTER), inside, above, kind)
    foot = CENTER + 60
    yield text(RIGHT, foot, f"target {now.one('y')}", "middle", "note")
    if now.step >= LOSS:
        state = now.after if now.step == UPDATE else now.s
        told = f"loss {_several(state['loss'])}"
        yield text(RIGHT, foot + 16, told, "middle", now.new(LOSS, UPDATE))
    if now.step >= UPPER_BACK:
        told, kind = f"{PARTIAL} {now.slope('z2')}", f"slope {now.new(UPPER_BACK)}"
        yield text(RIGHT, CENTER + 36, told, "middle", kind)
        told = f"{PARTIAL}: how fast the loss changes with what it stands at"
        yield text(0, HEIGHT - 6, told, "start", "note")


COMPUTED = (
    ComputedConfig(
        id="follow_the_error",
        question="Follow an error back through a small network, step by step",
        claim="lower_layer_gradients_pass_through_the_slope_of_relu",
        controls=(
            control(
                "units", "Hidden units", {"both are on": "both", "one is off": "one"}
            ),
            control("target", "Target", {"one": 1, "zero": 0}),
            control(
                "step", "Step", {words: n for n, words in enumerate(STEPS)}, "slider"
            ),
        ),
        counted="What this step computes",
        head=("What this step computes",),
        height=HEIGHT,
        compute=compute,
        first=("both are on", "one", STEPS[LOWER_BACK]),
        starts={
            "the first step": ("both are on", "one", STEPS[HIDDEN]),
            "a unit that is off": ("one is off", "one", STEPS[LOWER_BACK]),
        },
    ),
)
"""The chapter's explorers that are computed."""
