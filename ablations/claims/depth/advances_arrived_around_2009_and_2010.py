"""The dates are those of the publications, which the notes print beside each name.

Of the listed advances only ReLU and Xavier's initializer appeared by 2010.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import NOTES
from ablations.rigs.readings import equals

YEARS = "years_of_advances"


def _is_of_that_time(key: str, name: str) -> ExactCheck:
    """Predict a year around 2009 and 2010, which is read as 2009 to 2011."""
    said, at = f"year_of_{key}", ("advance", name)
    return equals(YEARS, said, 2010.0, 1.0, key=key, label=f"year of {name}", at=at)


CLAIM = Claim(
    statement="The advances that made deep networks trainable arrived around 2009 and"
    " 2010.",
    rows=("A-INT-13",),
    source=NOTES,
    reference="Jarrett et al. (2009), Nair and Hinton (2010), Glorot and Bengio (2010),"
    " Tieleman and Hinton (2012), Kingma and Ba (2014, ICLR 2015), He et al. (2015,"
    " Delving deep into rectifiers), Ioffe and Szegedy (2015), He et al. (2015, Deep"
    " residual learning)",
    axis="advance",
    core=(
        _is_of_that_time("xavier", "Xavier initialization"),
        _is_of_that_time("rmsprop", "RMSProp"),
        _is_of_that_time("adam", "Adam"),
        _is_of_that_time("he", "He initialization"),
        _is_of_that_time("batch_norm", "batch normalization"),
        _is_of_that_time("residual", "residual connections"),
        _is_of_that_time("relu", "ReLU"),
    ),
    controls=(equals(YEARS, "largest_gap_to_the_publication", 0.0, key="gap"),),
    answers={
        "xavier relu !rmsprop !adam !he !batch_norm !residual": "It depends on the"
        " advance: Xavier initialization and ReLU are of that time; RMSProp, Adam, He"
        " initialization, batch norm and residual connections are not.",
        "core": "Yes: all seven advances were published around that time.",
        "!core": "No: none of the seven advances was published around that time.",
    },
    how="The years that the notes print were compared with 2009 to 2011, and checked"
    " against the publications.",
    caveats="The notes print no year beside ReLU; its condition takes the published.",
)
