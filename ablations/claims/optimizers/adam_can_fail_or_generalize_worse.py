"""Adam's steps have one size, so rare large gradients count no more than small ones.

In one published example that leads it to the worst place there is; in another it gives
weights to inputs that all rows share, and new rows are told wrong.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import at_least, at_most

ASTRAY, WORSE = "adam_goes_astray", "adam_generalizes_worse"

CLAIM = Claim(
    statement="Adam can fail to converge, and can generalize worse than plain SGD.",
    strength="can",
    rows=("A-OPT-46",),
    source=f"{ADAM}; the notes name no such limit",
    reference="Reddi, Kale and Kumar (2018), On the convergence of Adam and beyond;"
    " Wilson et al. (2017), The marginal value of adaptive gradient methods in machine"
    " learning",
    implied=True,
    core=(
        at_least(
            *(ASTRAY, "regret_of_adam", 0.5),
            key="astray",
            label="Adam's loss over the best in the example of Reddi, where the most"
            " is 0.67",
        ),
        at_least(
            *(WORSE, "excess_of_adam", 0.1),
            key="worse",
            label="Adam's share of wrong new rows less SGD's in the example of Wilson",
        ),
    ),
    beside=(
        at_most(
            *(ASTRAY, "regret_of_adam_with_usual_settings", 0.1),
            key="usual",
            label="Adam's loss over the best in the example of Reddi, usual settings",
        ),
        at_most(
            *(ASTRAY, "regret_of_amsgrad", 0.1),
            key="amsgrad",
            label="AMSGrad's loss over the best in the example of Reddi",
        ),
        at_most(
            *(ASTRAY, "regret_of_sgd", 0.1),
            key="sgd",
            label="SGD's loss over the best in the example of Reddi",
        ),
        at_most(
            *(WORSE, "training_error_of_adam", 0.0),
            key="fits",
            label="Adam's share of wrong training rows in the example of Wilson",
        ),
        at_most(
            *(WORSE, "test_error_of_sgd", 0.01),
            key="sgd_new",
            label="SGD's share of wrong new rows in the example of Wilson",
        ),
    ),
    answers={
        "core usual sgd_new": "Yes: in one example it ends near the worst place, though"
        " not with usual settings; in another {worse.percent} of new rows are wrong.",
        "core": "Yes: two published examples show it, one that it fails to converge,"
        " the other that it generalizes worse.",
        "astray !worse": "Yes: it ends near the worst place in one published example;"
        " in the other new rows are no trouble.",
        "worse !astray": "Yes: it tells new rows wrong in one published example; in the"
        " other it does converge.",
        "!core": "No: neither published example shows it here.",
    },
    how="The examples of Reddi and others and of Wilson and others were computed, with"
    " Adam, SGD and AMSGrad.",
    caveats="Both examples were made to show it; how often networks meet the like is"
    " not told.",
)
