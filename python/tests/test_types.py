"""The type stub of the extension is the one in the repository."""

import pathlib
import re
import subprocess
import sys

import pytest

import neve

FOLDER = pathlib.Path(__file__).parent.parent / "neve"


@pytest.mark.parametrize("module", ["_neve", "_datasets"])
def test_the_stub_says_what_the_extension_has(module, tmp_path):
    pytest.importorskip(f"neve.{module}", reason="not built", exc_type=ImportError)
    made, golden = tmp_path / "made.pyi", FOLDER / f"{module}.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-m", f"neve.{module}", "-P", "-q", "-o", str(made)]
    subprocess.run(command, check=True, timeout=60)
    # From Python 3.12 on the interpreter itself adds a method to whoever has a buffer.
    text = re.sub(r"    def __buffer__\(self, flags, /\):\n        \"\"\"\n.*?\"\"\"\n\n", "", made.read_text(), flags=re.DOTALL)
    assert text == golden.read_text(), f"if this is what you meant: {' '.join(command[:-1])} {golden}"


def test_every_public_name_is_there_and_documented():
    for name in neve.__all__:
        found = getattr(neve, name)
        assert name == "__version__" or found.__doc__, name
    for name, member in vars(neve.Cache).items():
        assert name.startswith("_") or member.__doc__, name
