import os
import re
import subprocess
import sys

import pytest

from models.config import ConfigError
from reports.files import slug, write_files

NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\x",
    "C:\\x",
    "%2e%2e",
    "a\0b",
    "x" * 300,
    "",
    "  ",
    "Claim",
    "claim",
    "\ud800",
    "é",
    "e\N{COMBINING ACUTE ACCENT}",
    "-rf",
]


def test_names_become_distinct_parts_of_paths():
    slugs = [slug(name) for name in NAMES]
    assert len(set(slugs)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,80}", s) and s[0] != "-" for s in slugs)


def test_a_name_in_snake_case_stays():
    assert slug("two_units_learn_xor") == "two_units_learn_xor"


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("kept")
    root = tmp_path / "out"
    root.mkdir()
    (root / "index.html").symlink_to(outside)
    write_files(root, {"index.html": "new"})
    assert outside.read_text() == "kept"
    assert (root / "index.html").read_text() == "new"


def test_a_link_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "out"
    root.mkdir()
    (root / "figures").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="not a link"):
        write_files(root, {"figures/a.svg": "x"})
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_file_in_place_of_the_folder_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(ConfigError, match="`out` must be a folder"):
        write_files(tmp_path / "out", {"index.html": ""})


def test_a_path_with_nul_is_one_clear_error(tmp_path):
    with pytest.raises(ConfigError, match="`out` must be a folder"):
        write_files(tmp_path / "a\0b", {"index.html": ""})


def test_nothing_but_the_files_is_left(tmp_path):
    write_files(tmp_path / "new/out", {"a.txt": "1", "b/c.txt": "2"})
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")}
    assert found == {"new/out/a.txt", "new/out/b/c.txt"}


def test_what_a_killed_process_had_begun_to_write_is_removed(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / "tables" / f".writing-{ended.pid}-abc"
    left.parent.mkdir()
    left.touch()
    mine = tmp_path / f".writing-{os.getpid()}-abc"
    mine.touch()
    write_files(tmp_path, {"tables/a.csv": "a"})
    assert not left.exists()
    assert mine.exists()
