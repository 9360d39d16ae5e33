"""Say which programs belong together: those of arms that are tuned together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.run_config import RunConfig


def program_of(config: RunConfig) -> Hashable:
    """Return what is compiled for runs, whatever learning rate tuning tries."""
    if config.get_learning_rate() is not None:
        config = config.with_learning_rate(1.0)
    return config.program()


class Groups:
    """Keys in groups that share no key.

    Args:
        claims: Programs of their arms that are tuned together are joined.
        preset: How much evidence is asked for.
    """

    def __init__(self, claims: Sequence[RegisteredClaim], preset: str) -> None:
        """Join the programs of rivals."""
        self._above: dict[Hashable, Hashable] = {}
        for registered in claims:
            claim = registered.claim.under(preset)
            for arm in claim.arms.values():
                root = self.root(program_of(arm.config))
                for rival in claim.rivals(arm):
                    self._above[self.root(program_of(rival.config))] = root

    def root(self, key: Hashable) -> Hashable:
        """Return the key that stands for the group of a key."""
        while self._above.setdefault(key, key) != key:
            key = self._above[key]
        return key
