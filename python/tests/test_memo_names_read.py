"""`neve.memo`: members of an argument's class that are reached by names which the code of the function does not have."""

import pytest

import neve

POINT = """
import copy, dataclasses, functools, inspect, operator, pickle
import pydantic_core
from copy import deepcopy as twin
from dataclasses import fields as columns
from dataclasses import replace as changed
from operator import attrgetter as getter
from pydantic_core import to_jsonable_python as plain
kind_of = type

@dataclasses.dataclass
class Point:
    x: int = 1
    y: int = dataclasses.field(default=0, metadata={{"unit": {edited}}})
    @property
    def size(self):
        return {edited}
    def area(self):
        return {edited}
    def __post_init__(self):
        self.y = {edited}
    def __deepcopy__(self, memo):
        return {edited}
    def __reduce__(self):
        return int, ({edited},)

NAME, METHOD, TEXT = "size", "area", "{{0.size}}"
GET = operator.attrgetter("size")
CALL = operator.methodcaller("area")
HOW = {{"copy": copy.deepcopy, "get": operator.attrgetter("size")}}
again = functools.partial(dataclasses.replace, x=3)

class Apply:
    how = staticmethod(copy.deepcopy)

def by_default(point, how=copy.deepcopy):
    return how(point)

def closing_over(how):
    def apply(point):
        return how["copy"](point)
    return apply

by_closure = closing_over({{"copy": copy.deepcopy}})
POINT = Point()
POINT.y = 0

def f(point):
    return {use}
"""


@pytest.mark.parametrize(
    "use",
    [
        "twin(point)",
        "changed(point, x=3).y",
        "again(point).y",
        "kind_of(point)().y",
        "columns(point)[1].metadata['unit']",
        "GET(point)",
        "CALL(point)",
        "HOW['copy'](point)",
        "HOW['get'](point)",
        "Apply.how(point)",
        "by_default(point)",
        "by_closure(point)",
        "operator.attrgetter(NAME)(point)",
        "operator.attrgetter('x', NAME)(point)[1]",
        "getter(NAME)(point)",
        "operator.methodcaller(METHOD)(point)",
        "int(TEXT.format(point))",
        "int('{{ point.size }}'.replace('{{ point', '{0').replace(' }}', '}').format(point))",
        "eval('point.' + NAME)",
        "sum(value for name, value in inspect.getmembers(point) if name[0] == 's')",
        "object.__getattribute__(point, NAME)",
        "pickle.loads(pickle.dumps(point))",
    ],
)
def test_what_is_reached_by_names_that_are_not_in_the_code_counts(cache, world, use):
    found = []
    for edited in (2, 3):
        module = world("named", POINT.format(edited=edited, use=use))
        found.append(neve.memo(cache)(module.f)(module.POINT))
    assert found == [2, 3]


SIZED = """
import operator
class Sized:
    x = 1
    def size(self):
        return {edited}
GET = operator.attrgetter("x")
def f(point):
    return {use}
import neve
neve.register(Sized, lambda point: None, lambda nothing: Sized())
"""


USES = ["operator.attrgetter('x')(point)", "getattr(point, 'x')", "'{0.x}'.format(point)", "GET(point)"]


@pytest.mark.parametrize("use", USES)
def test_of_names_that_are_given_as_texts_only_these_count(cache, world, use):
    for edited in (2, 3):
        module = world("sized", SIZED.format(edited=edited, use=use))
        f = neve.memo(cache)(module.f)
        f(module.Sized())
    assert f.stats()["hits"] == 1


CALLED = """
import copy, dataclasses, functools, operator, types
import attrs, neve

class Point:
    def __init__(self, x):
        self.x = x
    def size(self):
        return {edited}
    def __deepcopy__(self, memo):
        return {edited}

neve.register(Point, lambda point: point.x, Point)
POINT = Point(1)

@attrs.define
class Held:
    point: object

@dataclasses.dataclass
class Step:
    run: object

class Box:
    def __init__(self, point):
        self.point = point

neve.register(Box, lambda box: [box.point], lambda held: Box(*held))

class Caller:
    def __init__(self, how):
        self.how = how
    def call(self, point):
        return self.how(point)

neve.register(Caller, lambda caller: caller.how, Caller)
caller = Caller(operator.methodcaller("size")).call

def size(point):
    return point.size()

def closing_over(point):
    return lambda *given: point.size()

def with_default(*given, point=POINT):
    return point.size()

def call(how):
    return how()

def apply(how, point):
    return how(point)

def run(step, point):
    return step.run(point)

def first(how, point):
    return how[0](point)

def held(box):
    return box.point.size()

def of_mapping(points):
    return points["a"].size()
"""


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("apply", "size, POINT"),
        ("apply", "lambda point: point.size(), POINT"),
        ("apply", "operator.methodcaller('size'), POINT"),
        ("apply", "copy.deepcopy, POINT"),
        ("apply", "functools.partial(size), POINT"),
        ("run", "Step(size), POINT"),
        ("first", "[size], POINT"),
        ("call", "functools.partial(size, POINT)"),
        ("call", "closing_over(POINT)"),
        ("call", "functools.lru_cache(closing_over(POINT))"),
        ("call", "with_default"),
        ("caller", "POINT"),
        ("held", "Held(POINT)"),
        ("held", "Box(POINT)"),
        ("of_mapping", "types.MappingProxyType({'a': POINT})"),
    ],
)
def test_what_functions_among_the_arguments_call_and_arguments_hold_counts(cache, world, function, arguments):
    found = []
    for edited in (2, 3):
        module = world("called", CALLED.format(edited=edited))
        given = eval(f"({arguments},)", vars(module))
        found.append(neve.memo(cache)(getattr(module, function))(*given))
    assert found == [2, 3]
