"""`neve.memo`: what a function reads around it is the same thing in the processes that it is sent to, and in notebooks."""

import subprocess
import sys

import pytest

SCRIPT = """
import dataclasses, enum, functools, multiprocessing, pathlib, pickle, re, sys
import cloudpickle, joblib
import numpy as np
import neve
import params as p
from pack import helpers

here = pathlib.Path(sys.argv[1])
N = 3
TABLE = {"a": [1, 2.5], "b": None}
FIELD = np.arange(4.0)
WORD = re.compile("a+")

class How(enum.Enum):
    A = 1

@dataclasses.dataclass
class Config:
    gain: int = 2
    def times(self, x):
        return self.gain * x * N

CONFIG = Config()

def timed(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@timed
def helper(x):
    return N * x + int(FIELD[1]) + len(TABLE)

class Model:
    def go(self, x):
        return CONFIG.times(x) + How.A.value

@neve.memo(here / "cache")
def inner(x):
    with open(here / "computed", "a") as file:
        file.write("i")
    return helper(x) + p.N

@neve.memo(here / "cache")
def f(n):
    with open(here / "computed", "a") as file:
        file.write("f")
    import pack.deep as deep
    steps = [helpers.window(n), helpers.cached(n), Model().go(n), inner(n), deep.K, len(WORD.findall("aab")), p.N]
    return sum(steps) + (f(n - 1) if n else 0)

@neve.memo(here / "cache")
def even(n):
    return odd(n - 1) if n else N

@neve.memo(here / "cache")
def odd(n):
    return even(n - 1) if n else -N

class Kept:
    @staticmethod
    @neve.memo(here / "cache")
    def run(x):
        with open(here / "computed", "a") as file:
            file.write("k")
        return helper(x)

@neve.memo(here / "cache")
def given(function, x):
    with open(here / "computed", "a") as file:
        file.write("g")
    return function(x)

@dataclasses.dataclass
class Thing:
    size: int

    def scaled(self, x):
        return self.size * self.shifted(x) * N

    def shifted(self, x):
        return x + p.N

    def __add__(self, other):
        return self.size + other

@neve.memo(here / "cache")
def uses(thing, x):
    with open(here / "computed", "a") as file:
        file.write("u")
    return thing.scaled(x) + (thing + x)

class Settings(dict):
    __getattr__ = dict.__getitem__

    def __getstate__(self):  # for which Python 3.10 would ask `__getattr__`
        return None

SETTINGS = Settings(shift=1, names={"b", "a", "c"})

class Counted:
    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return self.function(x)

@Counted
def shifted(x):
    return x + SETTINGS.shift

class Table:
    rows = {"first": [1, 2]}
    only = None

Table.only = Table()

@neve.memo(here / "cache")
def each(things, x):
    with open(here / "computed", "a") as file:
        file.write("e")
    return [thing.scaled(x) for thing in things] + [shifted(x), Table.rows["first"], Table.only is None]

def sent(text):
    function, arguments = cloudpickle.loads(text)
    return function(*arguments)

def key_of(function, *arguments):
    return function.key(*arguments)

CALLS = [(f, (2,)), (even, (3,)), (Kept.run, (1,)), (given, (helper, 1)), (uses, (Thing(2), 1)), (each, ([Thing(3)], 1))]

if __name__ == "__main__":
    first = sys.argv[3] == "first"
    if first:
        made = [function(*arguments) for function, arguments in CALLS]
    if sys.argv[2] == "loky":
        run = joblib.Parallel(n_jobs=2)
        found = run(joblib.delayed(function)(*arguments) for function, arguments in CALLS)
        keys = run(joblib.delayed(key_of)(function, *arguments) for function, arguments in CALLS)
    else:
        with multiprocessing.get_context(sys.argv[2].partition(",")[0]).Pool(2) as pool:
            if "by value" in sys.argv[2]:
                found = pool.map(sent, [cloudpickle.dumps(call) for call in CALLS])
                keys = pool.map(sent, [cloudpickle.dumps((key_of, (function, *arguments))) for function, arguments in CALLS])
            else:
                found = [pool.apply(function, arguments) for function, arguments in CALLS]
                keys = [pool.apply(key_of, (function, *arguments)) for function, arguments in CALLS]
    made = [function(*arguments) for function, arguments in CALLS]
    assert found == made, (found, made)
    assert keys == [key_of(function, *arguments) for function, arguments in CALLS]
    print("".join(sorted((here / "computed").read_text())), flush=True)
"""

CACHED = """
import functools
from . import deep
def window(x):
    return deep.K * x
@functools.lru_cache
def cached(x):
    return x + deep.K
"""


@pytest.mark.parametrize("order", ["first", "last"])
@pytest.mark.parametrize("how", ["loky", "spawn", "fork", "spawn, by value"])
def test_a_key_is_the_same_in_the_processes_that_a_script_starts(how, order, tmp_path):
    (tmp_path / "params.py").write_text("N = 5\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "helpers.py").write_text(CACHED)
    (tmp_path / "pack" / "deep.py").write_text("K = 7\n")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script, tmp_path, how, order], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "efffgiiiku\n"), done.stderr
    assert "Warning" not in done.stderr
