"""Say how a report was made: machine, versions, seeds, preset, command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ablations.judging.verdict import Verdict
from ablations.protocol.arm import TUNING_SEEDS_START

HARDWARE = ("processor", "cores", "memory_gib", "system", "backend", "device")


def facts(
    verdicts: Sequence[Verdict],
    machine: dict[str, Any],
    generated: str,
    first_seed: int,
    commit: str = "",
) -> list[tuple[str, str]]:
    """Return how the report was made: machine, versions, seeds, preset, command.

    Args:
        verdicts: What the runs at hand came to.
        machine: Where the runs were made.
        generated: When the report was made.
        first_seed: First of the seeds that judge.
        commit: Version of the code, empty if unknown.
    """
    arms = [arm for verdict in verdicts for arm in verdict.arms]
    presets = sorted({v.preset for v in verdicts if v.is_judged})
    most = max((arm["runs"] for arm in arms), default=0)
    seeds = (
        f"up to {most:,} for each network, numbered from {first_seed:,}; of a"
        " rule that was revised after outcomes, from a later seed; tuning uses"
        f" seeds from {TUNING_SEEDS_START:,} on"
        if most
        else "none yet"
    )
    versions = {k: v for k, v in machine.items() if k not in HARDWARE}
    others = _other_machines(arms, machine)
    found = [
        ("Generated", generated),
        ("Machine", describe_machine(machine)),
        ("Versions", ", ".join(f"{k} {v}" for k, v in versions.items()) or "unknown"),
        ("Seeds", seeds),
        ("Preset", ", ".join(presets) or "none"),
    ]
    if others:
        found.append(("Other runs from", "; ".join(others)))
    if commit:
        found.append(("Code", commit))
    if len(presets) == 1:
        found.append(("Repeat it", f"`ablations reproduce --preset {presets[0]}`"))
    return found


def describe_machine(machine: dict[str, Any]) -> str:
    """Describe the hardware in one line."""
    units = {
        "cores": "{} cores",
        "memory_gib": "{} GiB of memory",
        "backend": "{} backend",
        "device": "on {}",
    }
    known = [units.get(k, "{}").format(machine[k]) for k in HARDWARE if k in machine]
    return ", ".join(known) or "unknown"


def _other_machines(
    arms: Sequence[dict[str, Any]], machine: dict[str, Any]
) -> list[str]:
    found = {
        json.dumps(entry, sort_keys=True, default=str): entry
        for arm in arms
        for entry in arm.get("machines", [])
        if entry != machine
    }
    return list(dict.fromkeys(_difference(entry, machine) for entry in found.values()))


def _difference(entry: dict[str, Any], machine: dict[str, Any]) -> str:
    """Say in what another machine or its versions differ."""
    differing = {k: v for k, v in entry.items() if machine.get(k) != v}
    return ", ".join(f"{name} {value}" for name, value in differing.items()) or (
        describe_machine(entry)
    )
