"""The LSTM of 1997 can only add to its state; the forget gate of 2000 lets it drop it.

Where a stream asks to start anew, the old cell must cancel its state by adding the
opposite, and what is left over piles up as the stream goes on.
Where nothing has to be forgotten, both compute the same.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recurrent import (
    CONTINUED,
    EXPLAINED,
    LSTMS,
    MOST,
    SEEDS,
    lstm_arm,
)

MARGIN = 0.05
"""Share of the variance that an old cell may miss and still count as equal."""


def alike(label: str, old: str, stream: str, score: ScoreConfig) -> Equivalence:
    """Predict that an LSTM does as well as that of Keras."""
    return Equivalence(
        label=label,
        treatment=f"{old}, {stream}",
        control=f"modern, {stream}",
        score=score,
        margin=MARGIN,
    )


CLAIM = Claim(
    statement=(
        "Long short-term memory was well understood before 2000 and has barely changed"
        " since."
    ),
    rows=("A-INT-17",),
    source="Deep learning notes, chapter 1, history",
    reference=(
        "Hochreiter and Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber"
        " and Cummins (2000), Learning to forget"
    ),
    arms={
        **{f"{lstm}, with marks": lstm_arm(lstm, marks=True) for lstm in LSTMS},
        **{
            f"{lstm}, one count": lstm_arm(lstm, marks=False)
            for lstm in ("1997", "modern")
        },
    },
    predictions=(
        alike("streams ten times as long", "1997", "with marks", CONTINUED),
        alike("streams as trained", "1997", "with marks", EXPLAINED),
        alike("nothing to forget", "1997", "one count", EXPLAINED),
        alike("forget bias 0 or 1", "modern, bias 0", "with marks", CONTINUED),
    ),
    beyond_quick=("nothing to forget", "forget bias 0 or 1"),
    controls=(
        SuccessRate(
            label="the modern LSTM learns",
            arm="modern, with marks",
            score=ScoreConfig(
                quantity="continued_explained",
                at_least=0.9,
                words="explain nine tenths of the variance on long streams",
            ),
            bound=MOST,
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    caveats=(
        "Eight units count +1 and -1 since the last mark, along 12 steps and, once"
        " trained, along 120. Both cells learn by full backpropagation through time and"
        " Adam, which is kinder to the old cell than its truncated gradients of 1997."
        " Of backpropagation itself nothing is tested."
    ),
    findings={
        "conditional": (
            "On streams ten times as long as those trained on, the LSTM of 1997 and"
            " today's differ by {0} in the share of variance explained. On streams as"
            " trained, {1}, and where nothing has to be forgotten, {2}, they are"
            " within 0.05, over {0.n} seeds; so is today's with a forget bias of 0 at"
            " the start, {3}."
        )
    },
)
