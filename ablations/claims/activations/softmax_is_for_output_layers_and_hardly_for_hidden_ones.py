"""The outputs of a softmax layer add up to one, so that each of many is small.

What such a layer passes on hardly varies, and gradients on the way back are as small as
the outputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEEPER, TASKS, in_test, network
from ablations.rigs.readings import mostly

WORSE = 0.02

CLAIM = Claim(
    statement="Softmax belongs almost exclusively in the output layer.",
    rows=("A-ACT-30",),
    source=f"{NOTES}, softmax, usage",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2",
    axis="task",
    core=(
        *(
            in_test("softmax", "less", "ReLU", task, margin=WORSE, key=task)
            for task in TASKS
        ),
        in_test("softmax", "less", "ReLU", "clusters", DEEPER, WORSE, key="deep"),
    ),
    beside=(
        *(
            in_test("softmax", "less", "sigmoid", task, key=f"{task}_sigmoid")
            for task in TASKS
        ),
        mostly(network("ReLU"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "core": "Yes: softmax in hidden layers falls behind ReLU on all six tasks, with"
        " two of them by {clusters} percentage points on clusters and {spirals} on"
        " spirals.",
        "!core": "No: softmax in hidden layers stays within two percentage points of"
        " ReLU on all six tasks.",
        ("clusters signals deep !boxes !digits !survey"): (
            "It depends: on clusters softmax is {clusters} percentage points behind"
            " ReLU with two layers and {deep} with six; on boxes, digits and a survey"
            " hardly."
        ),
        "clusters signals !boxes !digits": "It depends: in two layers softmax is"
        " {clusters} percentage points behind ReLU on clusters and {signals} on"
        " signals; on digits and boxes less than two.",
        "clusters digits": "Not surely on every task: in two hidden layers softmax is"
        " {clusters} percentage points behind ReLU on clusters and {digits} on digits.",
        "!clusters deep": "In deeper networks: on clusters softmax is {deep} percentage"
        " points behind ReLU in six hidden layers, less than two in two.",
        "!clusters": "Not on clusters, where softmax stays within two percentage points"
        " of ReLU.",
    },
    how=f"{league.HOW}, {{clusters.n}} of each kind, with softmax or ReLU in all hidden"
    " layers.",
    caveats=f"{league.OWN_RATE} What people use is not counted; attention, which uses"
    " softmax inside a network, is not tested.",
)
