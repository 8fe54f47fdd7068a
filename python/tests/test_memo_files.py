"""`neve.File`: a path of which what the file holds counts."""

import copy
import os
import pathlib
import pickle
import signal

import numpy as np
import pytest

import neve
from memo_functions import counted


@pytest.fixture(autouse=True)
def nothing_counted(tmp_path, monkeypatch):
    counted.calls.clear()
    monkeypatch.chdir(tmp_path)


def test_what_a_file_holds_counts_and_not_when_it_was_written(cache):
    @neve.memo(cache)
    def length(file):
        counted()
        with open(file) as text:
            return len(text.read())

    path = pathlib.Path("a.txt")
    path.write_text("one")
    assert length(neve.File(path)) == length(neve.File("a.txt")) == 3
    os.utime(path, ns=(1, 1))
    assert length(neve.File(path)) == 3 and length.stats()["hits"] == 2
    path.write_text("other")
    os.utime(path, ns=(1, 1))
    assert length(neve.File(path)) == 5
    path.write_text("one")
    assert length(neve.File(path)) == 3 and len(counted.calls) == 2


def test_a_change_that_no_time_of_the_file_shows_counts(cache):
    f = neve.memo(cache)(lambda file: int(np.memmap(file, np.uint8)[0]))
    shared = np.memmap("a.bin", np.uint8, "w+", shape=(1,))
    for number in (1, 2, 3):
        shared[0] = number
        assert f(neve.File("a.bin")) == number


def test_the_path_counts_as_it_is_given(cache):
    f = neve.memo(cache)(lambda files: [file.path.name for file in files])
    pathlib.Path("a").write_text("same")
    pathlib.Path("b").write_text("same")
    assert f([neve.File("a")]) == ["a"] and f([neve.File("b")]) == ["b"]
    assert f.key([neve.File(pathlib.Path("a").absolute())]) != f.key([neve.File("a")])
    assert f.key(["a"]) != f.key([pathlib.Path("a")]) != f.key([neve.File("a")])


def test_a_file_goes_wherever_a_path_does():
    file = neve.File(pathlib.Path("folder") / "a.npy")
    assert (os.fspath(file), file.path, repr(file)) == (
        "folder/a.npy",
        pathlib.Path("folder/a.npy"),
        "neve.File('folder/a.npy')",
    )
    assert file == neve.File("folder/a.npy") != neve.File("b") and len({file, neve.File("folder/a.npy")}) == 1
    assert (file.suffix, file.parent, file.exists()) == (".npy", pathlib.Path("folder"), False)
    assert pickle.loads(pickle.dumps(file)) == copy.deepcopy(file) == file
    with pytest.raises(AttributeError, match="'read_all'"):
        file.read_all()
    odd = neve.File(os.fsdecode(b"\xff"))
    pathlib.Path(odd).write_bytes(b"x")
    assert neve.memo("none:")(lambda file: 1).key(odd)


@pytest.mark.parametrize(
    ("path", "told"), [("none", "'file': there is no input file 'none'"), (".", "'file': the input '.' is a folder")]
)
def test_what_cannot_be_read_is_refused_by_name(cache, path, told):
    with pytest.raises(neve.InvalidArgumentError, match=told):
        neve.memo(cache)(lambda file: 1)(neve.File(path))


def test_ctrl_c_ends_the_reading_of_a_large_file(cache):
    pathlib.Path("large").touch()
    os.truncate("large", 1 << 40)  # a hole: costs no disk, and would take minutes
    beforehand = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            neve.memo(cache)(lambda file: 1)(neve.File("large"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, beforehand)


def test_what_is_no_path_is_refused():
    with pytest.raises(neve.InvalidArgumentError, match="path is 3; give a path"):
        neve.File(3)


def test_a_call_that_writes_into_its_file_is_not_kept(cache):
    @neve.memo(cache)
    def add(file):
        with open(file, "a") as text:
            text.write("more")
        return 1

    pathlib.Path("a").write_text("")
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'file'"):
        add(neve.File("a"))


def test_a_file_in_a_result_is_there_as_it_was_written_or_written_anew(cache):
    @neve.memo(cache)
    def render(text):
        counted()
        path = pathlib.Path("out.txt")
        path.write_text(text)
        return {"picture": neve.File(path), "size": len(text)}

    for _ in range(2):
        assert render("x") == {"picture": neve.File("out.txt"), "size": 1}
    assert len(counted.calls) == 1
    for spoil in (lambda: pathlib.Path("out.txt").write_text("y"), lambda: os.remove("out.txt"), lambda: render("z")):
        spoil()
        calls = len(counted.calls)
        assert pathlib.Path(render("x")["picture"]).read_text() == "x" and len(counted.calls) == calls + 1
        assert render("x")["size"] == 1 and len(counted.calls) == calls + 1
