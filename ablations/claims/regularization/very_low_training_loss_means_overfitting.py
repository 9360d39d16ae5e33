"""Overfitting is a gap between rows that were seen and rows that were not.

How low the loss on the seen rows is says nothing of the gap: where classes are apart,
a rule that fits the training rows perfectly may fit the others as well; and where units
are few, a gap may open while the training loss is still high.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.dropout import network
from ablations.rigs.regularization.noisy_labels import NOISY, SEEDS, SOURCE
from ablations.rigs.regularization.readings import FITS, MOST, accuracy, within_runs

FALSE = network({"labels": "a fifth of the labels redrawn"})
TRUE = network({"labels": "true labels"}, task=NOISY.replace(label_noise=0.0))
FEW_UNITS = network({"labels": "a fifth of the labels redrawn", "width": 10}, width=10)

low = partial(mostly, score=FITS, bound=MOST)
gap = partial(within_runs, score=accuracy("accuracy"), other=accuracy(), margin=0.05)

CLAIM = Claim(
    statement="A very low training loss is what overfitting is.",
    strength="always",
    rows=("A-REG-2",),
    source=SOURCE,
    reference="Belkin et al. (2019), on rules that interpolate and generalize",
    core=(
        gap(FALSE, key="false_gap"),
        gap(TRUE, key="true_gap", headline=True),
        low(FEW_UNITS, key="few_low", quick=False),
    ),
    controls=(
        low(FALSE, key="false_low"),
        low(TRUE, key="true_low"),
        gap(FEW_UNITS, key="few_gap", quick=False),
    ),
    seeds=SEEDS,
    answers={
        "!true_gap": (
            "No: with true labels, networks with a very low training loss get"
            " {true_gap.control} of the new rows right."
        ),
        "core": "Yes: a very low training loss and a gap go together in every setting.",
    },
    how=(
        "{true_gap.n} networks each took 1,500 updates on 320 rows with true"
        " labels, with a share of false ones, or with those and few units."
    ),
    caveats="The statement is read as an equation; a gap of five points counts.",
)
