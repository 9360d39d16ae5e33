"""Initialization, batch norm and skips each keep signals in range.

With five layers one that suffices leaves little to the next; with twenty, skips and
batch norm add much even to all others. Dropout adds noise on top, and hardly any
accuracy.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth import recipes as rig
from ablations.rigs.readings import compare

REMEDIES = ("dropout", "batch norm", "init", "skip")
OVERLAPPING = rig.CLUSTERS.replace(spread=0.9)
"""Clusters that overlap, so that test accuracy has room on both sides."""


def _arm(depth: int, *remedies: str) -> Arm:
    """Return ReLU layers under Adam from small weights, with some remedies."""
    switches = {"ReLU", "Adam", *remedies} - {"dropout"}
    dropout = 0.2 if "dropout" in remedies else 0.0
    return rig.recipe(switches, dropout=dropout, depth=depth, task=OVERLAPPING)


def _all_help(key: str, depth: int) -> Comparison:
    every, none = _arm(depth, *REMEDIES), _arm(depth)
    return compare(every, "greater", none, rig.accuracy(), 0.01, key=key)


def _costs_little(remedy: str, depth: int) -> Comparison:
    key = f"{rig.switch_key(remedy)}_{depth}"
    every, rest = _arm(depth, *REMEDIES), _arm(depth, *(set(REMEDIES) - {remedy}))
    return compare(every, "no_less", rest, rig.accuracy(), 0.01, key=key)


CLAIM = Claim(
    statement="Combining dropout, batch norm, initialization and skip connections"
    " improves stability and accuracy significantly.",
    strength="can",
    rows=("B-SOL-16",),
    source=f"{rig.BASICS}, solutions to common problems",
    axis="depth",
    core=(_all_help("all_20", 20), _all_help("all_5", 5)),
    beside=tuple(_costs_little(remedy, n) for n in (5, 20) for remedy in REMEDIES),
    controls=(rig.succeeds(_arm(20, *REMEDIES), "learns"),),
    shown=tuple(rig.shown_moving(_arm(n, *REMEDIES), f"all_{n}") for n in (20, 5)),
    standard_only=True,
    seeds=rig.FRESH_SEEDS,
    answers={
        "core": "Yes: compared with none of them, together they raise test accuracy by"
        " {all_5} percentage points with five layers and {all_20} with twenty.",
        "!core": "No: together they raise accuracy by less than a percentage point.",
    },
    how="ReLU networks, {learns.n} each with all four, none, and all but one, were"
    " trained for 500 updates by Adam on 1,024 rows of ten classes.",
    caveats=f"Stability is not judged apart from accuracy. {rig.AT_INFERENCE}"
    f" {rig.OWN_RATE}",
)
