"""The type stub of the extension is the one in the repository."""

import inspect
import pathlib
import re
import subprocess
import sys

import pytest

import neve
import neve.conformance
import neve.datasets
import neve.phys

FOLDER = pathlib.Path(__file__).parent.parent / "neve"


@pytest.mark.parametrize("module", ["_neve", "_datasets"])
def test_the_stub_says_what_the_extension_has(module, tmp_path):
    pytest.importorskip(f"neve.{module}", reason="not built", exc_type=ImportError)
    made, golden = tmp_path / "made.pyi", FOLDER / f"{module}.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-m", f"neve.{module}", "-P", "-q", "-o", str(made)]
    subprocess.run(command, check=True, timeout=60)
    # From Python 3.12 on the interpreter itself adds a method to whoever has a buffer.
    text = re.sub(
        r"    def __buffer__\(self, flags, /\):\n        \"\"\"\n.*?\"\"\"\n\n", "", made.read_text(), flags=re.DOTALL
    )
    assert text == golden.read_text(), f"if this is what you meant: {' '.join(command[:-1])} {golden}"


def test_every_public_name_is_there_and_documented():
    for name in neve.__all__:
        found = getattr(neve, name)
        assert name == "__version__" or found.__doc__, name
    for name, member in vars(neve.Cache).items():
        assert name.startswith("_") or member.__doc__, name


TELL_NO_ERROR = {"close", "stats", "usage", "table", "csv", "stage_names"}


@pytest.mark.parametrize("module", [neve, neve.phys, neve.datasets, neve.conformance])
def test_every_public_function_and_method_is_documented_with_its_errors(module):
    named = {name: found for name, found in vars(module).items() if not name.startswith("_")}
    named |= {name: getattr(module, name) for name in getattr(module, "__all__", ())}
    own = {name: each for name, each in named.items() if getattr(each, "__module__", "").startswith("neve")}
    methods = {
        f"{name}.{each}": getattr(kind, each)
        for name, kind in own.items()
        if inspect.isclass(kind) and not issubclass(kind, BaseException)
        for each in dir(kind)
        if not each.startswith("_") and (callable(getattr(kind, each)) or isinstance(getattr(kind, each), property))
    }
    for name, found in {**own, **methods}.items():
        text = inspect.getdoc(found)
        assert text, name
        if inspect.isclass(found) or not callable(found) or name.split(".")[-1] in TELL_NO_ERROR:
            continue
        assert re.search("[Rr]aise|[Ee]rror|: 0 if", text), name


PROGRAM = """
import numpy as np
import neve
import neve.phys
import phys_pipeline
from phys_pipeline import DagExecutor
from phys_pipeline.cache import CacheBackend

backends: list[CacheBackend] = [neve.phys.DiskCache("x"), neve.phys.SharedDiskCache("x"), neve.phys.RedisCache("redis://x")]
backends.append(neve.phys.build_cache_backend(phys_pipeline.CacheConfig()))
theirs = phys_pipeline.DagCache(neve.phys.DiskCache("x"))
executor = DagExecutor(cache=neve.phys.DagCache("disk:.neve"))


class Model:
    @neve.memo("memory:1MiB")
    def predict(self, x: int) -> str:
        return str(x)


right: str = Model().predict(1)
key: str = Model().predict.key(x=1)
unbound: str = Model.predict(Model(), 1)
neve.Pipeline("p").sweep({"s.gain": np.linspace(0, 1, 3)}, "memory:1MiB")
neve.open("memory:1MiB").put("key", {}, np.load("file.npz"))
wrong = Model().predict("1")  # line 26
"""


def test_a_program_that_uses_all_of_it_is_strictly_typed(tmp_path):
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "mypy"), str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 1 and "program.py:26: " in errors[0] and 'expected "int"' in errors[0], done.stdout + done.stderr
