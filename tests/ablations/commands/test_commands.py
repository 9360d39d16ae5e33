"""The command that a user types, in a folder of its own."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ablations.claims.registry import all_claims, select_claims
from ablations.judging.standing import published_verdicts
from ablations.judging.verdict import VERDICTS, Verdict
from ablations.rigs.xor import xor_arm
from ablations.store.store import Store
from models.config import ConfigError

ROOT = Path(__file__).resolve().parents[3]
# A tuned claim, which plans twice, one with measurements, and one that shares runs; in
# all enough structures that two interruptions come before the end.
CLAIMS = ("A-XOR-23", "A-XOR-20", "A-XOR-15")
RUN = ("run", *CLAIMS, "--seeds", "20", "--device", "cpu")
SLOW_IMPORTS = {"keras", "tensorflow", "jax", "torch", "pandas", "matplotlib"}
SLOW_IMPORTS |= {"scipy.stats", "sklearn"}
PATIENCE_SECONDS = 300


def start(
    *arguments: object, cwd: Path, python: str = sys.executable
) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as from a terminal.

    A test run in the background has Ctrl-C ignored, and its children would inherit it.
    """
    return subprocess.Popen(  # noqa: S603 - our own command
        [python, "-m", "ablations", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def stored_rows(path: Path) -> dict[tuple, tuple]:
    """Return (status, checksum) of every (spec, seed), {} without a store."""
    if not path.exists():
        return {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT specs.digest, seed, status, checksum"
            " FROM runs JOIN specs ON specs.id = spec"
        ).fetchall()
    except sqlite3.OperationalError:  # being made
        return {}
    finally:
        connection.close()
    keyed = {row[:2]: row[2:] for row in rows}
    assert len(keyed) == len(rows), "A run is there twice."
    return keyed


def interrupt(number: signal.Signals, cwd: Path, python: str) -> tuple[int, str, dict]:
    """Run until new rows are stored, then send a signal to the whole group."""
    path = cwd / "store.sqlite"
    before = len(stored_rows(path))
    process = start(*RUN, "--store", "store.sqlite", cwd=cwd, python=python)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(stored_rows(path)) <= before + 20 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, errors, stored_rows(path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, warm_interpreter) -> tuple[Path, str]:
    """Return a folder whose store was made in one go, and what was printed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    words = (*RUN, "--store", "store.sqlite")
    process = start(*words, cwd=folder, python=warm_interpreter)
    printed, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors
    assert errors == ""
    return folder, printed


@pytest.fixture
def read(run_command) -> Callable:
    """Run a command that must succeed and say nothing on standard error."""

    def read(*arguments: object, **options: object) -> str:
        done = run_command(*arguments, **options)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return read


def squash(text: str) -> str:
    """Return a text without the ends of its lines, as wrapped sentences are read."""
    return " ".join(text.split())


# Reading.


READ_ONLY = (
    ("verdicts",),
    ("ask", "relu"),
    ("info", "A-XOR-23"),
    ("status",),
    ("run", "--dry-run"),
    ("store", "info", "--json"),
)
PROGRAM = """
import json, sys
from ablations.__main__ import main
commands, slow = json.loads(sys.argv[1])
for words in commands:
    try:
        main(words)
    except SystemExit as ended:
        assert ended.code == 0, words
    assert not set(slow) & set(sys.modules), words
assert "ablations.claims.registry" in sys.modules
"""


def run_in_turn(
    commands: list[list[str]], cwd: Path, slow: Iterable[str] = (), **environment: str
) -> None:
    """Run commands in one process, each of which must succeed and import none of some.

    It is a process that has imported nothing yet.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", PROGRAM, json.dumps([commands, sorted(slow)])],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        encoding="latin-1",
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr


def test_a_command_that_only_reads_imports_nothing_slow(undisturbed):
    stored = [[*words, "--store", "store.sqlite"] for words in READ_ONLY]
    commands = [["--help"], ["list"], ["list", "--json"], *stored]
    run_in_turn(commands, undisturbed[0], SLOW_IMPORTS)


def test_list_shows_every_claim_with_its_rows_and_statement(read):
    printed = read("list")
    told = squash(printed)
    for claim in all_claims().values():
        rows = ", ".join(claim.claim.rows)
        assert f"{claim.id} ({rows}) {claim.claim.statement}" in told
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [("verdicts",), ("verdicts", "xor"), ("info", "depth"), ("status",), ("--help",)],
)
def test_what_is_read_fits_into_eighty_columns_with_every_id_whole(read, arguments):
    lines = read(*arguments).splitlines()
    assert [line for line in lines if len(line) > 80 and " " in line.strip()] == []
    ids = [c.id for c in select_claims(arguments[1:])] if len(arguments) > 1 else []
    words = set(re.findall(r"\w+", "\n".join(lines)))
    assert set(ids) <= words


def test_a_question_is_answered_by_three_statements_with_their_verdicts(read):
    question = "is it true that relu cures vanishing gradients"
    printed = read("ask", *question.split())
    records = json.loads(read("ask", question, "--json"))
    assert len(records) == 3
    for record in records:
        assert record["id"] in printed
        assert record["verdict"] in printed
    assert "relu_solves_vanishing_gradients" in [record["id"] for record in records]
    assert len(json.loads(read("ask", "zzz", "--json"))) == 3


def test_verdicts_without_a_name_are_counted_and_say_how_to_narrow(read):
    printed = read("verdicts")
    (line,) = (line for line in printed.splitlines() if line.startswith("all "))
    noted = [c for c in all_claims().values() if not c.claim.implied]
    assert int(line.split()[1]) == len(noted)
    named = re.search(r"ablations verdicts (\w+)", printed)[1]
    assert named in {claim.chapter for claim in noted}


def test_the_version_is_printed_and_nothing_else(read):
    assert re.fullmatch(r"ablations \S.*\n", read("--version"))


def test_list_as_json_holds_the_same(read):
    records = json.loads(read("list", "--chapter", "xor", "--json"))
    assert [record["id"] for record in records] == [
        claim.id for claim in all_claims().values() if claim.chapter == "xor"
    ]
    assert set(records[0]) == {"id", "chapter", "rows", "statement"}


def test_info_states_the_rule_the_arms_and_the_cost(read):
    printed = squash(read("info", "A-XOR-23"))
    (claim,) = select_claims(["A-XOR-23"])
    assert claim.claim.statement in printed
    assert claim.mechanism in printed
    for prediction in claim.claim.judged:
        assert squash(prediction.rule()) in printed
    for arm in claim.claim.arms:
        assert f"- {arm}: " in printed
    assert "learning rate tuned over 0.003" in printed
    assert "9,600 of 9,600 runs to train and those that tuning chooses" in printed
    verdict = published_verdicts()[claim.id]
    assert printed.startswith(f"{verdict.verdict.capitalize()} (published): ")
    assert printed.index(verdict.answer) < printed.index(claim.mechanism)


def test_info_says_what_the_seeds_can_show_before_any_run(read):
    printed = squash(read("info", "A-XOR-15", "--preset", "standard"))
    assert "What preset standard can show:" in printed
    (claim,) = select_claims(["A-XOR-15"])
    for prediction in claim.claim.judged:
        assert f"{prediction.label}: 10 seeds could decide, 72 show" in printed
    assert (
        "with 10,000, a share of 95.6 % is distinguished from 95.0 % with a" in printed
    )


def test_looks_are_laid_down_before_the_first(read):
    printed = squash(
        read("run", "A-XOR-15", "--until-decided", "--seeds", "50", "--dry-run")
    )
    assert (
        "Looks: 50 seeds at 99.38 %, 100 seeds at 99.38 %, 200 seeds at 98.75 %,"
        " 400 seeds at 97.5 %."
    ) in printed


def test_verdicts_without_a_store_are_not_tested_and_none_is_made(read, tmp_path):
    records = json.loads(read("verdicts", "--json"))
    assert [record["id"] for record in records] == list(all_claims())
    for record in records:
        assert record["published"] or record["verdict"] == "not tested"
        assert record["rerun"] is None
    assert "No store at" in read("status")
    read("run", "--dry-run")
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_that_lacks_characters_is_written_to(tmp_path):
    # Latin-1 has no root, which a statement has.
    commands = [["list"], ["verdicts"], ["info", "xor"]]
    run_in_turn(commands, tmp_path, PYTHONIOENCODING="latin-1")


@pytest.mark.parametrize("arguments", [("list",), ("verdicts",)])
def test_a_reader_that_stops_reading_hears_no_complaint(tmp_path, arguments):
    process = start(*arguments, cwd=tmp_path)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.wait(timeout=60)
    process.stderr.close()


# Running.


def test_a_run_prints_plain_lines_and_its_verdicts(undisturbed):
    _, printed = undisturbed
    assert "\r" not in printed
    assert "\x1b" not in printed
    # How many there are besides is known when tuning has chosen.
    assert re.search(r"^[\d,]+ of 9,7[08]0 runs, .* left, ", printed, re.MULTILINE)
    assert "9,780 runs needed, 9,780 trained in " in printed
    for claim in select_claims(CLAIMS):
        assert claim.claim.rows[0] in printed
    assert re.search(r"^3 claims\. ", printed, re.MULTILINE)


def test_the_verdicts_of_a_run_are_kept(read, undisturbed):
    printed = read("verdicts", "--json", "--store", "store.sqlite", cwd=undisturbed[0])
    records = {record["id"]: record for record in json.loads(printed)}
    assert list(records) == list(all_claims())
    with Store.open(undisturbed[0] / "store.sqlite", "read") as store:
        kept = {r["id"]: Verdict.from_record(r) for r in store.verdicts()}
    for claim in select_claims(CLAIMS):
        record, verdict = records[claim.id], kept[claim.id]
        assert record["verdict"] in VERDICTS
        # A published verdict stands, and what was seen here beside it.
        assert bool(record["rerun"]) == record["published"]
        assert verdict.outcomes
        assert verdict.command.endswith("--preset quick --seeds 20")
        for arm in verdict.arms:
            assert arm["runs"] == arm["ok"] + arm["diverged"] + arm["failed"] == 20


def test_the_same_command_again_trains_nothing(read, undisturbed):
    folder, first = undisturbed
    before = stored_rows(folder / "store.sqlite")
    again = read(*RUN, "--store", "store.sqlite", cwd=folder)
    assert "9,780 runs needed, 0 trained in " in again
    assert stored_rows(folder / "store.sqlite") == before
    _, _, verdicts = first.partition(" trained in ")
    assert (
        again.partition(" trained in ")[2].splitlines()[1:]
        == (verdicts.splitlines()[1:])
    )


def test_status_says_what_is_there(read, undisturbed):
    printed = read("status", *CLAIMS, "--store", "store.sqlite", cwd=undisturbed[0])
    # 20 of each of five arms.
    assert re.search(r"^xor_network_needs_biases: 100 of 20,000 runs$", printed, re.M)
    assert re.search(r"^ +[\d,]+ stored runs ok$", printed, re.MULTILINE)


def test_what_quick_leaves_to_standard_is_said_by_every_command(read, tmp_path):
    claim = "hundreds_of_layers_are_normal"
    store = ("--store", "store.sqlite")
    assert f"{claim}: left to the standard preset\n" in read(
        "status", claim, *store, cwd=tmp_path
    )
    info = squash(read("info", claim, *store, cwd=tmp_path))
    assert "leaves it to the standard one" in info
    printed = squash(read("run", claim, *store, cwd=tmp_path))
    assert "0 runs needed, 0 trained" in printed
    if claim in published_verdicts():
        assert "Published: 1 " in printed
    else:
        assert "not tested" in printed
        assert f"`ablations run {claim} --preset standard`" in printed


def test_a_report_is_written_from_a_store(read, undisturbed, tmp_path):
    printed = read(
        "report",
        *CLAIMS,
        *("--store", "store.sqlite", "--out", tmp_path / "report"),
        cwd=undisturbed[0],
    )
    page = (tmp_path / "report" / "index.html").resolve()
    assert printed == f"Report: {page}\n"
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    for claim in select_claims(CLAIMS):
        assert claim.claim.statement in text
        chapter = tmp_path / "report" / f"{claim.chapter}.md"
        command = f"ablations run {claim.id} --preset standard"  # what is published
        assert command in chapter.read_text(encoding="utf-8")


@pytest.mark.slow
def test_kills_and_ctrl_c_lose_nothing_and_change_no_verdict(
    tmp_path, read, undisturbed, warm_interpreter
):
    kept: dict = {}
    for number in (signal.SIGKILL, signal.SIGINT):
        code, errors, rows = interrupt(number, tmp_path, warm_interpreter)
        assert kept.items() <= rows.items()
        assert len(rows) > len(kept)
        kept = rows
        if number == signal.SIGKILL:
            assert code == -signal.SIGKILL
        else:
            assert code == 130
            assert errors.splitlines()[-1] == (
                "ablations: Interrupted. The same command continues where it stopped."
            )
            assert "Traceback" not in errors
    read(*RUN, "--store", "store.sqlite")
    rows = stored_rows(tmp_path / "store.sqlite")
    assert kept.items() <= rows.items()
    assert rows.keys() == stored_rows(undisturbed[0] / "store.sqlite").keys()
    with Store.open(tmp_path / "store.sqlite", "read") as store:
        assert store.check() == []
    parts = ("id", "verdict", "estimate", "low", "high", "n", "finding")
    ask = ("verdicts", *CLAIMS, "--json", "--store", "store.sqlite")
    found, expected = (
        [{part: record[part] for part in parts} for record in json.loads(printed)]
        for printed in (read(*ask), read(*ask, cwd=undisturbed[0]))
    )
    assert found == expected


# Input that cannot be used.


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every path below a folder and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("run", "printed_program_solve_xor"),
            "Did you mean 'printed_program_solves_xor'?",
        ),
        (("run", "A-XOR-99"), "`claim` must be a claim"),
        (("info", "nothing"), "`claim` must be a claim"),
        (("verdicts", "nothing"), "`claim` must be a claim"),
        (
            ("list", "--chapter", "xo"),
            "`chapter` must be one of ('activations', 'backpropagation', 'batch_norm',",
        ),
        (("run", "A-XOR-3", "--preset", "quik"), "Did you mean 'quick'?"),
        (("run", "A-XOR-3", "--device", "tpu"), "`device` must be one of"),
        (("run", "A-XOR-3", "--dry-run", "--device", "x"), "`device` must be one of"),
        (("run", "A-XOR-3", "--seeds", "1000001"), "`seeds` must be at most 1,000,000"),
        (("ask", "??"), "`question` must have a word"),
        (("rum",), "Did you mean 'run'?"),
        (("run", "--sedes", "3"), "--seeds"),
        (("run", "--seeds", "many"), "'--seeds'"),
        (("run", "--seeds", "0"), "'--seeds'"),
        (("info",), "Missing argument 'claim'. `"),
        (("run", "A-XOR-3", "--store", "text.txt"), "text.txt"),
        (("run", "A-XOR-3", "--store", "folder"), "folder"),
        (("run", "A-XOR-3", "--store", "other.sqlite"), "other.sqlite"),
        (("run", "A-XOR-3", "--store", "text.txt/store.sqlite"), "text.txt"),
        (("verdicts", "--store", "text.txt"), "text.txt"),
        (("verdicts", "--store", "folder"), "folder"),
        (("status", "--store", "text.txt"), "text.txt"),
        (("store", "info", "--store", "absent.sqlite"), "absent.sqlite"),
        (("store", "check", "--store", "text.txt"), "text.txt"),
        (("report", "--store", "absent.sqlite"), "absent.sqlite"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    run_command, tmp_path, arguments, message
):
    (tmp_path / "text.txt").write_text("not a store\n")
    (tmp_path / "folder").mkdir()
    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    before = contents(tmp_path)
    done = run_command(*arguments)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("ablations: ")
    assert message in line
    assert done.stdout == ""
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("backend", "message"),
    [("torch", "`KERAS_BACKEND` must be one of"), ("numpy", "Received: 'numpy'")],
)
def test_a_backend_that_cannot_train_is_refused(
    run_command, tmp_path, backend, message
):
    done = run_command("run", "A-XOR-3", environment={"KERAS_BACKEND": backend})
    assert done.returncode == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("warm_python")
def test_a_gpu_that_is_not_there_is_refused_before_a_store_is_made(
    run_command, tmp_path
):
    # The environment hides a GPU that this machine may have.
    hidden = {"CUDA_VISIBLE_DEVICES": "-1"}
    done = run_command("run", "A-XOR-3", "--device", "gpu", environment=hidden)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "`device` 'gpu' needs a GPU" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: xor_arm(optimizer="adamm"), "Did you mean 'adam'?"),
        (lambda: xor_arm(optimizer="lamb"), "cannot be stacked"),
        (lambda: xor_arm(activation="rleu"), "Did you mean 'relu'?"),
        (lambda: xor_arm(hidden_units=(-2,)), "must be a positive integer"),
        (lambda: xor_arm(hidden_units=(2.5,)), "must be a positive integer"),
        (lambda: xor_arm(learning_rate=float("nan")), "must be a non-negative number"),
        (lambda: xor_arm(learning_rate=-0.1), "must be a non-negative number"),
        (lambda: xor_arm(num_steps=-1), "must be a non-negative integer"),
        (lambda: xor_arm(task="xr"), "Did you mean 'xor'?"),
        (lambda: xor_arm(engine="fitt"), "Did you mean 'fit'?"),
        (lambda: xor_arm(hiden_units=(2,)), "Did you mean `hidden_units`?"),
    ],
)
def test_a_config_that_cannot_be_is_refused_in_one_line(make, message):
    with pytest.raises(ConfigError) as caught:
        make()
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("verb", ["verdicts", "status"])
def test_a_store_of_links_that_lead_nowhere_is_not_a_store_without_runs(
    run_command, tmp_path, verb
):
    (tmp_path / "loop").symlink_to("loop")
    done = run_command(verb, "A-XOR-3", "--store", "loop")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "loop" in done.stderr


@pytest.mark.parametrize("verb", ["report", "reproduce"])
def test_a_folder_that_no_report_can_be_written_to_is_refused_first(
    run_command, tmp_path, verb
):
    (tmp_path / "taken").write_text("a file")
    Store.open(tmp_path / "runs.sqlite").close()
    done = run_command(verb, "--out", "taken", "--store", "runs.sqlite")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "`out` cannot be made" in line
