"""Do independent pieces of work in this process, several at once where that helps."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_WORKERS = 4
"""Stacks that train at once, at most: each also uses several threads of its own."""

RARELY = (100_000, 20, 100)
"""Thresholds of the garbage collector between and while stacks train."""


def num_workers(num_cores: int, *, on_gpu: bool) -> int:
    """Return how many stacks to train at once.

    On processors, element-wise work of one stack fills the cores that another leaves
    idle, and one is compiled while another trains. A GPU takes them one by one.
    """
    return 1 if on_gpu else max(1, min(num_cores, MOST_WORKERS))


def run_concurrently(
    function: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[tuple[Item, Result]]:
    """Yield every item with its result, as each is finished.

    An error ends the work: what has not started does not start, and what is running is
    not waited for.

    Args:
        function: Called with an item, in a thread of its own where `workers` > 1.
        items: What to work on; no more than `workers` are taken ahead of results.
        workers: Number of items to work on at once.
    """
    if workers == 1:
        for item in items:
            yield item, function(item)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="stack")
    rest = iter(items)
    running: dict[Future[Result], Item] = {}
    try:
        while True:
            for item in islice(rest, workers - len(running)):
                running[pool.submit(function, item)] = item
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Look for unused objects less often.

    A program that is traced makes objects by the thousand, nearly all of them to stay;
    a plan that is made later has them all looked at again and again.
    """
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
