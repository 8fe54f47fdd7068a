"""`neve.memo`: a call that changes what its key is made of is not kept, since a hit would not do that."""

import dataclasses
import enum
import functools
import threading
import typing
import warnings

import numpy as np
import pydantic
import pytest

import neve
from memo_functions import Grid, Opaque
from neve._values import describe


@dataclasses.dataclass
class Model:
    gain: float = 1.0
    seen: list = dataclasses.field(default_factory=list)
    field: np.ndarray = dataclasses.field(default_factory=lambda: np.zeros(3))

    @functools.cached_property
    def grid(self):
        return np.arange(3)


def _write(x):
    x += 1


def _write_backwards(x):
    x[::-1].sort()


def _grow(x):
    x.field.resize(5, refcheck=False)


def _insert(x):
    x["new"] = 1


def _reorder(x):
    x["a"] = x.pop("a")


def _set(x):
    x.gain = 2.0


def _write_deep(x):
    x[0]["model"].field[1] = 7


def _set_of_model(x):
    x.points += 1


def _make_opaque(x):
    x.append(Opaque())


CHANGES = {
    "array": (_write, lambda: np.zeros(3)),
    "view of an array": (_write, lambda: np.zeros((3, 4))[:, 1:3]),
    "array of no dimensions": (_write, lambda: np.array(1)),
    "text array": (_write_backwards, lambda: np.array(["a", "bc"])),
    "times": (_write, lambda: np.array(["2020-01-01"], "M8[D]")),
    "shape": (lambda x: setattr(x, "shape", (2, 2)), lambda: np.zeros(4)),
    "elements": (_grow, Model),
    "list": (lambda x: x.append(1), list),
    "order of a list": (lambda x: x.sort(), lambda: [2, 1]),
    "type of a number": (lambda x: x.__setitem__(0, 1.0), lambda: [1]),
    "dict": (_insert, dict),
    "order of a dict": (_reorder, lambda: {"a": 1, "b": 2}),
    "set": (lambda x: x.add(1), set),
    "bytes": (lambda x: x.extend(b"x"), bytearray),
    "attribute": (_set, Model),
    "list of an object": (lambda x: x.seen.append(1), Model),
    "deep inside": (_write_deep, lambda: [{"model": Model()}]),
    "pydantic": (_set_of_model, Grid),
    "no key any more": (_make_opaque, list),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.filterwarnings("ignore:Setting the shape")
def test_a_call_that_changes_its_argument_is_computed_each_time_and_told(tmp_path, change):
    alter, make = CHANGES[change]

    @neve.memo(tmp_path)
    def f(scale, x):
        alter(x)
        return scale

    altered = make()
    alter(altered)
    for _ in range(2):
        given = make()
        told = "has no key: .*Opaque" if change == "no key any more" else "f is not kept: the call changed its argument 'x'"
        with pytest.warns(neve.NotStoredWarning, match=told):
            assert f(3, given) == 3
        assert repr(given) == repr(altered) or change == "no key any more"
    assert (f.stats()["hits"], f.stats()["not_stored"]) == (0, 2)
    assert list(f.cache) == []


def test_the_warning_names_what_was_changed_and_what_to_do(cache):
    @neve.memo(cache)
    def mix(a, b, *rest, scale=1, **more):
        a[0] = rest[0][0] = more["c"][0] = 5
        return scale

    which = "mix is not kept: the call changed its argument 'a', its argument 'more' and its argument 'rest', which a hit "
    with pytest.warns(neve.NotStoredWarning, match=f"{which}would not do; let it work on a copy and return what") as told:
        mix([1], [2], [3], c=[4])
    assert told[0].filename == __file__


def test_of_an_object_the_warning_names_the_fields_and_how_to_leave_them_out(cache):
    @neve.memo(cache)
    def fill(model, scale, other=None):
        model.seen.append(1)
        model.field[0] = 2
        other["of"][1].points += 1
        return scale

    told = (
        r"changed its argument 'model' \(\.field and \.seen\) and its argument 'other' \(\['of'\]\[1\]\.points\), which a hit "
        r"would not do; .*; what a Grid and Model only keeps for later calls may be a functools.cached_property"
    )
    with pytest.warns(neve.NotStoredWarning, match=told):
        fill(Model(), 2, {"of": [1, Grid()]})


def test_a_field_that_a_registered_codec_leaves_out_may_be_filled(cache, monkeypatch):
    monkeypatch.setattr(describe, "_registered", dict(describe._registered))
    monkeypatch.setattr(describe, "_restorers", dict(describe._restorers))
    neve.register(Solver, lambda solver: solver.steps, Solver)

    @neve.memo(cache)
    def squares(solver):
        solver.known[solver.steps] = solver.steps**2
        return solver.known[solver.steps]

    assert [squares(Solver(3)), squares(Solver(3)), squares(Solver(4))] == [9, 9, 16]
    assert squares.stats()["hits"] == 1


def test_what_is_put_back_or_does_not_count_is_no_change(cache):
    @neve.memo(cache, ignore=["log"])
    def f(x, model, log):
        log.append(1)
        x += 1
        x -= 1
        model.grid  # noqa: B018 - a cached property fills itself
        return 1

    log = []
    assert [f(np.zeros(3), Model(), log) for _ in range(2)] == [1, 1]
    assert f.stats()["hits"] == 1 and log == [1]


def test_a_default_that_the_calls_fill_is_told(cache):
    @neve.memo(cache)
    def f(x, seen=[]):  # noqa: B006
        seen.append(x)
        return len(seen)

    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'seen'"):
        assert [f(1), f(1)] == [1, 2]


@dataclasses.dataclass
class Solver:
    steps: int
    known: dict = dataclasses.field(default_factory=dict)

    @neve.memo("memory:1MiB")
    def kept(self, x):
        self.known[x] = 1
        return x * self.steps

    @neve.memo("memory:1MiB", version="2")
    def steady(self, x):
        return x * self.steps

    def plain(self, x):
        self.known[x] = 1
        return x


def test_a_method_that_remembers_something_in_its_object_is_told_how_it_may(cache):
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'self'.*cached_property"):
        assert [Solver(2).kept(3), Solver(2).kept(3)] == [6, 6]
    assert [Solver(2).steady(3), Solver(2).steady(3)] == [6, 6]
    assert Solver.steady.stats()["hits"] == 1
    solver = Solver(2)
    with pytest.warns(neve.NotStoredWarning, match="changed the object that it is a method of"):
        neve.memo(cache)(solver.plain)(3)


def test_what_is_around_a_function_counts_as_its_key_has_it(cache):
    total, table = [0], {"a": 1}

    @neve.memo(cache)
    def closes(x):
        total[0] += x
        return x

    with pytest.warns(neve.NotStoredWarning, match="changed a variable that the function closes over"):
        closes(1)

    @neve.memo(cache, depends={"table": table, "step": 1})
    def looks(write):
        write["a"] += 1
        return 1

    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'write' and 'table', which depends= names"):
        looks(table)


def test_an_exception_is_the_functions_own_whatever_it_has_changed(cache):
    @neve.memo(cache)
    def f(x):
        x.append(1)
        raise KeyError("mine")

    given = []
    with pytest.raises(KeyError, match="mine"):
        f(given)
    assert given == [1] and f.stats()["not_stored"] == 0


BEGUN, GO_ON = threading.Event(), threading.Event()


def test_what_another_thread_changes_during_the_call_keeps_the_result_out(cache):
    @neve.memo(cache)
    def f(x):
        BEGUN.set()
        assert GO_ON.wait(30)
        return float(x.sum())

    shared = np.zeros(3)

    def write():
        assert BEGUN.wait(30)
        shared[:] = 1
        GO_ON.set()

    thread = threading.Thread(target=write)
    thread.start()
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'x'"):
        assert f(shared) == 3.0
    thread.join()
    assert f(np.zeros(3)) == 0.0


def test_a_call_computed_anew_is_looked_at_as_well(cache):
    @neve.memo(cache, ignore=["write"])
    def f(x, write=False):
        x[0] = 5 if write else x[0]
        return 1

    f([1])
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'x'"):
        f.call([1], write=True)
    checked = neve.memo(cache, ignore=["write"], verify=1.0)(f.func)
    assert checked.key([1]) == f.key([1]) and checked([1]) == 1
    with pytest.warns(neve.NotDeterministicWarning, match="computed anew though stored .* changed its argument 'x'"):
        checked([1], write=True)
    assert checked.stats()["not_deterministic"] == 1


def test_a_cache_that_keeps_nothing_has_nothing_to_tell():
    @neve.memo("none:")
    def f(x):
        x.append(1)
        return 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f([]) == f([]) == 1


class Shade(enum.Flag):
    RED = 1
    BLUE = 2


class Late(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(defer_build=True)
    n: int = 1


@typing.runtime_checkable
class Sized(typing.Protocol):
    def size(self) -> int: ...


def test_what_python_fills_in_its_classes_when_they_are_used_is_no_change(cache):
    @neve.memo(cache)
    def f(shade, model, protocol):
        return [(shade.RED | shade.BLUE).value, model(n=2).n, isinstance(1, protocol)]

    assert f(Shade, Late, Sized) == f(Shade, Late, Sized) == [3, 2, False]
    assert f.stats()["hits"] == 1


def test_odd_texts_in_an_argument_are_no_obstacle(cache):
    f = neve.memo(cache)(lambda x: x.update(new="\ud800 é"))
    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'x'"):
        f({"\udc80": "\ud800", "n": float("nan"), "big": 2**90})
