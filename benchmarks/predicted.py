"""Predict what many runs take on many cores, and print it as a table.

    python benchmarks/predicted.py

Nothing is trained: what a network takes on one core, and how long workers need beside
each other, was measured on two cores; see `ablations.running.cost`. So this is a
prediction, not a measurement.
"""

from __future__ import annotations

import sys

import numpy as np

from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.depth.recipes import deep_config
from ablations.rigs.xor import xor_arm
from ablations.running.cost import predict
from ablations.running.plan import Plan, Request, pack

NETWORKS = {
    "2-2-1, 100 updates": xor_arm(num_steps=100),
    "20 layers of 64 units, 500 updates of 32 rows": deep_config(
        activation="relu", optimizer="adam", depth=20, num_steps=500
    ),
}
CREWS = {8: "processes", 64: "processes", 512: "ray"}
RUNS = (10**6, 10**7, 10**8)
MOST_STACKS = 4_000
"""Stacks that are given out on paper, at most; more take longer in proportion."""

UNITS = (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def plan_of(config: ArmConfig, num_runs: int) -> Plan:
    """Return a plan of so many runs of a network."""
    stacks = pack([Request(config.digest, config, np.arange(num_runs))])
    return Plan(tuple(stacks), (), num_runs, 0, waiting=False)


def plans_of(config: ArmConfig) -> tuple[Plan, Plan]:
    """Return two plans, of half as many runs and of as many as are given out."""
    number = min(max(RUNS), MOST_STACKS * config.stack_size())
    return plan_of(config, number // 2), plan_of(config, number)


def seconds(half: Plan, whole: Plan, crew: tuple[str, int], num_runs: int) -> float:
    """Return what runs take, on the line through what two plans do."""
    first, second = (predict(plan, *crew) for plan in (half, whole))
    growth = (second - first) / (whole.num_wanted - half.num_wanted)
    return second + growth * (num_runs - whole.num_wanted)


def written(number: float) -> str:
    """Return a time with one unit."""
    name, unit = next((n, u) for n, u in UNITS if number >= 3 * u or u == 1)
    return f"{number / unit:,.0f} {name}"


def main() -> None:
    """Print the table."""
    heads = [f"{cores} cores, `{name}`" for cores, name in CREWS.items()]
    lines = ["| network | runs | on one core | " + " | ".join(heads) + " |"]
    lines.append("|---|--:|--:|" + "--:|" * len(heads))
    crews = [("local", 1), *((name, cores) for cores, name in CREWS.items())]
    for name, config in NETWORKS.items():
        plans = plans_of(config)
        for num_runs in RUNS:
            cells = [written(seconds(*plans, crew, num_runs)) for crew in crews]
            row = [name, f"{num_runs:,}", *cells]
            lines.append("| " + " | ".join(row) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
