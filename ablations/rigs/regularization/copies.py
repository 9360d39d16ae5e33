"""Changed copies of rows, beside them: on seven families of tasks, and by how much.

The families are those of `families`, with true labels and with a fifth of them wrong,
of which copies have as many: 320 rows (160 `tumors`) and seven copies of each, on which
networks of two layers of 64 ReLU units take 800 updates of Adam, as many as where the
copies are left as they are. Images move by a part of a pixel, signals slide along by
some points, and all other inputs get some noise; how much was chosen by rows that are
not learned from, of other seeds (`CHOSEN`). Four changes more keep a digit, and four
others spoil it.

The levels of an arm are `change`, in words, and `task` and `labels` of a family, or
`images`, how many digits are known.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.augmentation import AugmentationConfig
from ablations.protocol.arm import Arm, Level
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said, compare
from ablations.rigs.regularization.families import (
    FAMILIES,
    LABELS,
    LOG10_ERROR,
    TENTH,
)
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS
from ablations.rigs.regularization.readings import accuracy
from ablations.tasks import TaskConfig

FRESH_SEEDS = FEW_SEEDS.replace(first=5_000)
"""Seeds of claims that first asked about digits and clusters alone."""

NUM_TIMES = 8
"""How many times as many rows there are with copies."""

SAME = "copies left as they are"
WORDS = {
    "shift": "copies moved by {} pixels",
    "slide": "copies that slide by up to {} points",
    "noise": "copies with noise of {}",
}
NATURAL = {"digits": "shift", "signals": "slide"}
"""Changes that such rows show by themselves; others get noise."""

CHOSEN = {
    ("clusters", "true"): 0.8,
    ("spirals", "true"): 0.05,
    ("boxes", "true"): 0.1,
    ("signals", "true"): 4.0,
    ("digits", "true"): 0.12,
    ("tumors", "true"): 0.8,
    ("survey", "true"): 1.6,
    ("clusters", "wrong"): 0.8,
    ("spirals", "wrong"): 0.1,
    ("boxes", "wrong"): 0.05,
    ("signals", "wrong"): 8.0,
    ("digits", "wrong"): 0.5,
    ("tumors", "wrong"): 3.2,
    ("survey", "wrong"): 3.2,
}
"""What did best on validation rows, whose labels are true, of ten seeds from 900,000
on, and less of equals: of 0.12 to 1 pixel, of 1 to 20 points, of noise of 0.05 to 3.2.
"""

DIGITS = TaskConfig(name="digits", scaling="unit")
DIGIT_ACCURACY = accuracy().replace(failed_value=0.1)

KEEPING: dict[str, tuple[str, str, float]] = {
    "half": ("copies moved by half a pixel", "shift", 0.5),
    "pixel": ("copies moved by a pixel", "shift", 1.0),
    "turned": ("copies turned by up to 10 degrees", "turn", 10.0),
    "noise": ("copies with noise of 0.2", "noise", 0.2),
}
"""Changes after which an image still shows its digit, in words and as a config."""

BREAKING: dict[str, tuple[str, str, float]] = {
    "far": ("copies moved by 3 pixels", "shift", 3.0),
    "sideways": ("copies turned by up to 90 degrees", "turn", 90.0),
    "mirrored": ("copies mirrored", "mirror", 0.0),
    "upside_down": ("copies upside down", "upside_down", 0.0),
}
"""Changes that spoil it."""

CHANGES = {"same": (SAME, "none", 0.0), **KEEPING, **BREAKING}


def augmented(change: str, images: int) -> Arm:
    """Return networks on so many images and copies with a change of `CHANGES`."""
    words, name, amount = CHANGES[change]
    how: dict[str, Any] = {"change": name, "amount": amount}
    config = AugmentationConfig(task=DIGITS, num_rows=images, **how)
    return Arm(levels={"change": words, "images": images}, config=config)


def family(task: str, labels: str, amount: float = 0.0) -> Arm:
    """Return networks on rows of `FAMILIES` and copies, changed unless by nothing."""
    change = NATURAL.get(task, "noise")
    rows = FAMILIES[task].replace(wrong_labels=LABELS[labels] or None)
    if task == "digits":
        rows = rows.replace(scaling="unit")
    known = int(rows.setting("num_train")) // 2
    config = AugmentationConfig(
        task=rows,
        num_rows=known,
        num_total=NUM_TIMES * known,
        change=change if amount else "none",
        amount=amount,
        learning_rate=0.001,
        num_steps=800,
    )
    words = WORDS[change].format(f"{amount:g}") if amount else SAME
    levels: dict[str, Level] = {"change": words, "task": task}
    levels["labels"] = f"{labels} labels"
    return Arm(levels=levels, config=config)


def saves(task: str, labels: str) -> Comparison:
    """Predict that changed copies save a tenth of the errors on a family of tasks."""
    told: Said = {"key": f"{task}_{labels}", "quick": False}
    told["label"] = f"errors on new rows, changed copies less equal ones; {task},"
    told["label"] += f" {labels} labels"
    arms = family(task, labels, CHOSEN[task, labels]), family(task, labels)
    return compare(arms[0], "less", arms[1], LOG10_ERROR, TENTH, **told)
