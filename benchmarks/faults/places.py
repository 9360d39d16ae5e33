"""Give commands where little is allowed, and nobody listens."""

from __future__ import annotations

import os
from pathlib import Path

import chain
import numpy as np
import reads
import targets
from forks import starter

WHAT = (
    "`run`, `report` and the commands of `reads` have 32 open files, a folder or store"
    " of somebody else, no home and no place for temporary files, a terminal of 40"
    " columns that knows ASCII alone, or a standard output that is closed, full or"
    " heard by nobody: they end as usual, or a line says what is wrong."
)
FULL, SMALL = 300, 2

SETTINGS = {
    "files": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))",
    "nobody": "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)",
    "homeless": (
        "import os, tempfile; os.environ.pop('HOME', None); os.umask(0o077)\n"
        "os.environ.update(TMPDIR='/nowhere', XDG_CACHE_HOME='/nowhere')"
    ),
    "terminal": (
        "import os, sys; os.environ['COLUMNS'] = '40'\n"
        "for stream in (sys.stdout, sys.stderr): stream.reconfigure(encoding='ascii')"
    ),
    "closed": "import sys; sys.stdout.close(); sys.stdout = None",
    "full": "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1)",
    "unheard": (
        "import os; ours, theirs = os.pipe(); os.dup2(theirs, 1)\n"
        "os.close(ours); os.close(theirs)"
    ),
}
MAIN = "\nfrom ablations.__main__ import main\nmain()"
SILENT = ("closed", "full", "unheard")
"""Where what is said cannot be compared."""

MAY_FAIL = ("files", "nobody", "full", "unheard")


def prepare(folder: Path) -> None:
    """Make nothing: what is shared is made when it is needed."""


def attempt(
    prepared: None, rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Give a command in a setting; return what went wrong, and which it was."""
    setting = str(rng.choice(list(SETTINGS)))
    if setting == "nobody" and os.geteuid():
        return "", []
    name = str(rng.choice(["run", *reads.COMMANDS]))
    words = targets.COMMANDS["run"] if name == "run" else reads.COMMANDS[name]
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    store = chain.whole("run").store
    if name != "run":
        (folder / reads.BAD).write_bytes(store)
    if name == "compare":
        (folder / reads.GOOD).write_bytes(store)
    ended = starter().run(folder, ("-c", SETTINGS[setting] + MAIN, *words))
    told, hits = f"{name}, {setting}, exit code {ended.code}", [f"{name}/{setting}"]
    lines = ended.errors.splitlines()
    if (len(lines) > 1 and name != "run") or "Traceback" in ended.errors:
        return f"{told}: {ended.errors[-300:]!r}", hits
    if ended.code:
        is_told = bool(lines) or (ended.code == 1 and setting == "unheard")
        fine = setting in MAY_FAIL and is_told
        return ("" if fine else f"{told}: {ended.errors[-300:]!r}"), hits
    wanted = chain.whole("run").answer if name == "run" else reads.whole(name)
    if name == "run":
        found = targets.answer(folder, ended.said)
    else:
        found = reads.answer(folder, ended)
    others = targets.differences(found, wanted)
    if setting in SILENT or setting == "terminal":
        others = [other for other in others if other != "said"]
    return (f"{told}: {others}" if others else ""), hits
