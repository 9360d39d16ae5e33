"""A layer that sees the inputs and one below the output do not do the same work.

What suits one need not suit the other; but each layer also adapts to what the other
passes on, so that little may be left to be gained.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, League
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import (
    SHALLOW,
    TASKS,
    in_test,
    network,
    ranked_first,
)
from ablations.rigs.readings import mostly

UNIFORM = {"relu": "ReLU", "tanh": "tanh", "elu": "ELU"}
MIXES = {
    "tanh_relu": "tanh then ReLU",
    "relu_tanh": "ReLU then tanh",
    "elu_relu": "ELU then ReLU",
}


def _first(key: str, name: str, task: str) -> League:
    """Predict that a network surely beats those of one activation alone."""
    others = [other for other in UNIFORM.values() if other != name]
    key, label = f"{key}_{task}", f"rank of {name} on {task}"
    return ranked_first(name, others, task, SHALLOW, key=key, label=label)


def _gains(key: str, task: str) -> Comparison:
    """Predict that a mix is a percentage point ahead of ReLU in both layers."""
    key, mix = f"{key}_gains_{task}", MIXES[key]
    return in_test(mix, "greater", "ReLU", task, SHALLOW, key=key)


CLAIM = Claim(
    statement="Each activation has cases in which it performs best, so it is to be"
    " chosen for each layer.",
    strength="can",
    rows=("B-ACT-38",),
    source=f"{BASICS}, advice below the table of activations",
    reference="Sipper (2022), Neural networks with a la carte selection of activation"
    " functions; Manessi and Rozza (2018), Learning combinations of activation"
    " functions",
    axis="task",
    core=tuple(
        _first(key, name, task) for key, name in UNIFORM.items() for task in TASKS
    ),
    beside=(
        *(_first(key, mix, task) for key, mix in MIXES.items() for task in TASKS),
        *(_gains(key, task) for key in MIXES for task in TASKS),
        mostly(network("ReLU"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "relu_spirals elu_signals tanh_survey": (
            "For each task, yes: ReLU is surely first on spirals, ELU on signals, tanh"
            " on a survey; that layers should differ is not shown."
        ),
        "!core": "No: on none of six tasks is ReLU, tanh or ELU surely ahead of both"
        " others.",
        **{
            f"{key}_{task}": f"Yes, at least on {task}: there {name} is surely ahead of"
            " the two other activations."
            for task in TASKS
            for key, name in UNIFORM.items()
        },
    },
    how="Networks of two layers of 24 units took 600 updates by Adam on each of six"
    " tasks, {learned.n} of each kind.",
    caveats=(
        f"{league.OWN_RATE} Three mixes of two layers were tried, each against"
        " ReLU, tanh and ELU in both; whether any is surely first stands"
        " beside. Output layers are other claims' matter."
    ),
)
