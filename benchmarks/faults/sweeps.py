"""Put what cannot be into the file of a sweep."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ablations.running.sweep import describe_sweep, read_sweep
from models.config import ConfigError

WHAT = (
    "A value in a sweep file is another, a line is there twice or not at all, or a byte"
    " is another: it is a sweep, or an error of a few lines that names what is wrong."
)
FULL, SMALL = 10_000, 50
LONGEST = 2_000
"""Characters of an error."""

FILE = """\
seeds = [3, 1]
[base.task]
name = "gmm10"
num_train = 50
label_noise = 0.1
[base.model]
input_units = 20
hidden_units = [3]
activation = "tanh"
dropout = 0.1
output_units = 10
output_activation = "softmax"
[base.training]
optimizer = {name = "adam", learning_rate = 0.05}
loss = "categorical_crossentropy"
batch_size = 10
epochs = 2
metrics = ["loss", "accuracy"]
[grid]
"model.l2" = [0.0, 0.1]
"training.optimizer.learning_rate" = [0.05, 0.5]
"""
VALUES = (
    "2026-01-01|2026-01-01T10:00:00Z|07:30:00|[]|{}|[[1]]|[{a=1}]|{a=1}|true|nan|inf"
    "|-inf|-1|0|1e300|1e-300|99999999999|''|'a'|{name=[1]}|{name='x'}|['a']|'\\u0000'"
    "|[2026-01-01]|'../../x'|'<script>'|-0.0|1.5|[1,2,3]|'NaN'|0x7fffffffffffffff"
).split("|")
VALUES += ["1" * 402, str(2**63), f"-{2**63}", "[" * 60 + "]" * 60, '"\\u001b[31m"']


def prepare(folder: Path) -> None:
    """Make nothing."""


def attempt(prepared: None, rng: np.random.Generator, folder: Path) -> str:
    """Write one such file and read it; return what went wrong."""
    lines = FILE.splitlines()
    for _ in range(int(rng.integers(1, 4))):
        place = int(rng.integers(len(lines)))
        name, equals, _ = lines[place].partition(" = ")
        how = rng.choice(["value", "twice", "gone"], p=[0.8, 0.1, 0.1])
        if how == "value" and equals:
            value = VALUES[rng.integers(len(VALUES))]
            form = ("{}", "[{}]", "{{name = {}}}")[rng.choice(3, p=[0.6, 0.25, 0.15])]
            lines[place] = f"{name} = {form.format(value)}"
        elif how == "twice":
            lines.insert(place, lines[place])
        elif len(lines) > 1:
            del lines[place]
    content = bytearray("\n".join(lines).encode())
    if rng.random() < 0.1:
        content[rng.integers(len(content))] = rng.integers(256)
    path = folder / "sweep.toml"
    path.write_bytes(content)
    try:
        describe_sweep(read_sweep(path))
    except ConfigError as error:
        text = str(error)
        return (
            "" if 0 < len(text) < LONGEST else f"{len(text)} characters: {text[:200]}"
        )
    except Exception as error:  # that is what is looked for
        return f"{type(error).__name__}: {error!s:.200} in {bytes(content)!r}"
    return ""
