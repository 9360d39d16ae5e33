"""The dates are those of the publications, which the notes print beside each name.

Of the listed advances only ReLU and Xavier's initializer appeared by 2010.
"""

from ablations.measures.depth.history import NOTED_YEARS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import NOTES

NAMES = {
    "xavier": "Xavier initialization",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "he": "He initialization",
    "batch_norm": "batch normalization",
    "residual": "residual connections",
    "relu": "ReLU, as published",
}

CLAIM = Claim(
    statement=(
        "The advances that made deep networks trainable arrived around 2009 and 2010."
    ),
    rows=("A-INT-13",),
    source=NOTES,
    reference=(
        "Jarrett et al. (2009), Nair and Hinton (2010), Glorot and Bengio (2010),"
        " Tieleman and Hinton (2012), Kingma and Ba (2014, ICLR 2015), He et al."
        " (2015, Delving deep into rectifiers), Ioffe and Szegedy (2015), He et al."
        " (2015, Deep residual learning)"
    ),
    predictions=tuple(
        ExactCheck(
            label=NAMES[name],
            measurement="years_of_advances",
            quantity=f"year_of_{name}",
            # "Around 2009-2010" is read as 2009 to 2011.
            expected=2010.0,
            tolerance=1.0,
        )
        for name in (*NOTED_YEARS, "relu")
    ),
    controls=(
        ExactCheck(
            label="largest gap between a printed year and the publication",
            measurement="years_of_advances",
            quantity="largest_gap_to_the_publication",
            expected=0.0,
        ),
    ),
    caveats="The notes print no year beside ReLU; its condition takes the published.",
    findings={
        "conditional": (
            "By the notes' own dates only Xavier initialization ({0}) is of that time,"
            " and ReLU ({6}) by its publication; RMSProp is of {1}, Adam of {2}, and"
            " He initialization, batch normalization and residual connections are of"
            " {3}, {4} and {5}."
        )
    },
)
