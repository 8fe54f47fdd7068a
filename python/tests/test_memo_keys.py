"""`neve.memo`: what could change a result and is easily overlooked changes the key, or is refused."""

import dataclasses
import datetime
import enum
import functools
import importlib
import itertools
import json
import subprocess
import sys
import typing

import numpy as np
import pytest

import neve


@dataclasses.dataclass
class Model:
    factor: float

    def run(self, x):
        return self.factor * x


def test_a_method_bound_in_advance_counts_its_object(cache):
    assert neve.memo(cache)(Model(2.0).run)(10) == 20
    assert neve.memo(cache)(Model(3.0).run)(10) == 30
    model = Model(4.0)
    kept = neve.memo(cache)(model.run)
    assert kept(10) == 40
    model.factor = 5.0
    assert kept(10) == 50


def scaled_by(factor):
    def decorate(function):
        @functools.wraps(function)
        def scaled(*args):
            return factor * function(*args)

        return scaled

    return decorate


def given(x):
    return x


def test_a_decorated_function_is_what_it_was_decorated_with(cache):
    assert neve.memo(cache)(scaled_by(2)(given))(10) == 20
    assert neve.memo(cache)(scaled_by(3)(given))(10) == 30


def test_two_dependencies_of_one_name_are_refused(cache):
    def one():
        def helper():
            return 1

        return helper

    with pytest.raises(neve.InvalidArgumentError, match="two things called"):
        neve.memo(cache, depends=[one(), one()])(given)


def test_a_dependency_without_an_exact_form_is_named(cache):
    with pytest.raises(neve.UnsupportedError, match="depends holds 'window': .* is a list_iterator"):
        neve.memo(cache, depends={"table": [1], "window": iter([2.0])})(given)


def test_a_method_counts_with_its_object(cache):
    model = Model(2.0)
    f = neve.memo(cache, depends={"window": model.run})(given)
    before = f.key(1)
    assert f.key(1) == before == neve.memo(cache, depends={"window": Model(2.0).run})(given).key(1)
    model.factor = 3.0
    assert f.key(1) != before


def test_a_dependency_that_is_a_value_is_looked_at_in_each_call(cache):
    table = {"a": 1}

    @neve.memo(cache, depends={"table": table})
    def f(x):
        return x

    before = f.key(1)
    table["a"] = 5
    assert f.key(1) != before


def test_scripts_with_equal_functions_do_not_share_results(tmp_path):
    text = """
import pathlib, neve
SCALE = {scale}
@neve.memo(pathlib.Path({folder!r}))
def f(x):
    return SCALE * x
print(f(1))
"""
    printed = []
    for scale in (2, 3):
        script = tmp_path / str(scale) / "run.py"
        script.parent.mkdir()
        script.write_text(text.format(scale=scale, folder=str(tmp_path / "cache")))
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
        printed.append(json.loads(done.stdout))
    assert printed == [2, 3]


class Mode(enum.Enum):
    FAST = 1


class Bits(enum.IntFlag):
    A = 1
    B = 2


def test_enums_count_with_their_values(cache):
    identity = neve.memo(cache, version="1")(given)
    assert identity(Mode.FAST) is Mode.FAST
    assert identity(Mode.FAST) is Mode.FAST
    assert len({identity.key(Bits(number)) for number in (0, 1, 2, 3, 64, 128)}) == 6
    assert [identity(Bits(64)), identity(Bits(128)), identity(Bits.A | Bits.B)] == [Bits(64), Bits(128), Bits(3)]
    assert identity(Bits.A | Bits.B) == Bits(3)
    before = identity.key(Mode.FAST)

    class Mode2(enum.Enum):
        FAST = 2

    Mode2.__qualname__ = "Mode"
    assert identity.key(Mode2.FAST) != before


def test_a_function_made_a_ufunc_is_refused_and_numpys_own_are_told_apart(cache):
    @neve.memo(cache)
    def f(operation):
        return float(operation(1.0))

    assert f.key(np.sin) != f.key(np.cos)
    with pytest.raises(neve.UnsupportedError):
        f(np.frompyfunc(lambda x: x + 1, 1, 1))


def test_functions_of_numpy_may_be_arguments_defaults_dependencies_and_in_closures(cache):
    operation = np.median

    @neve.memo(cache, depends=[np.linalg.norm, np.concatenate])
    def f(values, reduce=np.mean):
        return float(reduce(values) + operation(values))

    assert f(np.array([1.0, 2.0, 6.0])) == 5.0
    assert f.key(0) == f.key(0, np.mean)
    assert len({f.key(0, reduce) for reduce in (np.mean, np.sum, np.max, np.linalg.norm, np.dot, np.fft.fft)}) == 6


def test_a_function_made_as_numpys_are_is_the_function_behind_it(cache):
    def made(factor):
        function = type(np.mean)(lambda x: (x,), lambda x: factor * x)
        function.__module__, function.__qualname__ = "numpy", "mean"
        return function

    @neve.memo(cache)
    def f(operation):
        return operation(1.0)

    assert (f(made(2.0)), f(made(3.0)), f(made(2.0))) == (2.0, 3.0, 2.0)
    assert f.stats()["hits"] == 1


@dataclasses.dataclass
class Labelled(dict):
    label: str = ""


class Slotted:
    __slots__ = ("hidden",)


@dataclasses.dataclass
class Fielded(Slotted):
    shown: int = 0


class Named(typing.NamedTuple("Named", [("x", int)])):
    pass


def test_what_is_kept_besides_fields_is_refused(cache):
    f = neve.memo(cache, version="1")(given)
    with pytest.raises(neve.UnsupportedError, match="is also a dict"):
        f(Labelled("a"))
    fielded = Fielded(1)
    f(fielded)
    fielded.hidden = 2
    with pytest.raises(neve.UnsupportedError, match="hidden"):
        f(fielded)
    named = Named(1)
    named.more = 2
    with pytest.raises(neve.UnsupportedError, match=r"'x\.deep\[1\]': .*more"):
        f({"deep": [1, named]})


def test_a_class_that_is_defined_again_takes_the_place_of_the_former(cache):
    def cell():
        class Mode:
            def __init__(self, order):
                self.order = order

        neve.register(Mode, lambda mode: mode.order, Mode)
        return Mode

    cell()
    again = cell()
    f = neve.memo(cache, version="1")(given)
    f(again(3))
    assert type(f(again(3))) is again and f(again(3)).order == 3


def test_a_file_edited_after_its_import_is_not_what_runs(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "edited_module.py"
    path.write_text("def f(x):\n    return 1 * x\n")
    old = importlib.import_module("edited_module").f
    assert neve.memo(cache)(old)(1) == 1
    path.write_text("def f(x):\n    return 2222 * x\n")
    stale = neve.memo(cache)(old)
    assert stale(1) == 1
    del sys.modules["edited_module"]
    importlib.invalidate_caches()
    fresh = importlib.import_module("edited_module").f
    assert neve.memo(cache)(fresh)(1) == 2222


def test_arrays_whose_places_give_the_same_name_stay_apart(cache):
    @neve.memo(cache)
    def f():
        return {"value-2": np.array([1.0]), "a b": np.array([2.0]), "c d": np.array([3.0])}

    for _ in range(2):
        assert {name: array[0] for name, array in f().items()} == {"value-2": 1.0, "a b": 2.0, "c d": 3.0}


def test_a_result_that_only_python_finds_inexact_is_returned_with_a_warning(cache):
    @neve.memo(cache)
    def f():
        return {(1, 2)}

    with pytest.warns(neve.NotStoredWarning, match="a set can be kept"):
        assert f() == {(1, 2)}


def cached_by_others(n):
    @functools.lru_cache
    def g(x):
        return x * n

    return g


def with_a_memo_inside(n, cache):
    @neve.memo(cache)
    def g(x, n=n):
        return x * n

    @neve.memo(cache)
    def h(x):
        return g(x)

    return h


def test_what_is_around_a_wrapped_function_counts(cache):
    results = [neve.memo(cache)(cached_by_others(n))(1) for n in (2, 3)]
    assert results == [2, 3]
    assert [with_a_memo_inside(n, cache)(1) for n in (2, 3)] == [2, 3]


class Wrapper:
    def __init__(self, function, factor):
        functools.update_wrapper(self, function)
        self.factor = factor

    def __call__(self, x):
        return self.factor * self.__wrapped__(x)


def test_an_object_that_wraps_a_function_is_refused(cache):
    with pytest.raises(neve.InvalidArgumentError, match="Wrapper, whose content"):
        neve.memo(cache)(Wrapper(given, 2))


def made_class(n, base=object):
    class Made(base):
        value = n

        def get(self):
            return n

    return Made


if True:

    class Chosen:
        v = 1


First = Chosen
if True:

    class Chosen:
        v = 2


def test_classes_count_with_their_bases_and_what_is_around_them(cache):
    f = neve.memo(cache, version="1")(lambda kind: kind().get())
    assert [f(made_class(n)) for n in (2, 3)] == [2, 3]
    assert [f(made_class(1, made_class(n))) for n in (2, 3)] == [1, 1]
    keys = {f.key(kind) for kind in (made_class(1), made_class(1, made_class(2)), made_class(1, made_class(3)), First, Chosen)}
    assert len(keys) == 5
    assert f.key(made_class(4)) == f.key(made_class(4))
    assert f.key(np.float64) != f.key(np.float32)
    local = dataclasses.make_dataclass("Local", ["x"])
    assert neve.memo(cache, version="1")(given).key(local(1))


def test_dependencies_are_looked_at_in_each_call(cache):
    depends = {"k": 1}
    f = neve.memo(cache, depends=depends)(lambda: depends["k"])
    first = f()
    depends["k"] = 5
    assert (first, f()) == (1, 5)


def test_names_of_further_arguments_have_no_order_and_ignored_ones_may_change_in_a_recursion(cache):
    @neve.memo(cache, ignore=["retries"])
    def fetch(url, retries=2, **more):
        return fetch(url, retries - 1, **more) if retries else url

    assert fetch.key("a", p=1, q=2) == fetch.key("a", q=2, p=1)
    assert fetch("a", p=1) == "a"


def test_a_method_of_an_object_has_the_words_of_memo(cache):
    @dataclasses.dataclass(frozen=True)
    class Owner:
        n: int

        @neve.memo(cache)
        def times(self, x):
            return self.n * x

    owner = Owner(3)
    assert not owner.times.why(2).hit and owner.times(2) == 6 and owner.times.why(2).hit
    assert owner.times.check_call_in_cache(2) and owner.times.key(2) == Owner.times.key(owner, 2)
    assert owner.times.call(2) == 6 and owner.times.call_and_shelve(2).get() == 6


def test_a_zone_with_a_name_of_its_own_is_refused(cache):
    f = neve.memo(cache, version="1")(given)
    hour = datetime.timedelta(hours=1)
    plain = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(hour))
    assert f(plain) == plain
    with pytest.raises(neve.UnsupportedError, match="CET"):
        f(datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(hour, "CET")))


def test_blanks_in_a_text_of_several_lines_count_and_the_indentation_of_the_function_does_not(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loaded = itertools.count()

    def key(text):
        name = f"blanks_{next(loaded)}"
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        function = importlib.import_module(name).f
        function.__module__ = "blanks"
        return neve.memo(cache)(function).key()

    assert key("def f():\n    return '''a\n    \nb'''\n") != key("def f():\n    return '''a\n\nb'''\n")
    assert key("def f():\n    return b'''a\n  b'''\n") != key("if 1:\n  def f():\n      return b'''a\n    b'''\n")
    told = "def f():\n    '''Does.\n\n    More.\n    '''\n    return 1\n"
    assert key(told) == key("if 1:\n" + "".join(f"  {line}" if line.strip() else line for line in told.splitlines(True)))


def test_assertions_that_do_not_run_make_another_function(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import neve\nprint(1)\n"
        "@neve.memo('none:')\ndef f():\n    assert True\nprint(f.key())\n"
        "@neve.memo('none:')\ndef g():\n    return __debug__\nprint(g.key())\n"
        "@neve.memo('none:')\ndef h():\n    return 1\nprint(h.key())\n"
    )
    with_them, without = (
        subprocess.run([sys.executable, *how, script], capture_output=True, text=True, check=True).stdout.split()
        for how in ([], ["-O"])
    )
    assert [one == other for one, other in zip(with_them, without)] == [True, False, False, True]


DOCUMENTED = """import enum, functools, typing, neve, pydantic
class Documented:
    'Does.'
    def method(self, x):
        'Adds.'
        try:
            return [each + 1 for each in x if each > 2.5] or None
        except TypeError:
            return 7
    def only(self):
        'Nothing else.'
    def within(self):
        'Outer.'
        def inner(n):
            'Inner.'
            return n
        yield inner(1)
    @functools.cached_property
    def kept(self):
        'Kept.'
        return 3
class Kind(enum.Enum):
    'Kinds.'
    A = 1
class Row(typing.NamedTuple):
    'Row.'
    x: int = 1
class Model(pydantic.BaseModel):
    'Model.'
    x: int = 1
def documented(x):
    'Gives.'
    return [x, 2]
class Asserting:
    def method(self, x):
        'Sure.'
        assert x
def asserting(x):
    assert x
    return 'a'
def reading():
    'Reads.'
    return reading.__doc__
key = neve.memo("none:", version="1", source=False)(lambda kind: None).key
print(*(key(each) for each in (Documented, Kind, Row, Model, documented)), neve.memo("none:")(documented).key(1))
print(key(Asserting), key(asserting), neve.memo("none:")(asserting).key(1))
print(neve.memo("none:")(reading).key())
"""


def test_docstrings_that_are_taken_out_leave_the_keys_unless_a_function_reads_them(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(DOCUMENTED)
    plain, asserts_out, both_out = (
        subprocess.run([sys.executable, *how, script], capture_output=True, text=True, check=True).stdout.splitlines()
        for how in ([], ["-O"], ["-OO"])
    )
    assert plain[0] == asserts_out[0] == both_out[0]
    assert set(plain[1].split()).isdisjoint(asserts_out[1].split()) and asserts_out[1] == both_out[1]
    assert plain[2] == asserts_out[2] != both_out[2]


def test_a_method_of_a_built_in_object_counts_its_object(cache):
    tables = [{"a": 1}, {"a": 2}]
    assert [neve.memo(cache, version="1", source=False)(each.get)("a") for each in tables] == [1, 2]
    draw = neve.memo(cache, version="1", source=False)(np.random.default_rng(1).normal)
    with pytest.raises(neve.UnsupportedError, match="Generator"):
        draw()
