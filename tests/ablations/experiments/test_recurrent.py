"""What is promised of recurrent networks, and what they refuse."""

import pytest

from ablations.experiments.recurrent import RecurrentConfig
from models.config import ConfigError

ECHO = RecurrentConfig(length=9, delay=3, num_rows=4, num_steps=2)
COUNTS = RecurrentConfig(
    stream="counts", cell="lstm", length=9, mark_rate=0.3, num_rows=4, num_steps=2
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"clip_norm": 1.0, "clip_value": 1.0}, "At most one of"),
        ({"delay": 20}, "`delay` must be below the length 20"),
        ({"cell": "lstm"}, "`cell` must be no LSTM for 'echo'"),
        ({"stream": "counts"}, "`cell` must be an LSTM for 'counts'"),
        (
            {"stream": "counts", "cell": "lstm", "log_steps": (1,)},
            "`log_steps` must be empty for 'counts'",
        ),
    ],
)
def test_choices_that_do_not_go_together_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        RecurrentConfig(**fields)


def test_what_is_promised_follows_from_the_stream():
    assert ECHO.replace(log_steps=(0, 1)).recorded_steps() == (0, 1, 2)
    assert ECHO.recorded_metrics() == ("test_accuracy",)
    assert COUNTS.recorded_metrics() == ("test_explained", "continued_explained")
    assert ECHO.count_rows_seen(None, 2) == 8  # batches hold all four rows
