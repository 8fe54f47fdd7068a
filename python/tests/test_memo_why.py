"""What `why` knows of calls made in quick succession, whose list is not written at each of them."""

import pytest

import neve
from conftest import run_python

SCRIPT = """
import pathlib, shutil, sys
import neve

@neve.memo(pathlib.Path(sys.argv[1]), version="1", source=False)
def f(a):
    return a

if __name__ == "__main__":
    for a in range(20):
        f(a)
    if sys.argv[2:] == ["remove"]:
        shutil.rmtree(sys.argv[1])
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def test_the_last_calls_of_a_process_that_has_ended_are_known(folder):
    run_python(SCRIPT, folder)
    asks = SCRIPT.split("if __name__")[0] + "print(f.why(99).nearest == f.key(19))"
    assert run_python(asks, folder).strip() == "True"


def test_a_folder_that_was_removed_does_not_come_back_when_the_process_ends(folder):
    run_python(SCRIPT, folder, "remove")
    assert not folder.exists()


def test_calls_in_quick_succession_are_written_down_together(cache, monkeypatch):
    monkeypatch.setattr("neve._recent.monotonic", lambda: 1000.0)

    @neve.memo(cache, version="1")
    def f(a):
        return a

    for a in range(50):
        f(a)
    assert cache.stats()["stores"] == 51
    assert f.why(99).nearest == f.key(49)
    f.clear()
    assert f.why(99).nearest is None
