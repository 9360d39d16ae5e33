"""Hand-made runs: a store whose every number is known, without any training."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.evidence.versions import measurement_specification
from ablations.judging.case import Case
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim, RegisteredClaim, SeedPlan
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import Store

MACHINE = {"processor": "none", "keras": "0"}


class HandMade:
    """Put chosen numbers into a store and read them as a claim does."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def put(
        self,
        runs: ArmConfig | Arm,
        values: Sequence[float] | np.ndarray,
        *,
        seeds: Sequence[int] | None = None,
        metric: str = "solved",
        status: Sequence[str] | None = None,
        diverged_at: Sequence[int] | None = None,
        steps: Sequence[int] = (500,),
    ) -> None:
        """Store one run per value, `[S]` or `[S, T]` for several numbers of updates."""
        config = runs.config if isinstance(runs, Arm) else runs
        curve = np.asarray(values, np.float32).reshape(len(values), -1)
        num_runs = len(curve)
        self.store.insert(
            self.store.put_spec(config.specification()),
            np.arange(num_runs) if seeds is None else seeds,
            ["ok"] * num_runs if status is None else status,
            [-1] * num_runs if diverged_at is None else diverged_at,
            {f"curve.{metric}": curve, "steps": np.tile(steps, (num_runs, 1))},
            MACHINE,
        )

    def measure(self, name: str, **numbers: object) -> None:
        """Store a measurement."""
        arrays = {k: np.asarray(v, np.float64)[None] for k, v in numbers.items()}
        digest = self.store.put_spec(measurement_specification(name))
        self.store.insert(digest, [0], ["ok"], [-1], arrays, MACHINE)

    def evidence(self) -> Evidence:
        return Evidence(self.store)

    def case(self, claim: Claim, num_seeds: int) -> Case:
        return Case(claim, self.evidence(), "quick", num_seeds)


@pytest.fixture
def hand_made(tmp_path) -> Iterator[HandMade]:
    """Return an empty store to be filled by hand."""
    with Store.open(tmp_path / "hand_made.sqlite") as store:
        yield HandMade(store)


@pytest.fixture
def make_claim() -> Callable[..., RegisteredClaim]:
    """Make a registered claim with this core; other fields are given by name.

    Arms are made by `drawn_arm`, which calls them by one word.
    """

    def make(*core: object, **changes) -> RegisteredClaim:
        fields = {
            "statement": "Something is so.",
            "rows": ("A-XOR-13",),
            "source": "Notes",
            "core": core,
            "seeds": SeedPlan(quick=20, standard=40, full=80),
        }
        return RegisteredClaim("a_claim", "xor", "Why.", Claim(**(fields | changes)))

    return make


@pytest.fixture
def two_arms() -> dict[str, Arm]:
    """Return two arms that share nothing but the task."""
    rates = {"treatment": 0.05, "control": 0.5}
    return {
        name: drawn_arm(name, xor_arm(learning_rate=rate))
        for name, rate in rates.items()
    }
