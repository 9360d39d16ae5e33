"""Write measurements as the page that `benchmarks/` shows."""

from __future__ import annotations

from typing import Any

from ablations.bench.network import BATCH, NUM_STEPS, ROWS


def to_markdown(record: dict[str, Any]) -> str:
    """Write a record as the page that `benchmarks/` shows."""
    machine, versions = record["machine"], record["versions"]
    gpus = ", ".join(machine["gpus"]) or "no GPU"
    lines = [
        "# Benchmarks",
        "",
        "[OWN_DATA.md](OWN_DATA.md) has what was measured of studies of your own data:"
        " false findings, power, recommendations, time and memory.",
        "",
        f"{record['date']}, {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_gib']} GiB, {gpus}, Python {machine['python']},"
        f" backend {record['backend']}.",
        "Versions: "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".",
        "Medians of interleaved repeats in one process; ratios are what to compare.",
        "",
        "## The printed XOR program, 100 updates",
        "",
        "| | per run | repeats |",
        "|---|---|---|",
    ]
    for name, timed in record["xor"].items():
        lines.append(
            f"| {name} | {_seconds(timed['median_s_per_run'])} | {timed['repeats']} |"
        )
    lines += [
        "",
        f"A stacked run costs 1/{record['xor_ratio']:,.0f} of a `fit`.",
        "",
        "## 20-64-64-64-1, batch 64, 400 Adam updates, 64 runs",
        "",
        f"{ROWS:,} rows, so that `fit` makes {NUM_STEPS * BATCH // ROWS} epochs; with"
        f" {BATCH} rows, one batch, it makes {NUM_STEPS}, and each epoch costs it time."
        " The cost of a stack does not depend on the number of rows."
        " Stacks are trained as the runner trains them, one per core at once.",
        "",
        "| | per run | against stacked | repeats |",
        "|---|---|---|---|",
    ]
    for name, timed in record["network"].items():
        lines.append(
            f"| {name} | {_seconds(timed['median_s_per_run'])}"
            f" | {record['network_ratios'][name]:.2f} | {timed['repeats']} |"
        )
    rates = record["gflops"]
    lines += [
        "",
        f"The stack reaches {rates['stacked']:.0f} GFLOP/s, its matrix products"
        " alone counted; a compiled batched product of the same shapes"
        f" {rates['matrix product']:.0f} GFLOP/s, a share of {rates['share']:.2f}.",
        "",
        "## Cost from one run on",
        "",
        "| runs | all | per run | peak memory of the process |",
        "|---|---|---|---|",
    ]
    for row in record["growth"]:
        lines.append(
            f"| {row['runs']:,} | {_seconds(row['seconds'])}"
            f" | {_seconds(row['s_per_run'])} | {row['peak_memory_mib']:,.0f} MiB |"
        )
    return "\n".join(lines) + "\n"


def _seconds(seconds: float) -> str:
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1.0:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
