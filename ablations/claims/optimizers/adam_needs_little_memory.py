"""Adam keeps two averages for each weight.

Weights and their gradients are there under every rule; what a rule adds is the rest.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import at_most, equals

MEMORY = "memory_of_optimizers"
KEPT = "numbers_for_each_weight"
TRAINING = "memory_of_training_over_that"
SLOTS = {"plain descent": 0, "momentum": 1, "AdaGrad": 1, "RMSProp": 1, "Adam": 2}


def _keeps(rule: str) -> ExactCheck:
    key = rule.partition(" ")[0].lower()
    label = f"numbers kept for each weight, {rule}"
    return equals(MEMORY, f"slots_of_{key}", SLOTS[rule], key=key, label=label)


CLAIM = Claim(
    statement="Adam needs little memory for its moving averages.",
    strength="usually",
    rows=("A-OPT-43",),
    source=f"{ADAM}, advantages",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " abstract",
    axis="yardstick",
    core=(
        at_most(
            *(MEMORY, "memory_over_that_of_all_second_derivatives", 0.01),
            key="second",
            at=("yardstick", "all second derivatives"),
        ),
        at_most(
            *(MEMORY, f"{TRAINING}_of_plain_descent", 1.5),
            key="over_plain",
            at=("yardstick", "plain descent"),
        ),
    ),
    beside=(
        equals(
            MEMORY, f"{KEPT}_of_a_large_network_over_a_small_one", 1.0, key="linear"
        ),
        at_most(MEMORY, f"{TRAINING}_with_momentum", 1.5, key="over_momentum"),
        at_most(MEMORY, f"{KEPT}_more_than_under_four_other_rules", 0.0, key="more"),
        *(_keeps(rule) for rule in SLOTS if SLOTS[rule]),
    ),
    controls=(_keeps("plain descent"),),
    answers={
        "second !over_plain": "It depends on what one compares: little beside all"
        " second derivatives, but weights, gradients and averages take {over_plain}"
        " times the memory of plain descent.",
        "over_plain !second": "It depends on what one compares: at most half more than"
        " plain descent needs, but over a hundredth of all second derivatives.",
        "core": "Yes: under a hundredth of all second derivatives, and at most half"
        " more than plain descent needs.",
        "!core": "No: over a hundredth of all second derivatives, and over half more"
        " than plain descent needs.",
    },
    how="Variables of Keras's optimizers were counted for networks of 220 and 20,200"
    " weights.",
    caveats="Outputs of layers, which backpropagation keeps for every row, are left"
    " out; they may need more memory than all of this.",
)
