"""Write measurements as the page that `benchmarks/` shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ablations.bench.peers import NUM_RUNS

HEAD = """# Benchmarks

[OWN_DATA.md](OWN_DATA.md) has what was measured of studies of your own data: false findings, power, recommendations, time and memory.

{date}, {processor}, {cores} cores, {memory_gib} GiB, {gpus}, Python {python}, backend {backend}.
Versions: {versions}.

Every row has the same {workers}: for stacks a thread each of one process, as the runner trains them; for the others a process each, with cores of its own and an equal share of the runs.
Times are medians of interleaved repeats; processor time is that of all cores together.
One call before the first repeat is not counted, in which stacks, JAX and a `fit` that is compiled once are compiled; a plain `fit` is compiled for every run.
"""  # noqa: E501 (one sentence per line)

NETWORK = """
## 20-64-64-64-1, batch 64, 400 Adam updates, {runs} runs

1,000 rows, drawn anew in each epoch, which a plain `fit` makes 25 of.
The hand-written JAX is one program of `vmap` and `scan` with donated weights; torch trains by `torch.func.vmap` and its fused Adam.
"""  # noqa: E501 (one sentence per line)

RATES = """
The products of the stacks make {stack's products:.0f} GFLOP/s, compiled loops of batched products of the same shapes {product:.0f}, and products of large matrices {large product:.0f}.
Their weights, gradients and Adam's moments, each read and written once per update, are {stack's weights:.0f} GB/s; memory outside of the cache moves {memory:.0f} GB/s.

## Cost from one run on

| runs | all | per run | peak memory of the process |
|---|---|---|---|
"""  # noqa: E501 (one sentence per line)


def to_markdown(record: Mapping[str, Any]) -> str:
    """Write a record as the page that `benchmarks/` shows."""
    machine, workers = record["machine"], record["workers"]
    head = {
        **machine,
        **record,
        "gpus": ", ".join(machine["gpus"]) or "no GPU",
        "versions": ", ".join(f"{k} {v}" for k, v in record["versions"].items()),
        "workers": "worker" if workers == 1 else f"{workers} workers",
    }
    growth = [
        f"| {row['runs']:,} | {_seconds(row['runs'] * row['median_s_per_run'])}"
        f" | {_seconds(row['median_s_per_run'])}"
        f" | {row['peak_memory_mib']:,.0f} MiB |\n"
        for row in record["growth"]
    ]
    return "".join(
        [
            HEAD.format_map(head),
            "\n## The printed XOR program, 100 updates\n",
            _table(record["xor"], "stacked"),
            NETWORK.format(runs=NUM_RUNS),
            _table(record["network"], f"stacked on {record['backend']}"),
            RATES.format_map(record["giga_per_second"]),
            *growth,
        ]
    )


def _table(rows: Mapping[str, Mapping[str, float]], first: str) -> str:
    """Return times, and how often those of the first contender they are."""
    text = (
        "\n| | time per run | least, most | against stacked | processor time per run"
        " | against stacked | repeats |\n|---|---|---|---|---|---|---|\n"
    )
    for name, row in rows.items():
        wall, processor = (
            row[key] / rows[first][key]
            for key in ("median_s_per_run", "processor_s_per_run")
        )
        low, high = _seconds(row["min_s_per_run"]), _seconds(row["max_s_per_run"])
        text += (
            f"| {name} | {_seconds(row['median_s_per_run'])} | {low}, {high}"
            f" | {_times(wall)} | {_seconds(row['processor_s_per_run'])}"
            f" | {_times(processor)} | {row['repeats']} |\n"
        )
    return text


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 100 else f"{ratio:,.0f}"


def _seconds(seconds: float) -> str:
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1.0:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
