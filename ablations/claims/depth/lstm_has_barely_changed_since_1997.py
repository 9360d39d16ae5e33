"""The LSTM of 1997 can only add to its state; the forget gate of 2000 lets it drop it.

Where a stream asks to start anew, the old cell must cancel its state by adding the
opposite, and what is left over piles up as the stream goes on. Where nothing has to be
forgotten, both compute the same.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recurrent import CONTINUED, EXPLAINED, SEEDS, lstm_arm, most
from ablations.rigs.readings import alike

NEW, ONE_COUNT = lstm_arm("LSTM of today"), lstm_arm("LSTM of today", marks=False)
OLD, OLD_ONE = lstm_arm("LSTM of 1997"), lstm_arm("LSTM of 1997", marks=False)
BIAS = lstm_arm("LSTM of today, forget bias 0")
WELL = "explain nine tenths of the variance on long streams"
LEARNS = ScoreConfig(quantity="continued_explained", at_least=0.9, words=WELL)


def _alike(key: str, where: str, old: Arm, new: Arm, score: ScoreConfig) -> Equivalence:
    """Predict that shares of variance explained differ by less than a twentieth."""
    return alike(old, new, score, 0.05, key=key, at=("streams", where))


CLAIM = Claim(
    statement="Long short-term memory was well understood before 2000 and has barely"
    " changed since.",
    rows=("A-INT-17",),
    source="Deep learning notes, chapter 1, history",
    reference="Hochreiter and Schmidhuber (1997), Long short-term memory; Gers,"
    " Schmidhuber and Cummins (2000), Learning to forget",
    axis="streams",
    core=(
        _alike("longer", "ten times as long", OLD, NEW, CONTINUED),
        _alike("trained", "as long as trained", OLD, NEW, EXPLAINED),
    ),
    beside=(
        _alike("one_count", "with nothing to forget", OLD_ONE, ONE_COUNT, EXPLAINED),
        _alike("bias", "ten times as long", BIAS, NEW, CONTINUED),
    ),
    controls=(most(NEW, LEARNS, key="modern"),),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "!longer trained": (
            "Not settled: on streams as long as in training the first LSTM nearly"
            " keeps up; on longer ones it explains {longer.treatment} of"
            " variance, today's {longer.control}."
        ),
        "core": "Yes: on all streams the LSTM of 1997 does as well as today's.",
        "!core": "No: on all streams the LSTM of 1997 and today's differ.",
    },
    how=(
        "LSTMs of 1997 and of today, {longer.n} of each with eight units, learned"
        " in 500 updates to count the steps since the last mark on streams of"
        " twelve, and were tested on streams of 120."
    ),
    caveats="Full backpropagation through time and Adam are kinder to the old cell than"
    " its truncated gradients of 1997. Of backpropagation nothing is tested.",
)
