"""`neve.memo`: what a function depends on, or closes over, counts as it is at the time of each call."""

import functools
import importlib
import os
import sys
import types

import pytest

import neve


class Settings:
    a = 1


def test_a_class_among_the_dependencies_is_looked_at_in_each_call(cache, monkeypatch):
    @neve.memo(cache, depends=[Settings])
    def f(x):
        return Settings.a * x

    assert f(1) == 1
    monkeypatch.setattr(Settings, "a", 2)
    assert [f(1), f(5)] == [2, 10]
    monkeypatch.setattr(Settings, "a", 1)
    assert [f(1), f(5)] == [1, 5]


def helper(x, factor=1):
    return factor * x


def another(x, factor=1):
    return 10 * factor * x


@pytest.mark.parametrize("name", ["__code__", "__defaults__"])
def test_a_function_whose_content_is_replaced_is_another(cache, monkeypatch, name):
    @neve.memo(cache, depends=[helper])
    def f(x):
        return helper(x)

    assert f(1) == 1
    monkeypatch.setattr(helper, name, {"__code__": another.__code__, "__defaults__": (3,)}[name])
    assert f(1) == helper(1) != 1
    monkeypatch.undo()
    assert f(1) == 1


def test_a_dependency_that_is_reloaded_is_what_is_called_then(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "reloaded_module.py"
    path.write_text("def helper(x):\n    return 1\nclass Kind:\n    a = 1\n")
    module = importlib.import_module("reloaded_module")

    @neve.memo(cache, depends=[module.helper, module.Kind])
    def f(x):
        here = sys.modules["reloaded_module"]
        return [here.helper(x), here.Kind.a]

    first = f.key(1)
    assert f(1) == [1, 1]
    path.write_text("def helper(x):\n    return 222\nclass Kind:\n    a = 1\n")
    importlib.invalidate_caches()
    importlib.reload(module)
    assert f(1) == [222, 1]
    path.write_text("def helper(x):\n    return 1\nclass Kind:\n    a = 33333\n")
    importlib.reload(module)
    assert f(1) == [1, 33333]
    path.write_text("def helper(x):\n    return 1\nclass Kind:\n    a = 1\n")
    importlib.reload(module)
    assert f.key(1) == first


def test_a_wrapper_that_only_bears_a_name_is_not_looked_up_by_it(cache):
    import functools

    def scaled(factor):
        @functools.wraps(helper)
        def wrapper(x):
            return factor * helper(x)

        return wrapper

    keys = {neve.memo(cache, depends={"helper": scaled(factor)}, version="1")(another).key(1) for factor in (1, 2)}
    assert len(keys) == 2


def test_a_dependency_with_defaults_is_not_described_again_in_each_call(cache, monkeypatch):
    from neve import _neve

    f = neve.memo(cache, depends=[helper])(lambda x: helper(x))
    f(1)
    monkeypatch.setattr(_neve, "value_digest", None)
    assert f(1) == 1


def test_nested_functions_may_call_each_other(cache):
    def outer(last):
        def a(n):
            return b(n - 1) if n else 0

        def b(n):
            return a(n - 1) if n else last

        @neve.memo(cache)
        def f(n):
            return a(n)

        return f, neve.memo(cache)(a), neve.memo(cache)(lambda function: function(3))(a)

    assert [outer(last)[0](3) for last in (1, 2, 1)] == [1, 2, 1]
    assert [outer(last)[1](3) for last in (1, 2, 1)] == [1, 2, 1]
    assert [outer(last)[2] for last in (1, 2, 1)] == [1, 2, 1]


def test_a_function_and_a_class_may_refer_to_each_other(cache):
    def outer(last):
        class Node:
            def value(self):
                return make is None or last

        def make():
            return Node()

        return make

    f = neve.memo(cache)(lambda make: make().value())
    assert [f(outer(last)) for last in (1, 2, 1)] == [1, 2, 1]
    assert f.stats()["hits"] == 1


def test_memoised_functions_may_call_each_other(cache):
    def outer(last):
        @neve.memo(cache)
        def even(n):
            return odd(n - 1) if n else last

        @neve.memo(cache)
        def odd(n):
            return even(n - 1) if n else 0

        return even

    assert [outer(last)(4) for last in (1, 2, 1)] == [1, 2, 1]


def test_which_of_two_functions_is_called_again_counts(cache):
    def pair(first):
        def a():
            return "a"

        def b():
            return "b"

        def run(a=a, b=b):
            return [a(), b(), a() if first else b()]

        return types.SimpleNamespace(parts=[a, b, a if first else b]), run

    f = neve.memo(cache)(lambda parts: [part() for part in parts])
    assert [f(pair(first)[0].parts) for first in (True, False)] == [["a", "b", "a"], ["a", "b", "b"]]


def test_a_recheck_that_fails_leaves_the_stored_result(cache):
    class Server:
        away = False

    server = Server()
    neve.register(Server, lambda server: None, None, name="tests.Server")

    @neve.memo(cache, verify=1.0)
    def f(x):
        if server.away:
            raise OSError("the file server is away")
        return x

    assert f(1) == 1
    server.away = True
    with pytest.warns(neve.NotDeterministicWarning, match="the file server is away"):
        assert f(1) == 1


def test_a_module_among_the_dependencies_that_is_reloaded_counts_with_its_new_version(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "versioned_module.py"
    path.write_text("__version__ = '1'\nFACTOR = 1\n")
    module = importlib.import_module("versioned_module")

    @neve.memo(cache, depends=[module])
    def f():
        return module.FACTOR

    assert f() == 1
    path.write_text("__version__ = '22'\nFACTOR = 222\n")
    importlib.invalidate_caches()
    importlib.reload(module)
    assert f() == 222


def test_what_was_taken_from_a_module_before_it_was_reloaded_is_not_taken_for_the_new_one(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    times = iter(range(10**9, 2 * 10**9))

    def write(name, *lines):
        path = tmp_path / f"{name}.py"
        path.write_text("\n".join(lines) + "\n")
        os.utime(path, (next(times),) * 2)

    write("taken_deep", "def deep(x):", "    return x")
    write("taken_from", "from taken_deep import deep", "def helper(x):", "    return deep(x)")
    deep, source = (importlib.import_module(name) for name in ("taken_deep", "taken_from"))
    here = types.ModuleType("taken_by")
    monkeypatch.setitem(sys.modules, "taken_by", here)
    here.helper = source.helper

    def call(x):
        return helper(x)

    own = types.FunctionType(call.__code__, here.__dict__, "call")
    own.__module__ = "taken_by"
    for version in ("list", "dict"):
        depends = [here.helper, deep.deep] if version == "list" else {"helper": here.helper, "deep": deep.deep}
        kept = neve.memo(cache, depends=depends, version=version)(own)
        former, former_deep = here.helper, source.deep
        assert kept(1) == 1
        write("taken_from", "from taken_deep import deep", "def helper(x):", "    return deep(x) + 100")
        importlib.reload(source)
        assert [kept(1), kept(2)] == [1, 2]  # what it calls is the one from before
        here.helper = source.helper
        assert [kept(1), kept(2)] == [101, 102]
        write("taken_deep", "def deep(x):", "    return 10 * x")
        importlib.reload(deep)
        assert [kept(1), kept(3)] == [101, 103]  # helper's own is the one from before
        source.deep = deep.deep
        assert [kept(1), kept(2), kept(3)] == [110, 120, 130]
        hits = kept.stats()["hits"]
        here.helper, source.deep = former, former_deep
        write("taken_deep", "def deep(x):", "    return x")
        write("taken_from", "from taken_deep import deep", "def helper(x):", "    return deep(x)")
        importlib.reload(deep), importlib.reload(source)
        here.helper = source.helper
        assert [kept(1), kept(2)] == [1, 2]
        assert kept.stats()["hits"] == hits + 1


def test_what_the_function_reads_counts_where_depends_was_given_the_one_from_before(cache, monkeypatch):
    former = functools.update_wrapper(types.FunctionType(another.__code__, globals(), "helper"), helper)

    @neve.memo(cache, depends=[former])
    def f(x):
        return helper(x)

    assert f(1) == 1
    changed = functools.update_wrapper(types.FunctionType(another.__code__, globals(), "helper", (7,)), helper)
    monkeypatch.setitem(globals(), "helper", changed)
    assert f(1) == 70


def test_a_helper_that_keeps_its_results_is_looked_up_by_its_name(cache, monkeypatch):
    monkeypatch.setitem(globals(), "helper", functools.lru_cache(helper))

    @neve.memo(cache, depends=[helper])
    def f(x):
        return helper(x)

    assert f(1) == 1
    changed = functools.update_wrapper(types.FunctionType(another.__code__, globals(), "helper", (1,)), helper.__wrapped__)
    monkeypatch.setitem(globals(), "helper", functools.lru_cache(changed))
    assert f(1) == 10


nameless = functools.lru_cache(functools.partial(another, factor=3))


def test_what_keeps_the_results_of_something_without_a_name_is_a_dependency_and_a_global_variable(cache):
    @neve.memo(cache, depends={"helper": helper, "nameless": nameless})
    def f(x):
        return helper(x) + nameless(x)

    @neve.memo(cache, depends=[helper])
    def g(x):
        return helper(x) + nameless(x)

    assert f(1) == f(1) == g(1) == 31
    assert f.stats()["hits"] == 1
