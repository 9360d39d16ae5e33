"""The folders keep their promises: direction, order, lightness, nothing at import.

Everything is derived from the tree, so a new module is checked without a line here.
"""

import ast
import fnmatch
import graphlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A package imports itself and those to its left.
PACKAGES = ("models", "ablations", "reports")
MAIN = "ablations.__main__"
# What a user starts stands above all packages and may import any, inside a function.
ROOF = "ablations.commands"
FOLDERS_WITHOUT_PACKAGE = {"benchmarks", "docs", "tests"}
# The modules that may import a backend. Every other module is light.
DEVICE_MODULES = (
    "models.activations",
    "models.hypermodel",
    "models.initializers",
    "models.layers",
    "models.mlp",
    "models.stackable_parts",
    "models.stock_parts",
    "ablations.training.backend",
    "ablations.training.batch_norm",
    "ablations.bench",
    "ablations.training.early_stopping",
    "ablations.experiments.engines",
    "ablations.training.fit",
    "ablations.measures",
    "ablations.training.metrics",
    "ablations.training.optimizers",
    "ablations.training.probes",
    "ablations.training.program",
    "ablations.training.recorded_metrics",
    "ablations.training.rolled_model",
    "ablations.running.work",
    "ablations.training.stacked_model",
    "ablations.training.train",
    "ablations.running.oracle",
    "ablations.tuner.family",
    "ablations.tuner.oracles",
    "ablations.tuner.search",
    "ablations.tuner.stack_tuner",
    "ablations.tuner.stacks",
)
BACKENDS = {"jax", "keras", "keras_tuner", "tensorflow", "torch"}
# Each costs more than a `list` may take in all.
GLOBAL_STATE = (
    "keras.config.set_*",
    "keras.utils.set_random_seed",
    "matplotlib.pyplot*",
    "matplotlib.use",
    "numpy.random.seed",
    "numpy.random.set_state",
    "numpy.seterr",
    "pandas.set_option",
    "random.seed",
    "tensorflow.random.set_seed",
    "warnings.filterwarnings",
    "warnings.simplefilter",
)
NAMES_THAT_SAY_NOTHING = {
    "base",
    "common",
    "helper",
    "helpers",
    "misc",
    "util",
    "utils",
}
MOST_TOP_MODULES = 8
LONGEST_FILE, LONGEST_CLAIM, LONGEST_FUNCTION = 450, 110, 80
# What is longer than the house allows, and why. An entry that is not needed fails.
LONG: dict[str, str] = {}
# Folders that import each other, and why that may stay.
KNOTS: dict[tuple[str, ...], str] = {}
# What is found by its name, by code that looks through a folder.
DISCOVERED = {"CLAIM", "CLAIMS", "EXPLORERS", "MEASURES", "NAME", "draw", "read"}
DISCOVERED |= {"CHAPTER", "COMPUTED", "PATHS", "detectable", "fewest_seeds", "judge"}
# Folders that are searched for classes with a field `kind`.
SEARCHED_FOR_KINDS = {"ablations.experiments", "ablations.experiments.readouts"}
# Decorators by which somebody else finds a definition.
REGISTERS = {"callback", "command", "register_keras_serializable"}
# What only tests use, and why it stays.
ONLY_TESTED = {
    "ablations.running.nursery.serve": "for a process: nursery.PROGRAM runs it",
    "ablations.load_verdict": "for notebooks: docs/example.ipynb calls it",
    "ablations.load_verdicts": "for notebooks: docs/example.ipynb calls it",
    "reports.explorers.addresses": "for the lessons: docs/teaching.md links to them",
    "ablations.study.table.again.read_again": "for scripts: recommended.py calls it",
    "reports.notebook.load_verdicts": "for notebooks: docs/example.ipynb calls it",
}
# Spelled so that no pattern matches its own line.
NOT_FOR_A_REPOSITORY = {
    "a package index": r"\bpypi\.|python[h]osted|index-ur[l]|find-link[s]|devp[i]",
    "a machine's path": r"(?<![\w.:/])/(work|root|Users|home)/\w",
    "a path out of the repository": r"\.\./share[d]",
}


@dataclass(frozen=True)
class Import:
    """One name that a module imports, wherever it stands in the module."""

    importer: str
    imported: str
    line: int
    in_function: bool

    def __str__(self) -> str:
        return f"{self.importer} (line {self.line}) imports {self.imported}"


@cache
def find_modules() -> dict[str, Path]:
    """Return the file of every module of the packages, by its dotted name."""
    modules = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = path
    return modules


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def list_files() -> tuple[Path, ...]:
    """Return every file that git tracks, or would if it were added."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("Only a git checkout knows which files are the project's.")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(  # noqa: S603 - no input from outside
        command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def walk(node: ast.AST, in_function: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node below `node`, and whether it stands inside a function."""
    for child in ast.iter_child_nodes(node):
        yield child, in_function
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from walk(child, in_function or inside)


def list_imports(name: str) -> Iterator[Import]:
    """Yield what a module imports; `from package import module` names the module."""
    for node, in_function in walk(parse(find_modules()[name])):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, node.lineno, in_function)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} (line {node.lineno}): a relative import"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                imported = member if member in find_modules() else str(node.module)
                yield Import(name, imported, node.lineno, in_function)


def list_own_imports() -> Iterator[Import]:
    """Yield every import of one of our modules by one of our modules."""
    for name in find_modules():
        for item in list_imports(name):
            if item.imported.partition(".")[0] in PACKAGES:
                yield item


def is_within(name: str, package: str) -> bool:
    """Return whether a module is a package or stands somewhere below it."""
    return name == package or name.startswith(f"{package}.")


def is_light(name: str) -> bool:
    """Return whether a module must be importable without a backend."""
    return not any(is_within(name, device) for device in DEVICE_MODULES)


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the repository's root, where our packages are found."""
    return subprocess.run(  # noqa: S603 - no input from outside
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def test_every_folder_of_python_has_its_place_in_the_direction():
    found = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("[!.]*/**/*.py")}
    packages = {name for name in found if not name.endswith("build")}
    assert packages - FOLDERS_WITHOUT_PACKAGE <= set(PACKAGES)


def test_the_distribution_holds_every_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["packages"]["find"]["include"]
    for package in PACKAGES:
        assert any(fnmatch.fnmatchcase(package, pattern) for pattern in patterns)


def test_the_type_checker_reads_every_light_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checker = project["tool"]["mypy"]
    skipped = {
        name.removesuffix(".*")
        for override in checker["overrides"]
        if override.get("ignore_errors")
        for name in override["module"]
    }
    assert set(checker["files"]) == set(PACKAGES)
    assert skipped == set(DEVICE_MODULES)


def test_imports_run_from_reports_to_ablations_to_models():
    wrong = []
    for item in list_own_imports():
        importer, imported = (
            PACKAGES.index(name.partition(".")[0])
            for name in (item.importer, item.imported)
        )
        under_the_roof = is_within(item.importer, ROOF) and item.in_function
        if imported > importer and not under_the_roof:
            wrong.append(str(item))
    assert not wrong


def test_no_module_imports_the_command_line():
    assert not [
        str(item)
        for item in list_own_imports()
        if any(is_within(item.imported, part) for part in (MAIN, ROOF))
        and not any(is_within(item.importer, part) for part in (MAIN, ROOF))
    ]


def test_modules_have_an_order_in_which_each_imports_only_earlier_ones():
    graph: dict[str, set[str]] = {name: set() for name in find_modules()}
    for item in list_own_imports():
        if item.imported != item.importer:
            graph[item.importer].add(item.imported)
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"These modules import each other: {' <- '.join(error.args[1])}")


def test_light_modules_import_no_backend():
    light = [name for name in find_modules() if is_light(name)]
    program = (
        "import importlib, json, sys\n"
        "names, backends = json.loads(sys.argv[1])\n"
        "for name in names:\n"
        "    importlib.import_module(name)\n"
        "    found = sorted(set(backends) & set(sys.modules))\n"
        "    if found:\n"
        "        sys.exit(f'{name} imports {found}')\n"
    )
    arguments = json.dumps([light, sorted(BACKENDS)])
    done = run_python("-B", "-c", program, arguments)
    assert done.returncode == 0, done.stderr


def get_dotted_name(node: ast.AST, names: dict[str, str]) -> str | None:
    """Return what `a.b.c` stands for, given what each imported name stands for."""
    if isinstance(node, ast.Attribute):
        owner = get_dotted_name(node.value, names)
        return owner and f"{owner}.{node.attr}"
    return names.get(node.id) if isinstance(node, ast.Name) else None


def list_imported_names(tree: ast.Module) -> dict[str, str]:
    """Return what each name that a module imports stands for, as a dotted name."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def find_global_state(tree: ast.Module) -> list[str]:
    """Return where a module touches state that all of the process shares."""
    names = list_imported_names(tree)
    uses = {(0, name) for name in names.values()} | {
        (node.lineno, dotted)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (dotted := get_dotted_name(node, names))
    }
    return sorted(
        f"line {line}: {name}"
        for line, name in uses
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in GLOBAL_STATE)
    )


def list_statements_at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported."""
    for statement in body:
        yield statement
        is_guard = isinstance(statement, ast.If) and "__name__" in ast.dump(
            statement.test
        )
        is_scope = isinstance(
            statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        )
        if is_guard or is_scope:
            continue
        for field in ("body", "orelse", "finalbody"):
            yield from list_statements_at_import(getattr(statement, field, []))
        for handler in getattr(statement, "handlers", []):
            yield from list_statements_at_import(handler.body)


def get_root(node: ast.AST) -> str | None:
    """Return the name that `name.a[b].c(d)` starts with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def find_effects_at_import(tree: ast.Module) -> list[str]:
    """Return what a module does, other than binding names, when it is imported.

    What it does to an object it has just made (`app.add_typer(...)`) is its own.
    """
    statements = list(list_statements_at_import(tree.body))
    own = set()
    effects = []
    for statement in statements:
        changed: list[ast.AST] = []
        if isinstance(statement, ast.Assign):
            changed = list(statement.targets)
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            changed = [statement.target]
        elif isinstance(statement, ast.Delete):
            changed = list(statement.targets)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            changed = [statement.value]
        for node in changed:
            parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
            for part in parts:
                part = part.value if isinstance(part, ast.Starred) else part
                if isinstance(part, ast.Name):
                    own.add(part.id)
                elif get_root(part) not in own:
                    effects.append(f"line {statement.lineno}: {ast.unparse(statement)}")
    return effects


def test_no_module_touches_state_that_the_whole_process_shares():
    found = {
        name: find_global_state(parse(path)) for name, path in find_modules().items()
    }
    assert not {name: uses for name, uses in found.items() if uses}


def test_no_module_does_anything_when_imported():
    found = {
        name: find_effects_at_import(parse(path))
        for name, path in find_modules().items()
    }
    assert not {name: effects for name, effects in found.items() if effects}


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.random.seed(0)",
        "from numpy import random\ndef f():\n    random.seed(0)",
        "from numpy.random import seed",
        "import matplotlib.pyplot as plt",
        "from matplotlib import pyplot",
        "def f():\n    import keras\n    keras.utils.set_random_seed(1)",
    ],
)
def test_shared_state_is_seen_under_every_spelling(source):
    assert find_global_state(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['A'] = 'b'",
        "import os\nif True:\n    os.environ.setdefault('A', 'b')",
        "import logging\ntry:\n    logging.basicConfig()\nfinally:\n    pass",
        "print('hello')",
    ],
)
def test_an_effect_at_import_is_seen_under_every_spelling(source):
    assert find_effects_at_import(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "import typer\napp = typer.Typer()\napp.add_typer(typer.Typer())",
        "TABLE: dict = {}\nTABLE['a'] = 1\nA, B = 1, 2",
        "import sys\nif __name__ == '__main__':\n    sys.exit(0)",
        "import os\ndef f():\n    os.environ['A'] = 'b'",
    ],
)
def test_binding_names_is_no_effect(source):
    assert not find_effects_at_import(ast.parse(source))


def get_folder(name: str, path: Path) -> str:
    """Return the package that a module stands in; one at the top is its own."""
    folder = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return name if folder in PACKAGES else folder


def find_knots(
    imports: Iterable[Import], folders: dict[str, str]
) -> dict[tuple[str, ...], list[str]]:
    """Return the folders that import each other in a circle, and by which imports."""
    edges: dict[str, dict[str, list[str]]] = {folder: {} for folder in folders.values()}
    for item in imports:
        one, other = folders[item.importer], folders[item.imported]
        if one != other:
            edges[one].setdefault(other, []).append(str(item))

    def reach(start: str) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            ahead = edges[waiting.pop()].keys() - found
            found |= ahead
            waiting += ahead
        return found

    reached = {folder: reach(folder) for folder in edges}
    knots: dict[tuple[str, ...], list[str]] = {}
    for folder in edges:
        circle = {other for other in reached[folder] if folder in reached[other]}
        if circle:
            knots[tuple(sorted(circle))] = sorted(
                text
                for one in circle
                for other, texts in edges[one].items()
                if other in circle
                for text in texts
            )
    return knots


def find_too_long(name: str, source: str) -> list[str]:
    """Return a module if it is too long, and each of its functions that is."""
    is_claim = bool(re.fullmatch(r"ablations\.claims\.\w+\.\w+", name))
    longest = LONGEST_CLAIM if is_claim else LONGEST_FILE
    found = [name] if len(source.splitlines()) > longest else []
    if is_claim:
        return found
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.end_lineno - node.lineno >= LONGEST_FUNCTION:
                found.append(f"{name}:{node.name}")
    return found


def list_definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield what a module defines, and what it hands on by `__all__`."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made = (d.func for d in statement.decorator_list if isinstance(d, ast.Call))
            if not any(getattr(function, "attr", "") in REGISTERS for function in made):
                yield statement.name, statement
            continue
        for target in getattr(statement, "targets", [getattr(statement, "target", 0)]):
            if isinstance(target, ast.AST):
                for node in ast.walk(target):
                    if not isinstance(node, ast.Name) or node.id == "_":
                        continue
                    if node.id != "__all__":
                        yield node.id, statement
                    else:
                        yield from ((n, statement) for n in read_names(statement))


def read_names(statement: ast.stmt) -> list[str]:
    """Return the texts that stand in a statement."""
    return [
        node.value
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def is_found_by_kind(module: str, statement: ast.stmt) -> bool:
    """Return whether a search through the module's folder finds this by its kind."""
    is_searched = module.rpartition(".")[0] in SEARCHED_FOR_KINDS
    return is_searched and any(
        isinstance(part, ast.AnnAssign) and getattr(part.target, "id", "") == "kind"
        for part in (statement.body if isinstance(statement, ast.ClassDef) else ())
    )


def find_unused(
    modules: dict[str, ast.Module], others: Iterable[ast.Module] = ()
) -> list[str]:
    """Return what modules define and nothing but tests uses.

    A use is an import by another module or by a script, `module.name`, or the name in
    its own module outside of its own definition. A script may also say it as a text.
    """
    used = set()
    for tree in (*modules.values(), *others):
        names = list_imported_names(tree)
        used.update(names.values())
        used.update(
            dotted
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and (dotted := get_dotted_name(node, names))
        )
    said = {text for tree in others for text in read_names(tree)}
    unused = []
    for module, tree in modules.items():
        loads: dict[str, list[ast.stmt]] = {}
        for statement in tree.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    loads.setdefault(node.id, []).append(statement)
        for name, statement in list_definitions(tree):
            is_named = any(other is not statement for other in loads.get(name, []))
            is_found = name in DISCOVERED or is_found_by_kind(module, statement)
            if not (is_named or name in said or is_found):
                if f"{module}.{name}" not in used:
                    unused.append(f"{module}.{name}")
    return sorted(set(unused))


def check_exceptions(found: Iterable[str], exceptions: dict[str, str]) -> None:
    """Fail for what has no exception, and for an exception that nothing needs."""
    found = list(found)
    wrong = [
        name
        for name in found
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in exceptions)
    ]
    assert not wrong
    assert all(exceptions.values()), "Every exception has a reason."
    idle = [pattern for pattern in exceptions if not fnmatch.filter(found, pattern)]
    assert not idle, "Nothing needs these exceptions: remove them."


def test_few_modules_stand_at_the_top_of_ablations():
    top = {path.stem for path in (ROOT / "ablations").glob("*.py")}
    assert len(top - {"__init__", "__main__"}) <= MOST_TOP_MODULES


def test_no_file_and_no_function_is_too_long_to_read():
    found = [
        too_long
        for name, path in find_modules().items()
        for too_long in find_too_long(name, path.read_text(encoding="utf-8"))
    ]
    check_exceptions(found, LONG)


def test_folders_have_an_order_in_which_each_imports_only_earlier_ones():
    folders = {name: get_folder(name, path) for name, path in find_modules().items()}
    imports = [item for item in list_own_imports() if item.imported in folders]
    knots = find_knots(imports, folders)
    for knot, texts in knots.items():
        if knot not in KNOTS:
            pytest.fail(f"{knot} import each other:\n" + "\n".join(texts))
    assert knots.keys() == KNOTS.keys(), "Nothing needs these exceptions: remove them."


def test_nothing_is_defined_that_only_tests_use():
    modules = {name: parse(path) for name, path in find_modules().items()}
    scripts = [
        parse(path)
        for folder in ("benchmarks", "docs")
        for path in (ROOT / folder).rglob("*.py")
    ]
    check_exceptions(find_unused(modules, scripts), ONLY_TESTED)


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("reports.page", "A = 1\n" * 451, ["reports.page"]),
        ("reports.page", "A = 1\n" * 450, []),
        ("ablations.claims.xor.a", "A = 1\n" * 111, ["ablations.claims.xor.a"]),
        ("ablations.claims.registry", "A = 1\n" * 111, []),
        ("models.mlp", "def f():\n" + "    g()\n" * 80, ["models.mlp:f"]),
        ("models.mlp", "def f():\n" + "    g()\n" * 79, []),
        (
            "models.mlp",
            "class A:\n    async def f(self):\n" + "        g()\n" * 80,
            ["models.mlp:f"],
        ),
    ],
)
def test_what_is_too_long_is_seen_wherever_it_stands(name, source, found):
    assert find_too_long(name, source) == found


def test_an_exception_that_nothing_needs_is_seen():
    check_exceptions(["a.b"], {"a.*": "for now"})
    with pytest.raises(AssertionError, match=r"a\.b"):
        check_exceptions(["a.b"], {})
    with pytest.raises(AssertionError, match="Nothing needs"):
        check_exceptions([], {"a.*": "for now"})
    with pytest.raises(AssertionError, match="reason"):
        check_exceptions(["a.b"], {"a.*": ""})


def test_folders_that_import_each_other_are_seen_with_their_imports():
    folders = {"p.a.one": "p.a", "p.a.two": "p.a", "p.b.one": "p.b", "p.c": "p.c"}
    there = Import("p.a.one", "p.b.one", 1, False)
    back = Import("p.b.one", "p.c", 2, True)
    around = Import("p.c", "p.a.two", 3, False)
    inside = Import("p.a.one", "p.a.two", 4, False)
    assert not find_knots([there, back, inside], folders)
    ((knot, texts),) = find_knots([there, back, around, inside], folders).items()
    assert knot == ("p.a", "p.b", "p.c")
    assert texts == sorted(map(str, (there, back, around)))


def test_a_module_at_the_top_is_a_folder_of_its_own():
    assert get_folder("reports.page", Path("reports/page.py")) == "reports.page"
    assert get_folder("reports.study", Path("study/__init__.py")) == "reports.study"
    assert get_folder("reports.study.words", Path("words.py")) == "reports.study"


@pytest.mark.parametrize(
    "source",
    [
        "def lost():\n    return lost()",
        "class Lost:\n    def copy(self):\n        return Lost()",
        "LOST, USED = 1, 2\nOTHER = USED\nCLAIM = OTHER",
        "lost: int = 1",
        "from elsewhere import lost\n__all__ = ['lost']",
        "@cache\ndef lost(): pass",
        "@dataclass(frozen=True)\nclass Lost: pass",
        "@functools.lru_cache(maxsize=1)\ndef lost(): pass",
    ],
)
def test_what_only_tests_use_is_seen_under_every_spelling(source):
    (found,) = find_unused({"m": ast.parse(source)})
    assert found.lower() == "m.lost"


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("def kept(): pass", "from m import kept"),
        ("def kept(): pass", "import m\nm.kept()"),
        ("def kept(): pass", "import m as n\ndef f():\n    return n.kept"),
        ("def kept(): pass", "PUBLIC = {'m': ('kept',)}"),
        ("@app.command()\ndef kept(): pass", ""),
        ("KEPT = 1\ndef read(): return KEPT", ""),
        ("kept, *_ = 1, 2", "from m import kept"),
    ],
)
def test_what_something_uses_is_kept(source, other):
    assert not find_unused({"m": ast.parse(source)}, [ast.parse(other)])


def test_a_class_is_found_by_its_kind_only_in_a_folder_that_is_searched():
    tree = ast.parse("class Kept:\n    kind: str = 'kept'\nclass Lost:\n    size: int")
    readouts, engines = (
        f"ablations.experiments.{p}.m" for p in ("readouts", "engines")
    )
    assert find_unused({readouts: tree}) == [f"{readouts}.Lost"]
    assert find_unused({engines: tree}) == [f"{engines}.Kept", f"{engines}.Lost"]


def test_every_module_says_in_one_sentence_what_it_is_for():
    without = []
    for name, path in find_modules().items():
        if re.search(r"\._(?!_)", name):
            continue
        first, _, rest = (ast.get_docstring(parse(path)) or "").partition("\n")
        # The docstring of a claim is its mechanism, a paragraph of the report.
        is_claim = name.startswith("ablations.claims.")
        ends = first.endswith(".") and (not rest or rest.startswith("\n"))
        if not (first if is_claim else ends):
            without.append(name)
    assert not without


def test_file_names_say_what_is_inside():
    assert not [
        str(path.relative_to(ROOT))
        for path in list_files()
        if path.suffix == ".py" and path.stem.lower() in NAMES_THAT_SAY_NOTHING
    ]


def test_tests_are_no_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("what", NOT_FOR_A_REPOSITORY)
def test_no_file_names_what_only_one_machine_has(what):
    pattern = re.compile(NOT_FOR_A_REPOSITORY[what])
    found = []
    for path in list_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found


def test_the_lock_names_packages_and_hashes_and_no_address():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    shapes = r"#.*|\s+# .*|[\w.-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    assert not [line for line in lines if not re.fullmatch(shapes, line)]
    assert not [line for line in lines if "://" in line]
