"""Dates and authors are matters of print.

No run can confirm them.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.landscapes import NOTES

CLAIM = Claim(
    statement="Momentum is by Polyak (1964), and for deep learning by Sutskever and"
    " others (2013); AdaGrad by Duchi, Hazan and Singer (2011), RMSProp by Hinton"
    " (2012), Adam by Kingma and Ba (2014).",
    strength="always",
    rows=("A-OPT-47",),
    source=f"{NOTES}, optimization methods",
    reference="Polyak (1964), Some methods of speeding up the convergence of iteration"
    " methods, USSR Computational Mathematics and Mathematical Physics; Duchi, Hazan"
    " and Singer (2011), Adaptive subgradient methods, JMLR 12; Tieleman and Hinton"
    " (2012), Lecture 6.5; Sutskever, Martens, Dahl and Hinton (2013), On the"
    " importance of initialization and momentum in deep learning, ICML;"
    " Kingma and Ba (2014), Adam, arXiv 1412.6980, ICLR 2015",
    untestable="History cannot be computed. All five dates are in print: those of"
    " Polyak, of Duchi, Hazan and Singer, and of Sutskever and others were looked up in"
    " catalogs. RMSProp was never published as a paper: it is from a lecture that"
    " Tieleman and Hinton are quoted for. Adam is of 2014 as a preprint and of 2015 as"
    " a conference paper. These two are given from memory.",
    answers={
        "": "Not tested: dates cannot be computed. Those stated are the usual ones;"
        " RMSProp comes from a lecture, not from a paper."
    },
    how="Nothing was trained; the dates were compared with catalogs.",
)
