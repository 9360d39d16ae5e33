"""Every member has products of its own to compute; a mask on one network has none.

Products of narrow networks take so little time that most of it goes into calling them,
which one call for all members pays once.
"""

from ablations.measures.regularization.ensembles import WIDTHS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import Said, at_least, at_most, equals
from ablations.rigs.regularization.noisy_labels import SOURCE

CALLED = {"apart": "eight one by one", "stacked": "eight in one stack"}


def _work(key: str, words: str, times: float = 8.0) -> ExactCheck:
    label = f"{words}, times that of one"
    label = label if key == "weights" else f"multiplications, {label}"
    return equals("ensemble_work", words.replace(" ", "_"), times, key=key, label=label)


def _seconds(key: str, width: int) -> ExactCheck:
    words = f"times the seconds of one update, {CALLED.get(key, key)}, {width} units"
    told: Said = {"key": f"{key}{width}", "label": words, "at": ("width", width)}
    read = "ensemble_seconds", f"seconds_{key}_{width}_wide"
    # Four fifths of eight times count as eight, half as much again as inexpensive.
    if key == "dropout":
        return at_most(*read, 1.5, **told).replace(timed=True)
    return at_least(*read, 6.4, **told).replace(timed=True)


CLAIM = Claim(
    statement="An ensemble of k networks costs k times as much to train and to run, and"
    " dropout approximates it at the cost of one.",
    strength="always",
    rows=("A-REG-41",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Srivastava et al. (2014); Gal and Ghahramani (2016)",
    core=(
        _work("train", "training of the ensemble"),
        _work("run", "inference of the ensemble"),
        _work("dropout", "training of dropout", 1.0),
        _work("after", "inference of dropout", 1.0),
    ),
    beside=(
        _work("weights", "weights of the ensemble"),
        _work("masks", "inference of many masks", 1.0),
        *(_seconds(each, w) for each in (*CALLED, "dropout") for w in WIDTHS),
    ),
    answers={
        "core": (
            "Yes, in multiplications: eight networks take {train} times those of one,"
            " and dropout takes none; how near dropout comes is another claim."
        ),
        "!train": "No: eight networks take {train} times the multiplications of one.",
        "!dropout": "No: dropout takes {dropout} times the multiplications of one.",
    },
    how="Multiplications and additions of eight networks, of one and of one with"
    " dropout were counted, and their updates timed.",
    caveats=(
        "Dropout may need more updates. In seconds, eight narrow networks"
        " that are called as one take far less than eight times as long."
        " Seconds are those of one machine."
    ),
)
