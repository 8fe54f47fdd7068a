"""`neve.memo`: another code or other defaults may be put into a function, as autoreload does in notebooks."""

import importlib
import os
import pickle
import sys
import types

import pytest

import neve


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """Writes a module `replaced_module` with these lines and gives its `simulate` as a fresh import would."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    times = iter(range(10**9, 2 * 10**9))

    def write(*lines):
        path = tmp_path / "replaced_module.py"
        path.write_text("\n".join(lines) + "\n")
        os.utime(path, (next(times),) * 2)
        sys.modules.pop("replaced_module", None)
        importlib.invalidate_caches()
        return importlib.import_module("replaced_module").simulate

    return write


def put_into(function, other):
    function.__code__, function.__defaults__, function.__kwdefaults__ = (
        other.__code__,
        other.__defaults__,
        other.__kwdefaults__,
    )


def test_a_function_with_another_code_has_other_keys_and_leaves_the_stored_results_alone(cache, edited):
    function = edited("def simulate(x):", "    return x")
    kept = neve.memo(cache)(function)
    assert kept(2) == 2
    put_into(function, edited("def simulate(x):", "    return 100 * x"))
    assert [kept(2), kept(3)] == [200, 300]
    fresh = neve.memo(cache)(edited("def simulate(x):", "    return 100 * x"))
    assert fresh.check_call_in_cache(3) and fresh.key(3) == kept.key(3)
    put_into(function, edited("def simulate(x):", "    return x"))
    assert [kept(2), kept(3)] == [2, 3]
    assert kept.stats()["hits"] == 1


def test_parameters_and_defaults_that_are_replaced_count(cache, edited):
    function = edited("def simulate(x, y=1, *, z=1):", "    return x * y * z")
    kept = neve.memo(cache)(function)
    assert kept(2) == 2
    function.__defaults__ = (5,)
    assert kept(2) == 10
    function.__kwdefaults__ = {"z": 10}
    assert kept(2) == 100
    put_into(function, edited("def simulate(x, y=1, w=7):", "    return x * y * w"))
    assert [kept(2), kept(2, w=1)] == [14, 2]


def test_a_function_replaced_while_it_runs_keeps_no_result(cache, edited):
    function = edited("def simulate(x, replace=None):", "    x and replace[0]()", "    return x")
    other = edited("def simulate(x, replace=None):", "    x and replace[0]()", "    return 2 * x")
    kept = neve.memo(cache, ignore=["replace"])(function)
    with pytest.warns(neve.NotStoredWarning, match="replaced while it ran"):
        assert kept(1, [lambda: put_into(function, other)]) == 1
    assert kept(1, [lambda: None]) == 2
    first = edited("def simulate(x, replace=None):", "    x and replace[0]()", "    return x")
    assert not neve.memo(cache, ignore=["replace"])(first).check_call_in_cache(1)


def test_a_replaced_function_travels_as_it_is_now(cache, edited, monkeypatch):
    function = edited("def simulate(x):", "    return x")
    kept = neve.memo(cache, version="1", source=False, depends={"other": neve.memo(cache)(function)})(len)
    inner = neve.memo(cache, version="1", source=False)(function)
    before = kept.key([]), inner.key(1)
    other = edited("def simulate(x, y=2):", "    return 100 * x")
    put_into(function, other)
    monkeypatch.setattr(sys.modules["replaced_module"], "simulate", function)
    arrived = pickle.loads(pickle.dumps(inner))
    assert arrived.key(1) == inner.key(1) != before[1]
    assert kept.key([]) != before[0]


@pytest.fixture
def autoreload(monkeypatch):
    """Loads `replaced_module` anew as the extension of IPython does it."""
    extension = types.ModuleType("IPython.extensions.autoreload")
    extension.UPDATE_RULES = []
    monkeypatch.setitem(sys.modules, extension.__name__, extension)

    def load_anew(lines, former):
        new = lines()
        for applies, update in extension.UPDATE_RULES:
            if applies(former, new):
                update(former, new)
        return new

    return load_anew


def test_what_was_imported_from_a_module_that_is_loaded_anew_is_the_new_function(tmp_path, edited, autoreload):
    head = "import neve", f"@neve.memo({f'disk:{tmp_path}/c'!r})"
    former = edited(*head, "def simulate(x):", "    return x")
    bound = former.__get__(3)
    assert (former(3), bound()) == (3, 3)
    new = autoreload(lambda: edited(*head, "def simulate(x, y=10):", "    return x * y"), former)
    assert (former(3), bound(), new(3)) == (30, 30, 30)
    assert former.key(4) == new.key(4) != former.key(3)
    assert former.stats() == new.stats()
    autoreload(lambda: edited("def simulate(x):", "    return -x"), former)
    assert former(3) == 30


def test_a_call_that_runs_while_its_module_is_loaded_anew_is_one_of_the_former_function(tmp_path, edited, autoreload):
    head = "import neve", f"@neve.memo({f'disk:{tmp_path}/c'!r}, ignore=['then'])", "def simulate(x, then):", "    then()"
    former = edited(*head, "    return x")
    before = former.key(3, None)
    new = []
    assert former(3, lambda: new.append(autoreload(lambda: edited(*head, "    return -x"), former))) == 3
    assert new[0].check_call_in_cache(3, None) is False and new[0].cache.exists(before)
    assert former(3, lambda: None) == -3
