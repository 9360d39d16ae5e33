"""A library's default is what its authors once chose, and changing it breaks programs.

What people choose is another matter, which no program tells.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import equals


def _takes_adam(key: str, name: str, words: str) -> ExactCheck:
    """Predict Adam where no optimizer is named."""
    return equals(
        "default_optimizers",
        f"{key}_takes_adam",
        1.0,
        key=key,
        label=f"whether {words} Adam, one for yes",
        at=("library", name),
    )


CLAIM = Claim(
    statement="Adam is the default optimizer of deep learning.",
    strength="usually",
    rows=("A-OPT-45",),
    source=f"{NOTES}, Adam, advantages",
    reference="Chollet et al. (2015), Keras, documentation of `compile`; Pedregosa et"
    " al. (2011), Scikit-learn, documentation of `MLPClassifier`",
    axis="library",
    core=(
        _takes_adam("keras", "Keras", "Keras's compile takes"),
        _takes_adam("scikit_learn", "scikit-learn", "scikit-learn's networks take"),
    ),
    answers={
        "scikit_learn !keras": "It depends on the library: scikit-learn's networks take"
        " Adam unless told otherwise, and Keras's `compile` another one.",
        "keras !scikit_learn": "It depends on the library: Keras's `compile` takes Adam"
        " unless told otherwise, and scikit-learn's networks another one.",
        "core": "Yes: Keras and scikit-learn take Adam unless told otherwise.",
        "!core": "No: neither Keras nor scikit-learn takes Adam unless told so.",
    },
    how="The signatures of Keras's `compile` and of scikit-learn's two networks were"
    " read by a program.",
    caveats="The notes mean what people reach for first, which cannot be computed; what"
    " a library takes by itself can.",
)
