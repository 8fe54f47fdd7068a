"""`neve.memo` in scripts and in the processes they start: what joblib and multiprocessing carry there and back."""

import signal
import subprocess
import sys
import time

import pytest

import neve
from memo_functions import counted

SCRIPT = """
import multiprocessing, pathlib, sys
import joblib
import numpy as np
import neve

FACTOR = 3
here = pathlib.Path(sys.argv[1])
cache = neve.open(here / "cache")

def helper(x):
    return FACTOR * x

@neve.memo(cache, version="1", depends=[np, helper])
def scaled(x):
    with open(here / "computed", "a") as file:
        print(x, file=file)
    return np.asarray(helper(x))

@neve.memo(cache, depends={"helper": helper, "factors": [FACTOR]})
def factorial(n):
    return n * factorial(n - 1) if n > 1 else 1

def of_a_closure(offset):
    @neve.memo(cache)
    def shifted(x):
        return x + offset
    return shifted

class Model:
    def __init__(self, gain):
        self.gain = gain

    @neve.memo(cache)
    def run(self, x):
        return self.gain * x

neve.register(Model, lambda m: m.gain, Model, name="script.Model")

if __name__ == "__main__":
    HOW
"""

BY_JOBLIB = """
    run = joblib.Parallel(n_jobs=2, BACKEND)
    print([int(x) for x in run(joblib.delayed(scaled)(x) for x in [1, 2, 1, 2])])
    print(run(joblib.delayed(factorial)(n) for n in [3, 5]))
    print(run(joblib.delayed(of_a_closure(o))(1) for o in [1, 2]) if "loky" in sys.argv else [2, 3])
    print(run(joblib.delayed(Model.run)(Model(g), 2) for g in [1, 2]) if "loky" not in sys.argv else [2, 4])
    print(sorted((here / "computed").read_text().split()))
    print(int(scaled(1)), scaled.stats()["hits"])
"""

BY_SPAWN = """
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print([int(x) for x in pool.map(scaled, [1, 2, 1, 2])])
        print(pool.map(factorial, [3, 5]))
        print([2, 3])
        print(pool.starmap(Model.run, [(Model(g), 2) for g in [1, 2]]))
    print(sorted((here / "computed").read_text().split()))
    print(int(scaled(1)), scaled.stats()["hits"])
"""


@pytest.mark.parametrize("how", ["loky", "multiprocessing", "spawn"])
def test_functions_of_a_script_run_in_the_processes_it_starts_and_share_its_results(how, tmp_path):
    body = BY_SPAWN if how == "spawn" else BY_JOBLIB.replace("BACKEND", "" if how == "loky" else f"backend={how!r}")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("    HOW\n", body))
    done = subprocess.run([sys.executable, script, tmp_path, how], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    wanted = ["[3, 6, 3, 6]", "[6, 120]", "[2, 3]", "[2, 4]", "['1', '2']", "3 1"]
    assert done.stdout.splitlines() == wanted, done.stderr


def test_a_function_of_a_script_keeps_its_key_when_it_travels(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        """
import pathlib, pickle, sys
import neve
import cloudpickle

@neve.memo(pathlib.Path(sys.argv[1]))
def f(x):
    return x

assert pickle.loads(pickle.dumps(f)).key(1) == f.key(1)
assert cloudpickle.loads(cloudpickle.dumps(f)).key(1) == f.key(1)
travelled = cloudpickle.loads(cloudpickle.dumps(f))
assert (travelled.__qualname__, travelled.__name__, travelled.func.__qualname__) == ("f", "f", "f")
assert repr(travelled) == repr(f)
pickle.loads(pickle.dumps(f))(2)
assert f.stats()["misses"] == 1
"""
    )
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_result_whose_class_cannot_be_made_again_is_returned_and_not_kept(tmp_path):
    class Picky:
        def __init__(self, value):
            self.value = value

    def refuse(state):
        raise ValueError("made in one place only")

    neve.register(Picky, lambda picky: picky.value, refuse, name="test.Picky")
    counted.calls.clear()

    @neve.memo(tmp_path / "cache", version="1", source=False)
    def picky(x):
        counted(x)
        return Picky(x)

    with pytest.warns(neve.NotStoredWarning, match="made in one place only"):
        assert picky(3).value == 3
    with pytest.warns(neve.NotStoredWarning):
        assert picky.call(3).value == 3
    assert counted.calls == [(3,), (3,)]
    assert not picky.check_call_in_cache(3)


WAITS = """
import pathlib, sys, threading, time
import neve

@neve.memo(pathlib.Path(sys.argv[1]))
def slow(x):
    computing.set()
    time.sleep(60)
    return x

computing = threading.Event()
threading.Thread(target=slow, args=(1,), daemon=True).start()
computing.wait()
try:
    print("waiting", flush=True)
    slow(1)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_the_wait_for_another_s_result(tmp_path):
    script = tmp_path / "waits.py"
    script.write_text(WAITS)
    words = [sys.executable, script, tmp_path / "cache"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "waiting\n"
            for _ in range(40):  # the first signal may come before it waits
                time.sleep(0.5)
                if child.poll() is not None:
                    break
                child.send_signal(signal.SIGINT)
            assert child.wait(30) == 0
            assert child.stdout.read() == "interrupted\n"
        finally:
            child.kill()


def test_a_child_forked_while_threads_store_can_compute(tmp_path):
    script = """
import os, pathlib, sys, threading, neve
f = neve.memo(pathlib.Path(sys.argv[1]), version="1", source=False)(abs)
stop = threading.Event()
def work(n):
    while not stop.is_set():
        n += 1
        f(n)
threads = [threading.Thread(target=work, args=(i * 10**6,)) for i in range(3)]
for thread in threads: thread.start()
for i in range(20):
    child = os.fork()
    if child == 0:
        f(-1 - i)
        os._exit(0)
    os.waitpid(child, 0)
stop.set()
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script, str(tmp_path)], check=True, timeout=60)


OWN_TYPES = """
import dataclasses, multiprocessing, pathlib, sys, warnings
import cloudpickle, joblib
import neve

here = pathlib.Path(sys.argv[1])

@dataclasses.dataclass
class P:
    x: int

@neve.memo(here / "cache")
def f(x):
    with open(here / "computed", "a") as file:
        file.write("f")
    return P(x)

@neve.memo(here / "cache")
def g(p):
    with open(here / "computed", "a") as file:
        file.write("g")
    return p.x

def sent(text):
    function, argument = cloudpickle.loads(text)
    return function(argument)

if __name__ == "__main__":
    warnings.simplefilter("error")
    numbers = range(3)
    made = [f(i) for i in numbers]
    sums = [g(p) for p in made]
    if sys.argv[2] == "spawn":
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            print(pool.map(f, numbers) == made, pool.map(g, made) == sums)
    elif sys.argv[2] == "spawn, by value":  # as dask does
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            print(pool.map(sent, [cloudpickle.dumps((f, i)) for i in numbers]) == made, end=" ")
            print(pool.map(sent, [cloudpickle.dumps((g, p)) for p in made]) == sums)
    else:
        run = joblib.Parallel(n_jobs=2)
        print(run(joblib.delayed(f)(i) for i in numbers) == made, run(joblib.delayed(g)(p) for p in made) == sums)
    print(all(f.check_call_in_cache(i) for i in numbers))
    print((here / "computed").read_text())
"""


@pytest.mark.parametrize("how", ["loky", "spawn", "spawn, by value"])
def test_types_of_a_script_are_known_in_the_processes_it_starts(how, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(OWN_TYPES)
    done = subprocess.run([sys.executable, script, tmp_path, how], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["True True", "True", "fffggg"], done.stderr


THROUGH_ARGUMENTS = """
import dataclasses, enum, pathlib, sys
import joblib
import neve

here = pathlib.Path(sys.argv[1])

class Mode(enum.Enum):
    A = 1

@dataclasses.dataclass(frozen=True)
class Config:
    mode: Mode = Mode.A

@neve.memo(here / "cache")
def passed_on(config):
    return config

class Base:
    def factor(self):
        return 3

@dataclasses.dataclass
class Model(Base):
    n: int

    @neve.memo(here / "cache")
    def run(self, x):
        return super().factor() * self.n * x

@neve.memo(here / "cache")
def name(kind):
    return kind.__name__

if __name__ == "__main__":
    for function, argument in ((passed_on, Config()), (Model(2).run, 4), (name, Model)):
        results = joblib.Parallel(n_jobs=2)(joblib.delayed(function)(argument) for _ in range(3))
        print(results, function.check_call_in_cache(argument))
"""


def test_types_of_a_script_are_known_to_workers_that_are_given_them(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(THROUGH_ARGUMENTS)
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=120)
    config = "Config(mode=<Mode.A: 1>)"
    wanted = [f"[{config}, {config}, {config}] True", "[24, 24, 24] True", "['Model', 'Model', 'Model'] True"]
    assert done.stdout.splitlines() == wanted, done.stderr
    assert "NotStoredWarning" not in done.stderr


def test_another_class_of_the_same_name_is_not_taken_for_the_stored_one(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        """
import dataclasses, pathlib, sys, warnings
import neve

def made(n):
    kind = type("Made", (), {"__annotations__": {"x": int}, "value": lambda self: n * self.x})
    return dataclasses.dataclass(kind)

@neve.memo(pathlib.Path(sys.argv[1]) / "cache", ignore=["kind"])
def f(kind):
    return kind(1)

warnings.simplefilter("ignore")
print([f(made(n)).value() for n in (1, 2)])
"""
    )
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=120)
    assert done.stdout == "[1, 2]\n", done.stderr


REPLACED = """
import dataclasses, pathlib, sys
import joblib
import neve

here = pathlib.Path(sys.argv[1])

def helper(x):
    return x

@dataclasses.dataclass
class Point:
    x: int
    def value(self):
        return self.x

@neve.memo(here / "cache", depends=[helper])
def by_list(x):
    return helper(x)

@neve.memo(here / "cache", depends={"helper": helper})
def by_name(x):
    return helper(x)

@neve.memo(here / "cache", depends=[Point])
def of_a_class(x):
    return Point(x).value()

inner = neve.memo(here / "cache", depends=[helper])(lambda x: helper(x))
functions = (by_list, by_name, of_a_class, inner)

def both(numbers):
    for function in functions:
        made = joblib.Parallel(n_jobs=2)(joblib.delayed(function)(i) for i in numbers)
        hits = function.stats()["hits"]
        print(made == [function(i) for i in numbers], made, function.stats()["hits"] - hits, end="; ")
    print()

if __name__ == "__main__":
    both([1, 2])
    formers = helper, Point
    def helper(x):
        return x + 50
    @dataclasses.dataclass
    class Point:
        x: int
        def value(self):
            return self.x + 50
    both([1, 2, 3])
    helper, Point = formers
    both([3])
"""


def test_what_a_function_depends_on_travels_as_it_is_now(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(REPLACED)
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=120)
    wanted = ["True [1, 2] 2; " * 4, "True [51, 52, 53] 3; " * 4, "True [3] 1; " * 4]
    assert done.stdout.splitlines() == wanted, done.stderr


GIVEN_FUNCTIONS = """
import pathlib, sys
import joblib
from fitting import fit

SCALE = int(sys.argv[2])

def objective(x):
    return SCALE * x

if __name__ == "__main__":
    def nested(x):
        return objective(x) + 1
    for function in (objective, nested):
        made = joblib.Parallel(n_jobs=2)(joblib.delayed(fit)(function, i) for i in range(3))
        hits = fit.stats()["hits"]
        print(made == [fit(function, i) for i in range(3)], made, fit.stats()["hits"] - hits)
"""


def test_a_function_of_a_script_that_is_an_argument_has_the_key_that_it_has_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "fitting.py").write_text(
        f"import pathlib, neve\n@neve.memo(pathlib.Path({str(tmp_path / 'cache')!r}))\n"
        "def fit(function, x):\n    return function(x)\n"
    )
    for scale in (1, 7):
        script = tmp_path / f"script_{scale}.py"  # a copy of which only a global variable is another
        script.write_text(GIVEN_FUNCTIONS)
        done = subprocess.run([sys.executable, script, tmp_path, str(scale)], capture_output=True, text=True, timeout=120)
        made = [scale * i for i in range(3)]
        assert done.stdout.splitlines() == [f"True {made} 3", f"True {[each + 1 for each in made]} 3"], done.stderr


@pytest.mark.parametrize(
    "made", ["pandas.DataFrame({'a': range(n)})", "polars.DataFrame({'a': range(n)})", "xarray.Dataset({'a': ('x', range(n))})"]
)
def test_a_stored_table_is_a_hit_for_a_process_that_has_not_imported_its_package(tmp_path, made):
    from conftest import run_python

    (tmp_path / "tables.py").write_text(
        "import pathlib, neve\n"
        f"@neve.memo(pathlib.Path({str(tmp_path / 'cache')!r}))\n"
        f"def table(n):\n    import {made.partition('.')[0]}\n    return {made}\n"
    )
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    script += "from tables import table\nprint(int(table(3)['a'].sum()), table.stats()['hits'])"
    assert [run_python(script) for _ in range(2)] == ["3 0\n", "3 1\n"]
