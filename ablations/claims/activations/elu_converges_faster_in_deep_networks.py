"""An ELU has a gradient below zero, and its mean output is nearer to zero than ReLU's.

Both are said to bring gradients nearer to the direction that learns fastest; batch norm
centers outputs as well.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, TimeToTarget
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEEP, SHALLOW, better, network, sooner
from ablations.rigs.readings import mostly


def _sooner(
    task: str, depth: int, relu: Arm | None = None, **said: Any
) -> TimeToTarget:
    other = relu or network("ReLU", task, depth, fast=True)
    said.setdefault("key", f"{task}_{depth}")
    return sooner(network("ELU", task, depth, fast=True), other, **said)


def _no_worse(task: str, depth: int) -> Comparison:
    elu, relu = (network(name, task, depth, fast=True) for name in ("ELU", "ReLU"))
    return better(elu, "no_less", relu, key=f"{task}_{depth}_test")


NORMED = network("ReLU", "clusters", 10, fast=True, batch_norm="before")

CLAIM = Claim(
    statement="In deep networks ELU converges faster.",
    rows=("B-ACT-30",),
    source=f"{BASICS}, table of activations",
    reference="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep"
    " network learning by exponential linear units",
    axis="depth",
    core=tuple(_sooner(*where) for where in DEEP),
    beside=(
        _sooner("clusters", SHALLOW),
        _sooner("clusters", 10, NORMED, key="normed"),
        *(_no_worse(*where) for where in DEEP),
        mostly(network("ELU", fast=True), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.SEEDS,
    answers={
        "clusters_10 clusters_20 digits_10 ?signals_10": (
            "In updates, yes, on two of three tasks surely: on clusters ELU needs"
            " {clusters_10.times} times fewer than ReLU in ten layers,"
            " {clusters_20.times} in twenty."
        ),
        "core !clusters_2": "Yes: on clusters ELU is {clusters_10.times} times as fast"
        " as ReLU in ten layers and {clusters_20.times} times in twenty; in two it is"
        " not.",
        "core": "Yes: on clusters ELU is {clusters_10.times} times as fast as ReLU in"
        " ten layers and {clusters_20.times} times in twenty.",
        "!core": "No: in ten and in twenty layers networks with ELU are less than a"
        " tenth faster than those with ReLU.",
        "!clusters_10 clusters_20": "In very deep networks: on clusters ELU is"
        " {clusters_20.times} times as fast as ReLU in twenty layers, less than a tenth"
        " faster in ten.",
        "clusters_10 !clusters_20": "In ten layers, where on clusters ELU is"
        " {clusters_10.times} times as fast as ReLU; in twenty it is less than a tenth"
        " faster.",
        "clusters_10 clusters_20": "On clusters ELU is {clusters_10.times} times as"
        " fast as ReLU in ten layers and {clusters_20.times} in twenty; on other tasks"
        " that is not sure.",
        "!clusters_10 !clusters_20": "Not on clusters, where ELU is less than a tenth"
        " faster than ReLU in ten layers and in twenty.",
    },
    how="Networks of ten layers on three tasks and of twenty on one took 600 updates"
    " by Adam, {clusters_10.n} of each kind.",
    caveats=(
        f"{league.FOR_SPEED} Converging is classifying half of the training rows, or 30"
        " % of the signals, counted in updates; an update of ELU takes longer than one"
        " of ReLU. On signals ELU is faster, too, but that it saves a tenth is not"
        " sure. Batch norm stands beside with ReLU only."
    ),
)
