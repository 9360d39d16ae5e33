"""The slope of tanh is one at zero and smaller everywhere else.

Layer by layer that takes a part of the gradient: here half of it from 5 to 20 layers.
Orthogonal weights hardly change that, yet speed tanh up, so that the size of the first
gradient does not explain the speed.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import TimeToTarget
from ablations.rigs.activations import NOTES
from ablations.rigs.depth import starts
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEEP, SHALLOW, network, sooner
from ablations.rigs.readings import mostly

WHAT = "updates until half is learned, orthogonal over Xavier's weights"


def _slower(task: str, depth: int) -> TimeToTarget:
    """Predict that tanh takes at least 1.1 times the updates of ReLU."""
    relu, tanh = (network(name, task, depth, fast=True) for name in ("ReLU", "tanh"))
    return sooner(relu, tanh, key=f"{task}_{depth}")


def _kept(task: str, depth: int) -> TimeToTarget:
    """Predict that weights which keep gradients make tanh faster."""
    tanh = network("tanh", task, depth, fast=True)
    orthogonal = network("tanh", task, depth, weights="orthogonal", fast=True)
    key, label = f"{task}_{depth}_orthogonal", f"{WHAT}; tanh, {task}, depth {depth}"
    return sooner(orthogonal, tanh, key=key, label=label)


CLAIM = Claim(
    statement="Tanh suffers from vanishing gradients, which slows down training.",
    rows=("A-ACT-14",),
    source=f"{NOTES}, tanh",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks",
    axis="depth",
    core=(
        *(_slower(*where) for where in DEEP),
        starts.fades("tanh", "glorot").replace(key="fades"),
    ),
    beside=(
        _slower("clusters", SHALLOW),
        *(_kept(*where) for where in DEEP),
        starts.fades("tanh", "orthogonal").replace(key="fades_orthogonal"),
        mostly(network("tanh", fast=True), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.SEEDS,
    answers={
        "signals_10 !clusters_10 !digits_10 !clusters_20": "Slower than ReLU only on"
        " signals: on clusters in ten layers tanh takes {clusters_10.control} updates"
        " to learn half of the rows, ReLU {clusters_10.treatment}.",
        "core !clusters_2": "Yes: on clusters ReLU is {clusters_10.times} times as fast"
        " as tanh in ten layers and {clusters_20.times} times in twenty; in two it is"
        " not.",
        "core clusters_2": "Slow it is, but not only where gradients vanish: on"
        " clusters ReLU is {clusters_2.times} times as fast in two layers, too, and"
        " {clusters_20.times} in twenty.",
        "core": "Yes: on clusters ReLU is {clusters_10.times} times as fast as tanh in"
        " ten layers and {clusters_20.times} times in twenty.",
        "!core": "No: in ten and in twenty layers, each from weights that suit it,"
        " ReLU is less than a tenth faster than tanh.",
        "!clusters_10 clusters_20": "In very deep networks: on clusters ReLU is"
        " {clusters_20.times} times as fast as tanh in twenty layers, less than a tenth"
        " faster in ten.",
        "clusters_10 !clusters_20": "In ten layers, where on clusters ReLU is"
        " {clusters_10.times} times as fast as tanh; in twenty it is less than a tenth"
        " faster.",
        "clusters_10 clusters_20": "On clusters ReLU is {clusters_10.times} times as"
        " fast as tanh in ten layers and {clusters_20.times} in twenty; on other tasks"
        " that is not sure.",
        "!clusters_10 !clusters_20": "Not on clusters, where ReLU is less than a tenth"
        " faster than tanh in ten layers and in twenty.",
    },
    how="Networks of ten layers on three tasks and of twenty on one took 600 updates"
    " by Adam, {clusters_10.n} of each kind.",
    caveats=f"{league.FOR_SPEED} Fast is few updates until half of the training rows"
    " are classified, or 30 % of the signals. Gradients were measured at the start.",
)
