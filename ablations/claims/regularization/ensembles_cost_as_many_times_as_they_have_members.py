"""Every member has products of its own to compute; a mask on one network has none.

Products of narrow networks take so little time that most of it goes into calling them,
which one call for all members pays once.
"""

from ablations.measures.regularization.ensembles import NUM_MEMBERS, WIDTHS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

NEARLY = 0.8 * NUM_MEMBERS
"""Times the cost of one network that count as those of all members."""

CHEAP = 1.5
"""Times the cost of one network that still count as inexpensive."""

COUNTS = (
    ("training", "training_of_the_ensemble", float(NUM_MEMBERS)),
    ("inference", "inference_of_the_ensemble", float(NUM_MEMBERS)),
    ("weights", "weights_of_the_ensemble", float(NUM_MEMBERS)),
    ("training with dropout", "training_of_dropout", 1.0),
    ("inference after dropout", "inference_of_dropout", 1.0),
    ("inference by a mask per member", "inference_of_many_masks", 1.0),
)

CLAIM = Claim(
    statement=(
        "An ensemble of k networks costs k times as much to train and to run, and"
        " dropout approximates it at the cost of one."
    ),
    rows=("A-REG-41",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Srivastava et al. (2014); Gal and Ghahramani (2016)",
    predictions=(
        *(
            ExactCheck(
                label=f"times the multiply-adds of one network, {words}"
                if words != "weights"
                else "times the weights of one network",
                measurement="ensemble_work",
                quantity=quantity,
                expected=expected,
            )
            for words, quantity, expected in COUNTS
        ),
        *(
            ExactCheck(
                label=f"times the seconds of one update, eight {how}, {width} units",
                at=(f"width, {how}", width),
                measurement="ensemble_seconds",
                quantity=f"seconds_{name}_{width}_wide",
                expected=NEARLY,
                relation="at_least",
            )
            for how, name in (("one after the other", "apart"), ("stacked", "stacked"))
            for width in WIDTHS
        ),
        *(
            ExactCheck(
                label=f"times the seconds of one update, dropout, {width} units",
                at=("width, dropout", width),
                measurement="ensemble_seconds",
                quantity=f"seconds_dropout_{width}_wide",
                expected=CHEAP,
                relation="at_most",
            )
            for width in WIDTHS
        ),
    ),
    findings={
        "conditional": (
            "Eight networks take {0} times the multiply-adds of one to train and {1} to"
            " run; with dropout it is {3} and {4}, but {5} for answers under eight"
            " masks. Eight updates one after the other take {6} times as long as one"
            " at 16 units and {7} at 512; as one stack {8} and {9}; dropout {10}"
            " and {11}."
        )
    },
    caveats=(
        "Equal numbers of updates; dropout may need more of them. Seconds are processor"
        " time of one thread in NumPy, two layers, batches of 32; they are of one"
        " machine and differ a little each time. With dropout at 16 units, drawing the"
        " masks takes so long that another machine may fall beyond the bound."
    ),
)
