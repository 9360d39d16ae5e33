"""Carry out jobs in actors of Ray, on this machine or on a cluster.

Ray starts actors, finds out which have died, and takes bytes to and fro. Who gets which
job, and what becomes of it, the dispatcher decides as it does for processes: Ray itself
would start a lost actor again on its own terms, and never gives a slow one up.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import pickle
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ablations.running.dispatch import MEMORY_OF_WORKER, Message
from ablations.running.jobs import Job
from ablations.running.machine import unshared_bytes
from ablations.running.worker import (
    SECONDS_BETWEEN_WORDS,
    done,
    environment,
    made_ready,
    packed,
    said,
)
from models.config import ConfigError, requirement

LONGEST_FETCH = 60.0
"""Seconds after which a result that does not arrive counts as lost, with its worker."""

SECONDS_TO_REACH = 10.0
"""Seconds in which a cluster must answer."""

ADDRESS = re.compile(r"(?:ray://)?(?P<host>[^/]+):(?P<port>\d+)")

BESIDE = "beside"
"""The actor's thread that says that it lives, whatever the other one does."""


class Actor:
    """What Ray starts: a worker whose methods return messages as they are sent.

    Args:
        device: Where it trains.
    """

    def __init__(self, device: str) -> None:
        """Load nothing yet, so that what goes wrong can be said."""
        self._device = device

    def start(self) -> bytes:
        """Load the backend."""
        return said(made_ready(self._device))

    def work(self, sent: bytes) -> bytes:
        """Do a job."""
        return done(sent)

    def live(self) -> bytes:
        """Say after a while that this worker is alive."""
        time.sleep(SECONDS_BETWEEN_WORDS)
        return said(Message("alive", memory=unshared_bytes()))


class ActorWorker:
    """An actor, and the words of it that are awaited.

    Args:
        actor: Ray's handle of it.
    """

    def __init__(self, actor: Any) -> None:
        """Have it start, and say that it lives."""
        self._actor = actor
        self.awaited = [actor.start.remote(), self._sign_of_life()]

    def give(self, number: int, job: Job) -> None:
        """Send a job.

        Raises:
            ConfigError: If the job is made of what another process cannot have.
        """
        self.awaited.append(self._actor.work.remote(packed(number, job)))

    def hear(self, word: Any) -> Message:
        """Return a word that has been said."""
        import ray

        self.awaited.remove(word)
        try:
            message = pickle.loads(ray.get(word, timeout=LONGEST_FETCH))  # noqa: S301
        except ray.exceptions.RayError as error:
            return Message("lost", content=f"was lost: {_first_line(error)}")
        if message.kind == "alive":
            self.awaited.append(self._sign_of_life())
        return message

    def stop(self) -> None:
        """End the actor at once."""
        import ray

        ray.kill(self._actor)

    def _sign_of_life(self) -> Any:
        return self._actor.live.options(concurrency_group=BESIDE).remote()


class ActorCrew:
    """Whoever starts actors; see `ablations.running.dispatch.Crew`.

    Args:
        device: Where they train.
        address: Cluster that is there. Where it is empty, `RAY_ADDRESS` names it, or it
            is one that was started on this machine; without any, one is started here
            and ends with this process.

    Raises:
        ConfigError: If Ray is not installed.
    """

    def __init__(self, device: str, address: str = "") -> None:
        """Import and start nothing yet."""
        if importlib.util.find_spec("ray") is None:
            raise ConfigError(
                "`executor` 'ray' needs Ray, which is not installed."
                " `pip install ray` brings it."
            )
        self._device, self._address = device, address
        self._is_ours, self._num_gpus = False, 0

    def open(self) -> tuple[int, float]:
        """Return how many cores, or GPUs, the cluster has, and memory for each.

        Raises:
            ConfigError: If the cluster cannot be reached, is not the one that this
                process has, or has no GPU for `gpu`.
        """
        import ray

        if self._address and ray.is_initialized():
            must = "must be 'ray' where this process is connected to a cluster"
            raise requirement("executor", must, f"ray:{self._address}")
        self._is_ours = not ray.is_initialized()
        if self._is_ours:
            with _our_signals():
                self._connect()
        found = ray.cluster_resources()
        self._num_gpus = 0 if self._device == "cpu" else int(found.get("GPU", 0))
        if self._device == "gpu" and not self._num_gpus:
            self.close()
            raise ConfigError("`device` 'gpu' needs a GPU; the Ray cluster has none.")
        number = self._num_gpus or max(1, int(found.get("CPU", 1)))
        share = found.get("memory", number * MEMORY_OF_WORKER) / number
        return number, min(MEMORY_OF_WORKER, share)

    def _connect(self) -> None:
        import ray

        address = self._address or os.environ.get("RAY_ADDRESS", "")
        place = ADDRESS.fullmatch(address)
        try:
            if place:
                # Ray itself goes on trying for longer than anybody waits.
                to = place["host"], int(place["port"])
                socket.create_connection(to, SECONDS_TO_REACH).close()
            ray.init(
                self._address or None,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except Exception as error:  # Ray has no class for what goes wrong here.
            if not address:
                why = f"Ray could not be started here ({_first_line(error)})"
                raise ConfigError(f"`executor` 'ray': {why}.") from error
            must = f"must be a cluster that can be reached ({_first_line(error)})"
            raise requirement("executor", must, f"ray:{address}") from error

    def hire(self) -> ActorWorker:
        """Have Ray start an actor where a core, or a GPU, is free."""
        import ray

        start = ray.remote(
            num_cpus=1,
            num_gpus=1 if self._num_gpus else 0,
            concurrency_groups={BESIDE: 1},
            runtime_env={"env_vars": environment()},
        )
        return ActorWorker(start(Actor).remote(self._device))

    def listen(
        self, workers: Sequence[ActorWorker], seconds: float
    ) -> list[tuple[ActorWorker, Message]]:
        """Return one word of everybody who has said one in so many seconds."""
        import ray

        sayers = {word: worker for worker in workers for word in worker.awaited}
        ray.wait(list(sayers), timeout=seconds)
        heard, _ = ray.wait(list(sayers), num_returns=len(sayers), timeout=0)
        first = {id(sayers[word]): word for word in reversed(heard)}
        return [(sayers[word], sayers[word].hear(word)) for word in first.values()]

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        if self._is_ours:
            import ray

            ray.shutdown()


def _first_line(error: Exception) -> str:
    """Return what an error says first; Ray goes on for a page."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


@contextlib.contextmanager
def _our_signals() -> Iterator[None]:
    """Keep what this process does at a signal: Ray would have it print a page."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        for number, does in before.items():
            if does is not None:
                signal.signal(number, does)
