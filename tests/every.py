"""One test of a check that many claims must pass."""

from collections.abc import Callable, Mapping
from typing import Any

from ablations.claims.registry import all_claims


def every(
    cases: Mapping[str, tuple[Any, ...]],
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Return what makes one test of a check, which names each case that fails.

    A test of each case would cost thousands of reports and find no more.

    Args:
        cases: What the check is called with, by name.
    """

    def one_test(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            failures = []
            for name, case in cases.items():
                try:
                    check(*case)
                except Exception as failure:
                    failure.add_note(f"This is {name}.")
                    failures.append(failure)
            if failures:
                raise ExceptionGroup(check.__name__, failures)

        return test

    return one_test


every_claim = every({id_: (claim,) for id_, claim in all_claims().items()})
