"""Small programs whose memoised function reads variables, functions, modules, and what is edited in them."""

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
}
