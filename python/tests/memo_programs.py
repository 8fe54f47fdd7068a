"""Small programs with a memoised function, and what is edited in them."""

PACKAGE = ""

# Programs of several modules, the memoised function `main.f`; then what is edited, and whether f(2) is another by it.
PROGRAMS = {
    "a constant": (
        {
            "main": """
N = 3
M = 1
def f(x):
    return N * x
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", False)],
    ),
    "a text": (
        {
            "main": """
HOW = 'sum'
def f(x):
    return HOW + str(x)
"""
        },
        [("main", "'sum'", "'max'", True)],
    ),
    "nothing where there was something": (
        {
            "main": """
N = None
def f(x):
    return x if N is None else N
"""
        },
        [("main", "N = None", "N = 'None'", True)],
    ),
    "whole and broken numbers": (
        {
            "main": """
N = 1
def f(x):
    return N * x
"""
        },
        [("main", "N = 1", "N = 1.0", True)],
    ),
    "a list, a dict, a set": (
        {
            "main": """
L = [1, [2]]
D = {'a': 3}
S = {4}
def f(x):
    return [L[1][0], D['a'], sorted(S), x]
"""
        },
        [("main", "[2]", "[5]", True), ("main", "3", "6", True), ("main", "{4}", "{7}", True)],
    ),
    "an array": (
        {
            "main": """
import numpy as np
A = np.arange(4.0)
def f(x):
    return float(A[x])
"""
        },
        [("main", "arange(4.0)", "arange(4.0) * 2", True)],
    ),
    "a helper": (
        {
            "main": """
def helper(x):
    return x + 1
def other(x):
    return 0
def f(x):
    return helper(x)
"""
        },
        [("main", "x + 1", "x + 2", True), ("main", "return 0", "return 1", False)],
    ),
    "a helper's helper and its constant": (
        {
            "main": """
N = 3
def deep(x):
    return N * x
def helper(x):
    return deep(x)
def f(x):
    return helper(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "N * x", "N * x + 1", True)],
    ),
    "helpers that call each other": (
        {
            "main": """
N = 3
def even(n):
    return odd(n - 1) if n else N
def odd(n):
    return even(n - 1) if n else -N
def f(x):
    return even(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "else -N", "else -2 * N", True)],
    ),
    "nested functions, lambdas, comprehensions, bodies of classes": (
        {
            "main": """
A = B = C = D = E = 1
F = 1
def f(x):
    def inner():
        return lambda: A
    class Kind:
        b = B
        def get(self):
            return C
    return [inner()(), Kind.b, Kind().get(), [D for _ in range(x)], {E: x for _ in range(1)}]
"""
        },
        [("main", "A = B = C = D = E = 1", f"A = B = C = D = E = 1\n{name} = 2", True) for name in "ABCDE"]
        + [("main", "F = 1", "F = 2", False)],
    ),
    "defaults and closures of a helper": (
        {
            "main": """
def made(n):
    def inner(x, m=2):
        return n * m * x
    return inner
helper = made(3)
def f(x):
    return helper(x)
"""
        },
        [("main", "made(3)", "made(4)", True), ("main", "m=2", "m=5", True)],
    ),
    "a decorator's wrapper": (
        {
            "main": """
import functools
N = 3
M = 1
def timed(function):
    @functools.wraps(function)
    def wrapper(*args):
        return M * function(*args)
    return wrapper
@timed
def helper(x):
    return N * x
@timed
def f(x):
    return helper(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 5", True), ("main", "N * x", "N * x + 1", True)],
    ),
    "a module's attributes": (
        {
            "main": """
import params
def f(x):
    return params.N * x
""",
            "params": """
N = 3
M = 1
""",
        },
        [("params", "N = 3", "N = 4", True), ("params", "M = 1", "M = 2", False)],
    ),
    "a module's attributes under another name": (
        {
            "main": """
import params as p
def f(x):
    return p.helper(x)
""",
            "params": """
N = 3
def helper(x):
    return N * x
""",
        },
        [("params", "N = 3", "N = 4", True)],
    ),
    "a package's module": (
        {
            "main": """
from pack import helpers
def f(x):
    return helpers.window(x)
""",
            "pack": PACKAGE,
            "pack.helpers": """
from . import deep
def window(x):
    return deep.N * x
""",
            "pack.deep": """
N = 3
M = 1
""",
        },
        [
            ("pack.deep", "N = 3", "N = 4", True),
            ("pack.deep", "M = 1", "M = 2", False),
            ("pack.helpers", "N * x", "N + x + 9", True),
        ],
    ),
    "what is imported from a module": (
        {
            "main": """
from params import N, helper
def f(x):
    return helper(x) + N
""",
            "params": """
N = M = 3
def helper(x):
    return M
""",
        },
        [("params", "N = M = 3", "N = M = 3\nN = 4", True), ("params", "N = M = 3", "N = M = 3\nM = 4", True)],
    ),
    "a module imported within": (
        {
            "main": """
def f(x):
    import params
    return params.N * x
""",
            "params": """
N = 3
M = 1
""",
        },
        [("params", "N = 3", "N = 4", True), ("params", "M = 1", "M = 2", False)],
    ),
    "a module imported within, under another name, and from": (
        {
            "main": """
def f(x):
    import pack.deep as d
    from pack.helpers import window as w
    def inner():
        return d.N
    return [inner(), w(x)]
""",
            "pack": PACKAGE,
            "pack.helpers": """
M = 2
def window(x):
    return M * x
""",
            "pack.deep": """
N = 3
K = 1
""",
        },
        [
            ("pack.deep", "N = 3", "N = 4", True),
            ("pack.deep", "K = 1", "K = 2", False),
            ("pack.helpers", "M = 2", "M = 4", True),
        ],
    ),
    "a module given away": (
        {
            "main": """
import params
def get(where, name):
    return getattr(where, name)
def f(x):
    return get(params, 'N') * x
""",
            "params": "N = 3\n",
        },
        [("params", "N = 3", "N = 4", True)],
    ),
    "the dictionary of a module": (
        {
            "main": """
import params
def f(x):
    return params.__dict__['N'] * x
""",
            "params": "N = 3\n",
        },
        [("params", "N = 3", "N = 4", True)],
    ),
    "the dictionary of global variables": (
        {
            "main": """
N = 3
M = 1
def f(x):
    return globals()['N'] * x
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", False)],
    ),
    "a class": (
        {
            "main": """
N = 3
class Base:
    def get(self):
        return N
class Kind(Base):
    a = 1
    def go(self, x):
        return self.a * x + self.get()
def f(x):
    return Kind().go(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "a = 1", "a = 2", True), ("main", "self.a * x", "self.a + x + 9", True)],
    ),
    "an object of a dataclass": (
        {
            "main": """
import dataclasses
N = 3
@dataclasses.dataclass
class Config:
    a: int
    b: int = 0
    def times(self, x):
        return self.a * x * N
CONFIG = Config(2)
def f(x):
    return CONFIG.times(x)
"""
        },
        [("main", "Config(2)", "Config(5)", True), ("main", "N = 3", "N = 4", True), ("main", "x * N", "x + N + 7", True)],
    ),
    "an attribute of an object without an exact form": (
        {
            "main": """
import argparse
args = argparse.Namespace(lr=1, name='a', log=open)
def f(x):
    return args.lr * x
""",
        },
        [("main", "lr=1", "lr=2", True), ("main", "'a'", "'b'", False)],
    ),
    "functions in a list and in a dict": (
        {
            "main": """
N = 3
def a(x):
    return N * x
class Step:
    @staticmethod
    def go(x):
        return M + x
M = 1
STEPS = [a]
KINDS = {'step': Step}
def f(x):
    return STEPS[0](x) + KINDS['step'].go(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", True), ("main", "N * x", "N * x + 1", True)],
    ),
    "functools": (
        {
            "main": """
import functools
N = 3
@functools.cache
def a(x):
    return N * x
def b(x, y):
    return M * x * y
M = 1
c = functools.partial(b, 5)
def f(x):
    return a(x) + c(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", True), ("main", "partial(b, 5)", "partial(b, 6)", True)],
    ),
    "functions by the type of what they are given": (
        {
            "main": """
import functools
N = 3
M = 1
@functools.singledispatch
def a(x):
    return N * x
@a.register
def _(x: str):
    return M * x
def f(x):
    return [a(x), a(str(x))]
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M * x", "M * x + x", True), ("main", "M = 1", "M = 2", True)],
    ),
    "a context and what joblib keeps": (
        {
            "main": """
import contextlib, joblib
N = 3
M = 1
@contextlib.contextmanager
def a(x):
    yield N * x
@joblib.Memory(None).cache
def b(x):
    return M * x
def f(x):
    with a(x) as y:
        return [y, b(x)]
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", True)],
    ),
    "sets of other things": (
        {
            "main": """
N = 1
def a(x):
    return N
S = {(1, 2), "a"}
T = frozenset([a])
def f(x):
    return sorted(map(str, S)) + [each(x) for each in T]
"""
        },
        [("main", "N = 1", "N = 2", True), ("main", "(1, 2)", "(1, 3)", True)],
    ),
    "another function, class, module of somebody else's": (
        {
            "main": """
import json, numpy as np
from numpy import sin as wave
from collections import Counter as Kind
from scipy.stats import norm as law
from scipy.stats import expon, uniform
LAWS = [uniform]
FLOAT = np.float32
def f(x):
    return [float(wave(x)), Kind.__name__, float(law.cdf(x)), str(FLOAT(x)), np.__name__, json.__name__, LAWS[0].name]
"""
        },
        [
            ("main", "sin as", "cos as", True),
            ("main", "Counter as", "OrderedDict as", True),
            ("main", "norm as", "expon as", True),
            ("main", "np.float32", "np.float64", True),
            ("main", "[uniform]", "[expon]", True),
        ],
    ),
    "a protocol": (
        {
            "main": """
import typing
N = 1
class P(typing.Protocol):
    def go(self) -> int: ...
class A(P):
    def go(self):
        return N
def f(x):
    return A().go()
"""
        },
        [("main", "N = 1", "N = 2", True), ("main", "return N", "return N + 1", True)],
    ),
    "what only the user sets": (
        {
            "main": """
import params
class Model:
    def configure(self, n):
        global GAIN
        GAIN = n
    def go(self, x):
        return GAIN * x
GAIN = 1
def f(x):
    return [getattr(params, "N") * x, Model().go(x)]
""",
            "params": """
N = 1
def configure(n):
    global N
    N = n
""",
        },
        [("params", "N = 1", "N = 2", True), ("main", "GAIN = 1", "GAIN = 2", True)],
    ),
    "numpy.vectorize": (
        {
            "main": """
import numpy as np
N = 3
@np.vectorize
def a(x):
    return N * x
def f(x):
    return a(x).tolist()
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "N * x", "N * x + 1", True)],
    ),
    "a regular expression and a mark": (
        {
            "main": """
import re
WORD = re.compile('a+')
NOTHING = object()
def f(x, y=None):
    return [WORD.sub('', 'aabb'), y is NOTHING]
"""
        },
        [("main", "'a+'", "'b+'", True), ("main", "'a+'", "'A+', re.I", True)],
    ),
    "a variable that is not there": (
        {
            "main": """
def f(x):
    try:
        return N
    except NameError:
        return x
"""
        },
        [("main", "def f", "N = 7\ndef f", True)],
    ),
    "a name of Python's that the user takes": (
        {
            "main": """
def f(x):
    return max(x, 1)
"""
        },
        [
            (
                "main",
                "def f",
                """
def max(*more):
    return 77
def f""",
                True,
            )
        ],
    ),
    "a method of an object": (
        {
            "main": """
N = 3
class Model:
    def __init__(self, a):
        self.a = a
    def go(self, x):
        return N * x
model = Model(1)
def f(x):
    return model.go(x) + model.a
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "N * x", "N + x + 9", True), ("main", "Model(1)", "Model(2)", True)],
    ),
    "members of an enum": (
        {
            "main": """
import enum
class How(enum.Enum):
    A = 1
    B = 2
HOW = How.A
def f(x):
    return [HOW.value, How.B.value]
"""
        },
        [("main", "A = 1", "A = 3", True), ("main", "HOW = How.A", "HOW = How.B", True), ("main", "B = 2", "B = 5", True)],
    ),
    "methods of an object that is given": (
        {
            "main": """
import dataclasses
N = 3
M = 1
class Base:
    K = 5
    def shift(self, x):
        return x + self.K
@dataclasses.dataclass
class Model(Base):
    gain: int = 2
    def go(self, x):
        return self.step(x) + self.total
    def step(self, x):
        return N * self.shift(x) * self.gain
    @property
    def total(self):
        return self.gain + 10
    def __add__(self, other):
        return self.gain + other
    def plot(self):
        return M
MODEL = Model()
def help(model, x):
    return model.go(x) + (model + x)
def inner(model, x):
    return help(model, x)
def f(x, model=MODEL):
    return inner(model, x)
"""
        },
        [
            ("main", "N = 3", "N = 4", True),
            ("main", "K = 5", "K = 6", True),
            ("main", "x + self.K", "x - self.K", True),
            ("main", "self.gain + 10", "self.gain + 20", True),
            ("main", "self.gain + other", "self.gain - other", True),
            ("main", "M = 1", "M = 2", False),
            ("main", "return M", "return M + 1", False),
        ],
    ),
    "an object that is an attribute of its class": (
        {
            "main": """
N = 3
class Colour:
    def go(self, x):
        return N * x
Colour.RED = Colour()
def f(x):
    return Colour.RED.go(x)
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "N * x", "N * x + 1", True)],
    ),
    "what is derived from a dict, a list, a number, a text": (
        {
            "main": """
import collections
class Settings(dict):
    __getattr__ = dict.__getitem__
class Others(dict):
    def __init__(self, **named):
        super().__init__(**named)
        self.__dict__ = self
class Steps(list):
    first = None
class Metres(float):
    def double(self):
        return N * self
class Word(str):
    pass
N = 2
S = Settings(lr=1, inner=Settings(n=7))
O = Others(a=11)
L = Steps([21])
L.first = 31
M = Metres(41.0)
W = Word('w')
def f(x):
    return [S.lr, S.inner.n, O.a, L[0], L.first, M.double(), W + str(x)]
"""
        },
        [
            ("main", "lr=1", "lr=2", True),
            ("main", "n=7", "n=8", True),
            ("main", "a=11", "a=12", True),
            ("main", "[21]", "[22]", True),
            ("main", "first = 31", "first = 32", True),
            ("main", "41.0", "42.0", True),
            ("main", "'w'", "'v'", True),
            ("main", "N = 2", "N = 3", True),
        ],
    ),
    "an object around a function": (
        {
            "main": """
class Timed:
    def __init__(self, function):
        self.function = function
        self.calls = 0
    def __call__(self, *more):
        self.calls += 1
        return self.function(*more)
class Made:
    def __init__(self, function):
        self.function = function
    def __get__(self, owner, kind=None):
        return self.function(owner)
N = 3
M = 1
@Timed
@Timed
def helper(x):
    return N * x
class Model:
    @Made
    def total(self):
        return M
def f(x):
    return helper(x) + Model().total
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "N * x", "N * x + 1", True), ("main", "M = 1", "M = 2", True)],
    ),
    "names that are those of another module without the package": (
        {
            "main": """
from pack import f
""",
            "pack": PACKAGE,
            "pack.__init__": """
import types
import config as other
import pack.config as inner
settings = types.SimpleNamespace(N=1)
import settings as outer
def f(x):
    return [inner.N, other.N, settings.N, outer.N, x]
""",
            "pack.config": "N = 3\n",
            "config": "N = 5\n",
            "settings": "N = 7\n",
        },
        [
            ("pack.config", "3", "4", True),
            ("config", "5", "6", True),
            ("pack.__init__", "N=1", "N=2", True),
            ("settings", "7", "8", True),
        ],
    ),
    "what makes an object like the one that is given": (
        {
            "main": """
import copy, dataclasses
N = 3
M = 1
@dataclasses.dataclass
class Model:
    a: int = 1
    b: int = 0
    def __post_init__(self):
        self.b = self.a * N
@dataclasses.dataclass
class Other:
    a: int = 1
    def __copy__(self):
        return Other(self.a + M)
def f(x, model=Model(0), other=Other()):
    return [dataclasses.replace(model, a=x).b, copy.copy(other).a]
"""
        },
        [("main", "N = 3", "N = 4", True), ("main", "M = 1", "M = 2", True)],
    ),
    "methods that are called by a text": (
        {
            "main": """
import dataclasses
@dataclasses.dataclass
class Model:
    how: str = "euler"
    def step(self, x):
        return getattr(self, f"step_{self.how}")(x)
    def step_euler(self, x):
        return x + 1
    def plot(self):
        return 0
def f(x, model=Model()):
    return model.step(x)
"""
        },
        [("main", "x + 1", "x + 2", True), ("main", "return 0", "return 1", True)],
    ),
    "methods that are called by a text in the code": (
        {
            "main": """
import dataclasses
@dataclasses.dataclass
class Model:
    how: str = "euler"
    def step(self, x):
        return getattr(max(self, self, key=id), "step_euler")(x) + getattr(self, "more", 0)
    def step_euler(self, x):
        return x + 1
    def plot(self):
        return 0
def f(x, model=Model()):
    return model.step(x)
"""
        },
        [("main", "x + 1", "x + 2", True), ("main", "return 0", "return 1", False)],
    ),
    "methods of what others have made": (
        {
            "main": """
import re
import numpy as np
sums = np.add.reduce
find = re.compile('a+').findall
match = re.compile('c+').match
line = np.poly1d([1, 2])
curve = np.polynomial.Polynomial([1, 2])
eps = np.finfo(np.float64)
def f(x):
    return [int(sums([x, 1])), find('aab'), bool(match('cd')), float(line(x)), float(curve(x)), float(eps.eps)]
"""
        },
        [
            ("main", "add.reduce", "multiply.reduce", True),
            ("main", "'a+'", "'b+'", True),
            ("main", "'c+'", "'d+'", True),
            ("main", "poly1d([1, 2])", "poly1d([1, 3])", True),
            ("main", "Polynomial([1, 2])", "Polynomial([1, 3])", True),
            ("main", "np.float64", "np.float32", True),
        ],
    ),
}
