"""Train what MNIST-1D was published with, and compare the accuracies.

    python benchmarks/mnist1d.py              all of them, and the table
    python benchmarks/mnist1d.py --seeds 2    fewer seeds

Every seed draws 4,000 training rows and 1,000 test rows of its own; 6,000 updates of
Adam on 100 rows each follow, without anything to prevent overfitting. As published,
rows come in one order in every epoch, and kernels start as those of PyTorch do; other
than published, the padding is that of Keras, and the network of hidden layers has no
skip.
`mnist1d.json` has a line per network; `--runs` keeps what is trained, so that a run
that was stopped continues.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ablations.running.machine import describe_machine, package_versions
from ablations.running.sweep import make_sweep, run_sweep
from ablations.terminal import say

HERE = Path(__file__).parent
MOST_APART = 2.0
"""Points of accuracy that a mean may lie beside the published one."""

CONVOLUTIONS = [
    {"filters": 25, "kernel_size": size, "stride": 2, "padding": "same"}
    for size in (5, 3, 3)
]
NETWORKS: dict[str, tuple[float, dict[str, Any]]] = {
    "logistic regression": (32.0, {}),
    "two hidden layers of 256 units": (68.0, {"model.hidden_units": [256, 256]}),
    "three convolutions of 25 filters": (94.0, {"model.convolutions": CONVOLUTIONS}),
    "the same on shuffled points": (
        56.0,
        {"model.convolutions": CONVOLUTIONS, "task.features": "shuffled_pixels"},
    ),
}
"""What is trained: the published accuracy in percent, and what differs."""

# Uniform up to 1 / sqrt(fan_in).
PYTORCH = {"name": "lecun_uniform", "gain": 3**-0.5}
BASE = {
    "task": {"name": "mnist1d", "num_val": 0},
    "model": {
        "input_units": 40,
        "hidden_units": [],
        "activation": "relu",
        "kernel_initializer": PYTORCH,
        "output_kernel_initializer": PYTORCH,
        "output_units": 10,
    },
    "training": {
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "loss": "categorical_crossentropy",
        "from_logits": True,
        "batch_size": 100,
        "num_steps": 6000,
        "shuffle": "none",
        "metrics": ["accuracy", "test_accuracy"],
    },
}


def compare(seeds: int, runs: Path) -> list[dict[str, Any]]:
    """Return a line per network: published accuracy, and the mean of ours."""
    points = [changes for _, changes in NETWORKS.values()]
    found = run_sweep(
        make_sweep(BASE, points, seeds=seeds),
        store=runs,
        device="cpu",
        stream=sys.stderr,
    ).runs
    lines = []
    for point, (name, (published, _)) in enumerate(NETWORKS.items()):
        mine = 100 * found[found.point == point]
        accuracy = mine.test_accuracy.mean()
        lines.append(
            {
                "network": name,
                "published": published,
                "accuracy": round(float(accuracy), 1),
                "deviation": round(float(mine.test_accuracy.std()), 1),
                "on training rows": round(float(mine.accuracy.mean()), 1),
                "seeds": seeds,
                "agrees": bool(abs(accuracy - published) <= MOST_APART),
            }
        )
    return lines


def write_markdown(lines: list[dict[str, Any]]) -> str:
    """Return the lines as a table."""
    rows = [list(lines[0]), ["---"] * len(lines[0])]
    rows += [[str(value) for value in line.values()] for line in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Train what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=HERE / "mnist1d.json")
    parser.add_argument("--runs", type=Path, default=Path("mnist1d.sqlite"))
    asked = parser.parse_args()
    lines = compare(asked.seeds, asked.runs)
    about = {"machine": describe_machine(), "versions": package_versions()}
    text = json.dumps({**about, "networks": lines}, indent=2)
    asked.out.write_text(text + "\n", encoding="utf-8")
    say(write_markdown(lines))


if __name__ == "__main__":
    main()
