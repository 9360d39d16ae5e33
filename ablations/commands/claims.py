"""What claims say, what is there of them and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ablations.terminal import count, printable, say, say_json
from ablations.verdict_lines import (
    say_block,
    say_chapters,
    say_known,
    say_standing,
    say_standings,
)
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    from ablations.protocol.arm import TuneConfig
    from ablations.protocol.claim import Claim, RegisteredClaim
    from ablations.running.plan import Plan
from ablations.commands.options import (
    DEFAULT_STORE,
    AsJson,
    Names,
    Preset,
    StorePath,
    app,
    select,
)


@app.command("list")
def list_claims(
    chapter: Annotated[str | None, typer.Option(help="Only this chapter.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the claims with the inventory rows they answer."""
    from ablations.claims.registry import chapters, select_claims

    names = [] if chapter is None else [one_of("chapter", chapter, chapters())]
    claims = select_claims(names)
    if as_json:
        say_json(
            [
                {
                    "id": c.id,
                    "chapter": c.chapter,
                    "rows": list(c.claim.rows),
                    "statement": c.claim.statement,
                }
                for c in claims
            ]
        )
        return
    for claim in claims:
        say(f"{claim.id} ({', '.join(claim.claim.rows)})", more=4)
        say(claim.claim.statement, indent=4, more=0)


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="In your own words.")],
    as_json: AsJson = False,
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Answer a question by the three statements that fit it best."""
    from ablations.asking import ask as find
    from ablations.judging.standing import standings
    from ablations.running.stored import stored_verdicts

    text = " ".join(question)
    if not any(map(str.isalnum, text)):
        raise requirement("question", "must have a word", text)
    standing = standings(select(None), stored_verdicts(store))
    by_id = {each.verdict.id: each for each in standing}
    asked = find(text, [each.verdict for each in standing])
    found = [by_id[verdict.id] for verdict in asked.hits]
    if as_json:
        say_json([each.record() for each in found])
        return
    if not asked.is_about:
        say("No statement has a word of that. Others ask about these:\n")
    for each in found:
        say_block(each)
        say()
    say(f"`ablations info {found[0].verdict.id}` says how we know.")


@app.command()
def info(
    claim: Annotated[str, typer.Argument(help="A claim id or inventory row.")],
    preset: Preset = "quick",
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Show a claim: verdict, answer, how we know, rule and cost."""
    from ablations.judging.lock import stored_lock
    from ablations.judging.rule_text import rule_of
    from ablations.judging.standing import standings
    from ablations.running.stored import plan_for, stored_verdicts

    for standing in standings(select([claim], preset), stored_verdicts(store)):
        registered = standing.registered
        stated = registered.claim
        say_standing(standing)
        say(f"Why it happens: {registered.mechanism}\n")
        if stated.caveats:
            say(f"What the verdict does not say: {stated.caveats}\n")
        if stated.reference:
            say(f"Known from: {stated.reference}\n")
        say_known(standing)
        say(f"Source: {stated.source} ({', '.join(stated.rows)})")
        say(f"Claim: {registered.id}\n")
        say("The rule:")
        for line in rule_of(stated).splitlines():
            say(f"- {line}")
        say()
        lock = stored_lock(store, registered.id)
        if lock is not None:
            say(lock.describe())
            if not lock.is_of(registered):
                say("The claim has changed since then; it counts after the next run.")
            say()
        if stated.untestable:
            continue
        stated = stated.under(preset)
        if stated.untestable:
            say(f"{stated.untestable}\n")
            continue
        _say_arms(stated)
        _say_design(stated, preset)
        say(f"\n{describe_cost(plan_for([registered], preset, store), preset)}\n")


def _say_arms(claim: Claim) -> None:
    """Say what is trained, with how many seeds, and what is measured."""
    from ablations.protocol.claim import PRESETS

    if claim.arms:
        say("What is trained, one line for each arm:")
    for name, arm in claim.arms.items():
        counts = ", ".join(f"{claim.num_seeds(arm, p):,} {p}" for p in PRESETS)
        say(f"- {name}: {arm.config.summary()}; seeds: {counts}")
        if arm.tune:
            say(f"  learning rate tuned {_grid(arm.tune)} on {arm.tune.seeds} seeds")
    if claim.measurements():
        say(f"What is measured: {', '.join(claim.measurements())}")


def _grid(tune: TuneConfig) -> str:
    """Say which learning rates are tried."""
    if tune.bounds is not None:
        low, high = tune.bounds
        return f"by {tune.trials} {tune.oracle} trials between {low:g} and {high:g}"
    return "over " + ", ".join(f"{rate:g}" for rate in tune.learning_rates)


def describe_looks(
    claims: Sequence[RegisteredClaim], preset: str, num_seeds: int | None
) -> str:
    """Say how often claims are looked at, with how many seeds and how surely."""
    from ablations.judging.interim_looks import schedule

    laid_down = {
        tuple(schedule(c.claim.under(preset), preset, num_seeds)) for c in claims
    }
    lines = [
        ", ".join(
            f"{look.num_seeds:,} seeds at {100 * look.confidence:.4g} %"
            for look in looks
        )
        for looks in sorted(laid_down, key=lambda looks: looks[0].num_seeds)
    ]
    return "Looks: " + "; ".join(lines) + "."


def _say_design(claim: Claim, preset: str) -> None:
    """Say what the preset's seeds can show, before any run."""
    from ablations.judging.design import design_of

    say(f"\nWhat preset {preset} can show:")
    for prediction in claim.judged:
        counts = [claim.num_seeds(arm, preset) for arm in prediction.arms()]
        num_tests = len(claim.family) if prediction in claim.family else 1
        design = design_of(prediction, min(counts, default=0), num_tests=num_tests)
        say(f"  {design.text}")


def describe_cost(plan: Plan, preset: str) -> str:
    """Say what is still to be trained."""
    from ablations.running.cost import describe_time

    later = " and those that tuning chooses" if plan.waiting else ""
    return (
        f"Preset {preset}: {plan.num_missing:,} of {plan.num_wanted:,} runs to train"
        f"{later} in {count(len(plan.stacks), 'stack')},"
        f" {count(len(plan.measurements), 'measurement')} to make;"
        f" {describe_time(plan)}."
    )


@app.command()
def status(
    names: Names = None, preset: Preset = "quick", store: StorePath = DEFAULT_STORE
) -> None:
    """Show which runs are there and which are missing."""
    from ablations.running.stored import is_there, plan_for, runs_by_status

    claims = select(names, preset)
    if not is_there(store):
        say(f"No store at {store}; `ablations run` makes one.")
    whole = plan_for(claims, preset, store)
    for claim in claims:
        if not claim.claim.untestable and claim.claim.under(preset).untestable:
            progress = "left to the standard preset"
        else:
            progress = _progress_of(plan_for([claim], preset, store))
        say(f"{claim.id}: {progress}", more=4)
    say(describe_cost(whole, preset))
    for word, number in runs_by_status(store).items():
        if number:
            say(f"  {count(number, 'stored run')} {word}")


def _progress_of(plan: Plan) -> str:
    """Say how much of what a claim needs is there."""
    if not plan.num_steps:
        return "complete"
    parts = []
    if plan.num_missing:
        parts.append(f"{plan.num_present:,} of {plan.num_wanted:,} runs")
    if plan.measurements:
        parts.append(f"{count(len(plan.measurements), 'measurement')} to make")
    if plan.waiting:
        parts.append("then runs that tuning chooses")
    return ", ".join(parts)


@app.command()
def verdicts(
    names: Names = None, as_json: AsJson = False, store: StorePath = DEFAULT_STORE
) -> None:
    """Show verdicts and answers, or count them by chapter."""
    from ablations.judging.standing import standings
    from ablations.running.stored import stored_verdicts

    found = standings(select(names), stored_verdicts(store))
    if as_json:
        say_json([standing.record() for standing in found])
    elif names:
        say_standings(found)
    else:
        say_chapters(found)


@app.command()
def compare(
    store_a: Annotated[Path, typer.Argument(help="A SQLite file that holds runs.")],
    store_b: Annotated[Path, typer.Argument(help="Another one.")],
    names: Names = None,
    preset: Annotated[
        str | None,
        typer.Option(help="Judge both by quick, standard or full; as they were if not"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge claims from two stores and say whether these agree.

    Exits with 1 if they contradict each other on a claim or on a condition of one, and
    with 2 if no claim can be judged from both.
    """
    from ablations.compare import NOT_IN_BOTH, compare_stores
    from ablations.comparison_lines import describe_comparison

    claims = select(names, preset or "quick")
    comparison = compare_stores(claims, store_a, store_b, preset)
    if as_json:
        say_json(comparison)
    else:
        for line in describe_comparison(comparison):
            say(printable(line))
    if comparison["contradicts"]:
        raise typer.Exit(1)
    counts = comparison["counts"]
    if sum(counts.values()) == sum(counts[word] for word in NOT_IN_BOTH):
        raise ConfigError(
            "Both stores must hold runs by which one of the claims can be judged."
            f" Received: {str(store_a)!r} and {str(store_b)!r}."
        )
