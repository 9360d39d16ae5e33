"""Publish a run: verdicts, tables and figures into `reports/published`, and the README.

`python -m reports.publish --store results/standard.sqlite` does both; what stands
between the markers in the README is replaced, and its picture drawn anew.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ablations.claims.registry import (
    all_claims,
    chapter_words,
    chapters,
    select_claims,
)
from ablations.evidence.evidence import Evidence
from ablations.judging.standing import published_verdicts, standings
from ablations.judging.verdict import Verdict
from ablations.running.machine import describe_commit
from ablations.store.store import Store
from models.config import ConfigError
from reports import markdown
from reports.changes import changes_between, changes_text, latest_changes
from reports.chapters import MOST_SURPRISES, in_turn
from reports.render import write_report
from reports.tables import verdict_table_markdown
from reports.tiles import alternative, draw_tiles

ROOT = Path(__file__).resolve().parent.parent
DIGITS = 7
"""Of published numbers; runs are stored in single precision, which has no more."""

PUBLISHED = ROOT / "reports" / "published"
CHANGES = PUBLISHED / "changes.json"
README = ROOT / "README.md"
BENCHMARK = ROOT / "benchmarks" / "results.json"
BY_HAND = {
    "hand-written JAX vmap": "a JAX `vmap`",
    "torch.func vmap": "a `vmap` of torch.func",
    "scikit-learn": "a loop of scikit-learn",
}
"""What trains without Keras, as it is told."""
PICTURE = ROOT / "docs" / "verdicts.svg"
REPORT = "reports/published"
MARKED = r"(<!-- {0} -->\n)(.*?)(<!-- /{0} -->)"


def answer_block(verdicts: Sequence[Verdict]) -> str:
    """Return the README's picture, six answers, and the way to all of them."""
    noted = [verdict for verdict in verdicts if not verdict.implied]
    by_id = {verdict.id: verdict for verdict in verdicts}
    told = [words.surprises for name in chapters() if (words := chapter_words(name))]
    names = in_turn([list(claims) for claims in told], MOST_SURPRISES)
    answers = "\n".join(_answer(by_id[name]) for name in names if name in by_id)
    return (
        f"![{markdown.escape(alternative(noted))}]"
        f"({PICTURE.relative_to(ROOT).as_posix()})\n\n{answers}\n\n"
        f"**[The published page]({REPORT}/index.html)** answers all {len(noted)}: one"
        " file that opens offline, with a search, explorers and a quiz.\n"
        f"[The same in Markdown]({REPORT}/report.md) reads well here.\n"
    )


def _answer(verdict: Verdict) -> str:
    """Return a statement with its verdict and answer, as an entry of a list."""
    card = f"{REPORT}/{verdict.chapter}.md#{verdict.id}"
    return (
        f"- “{markdown.prose(verdict.statement)}”"
        f" **[{verdict.verdict.capitalize()}]({card})**."
        f" {markdown.prose(verdict.answer)}"
    )


def verdict_block(verdicts: Sequence[Verdict]) -> str:
    """Return how many verdicts of each word there are, by chapter."""
    presets = " and ".join(sorted({v.preset for v in verdicts if v.is_judged}))
    own = sum(verdict.implied for verdict in verdicts)
    return (
        f"{verdict_table_markdown(verdicts, REPORT)}\n"
        f"Every verdict is of the preset {presets} and covers its whole rule; {own} on"
        " statements of our own are not counted.\n"
    )


def bench_block(record: Mapping[str, Any]) -> str:
    """Return the README's sentences on speed."""
    machine, network = record["machine"], record["network"]
    stacked = network[f"stacked on {record['backend']}"]
    told = {"xor": record["xor"]["stacked"], "network": stacked}
    fits = [
        " and ".join(
            _ratio(_fastest(record[part], name), one, "1/{:,.0f}")
            for part, one in told.items()
        )
        for name in ("fit", "compiled once")
    ]
    by_hand = ", ".join(
        f"{words} {_ratio(network[name], stacked, '{:.2f}')}"
        for name, words in BY_HAND.items()
        if name in network
    )
    return (
        f"On {machine['cores']} cores ({machine['processor']}), which all use alike, a"
        " stacked run of the printed XOR program and one of a 20-64-64-64-1 network"
        f" take {fits[0]} of the time of a `fit`.\n"
        "Against the faster backend's `fit` that is compiled once and makes all updates"
        f" in one call it is {fits[1]}.\n"
        "The same training written by hand for that network takes so many times as long"
        f" as the stack: {by_hand}.\n"
        "What is won against such programs is that nobody has to write them: Keras"
        " models train this way as they are, with seeds and hyperparameters as"
        " arrays.\n"
        "Numbers in brackets are of processor time.\n"
    )


def _fastest(rows: Mapping[str, Any], name: str) -> Mapping[str, float]:
    """Return the row that takes least time of those whose names end so."""
    found = (row for key, row in rows.items() if key.endswith(name))
    return min(found, key=lambda row: row["median_s_per_run"])


def _ratio(row: Mapping[str, float], one: Mapping[str, float], shown: str) -> str:
    """Return how many times as long as another one takes, then by processor time."""
    wall, processor = (
        shown.format(row[key] / one[key])
        for key in ("median_s_per_run", "processor_s_per_run")
    )
    return f"{wall} ({processor})"


def replace_block(text: str, name: str, block: str) -> str:
    """Return a page with the text between two markers replaced.

    Raises:
        ConfigError: If the page has no such markers.
    """
    pattern = re.compile(MARKED.format(name), flags=re.DOTALL)
    if not pattern.search(text):
        raise ConfigError(f"`README.md` must have the markers of {name!r}.")
    return pattern.sub(lambda match: match[1] + block + match[3], text, count=1)


def readme_with(
    text: str, verdicts: Sequence[Verdict], bench: Mapping[str, Any] | None
) -> str:
    """Return the README with everything generated made anew."""
    text = replace_block(text, "answers", answer_block(verdicts))
    text = replace_block(text, "verdicts", verdict_block(verdicts))
    return text if bench is None else replace_block(text, "bench", bench_block(bench))


def published() -> list[Verdict]:
    """Return the verdicts that were published last, in the order of the claims."""
    order = {name: place for place, name in enumerate(all_claims())}
    found = published_verdicts(PUBLISHED / "verdicts").values()
    return sorted(found, key=lambda verdict: order.get(verdict.id, len(order)))


def published_benchmark() -> dict[str, Any] | None:
    """Return the measurement of speed that was published last, None without one."""
    if not BENCHMARK.exists():
        return None
    return json.loads(BENCHMARK.read_text(encoding="utf-8"))


def publish(store_path: Path, generated: str) -> None:
    """Write the published report from a store, then the README.

    Raises:
        ConfigError: If a claim has no verdict by the whole of its present rule.
    """
    with Store.open(store_path, mode="read") as store:
        claims = select_claims([])
        found = standings(claims, store.verdicts(), published={})
        verdicts = [standing.verdict for standing in found]
        testable = {c.id for c in claims if not c.claim.untestable}
        missing = [
            v.id
            for v in verdicts
            if v.id in testable and not (v.is_judged and v.coverage.is_whole)
        ]
        if missing:
            raise ConfigError(f"`{store_path}` must hold whole verdicts on {missing}.")
        problems = store.check()
        if problems:
            raise ConfigError(f"`{store_path}` is damaged: {problems[0]}")
        # What is published is not told as judged by whoever reads it.
        shown = [replace(s, published=s.here, here=None) for s in found]
        before = published_verdicts(PUBLISHED / "verdicts")
        changes = latest_changes(CHANGES, changes_between(before, verdicts))
        machines = [m for v in verdicts for a in v.arms for m in a.get("machines", ())]
        commit = describe_commit()  # Before anything here is another.
        with TemporaryDirectory(dir=PUBLISHED.parent) as folder:
            new = Path(folder, "new")
            write_report(
                shown,
                Evidence(store),
                new,
                generated=generated,
                machine=machines[0],
                commit=commit,
                changes=changes,
            )
            (new / CHANGES.name).write_text(changes_text(changes), encoding="utf-8")
            _write_verdicts(verdicts, new / "verdicts")
            # Only now is what was published before no longer needed.
            shutil.rmtree(PUBLISHED, ignore_errors=True)
            shutil.move(new, PUBLISHED)
    refresh_readme()


def _write_verdicts(verdicts: Sequence[Verdict], folder: Path) -> None:
    """Write a file for each chapter.

    One verdict per line: small, and a change shows where it is. The machine is in the
    report, once.
    """
    folder.mkdir()
    for chapter in dict.fromkeys(v.chapter for v in verdicts):
        mine = [_record(v) for v in verdicts if v.chapter == chapter]
        text = "[\n" + ",\n".join(map(_line, mine)) + "\n]\n"
        (folder / f"{chapter}.json").write_text(text, encoding="utf-8")


def _record(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data, without the machines of its arms."""
    arms = [{k: arm[k] for k in arm if k != "machines"} for arm in verdict.arms]
    return shortened(replace(verdict, arms=tuple(arms)).brief_record())


def shortened(value: Any) -> Any:
    """Return plain data whose numbers have as many digits as those of runs have."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(each) for each in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def refresh_readme() -> None:
    """Write the README's generated parts and its picture from what is published."""
    page = README.read_text(encoding="utf-8")
    page = readme_with(page, published(), published_benchmark())
    README.write_text(page, encoding="utf-8")
    PICTURE.write_text(draw_tiles(published()), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Publish a store, or refresh the README alone without one."""
    parser = argparse.ArgumentParser(prog="python -m reports.publish")
    parser.add_argument("--store", type=Path, help="the store of the run to publish")
    parser.add_argument("--date", default="", help="when it was run, for the report")
    options = parser.parse_args(arguments)
    try:
        if options.store is None:
            refresh_readme()
        else:
            publish(options.store, options.date)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
