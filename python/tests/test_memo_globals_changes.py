"""`neve.memo`: global variables that calls change or assign, and those that are ignored."""

import importlib
import types

import pytest

import neve
from memo_functions import kept

LOG = []


def test_a_call_that_changes_a_global_variable_is_not_kept_unless_it_is_ignored(cache, world):
    world.write(
        "stores",
        """
_CACHE = {}
def lookup(x):
    _CACHE[x] = 2 * x
    return _CACHE[x]
""",
    )
    text = """
import stores
LOG = []
def f(x):
    LOG.append(x)
    return stores.lookup(x)
"""
    world.write("main", text)
    f = kept(cache, importlib.import_module("main").f)
    with pytest.warns(
        neve.NotStoredWarning, match=r"the global variable 'LOG' and the global variable 'stores._CACHE'.*"
    ) as told:
        assert f(1) == 2
    assert "ignore=['LOG', 'stores._CACHE']" in str(told[0].message)
    g = kept(cache, f.func, ignore=["LOG", "stores._CACHE"])
    assert [g(1), g(2), g(1)] == [2, 4, 2]
    assert g.stats()["hits"] == 1


def test_an_argument_and_a_global_variable_that_are_changed_are_both_named(cache):
    @neve.memo(cache)
    def f(x):
        LOG.append(x.pop())

    with pytest.warns(neve.NotStoredWarning, match="its argument 'x' and the global variable 'LOG'.*on a copy.*ignore="):
        f([1, 2])


def test_what_is_ignored_must_be_read_or_be_a_parameter(cache, world):
    text = """
N = 1
import params
def f(x):
    return N + params.M + helper(x)
"""
    world.write("params", "M = 1\n")
    world.write("main", text)
    main = importlib.import_module("main")
    f = kept(cache, main.f, ignore=["later", "params.M"])  # `helper` may read it
    main.helper = types.FunctionType(compile("later", "", "eval"), vars(main))
    main.helper = eval("lambda x: 1", vars(main))
    with pytest.raises(
        neve.InvalidArgumentError, match="has no parameter 'later' to ignore.*parameters.* reads N, helper, params"
    ):
        f(1)
    with pytest.raises(neve.InvalidArgumentError, match="'nothing' to ignore"):
        kept(cache, main.f, ignore=["nothing", "x"])
    main.helper = eval("lambda x: later", vars(main))
    main.later = 5
    f = kept(cache, main.f, ignore=["later"])
    assert f(1) == 7
    main.later = 6
    assert f(1) == 7
    with pytest.raises(neve.InvalidArgumentError, match="'M'"):
        kept(cache, main.f, ignore=["M"])


def test_to_ignore_what_does_not_count_anyhow_leaves_stored_results(cache, world):
    world.write(
        "main",
        """
import random
rng = random.Random(1)
def f(x):
    return x if rng else 0
""",
    )
    f = importlib.import_module("main").f
    assert kept(cache, f, ignore=["rng"])(1) == 1
    with pytest.warns(neve.NotCountedWarning):
        assert kept(cache, f).check_call_in_cache(1)


def test_what_a_function_assigns_itself_does_not_count(cache, world):
    world.write("params", "used = 0\n")
    world.write(
        "main",
        """
import params
calls = 0
table = None
class State:
    last = None
state = State()
def count():
    global table
    table = [1]
    params.used += 1
def f(x):
    global calls
    calls += 1
    state.last = x
    count()
    return [x, table[0], state.last, params.used > 0]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    assert [f(1), f(2), f(1)] == [[1, 1, 1, True], [2, 1, 2, True], [1, 1, 1, True]]
    assert (main.calls, main.params.used, f.stats()["hits"]) == (2, 2, 1)


def test_what_a_call_makes_another_variable_hold_is_named_and_not_what_that_leads_to(cache, world):
    world.write(
        "main",
        """
import collections
class Row:
    size = 1
ROWS = collections.defaultdict(Row)
def f(x):
    return ROWS[x].size
""",
    )
    with pytest.warns(neve.NotStoredWarning, match=r"ignore=\['ROWS'\]"):
        assert kept(cache, importlib.import_module("main").f)(1) == 1
