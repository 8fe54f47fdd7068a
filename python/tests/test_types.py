"""The type stub of the extension is the one in the repository."""

import pathlib
import subprocess
import sys

import neve

GOLDEN = pathlib.Path(__file__).parent.parent / "neve" / "_neve.pyi"


def test_the_stub_says_what_the_extension_has(tmp_path):
    made = tmp_path / "made.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-m", "neve._neve", "-P", "-q", "-o", made]
    subprocess.run(command, check=True, timeout=60)
    assert made.read_text() == GOLDEN.read_text(), f"if this is what you meant: {' '.join(map(str, command[:-1]))} {GOLDEN}"


def test_every_public_name_is_there_and_documented():
    for name in neve.__all__:
        found = getattr(neve, name)
        assert name == "__version__" or found.__doc__, name
    for name, member in vars(neve.Cache).items():
        assert name.startswith("_") or member.__doc__, name
