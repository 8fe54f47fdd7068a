"""`why`: what changed since the nearest stored call, and what is known of calls made in quick succession."""

import pytest

import neve
from conftest import run_python
from memo_functions import Grid

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
    monkeypatch.setattr("neve._memo.recent.monotonic", lambda: 1000.0)

    @neve.memo(cache, version="1")
    def f(a):
        return a

    for a in range(50):
        f(a)
    assert cache.stats()["stores"] == 51
    assert f.why(99).nearest == f.key(49)
    f.clear()
    assert f.why(99).nearest is None


def test_why_names_what_changed(cache):
    @neve.memo(cache, version="1")
    def f(a, b, grid):
        return a

    assert "no stored call" in str(f.why(1, 2, Grid()))
    f(1, 2, Grid())
    f(1, 2, Grid(points=99))
    assert f.why(1, 2, Grid()).hit
    why = f.why(1, 3, Grid())
    assert not why.hit
    assert why.changes == ["config.arguments.b: 2 → 3"]
    assert why.nearest == f.key(1, 2, Grid())
    assert "points" in str(f.why(1, 2, Grid(points=7)))
    cache.delete(f.key(1, 2, Grid()))
    assert "gone" in str(f.why(1, 2, Grid()))


def test_why_knows_the_calls_of_other_processes_and_of_long_arguments(cache):
    def f(a):
        return 0

    mine, other = neve.memo(cache, version="1")(f), neve.memo(cache, version="1")(f)
    mine(1)
    other(2)
    mine(3)  # whose list of calls was read before the other's was written
    fresh = neve.memo(cache, version="1")(f)
    assert fresh.why(9).changes
    for each in (1, 2, 3):
        cache.delete(mine.key(each))
        assert "gone" in str(fresh.why(each))
    long = [float(each) for each in range(5000)]
    mine(long)
    assert fresh.why(long[:-1] + [0.5]).nearest == mine.key(long)
