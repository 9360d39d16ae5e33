"""Number what made the runs, so that a change shows."""

from __future__ import annotations

from ablations.protocol.claim import Claim
from ablations.protocol.experiment import ExperimentConfig
from ablations.protocol.network_runs import ENGINE_VERSION
from ablations.tasks import DRAWN
from ablations.tasks.task import TASKS_VERSION

MEASUREMENT_VERSION = 1
"""Number in every measurement's key; it grows when a measurement is changed."""


def measurement_specification(name: str) -> dict[str, object]:
    """Return the plain data that a measurement's key is the digest of."""
    return {"measurement": name, "measurement_version": MEASUREMENT_VERSION}


EVIDENCE_VERSION = f"{ENGINE_VERSION}.{MEASUREMENT_VERSION}"
"""Of engine and measurements; the start of every `evidence_version`."""


def evidence_version(claim: Claim) -> str:
    """Return the versions of all that made the runs of a claim.

    Kept with every verdict: one of older engines, measurements, drawn tasks or
    experiments does not count.
    """
    parts = set()
    for arm in claim.arms.values():
        task = arm.config.get_task()
        if task is not None and task.name in DRAWN:
            parts.add(f"tasks {TASKS_VERSION}")
        if isinstance(arm.config, ExperimentConfig):
            parts.add(f"{arm.config.kind} {arm.config.version}")
    return ", ".join([EVIDENCE_VERSION, *sorted(parts)])
