"""Keep processes that train when asked, so that nobody uses another one's threads."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
import time

from models.config import ConfigError


class Processes:
    """Processes that train their shares of the runs at once.

    Args:
        backend: Keras's backend in them.
        number: How many; the cores of this process are dealt out to them.
    """

    def __init__(self, backend: str, number: int = 1) -> None:
        """Start them; they are ready later."""
        cores = [*os.sched_getaffinity(0)] if hasattr(os, "sched_getaffinity") else []
        self._said = tempfile.TemporaryFile("w+")
        self._processes = [
            subprocess.Popen(  # noqa: S603 (our own module)
                [sys.executable, "-m", __name__, json.dumps(cores[place::number])],
                env={**os.environ, "KERAS_BACKEND": backend},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                text=True,
            )
            for place in range(number)
        ]
        self._seconds = [0.0] * number

    def train(self, name: str, num_runs: int, *of_xor: bool) -> None:
        """Have so many runs trained, which each process has an equal share of.

        Raises:
            ConfigError: If a process stopped.
        """
        asked = json.dumps([name, num_runs // len(self._processes), *of_xor]) + "\n"
        for process in self._processes:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(asked)
                process.stdin.flush()
        answers = [process.stdout.readline() for process in self._processes]
        if not all(answers):
            self._said.seek(0)
            last = "\n".join(self._said.read().splitlines()[-5:])
            raise ConfigError(f"The benchmark {name!r} stopped:\n{last}")
        self._seconds = [float(answer) for answer in answers]

    def processor_seconds(self) -> float:
        """Return the processor time of all of them, as of the last training."""
        return sum(self._seconds)

    def close(self) -> None:
        """End them."""
        for process in self._processes:
            process.kill()
            process.communicate()
        self._said.close()


def serve(cores: list[int]) -> None:
    """Train what every line of standard input asks for, on some of the cores."""
    if cores:
        os.sched_setaffinity(0, cores)
    from ablations.training.devices import load_backend

    load_backend("auto")
    from ablations.bench.network import TRAININGS

    prepared = functools.cache(lambda name, *asked: TRAININGS[name](*asked))
    for line in sys.stdin:
        prepared(*json.loads(line))()
        sys.stdout.write(f"{time.process_time()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
