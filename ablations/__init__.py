"""Train stacks of small Keras models and judge what claims about them are worth.

`ablations.load_verdicts()` is a frame of the published answers.
"""

from __future__ import annotations

TYPE_CHECKING = False  # What this imports comes before a command can heed Ctrl-C.
if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ablations.judging.verdict import Verdict


def load_verdicts(*names: str, store: str | Path | None = None) -> pd.DataFrame:
    """Return the verdicts that stand as a frame, one row per claim, with answers.

    Keras is not imported, and nothing is trained.

    Args:
        names: Ids of claims, inventory rows and names of chapters; none for all.
        store: A store of your own, whose standard and full runs stand in place of what
            is published; None for what is published.

    Returns:
        Verdict, statement, answer and numbers by the claim's id (see
        `ablations.verdict_frame.frame_of`).

    Raises:
        ConfigError: If there is no such store, or no claim of that name.
    """
    from ablations.verdict_frame import frame_of

    return frame_of(_standing_verdicts(names, store))


def load_verdict(name: str, store: str | Path | None = None) -> Verdict:
    """Return the verdict on one claim, which a notebook shows as a card.

    Args:
        name: Id of the claim, or its inventory row.
        store: As in `load_verdicts`.

    Raises:
        ConfigError: If there is no such store, or no claim of that name.
    """
    return _standing_verdicts([name], store)[0]


def _standing_verdicts(
    names: tuple[str, ...] | list[str], store: str | Path | None
) -> list[Verdict]:
    """Return the verdicts on some claims, published or from a store."""
    from pathlib import Path

    from ablations.claims.registry import select_claims
    from ablations.judging.standing import standings
    from ablations.store.store import Store

    claims = select_claims(list(names))
    stored = []
    if store is not None:
        with Store.open(Path(store), mode="read") as opened:
            stored = opened.verdicts()
    return [standing.verdict for standing in standings(claims, stored)]
