"""The dates are those of the publications, which the notes print beside each name.

Of the listed advances only ReLU and Xavier's initializer appeared by 2010.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import NOTES
from ablations.rigs.readings import equals

NAMES = {
    "xavier": "Xavier initialization",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "he": "He initialization",
    "batch_norm": "batch normalization",
    "residual": "residual connections",
    "relu": "ReLU",
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
    axis="advance",
    core=tuple(
        equals(
            "years_of_advances",
            f"year_of_{key}",
            2010.0,
            # "Around 2009-2010" is read as 2009 to 2011.
            1.0,
            key=key,
            label=f"year of {name}",
            at=("advance", name),
        )
        for key, name in NAMES.items()
    ),
    controls=(
        equals(
            "years_of_advances",
            "largest_gap_to_the_publication",
            0.0,
            key="gap",
            label="largest gap in years between a printed date and the publication",
        ),
    ),
    answers={
        "xavier relu !rmsprop !adam !he !batch_norm !residual": (
            "It depends: Xavier initialization and ReLU are of that time; RMSProp,"
            " Adam, He initialization, batch norm and residual connections are not."
        ),
        "core": "Yes: all seven advances were published around that time.",
        "!core": "No: none of the seven advances was published around that time.",
    },
    how=(
        "The years that the notes print were compared with 2009 to 2011, and checked"
        " against the publications."
    ),
    caveats="The notes print no year beside ReLU; its condition takes the published.",
)
