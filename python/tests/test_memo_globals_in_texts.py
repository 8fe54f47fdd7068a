"""`neve.memo`: global variables that only a text in the code names, where somebody looks names in texts up."""

import pytest

import neve
from memo_functions import kept

# What f(3) reads by a text; an edit by which it is another, and one of what it does not read.
PROGRAMS = {
    "evaluated": "def f(x):\n    return eval('N * x')\n",
    "evaluated in pieces": "def f(x):\n    return eval(f'{x} * N')\n",
    "a module's, evaluated": "import params\ndef f(x):\n    return eval('params.M[0] + x')\n",
    "executed": """
def f(x):
    found = {}
    exec('if x:\\n    y = N', {**globals(), 'x': x}, found)
    return found['y']
""",
    "in the dictionary": "def f(x):\n    return [globals()[name] for name in ('N',)]\n",
    "of the module among all": "import sys\ndef f(x):\n    return sys.modules[__name__].N\n",
    "of the module of a class": "import sys\nclass Scaled:\n    pass\ndef f(x):\n    return sys.modules[Scaled.__module__].N\n",
    "of the module by a text": "import sys\ndef f(x):\n    return getattr(sys.modules[__name__], 'N')\n",
    "formatted": "def f(x):\n    return 'N is {N}'.format_map(globals())\n",
    "formatted as once": "def f(x):\n    return 'N is %(N)d' % globals()\n",
    "in a text that a variable holds": """
TEXTS = {'mean': ['N * x']}
def f(x):
    return eval(TEXTS['mean'][0])
""",
    "in a text of a module": "import params\ndef f(x):\n    return eval(params.TEXT)\n",
    "in a default": "def f(x, text='N * x'):\n    return eval(text)\n",
    "put into a template": "import string\ndef f(x):\n    return string.Template('N is $N').substitute(globals())\n",
    "in a query of pandas": """
import pandas as pd
def f(x):
    return len(pd.DataFrame({'a': [1, x, 5]}).query('a > @N and a < @helper(9)'))
""",
    "in an expression of pandas": """
import pandas as pd
def f(x):
    return float(pd.DataFrame({'a': [x]}).eval('b = a + @N')['b'][0])
""",
    "a function in a formula": """
def fit(formula, look_up):
    return look_up(formula.partition('~')[2].partition('(')[0].strip())(3)
def f(x):
    return fit('b ~ helper(a)', lambda name: globals()[name])
""",
    "a table in SQL": """
import sys
def query(text):
    return sys._getframe(1).f_globals[text.rpartition(' ')[2]]
def f(x):
    return query('select sum(a) from N')
""",
    "a module in a variable": "import importlib\nNAME = 'params'\ndef f(x):\n    return importlib.import_module(NAME).M\n",
    "a module in a default": "import importlib\ndef f(x, name='params'):\n    return importlib.import_module(name).M\n",
    "a module": "import importlib\ndef f(x):\n    return importlib.import_module('params').M\n",
}
BESIDE = """
N = 2
UNUSED = 7
def helper(x):
    return x * N
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_text_names_counts(cache, world, name):
    world("params", "M = [2]\nTEXT = 'N * x'\n")
    first = kept(cache, world("main", BESIDE + PROGRAMS[name]).f)
    before = first(3)
    assert first(3) == before == first.func(3) and first.stats()["hits"] == 1
    same = kept(cache, world("main", BESIDE.replace("7", "8") + PROGRAMS[name]).f)
    assert same(3) == before and same.stats()["hits"] == 1
    world("params", "M = [4]\nTEXT = 'N * x'\n")
    other = kept(cache, world("main", BESIDE.replace("N = 2", "N = 4") + PROGRAMS[name]).f)
    assert other(3) == other.func(3) != before
    assert other.stats()["hits"] == 0


MESSAGES = '''
import io
data = io.StringIO()  # which has no exact form
model = io.StringIO()
def f(x):
    """Shows the model and the data from data to ~/model."""
    class Model:
        def eval(self):
            return self
    if x < 0:
        raise ValueError('no data from the model', 'x is below 0 ~ 0.1 of data?')
    return Model().eval() and {'data': 'the model'}['data']
'''


def test_a_message_names_nothing(cache, world):
    f = kept(cache, world("main", MESSAGES).f)
    assert [f(1), f(1)] == ["the model"] * 2 and f.stats()["hits"] == 1


MEMBERS = """
import dataclasses, operator
@dataclasses.dataclass
class Grid:
    points: int = 4
    @property
    def span(self):
        return self.points * 2
@dataclasses.dataclass
class Run:
    grid: Grid = dataclasses.field(default_factory=Grid)
def f(run):
    return SHOWN
"""
BY_TEXT = [
    "'{0.grid.span} points'.format(run)",
    "'{run.grid.span:>9}'.format(run=run)",
    "operator.attrgetter('grid.span')(run)",
    "[operator.attrgetter(name)(run.grid) for name in ('span',)]",
    "eval('run.grid.span', {}, {'run': run})",
]


@pytest.mark.parametrize("shown", BY_TEXT)
def test_members_of_an_argument_that_a_text_names_count(cache, world, shown):
    text = MEMBERS.replace("SHOWN", shown)
    main = world("main", text)
    f = kept(cache, main.f)
    before = f(main.Run())
    assert f(main.Run()) == before and f.stats()["hits"] == 1
    main = world("main", text.replace("* 2", "* 3"))
    edited = kept(cache, main.f)
    assert edited(main.Run()) == edited.func(main.Run()) != before


def test_a_variable_that_a_text_names_and_that_comes_later_counts(cache, world):
    main = world("main", "def f(x):\n    return eval('N') if 'N' in globals() else 0\n")
    f = kept(cache, main.f)
    assert f(1) == 0
    main.N = 5
    assert f(1) == 5
    with pytest.raises(neve.InvalidArgumentError, match="'UNUSED' to ignore"):
        kept(cache, main.f, ignore=["UNUSED"])
