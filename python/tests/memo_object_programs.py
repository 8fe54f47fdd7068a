"""Small programs whose memoised function uses classes and objects, and what is edited in them."""

# As in memo_programs.
OBJECT_PROGRAMS = {
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
