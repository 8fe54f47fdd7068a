"""`neve.memo` where the process is at a limit, and `clear` where a cache has several places."""

import os
import random
import resource

import numpy as np
import pytest

import neve
from conftest import PATIENT, run_python


def test_calls_within_each_other_end_in_an_error_before_the_stack_does(tmp_path):
    script = tmp_path / "deep.py"
    script.write_text(
        """
import sys, neve
sys.setrecursionlimit(10**6)
@neve.memo("memory:10MiB")
def deep(n):
    return 0 if n == 0 else deep(n - 1) + 1
try:
    print(deep(10**5))
except RecursionError:  # neve's, or before it that of Python 3.12
    print("ended")
print(deep(100))
"""
    )
    assert run_python(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')") == "ended\n100\n"


def test_a_process_without_descriptors_computes(cache):
    f = neve.memo(cache)(lambda x: x)
    f(0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 20, hard))
    try:
        with pytest.raises(OSError):
            while True:
                taken.append(os.open("/dev/null", os.O_RDONLY))
        with pytest.warns(neve.NotStoredWarning):
            assert f(2) == 2
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_clearing_a_chain_clears_its_memory(tmp_path):
    with neve.open(f"memory:1MiB,disk:{tmp_path}") as chain:
        chain.put("key", {"v": 1})
        chain.clear()
        assert chain.get("key") is None and "key" not in chain
    memory = neve.Memory(f"memory:1MiB,disk:{tmp_path}")
    f = memory.cache(lambda x: x)
    f(1)
    memory.clear()
    assert not f.check_call_in_cache(1)


def test_clearing_does_not_leave_what_a_server_keeps(tmp_path, redis_url):
    try:
        chain = neve.open(f"disk:{tmp_path},{redis_url}?{PATIENT}")
    except neve.UnsupportedError:
        pytest.skip("built without Redis")
    with chain:
        chain.put("key", {"v": 1})
        with pytest.raises(neve.UnsupportedError, match="tier 'redis'"):
            chain.clear()
        assert chain.get("key")["meta"] == {"v": 1}


@pytest.mark.parametrize("name", ["depends", "ignore"])
def test_one_text_is_not_taken_letter_by_letter(cache, name):
    with pytest.raises(neve.InvalidArgumentError, match=f"{name}='ab' is one text"):
        neve.memo(cache, **{name: "ab"})(lambda a, b: a)


def test_scalars_of_a_class_of_ones_own_are_not_numpys(cache):
    class Kelvin(np.float64):
        pass

    f = neve.memo(cache, version="1")(lambda x: None)
    with pytest.raises(neve.UnsupportedError, match="'x' is a .*Kelvin"):
        f(Kelvin(1.5))
    with pytest.raises(neve.UnsupportedError, match="'x' has a text that ends in NUL"):
        f(np.str_("a\0"))
    assert f.key(np.float64(1.5)) != f.key(1.5)


class Given:
    def __init__(self, value):
        self.value = value


def test_a_codec_that_gives_no_content_ends_in_an_error_before_the_stack_does(cache):
    f = neve.memo(cache, version="1")(lambda x: None)
    neve.register(Given, lambda given: given, Given, name="tests.Given")
    with pytest.raises(neve.UnsupportedError, match="'x' is a Given, of which its codec gives the value itself"):
        f(Given(1))
    neve.register(Given, lambda given: Given(given), Given, name="tests.Given")
    with pytest.raises(neve.UnsupportedError, match="'x' is nested too deep, or contains itself"):
        f(Given(1))


@pytest.mark.parametrize("error", [KeyError, AssertionError, ZeroDivisionError, OSError, ImportError, NotImplementedError])
def test_a_decoder_that_fails_on_what_is_stored_makes_it_computed_anew(cache, error):
    f = neve.memo(cache, version="1")(lambda x: Given(x))
    neve.register(Given, lambda given: given.value, Given, name="tests.Given")
    f(1)

    def of_another_time(content):
        raise error("an entry of the past")

    neve.register(Given, lambda given: given.value, of_another_time, name="tests.Given")
    with pytest.warns(neve.NotStoredWarning, match="an entry of the past"):
        assert f(1).value == 1
    assert f.stats()["unreadable"] == 1


def test_a_second_interpreter_is_refused_and_leaves_the_first_one_whole():
    script = """
import neve
try:
    import _interpreters as interpreters
except ImportError:  # Python 3.12 and earlier
    import _xxsubinterpreters as interpreters
other = interpreters.create()
interpreters.run_string(other, '''
try:
    import neve
except ImportError as error:
    print("interpreter" in str(error), flush=True)  # neve's own, or that of Python 3.13
''')
interpreters.destroy(other)
try:
    neve.open("memory:1MiB").put("k", {"a": (1,)})
except neve.InvalidArgumentError:
    print("whole")
"""
    assert run_python(script) == "True\nwhole\n"


def test_an_interpreter_that_keeps_the_gil_off_is_refused_with_the_remedy():
    script = """
import sys
sys._is_gil_enabled = lambda: False  # what a free-threaded Python says under PYTHON_GIL=0
try:
    import neve
except ImportError as error:
    print("needs the GIL, which PYTHON_GIL=0" in str(error))
"""
    assert run_python(script) == "True\n"


def test_what_dask_has_not_computed_is_refused_with_the_remedy(cache):
    class Array:
        def __dask_graph__(self):
            return {}

    with pytest.raises(neve.UnsupportedError, match=r"'x\.a': the .*Array of dask is a plan.*compute\(\)"):
        neve.memo(cache)(lambda x: 1)({"a": Array()})
    with pytest.warns(neve.NotStoredWarning, match=r"compute\(\)"):
        neve.memo(cache)(lambda: Array())()


def test_what_only_might_hold_a_plan_of_dask_is_not_said_to_be_one(cache):
    class DataArray:
        def __dask_graph__(self):
            return None

    with pytest.raises(neve.UnsupportedError, match="'x' is a .*DataArray, which has no exact form"):
        neve.memo(cache)(lambda x: 1)(DataArray())


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState, np.random.PCG64, random.Random])
def test_a_source_of_random_numbers_is_refused_with_the_remedy(cache, make):
    with pytest.raises(neve.UnsupportedError, match="'x.rng': the .* changes with each use; give its seed"):
        neve.memo(cache)(lambda x: 1)({"rng": make(1)})
