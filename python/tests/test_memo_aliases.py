"""`neve.memo`: a result is nobody else's, whether it was computed or found."""

import threading

import numpy as np
import pytest

import neve
from memo_functions import Fiber

BUFFER = np.zeros(4)
SHARED = {"names": ["a"], "pair": (["b"], {"c": ["d"]})}
PLACES = []


@pytest.fixture(params=["disk", "memory", "chain"])
def place(request, tmp_path):
    url = {"disk": f"disk:{tmp_path}", "memory": "memory:8MiB", "chain": f"memory:8MiB,disk:{tmp_path}"}[request.param]
    with neve.open(url) as cache:
        yield cache


def thrice(place, function, *make, then, **options):
    """What three calls give, the first of which computes, each after `then(arguments, result)` has written somewhere."""
    f = neve.memo(place, version="1", source=False, **options)(function)
    given = []
    for _ in range(3):
        arguments = [each() for each in make]
        result = f(*arguments)
        then(arguments, result)
        given.append((repr(result), repr(arguments)))
    assert f.stats()["hits"] == 2
    return given


def _itself(x):
    return x


def _view(x):
    return {"rest": x[1:], "all": x.T}


def _column(x):
    return x.reshape(2, 2)[:, 1]


def _frozen_view(x):
    view = x[:]
    view.flags.writeable = False
    return view


def _in_an_object(x):
    return Fiber(1.0, [x, [x]])


def _seen_through_bytes(x):
    return np.frombuffer(memoryview(x), float)


@pytest.mark.parametrize("function", [_itself, _view, _column, _frozen_view, _in_an_object, _seen_through_bytes])
def test_what_the_caller_writes_into_an_argument_does_not_show_in_the_result(place, function):
    def write(arguments, result):
        arguments[0][...] = 7

    first, *others = thrice(place, function, lambda: np.zeros(4), then=write)
    assert others == [first, first] and "7" not in first[0]


def test_nor_does_what_a_function_writes_into_a_buffer_of_its_own(place):
    def write(arguments, result):
        BUFFER[:] = 7

    def fill(n):
        BUFFER[:] = n
        return [BUFFER, BUFFER[1:3]]

    first, *others = thrice(place, fill, lambda: 3, then=write)
    assert others == [first, first] and "7" not in first[0]


def test_writable_results_are_written_into_alone(place):
    def write(arguments, result):
        result["a"][0] = result["list"][0][0] = 7

    def give(x):
        return {"a": x, "b": x, "list": [x[1:]], "own": np.zeros(2)}

    first, *others = thrice(place, give, lambda: np.zeros(4), then=write, writable=True)
    assert others == [first, first]
    assert first[0].count("7") == 2 and "7" not in first[1]


def test_lists_and_dicts_of_a_result_are_written_into_alone(place):
    f = neve.memo(place)(lambda x: SHARED)
    for _ in range(3):
        result = f(1)
        assert result == SHARED == {"names": ["a"], "pair": (["b"], {"c": ["d"]})}
        result["pair"][1]["c"].append("e")
        result["names"] += ["f"]


def test_arrays_of_a_result_lie_in_memory_as_those_of_a_hit_do(place):
    def give(n):
        square = np.arange(24.0).reshape(4, 6)
        return [square[:, ::2], square.T, square[::-1], square.T[1:3], np.arange(9)[::2], np.arange(9)[1:]]

    f = neve.memo(place)(give)
    computed, found = f(1), f(1)
    assert [each.strides for each in computed] == [each.strides for each in found]
    assert [each.flags.f_contiguous for each in computed] == [each.flags.f_contiguous for each in found]
    assert f.stats()["hits"] == 1


def test_read_only_stays_read_only(place):
    f = neve.memo(place)(lambda n: np.zeros(n))
    for _ in range(2):
        with pytest.raises(ValueError, match="WRITEABLE"):
            f(5).flags.writeable = True


def test_threads_that_wait_for_a_result_have_one_each(place):
    f = neve.memo(place, writable=True)(lambda n: [np.zeros(n), {"x": []}])
    start = threading.Barrier(4)
    results = [None] * 4

    def work(i):
        start.wait()
        results[i] = f(3)
        results[i][0] += i
        results[i][1]["x"].append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(float(array[0]), more) for array, more in results] == [(i, {"x": [i]}) for i in range(4)]


def _in_place(array):
    PLACES.append(array.ctypes.data)
    return array


def test_a_result_that_only_the_function_had_is_not_copied(cache):
    @neve.memo(cache, ignore=["PLACES"])
    def give(n):
        return [_in_place(np.ones(n)), _in_place(np.ones(n)[10:]), _in_place(np.ones(n).reshape(10, -1).T)]

    PLACES.clear()
    assert [each.ctypes.data for each in give(1000)] == PLACES


def test_what_a_cache_was_given_and_what_it_gives_is_its_own(place):
    array, meta = np.zeros(3), {"list": [1], "dict": {"a": [2]}}
    place.put("key", meta, {"x": array, "y": array[1:]})
    array[:] = 7
    meta["dict"]["a"].append(7)
    for _ in range(2):
        entry = place.get("key", writable=True)
        assert entry["meta"] == {"list": [1], "dict": {"a": [2]}}
        assert entry["arrays"]["x"].tolist() == [0, 0, 0] and entry["arrays"]["y"].tolist() == [0, 0]
        entry["arrays"]["x"][:] = 8
        entry["meta"]["list"].append(8)
