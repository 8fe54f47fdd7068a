"""What a joblib user finds: the same words, workers that share results, functions that travel."""

import copy
import os
import pathlib
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pytest

import neve

PROCESSES = """
import sys
import joblib
sys.path.insert(0, sys.argv[1])
import memo_functions
if __name__ == "__main__":
    results = joblib.Parallel(n_jobs=3)(joblib.delayed(memo_functions.slow_square)(x) for x in [2, 3, 2, 3, 2, 3])
    print([int(each) for each in results])
"""


def test_joblib_processes_share_results_and_compute_a_call_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(PROCESSES)
    here = pathlib.Path(__file__).parent
    marks = tmp_path / "cache.marks"
    marks.mkdir()
    environment = {**os.environ, "NEVE_TEST_FOLDER": str(tmp_path / "cache")}
    environment["PYTHONPATH"] = ":".join([str(here), *sys.path])
    done = subprocess.run([sys.executable, script, here], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout == "[4, 9, 4, 9, 4, 9]\n", done.stderr
    assert sorted((marks / "computed").read_text().split()) == ["2", "3"]


def test_a_joblib_user_finds_the_same_words(tmp_path):
    def work(x, y=1):
        return x + y

    memories = [joblib.Memory(tmp_path / "joblib", verbose=0), neve.Memory(str(tmp_path / "neve"))]
    answers = []
    for memory in memories:
        kept = memory.cache(work, ignore=["y"])
        one = [kept(1), kept(1, y=5), kept.check_call_in_cache(1), kept.check_call_in_cache(2), kept.func is work]
        shelved = kept.call_and_shelve(7)
        one += [shelved.get(), memory.eval(work, 3)]
        shelved.clear()
        kept.clear(warn=False)
        one.append(kept.check_call_in_cache(1))
        kept(4)
        memory.clear(warn=False)
        one.append(kept.check_call_in_cache(4))
        again = memory.cache(memory.cache(work), ["x"])  # what is kept already, and joblib's order of arguments
        one += [again.func is work, again(1), again(2)]
        answers.append(one)
    assert answers[0] == answers[1]


def _count_to(n):
    return np.arange(n)


def test_memory_takes_joblib_s_words(tmp_path):
    memory = neve.Memory(str(tmp_path / "neve"), mmap_mode="r", verbose=10, compress=True, backend="local")
    field = memory.cache(_noise)
    field(1 << 20)
    stored = field(1 << 20)
    assert not stored.flags.writeable
    with open("/proc/self/maps") as maps:
        assert str(tmp_path / "neve") in maps.read()
    own = memory.cache(_count_to, mmap_mode="c", source=False, version="2")
    own(10)
    own(10)[:] = 0
    assert own(10).tolist() == list(range(10))
    with pytest.raises(neve.InvalidArgumentError, match="never written to"):
        neve.Memory(str(tmp_path), mmap_mode="r+")
    with pytest.raises(neve.InvalidArgumentError, match="URL"):
        neve.Memory(str(tmp_path), backend="s3")


def test_mmap_mode_of_a_function_comes_before_that_of_the_memory(tmp_path):
    memory = neve.Memory(str(tmp_path), mmap_mode="c")
    for mode, writable in ((False, True), (None, False)):  # False is the Memory's, as in joblib
        kept = memory.cache(_count_to, mmap_mode=mode)
        kept(5)
        assert kept(5).flags.writeable == writable


def test_memory_at_none_keeps_nothing():
    memory = neve.Memory(None)
    kept = memory.cache(_add)
    assert kept(1, 2) == kept(1, 2) == 3
    assert kept.stats()["hits"] == 0


def _noise(count):
    return np.random.default_rng(1).random(count)


def _add(a, b):
    return a + b


def test_a_memo_travels_by_pickle(monkeypatch, tmp_path):
    kept = neve.memo(tmp_path)(_add)
    monkeypatch.setattr(sys.modules[__name__], "_add", kept)
    assert pickle.loads(pickle.dumps(kept)) is kept


def test_a_memo_under_another_name_travels_with_its_function(tmp_path):
    kept = neve.memo(tmp_path, version="1", depends={"table": [1, 2]})(_add)
    arrived = pickle.loads(pickle.dumps(kept))
    assert arrived is not kept and arrived.key(1, 2) == kept.key(1, 2)
    assert joblib.Parallel(n_jobs=2)(joblib.delayed(kept)(i, 1) for i in range(3)) == [_add(i, 1) for i in range(3)]


def _scaled(x):
    return x * getattr(scaled, "scale", 1)


scaled = neve.memo("none:")(_scaled)


@pytest.mark.parametrize("travel", [lambda kept: pickle.loads(pickle.dumps(kept)), copy.copy, copy.deepcopy])
def test_what_is_set_on_a_memo_travels_with_it(travel):
    scaled.scale = 3
    arrived = travel(scaled)
    assert arrived is not scaled and arrived.scale == 3
    assert arrived.key(2) == scaled.key(2)
    del arrived.scale
    assert scaled.scale == 3 and arrived.key(2) != scaled.key(2)


ATTRIBUTE_OF_A_SCRIPT = """
import joblib
import neve

@neve.memo("none:")
def scaled(x):
    return x * getattr(scaled, "scale", 1)

if __name__ == "__main__":
    results = []
    for scale in (2, 3):
        scaled.scale = scale
        results += joblib.Parallel(n_jobs=2)(joblib.delayed(scaled)(x) for x in (1, 2))
    print(results)
"""


def test_what_is_set_on_a_function_of_a_script_travels_as_it_is_now(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(ATTRIBUTE_OF_A_SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "[2, 4, 3, 6]\n"


def test_what_is_shelved_is_the_result_of_the_call_as_it_was(tmp_path):
    @neve.memo(tmp_path, version="1")
    def total(buffer):
        return float(buffer.sum())

    buffer = np.zeros(3)
    shelved = []
    for number in range(3):
        buffer[:] = number
        shelved.append(total.call_and_shelve(buffer))
    assert [each.get() for each in shelved] == [0, 3, 6]
    for each in shelved:
        each.clear()
    assert shelved[2].get() == 6  # computed anew: the buffer is still that
    with pytest.raises(KeyError, match="no longer what it was"):
        shelved[0].get()


def test_what_is_shelved_of_a_function_that_writes_into_its_argument_is_in_the_reference(tmp_path):
    @neve.memo(tmp_path, version="1")
    def smallest(values):
        values.sort()
        return values[0]

    values = [3, 1, 2]
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'values'"):
        shelved = smallest.call_and_shelve(values)
    assert values == [1, 2, 3] and shelved.get() == 1 and not smallest.cache.exists(shelved.key)
    shelved.clear()
    with pytest.raises(KeyError, match="no longer what it was"):
        shelved.get()


def test_a_method_of_a_plain_object_is_kept_without_it(tmp_path):
    class Solver:
        def __init__(self):
            self.solve = neve.Memory(str(tmp_path)).cache(self.solve, ignore=["self"])

        def solve(self, x):
            return 2 * x

    assert Solver().solve(2) == 4 and Solver().solve.check_call_in_cache(2)


def test_joblib_s_word_for_a_lifetime_is_answered_with_ours(tmp_path):
    with pytest.raises(neve.InvalidArgumentError, match="ttl_s"):
        neve.Memory(str(tmp_path)).cache(_add, cache_validation_callback=joblib.expires_after(days=1))


def test_a_memory_tells_its_place_without_the_password(tmp_path):
    assert repr(neve.Memory(tmp_path)) == f"<neve.Memory in {tmp_path}>"
    assert repr(neve.Memory("redis://ann:hunter2@host")) == "<neve.Memory in redis://ann:***@host>"
