"""Dates and authors are matters of print.

No run can confirm them.
"""

from ablations.protocol.claim import Claim

CLAIM = Claim(
    statement=(
        "Rosenblatt made the perceptron in 1957, or in 1958, and Hinton"
        " backpropagation in 1986."
    ),
    rows=("A-INT-18",),
    source="Deep learning notes, chapter 1 (1957) and chapter 2 (1958)",
    reference=(
        "Rosenblatt (1957), The perceptron: a perceiving and recognizing automaton,"
        " Cornell Aeronautical Laboratory; Rosenblatt (1958), Psychological Review 65;"
        " Rumelhart, Hinton and Williams (1986), Nature 323; Linnainmaa (1970), thesis,"
        " Helsinki; Werbos (1974), thesis, Harvard"
    ),
    untestable=(
        "History cannot be computed. Both dates of the perceptron are in print: 1957 is"
        " the year of Rosenblatt's report and 1958 that of his article. Rumelhart,"
        " Hinton and Williams published backpropagation for hidden layers in 1986;"
        " Linnainmaa had published the same way of differentiating in 1970, and Werbos"
        " had proposed it for such models in 1974."
    ),
    answers={
        "": "Not tested: dates cannot be computed. Those stated are in print, but"
        " backpropagation has older forms."
    },
    how="Nothing was trained; the dates were compared with the publications.",
)
