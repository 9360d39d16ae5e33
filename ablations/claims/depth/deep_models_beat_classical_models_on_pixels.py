"""Convolutions know that what lies side by side belongs together.

A fully connected network and a classical model treat points of an image or a signal as
they treat any other columns; on a table there is nothing that lies side by side, and
from a few hundred rows kernels and trees find rules with less to tune.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import classical as basics
from ablations.rigs.depth import rivals as rig
from ablations.rigs.depth.rivals import CHOSEN, SHAPES, surpasses, surpasses_more
from ablations.rigs.readings import compare

LARGE_TABLES = ("survey", "boxes")
"""Those that have a thousand test rows or more."""

IN_SCOPE = [(task, "true") for task in SHAPES]
SIGNALS = "signals", "true"
MIXED = rig.deep(*SIGNALS, CHOSEN[SIGNALS].dropout, features="shuffled_pixels")
DENSE, PERMUTED = (basics.network(rows, 2) for rows in (basics.DIGITS, basics.SHUFFLED))

CLAIM = Claim(
    statement="Deep models surpass classical machine learning, above all on"
    " unstructured data.",
    rows=("A-INT-2",),
    source="Deep learning notes, introduction",
    reference="Grinsztajn et al. (2022)",
    axis="task",
    core=(
        *(surpasses(task, "true", quick=task == "digits") for task in SHAPES),
        *(surpasses_more(task, table) for task in SHAPES for table in LARGE_TABLES),
    ),
    beside=(
        *(surpasses(*place) for place in CHOSEN if place not in IN_SCOPE),
        compare(
            MIXED,
            "greater",
            rig.DEEP[SIGNALS],
            rig.LOG10_ERROR,
            rig.TENTH,
            key="mixed",
            label="errors on new rows, convolutions on points in a random order less"
            " in their own; signals",
            differs_in=("data",),
            quick=False,
        ),
        basics.matches(PERMUTED, DENSE, 0.02, key="shuffled"),
    ),
    seeds=rig.FRESH_SEEDS,
    answers={
        "signals_true ?images_true !digits_true": "Not settled: forests make"
        " {signals_true.power} times the errors of convolutions on signals; on MNIST"
        " support vectors nearly keep up, and on small digits they win.",
        "core": "Yes: deep models make a tenth fewer errors than the best classical"
        " model, and save more of them on images and signals than on tables.",
        "!core": "No: on neither images nor signals do convolutions make a tenth fewer"
        " errors than the best classical model, or save more than on tables.",
    },
    how="Convolutions on images and signals, and dense networks on tables, took 1,000"
    " updates on 90 to 1,000 rows of eight tasks; classical models were tuned on the"
    " same rows, {digits_true.n} seeds each.",
    caveats=(
        "Small data sets and small networks: text, sound and large images are"
        " another matter. Where a fifth of the training labels are wrong,"
        f" those by which settings are chosen are true. {basics.SAME_ROWS}"
    ),
)
