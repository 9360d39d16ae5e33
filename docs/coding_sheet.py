"""Print what a reader needs to code a claim who is to see no outcome.

`python docs/coding_sheet.py` prints all claims, `python docs/coding_sheet.py xor` a
chapter, and ids print single ones.

What the claim file says of strength, roles and axis is left out, since it is asked for;
so are mechanism, answers, caveats and figures, which were written with outcomes in
view. Predictions come in the order of their keys, not of their roles.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ablations.claims.registry import select_claims
from ablations.protocol.claim import RegisteredClaim


def sheet(registered: RegisteredClaim) -> str:
    """Return the sheet of one claim in Markdown."""
    claim = registered.claim
    lines = [f"## {registered.id}", claim.statement, f"Source: {claim.source}."]
    if claim.untestable:
        return "\n\n".join([*lines, "No predictions.\n"])
    arms = [f"- {name}: {arm.config.summary()}" for name, arm in claim.arms.items()]
    if arms:
        lines += ["Arms:", "\n".join(sorted(arms))]
    judged = sorted(claim.judged, key=lambda prediction: prediction.key)
    rules = [f"- `{p.key}` {p.label}: {p.rule()}." for p in judged]
    lines += ["Predictions:", "\n".join(rules)]
    if claim.shown:
        shares = [f"- `{p.key}` {p.label}" for p in claim.shown]
        lines += ["Shown, without a bound:", "\n".join(shares)]
    return "\n\n".join(lines) + "\n"


def main(names: Sequence[str]) -> None:
    """Print the sheets of the claims that are named, of all if none is."""
    for registered in select_claims(names):
        sys.stdout.write(sheet(registered) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
