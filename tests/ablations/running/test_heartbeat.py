import io
import time

from ablations.running.heartbeat import Heartbeat


def lines_of(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_silence_is_broken_by_what_is_being_done():
    stream = io.StringIO()
    with Heartbeat(stream, seconds=0.05) as voice:
        with voice.doing("Reading"), voice.doing(lambda seconds: "at row 3"):
            time.sleep(0.2)
        inner = len(lines_of(stream))
        with voice.doing("Writing"):
            time.sleep(0.2)
    assert inner >= 1
    assert set(lines_of(stream)[:inner]) == {"at row 3"}
    assert set(lines_of(stream)[inner:]) == {"Writing: 0 s so far."}


def test_nothing_is_said_where_something_was_just_said_or_nothing_is_done():
    stream = io.StringIO()
    with Heartbeat(stream, seconds=0.1) as voice:
        time.sleep(0.25)
        assert not lines_of(stream)
        with voice.doing("Training"):
            for _ in range(12):
                voice.write("step\n")
                time.sleep(0.02)
    assert set(lines_of(stream)) == {"step"}
