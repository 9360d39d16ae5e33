from ablations.bench.timing import Contender, time_interleaved


def test_contenders_take_turns_and_have_their_own_processor_time():
    calls: list[str] = []

    def contender(name: str, seconds: float, runs: int, repeats: int) -> Contender:
        return Contender(
            lambda: calls.append(name),
            runs,
            repeats,
            clock=lambda: seconds * calls.count(name),
        )

    timed = time_interleaved(
        {"a": contender("a", 6.0, 3, 2), "b": contender("b", 5.0, 1, 1)}
    )
    assert "".join(calls) == "ab" + "aba"
    assert [timed[name]["processor_s_per_run"] for name in "ab"] == [2.0, 5.0]
    assert [timed[name]["repeats"] for name in "ab"] == [2, 1]
    for row in timed.values():
        times = [row[f"{part}_s_per_run"] for part in ("min", "median", "max")]
        assert times == sorted(times)
