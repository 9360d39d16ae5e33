"""Write out the rule of a claim: what each prediction needs and how they combine."""

from __future__ import annotations

from ablations.protocol.claim import Claim

STRENGTHS = {
    "can": (
        "The statement says that something can happen: supported if it holds under at"
        " least one condition, refuted if it fails under every one"
    ),
    "usually": (
        "The statement says what is usual: supported if it holds under every"
        " condition, refuted if it fails under every one, conditional if it holds at"
        " some levels of {axis} and fails at others; where it holds here and fails"
        " there for no such reason, the mean over conditions decides, if it can"
    ),
    "always": (
        "The statement says what has no exception: supported if it holds under every"
        " condition, refuted by one under which it fails"
    ),
}
"""How the outcomes of the core combine, for each strength."""

HOLM = "; single conditions decide only by Holm's procedure over all of them"


def rule_of(claim: Claim) -> str:
    """Write out the claim's rule, one line for each prediction."""
    if claim.untestable:
        return f"No rule: {claim.untestable}"
    lines = [f"{p.label}: {p.rule()}." for p in claim.core]
    lines += [f"Beside, {p.label}: {p.rule()}." for p in claim.beside]
    lines += [
        f"Control, {p.label}: {p.rule()}; unless it holds, the claim is not tested."
        for p in claim.controls
    ]
    if claim.family:
        labels = ", ".join(p.label for p in claim.family)
        lines.append(
            f"Family of {len(claim.family)}: {labels}. Each is judged by Holm's"
            " procedure, so that with 95 % confidence no word of them is wrong."
        )
    left_out = [p.label for p in claim.everything if not p.quick]
    if claim.standard_only:
        lines.append("The quick preset leaves out all of it.")
    elif left_out:
        lines.append(f"The quick preset leaves out: {', '.join(left_out)}.")
    lines.append(how_it_combines(claim))
    return "\n".join(lines)


def how_it_combines(claim: Claim) -> str:
    """Say how the outcomes of the core make the verdict."""
    if len(claim.core) == 1:
        return (
            "Supported if it holds, refuted if it fails, inconclusive if it is not"
            " decided, not tested if it cannot be judged."
        )
    axis = (claim.axis or "a declared factor").replace("_", " ")
    text = STRENGTHS[claim.strength].format(axis=axis)
    return (
        f"{text}{HOLM}. Else not tested if a condition cannot be judged, and"
        " inconclusive if one is not decided. What stands beside never changes the"
        " word."
    )
