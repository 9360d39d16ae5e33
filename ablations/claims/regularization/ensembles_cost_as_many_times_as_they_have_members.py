"""Every member has products of its own to compute; a mask on one network has none.

Products of narrow networks take so little time that most of it goes into calling them,
which one call for all members pays once.
"""

from ablations.measures.regularization.ensembles import WIDTHS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured


def _work(key: str, words: str, quantity: str, expected: float = 8.0) -> ExactCheck:
    label = f"times the multiplications of one, {words}"
    return measured("ensemble_work", key, label, quantity, expected)


def _seconds(
    key: str, words: str, width: int, expected: float, relation: str = "at_least"
) -> ExactCheck:
    return measured(
        "ensemble_seconds",
        f"{key}{width}",
        f"times the seconds of one update, {words}, {width} units",
        f"seconds_{key}_{width}_wide",
        expected,
        relation=relation,
        at=("width", width),
    )


CLAIM = Claim(
    statement=(
        "An ensemble of k networks costs k times as much to train and to run, and"
        " dropout approximates it at the cost of one."
    ),
    strength="always",
    rows=("A-REG-41",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Srivastava et al. (2014); Gal and Ghahramani (2016)",
    core=(
        _work("train", "training eight networks", "training_of_the_ensemble"),
        _work("run", "running eight networks", "inference_of_the_ensemble"),
        _work("dropout", "training with dropout", "training_of_dropout", 1.0),
        _work("after", "running after dropout", "inference_of_dropout", 1.0),
    ),
    beside=(
        measured(
            "ensemble_work",
            "weights",
            "times the weights of one",
            "weights_of_the_ensemble",
            8.0,
        ),
        _work("masks", "running under eight masks", "inference_of_many_masks", 1.0),
        # Four fifths of eight times count as eight, half as much again as inexpensive.
        *(_seconds("apart", "eight one by one", width, 6.4) for width in WIDTHS),
        *(_seconds("stacked", "eight in one stack", width, 6.4) for width in WIDTHS),
        *(_seconds("dropout", "dropout", width, 1.5, "at_most") for width in WIDTHS),
    ),
    answers={
        "core": (
            "Yes, counted in multiplications: eight networks take {train} times as many"
            " as one, and a network with dropout takes as many as one."
        ),
        "!train": "No: eight networks take {train} times the multiplications of one.",
        "!dropout": "No: dropout takes {dropout} times the multiplications of one.",
    },
    how=(
        "Multiplications and additions of eight networks, of one and of one with"
        " dropout were counted, and their updates timed."
    ),
    caveats=(
        "Equal numbers of updates; dropout may need more of them. Seconds are processor"
        " time of one thread in NumPy, two layers, batches of 32; they are of one"
        " machine and differ a little each time. With dropout at 16 units, drawing the"
        " masks takes so long that another machine may fall beyond the bound."
    ),
)
