"""One look at what functions read around them: global variables, and what the functions and classes read that they find."""

from __future__ import annotations

import builtins
import sys
import types
from typing import TYPE_CHECKING, Any

from neve._code.assignments import Assignments
from neve._code.attributes import names_read, reads_by_other_names, take_names
from neve._code.checks import MISSING, NOTHING
from neve._code.class_lookups import names_beyond_classes
from neve._code.class_members import data_of, may_be_used_whole, members_used, own_classes
from neve._code.descriptors import member_part
from neve._code.extended import added_members
from neve._code.findings import Findings
from neve._code.forms import form_of, raises, with_article
from neve._code.functions import closure_of, function_within
from neve._code.globals_read import globals_of, named_by_values
from neve._code.hints import hints_of
from neve._code.imported import imported_module, submodule
from neve._code.look import Look
from neve._code.met import Met
from neve._code.objects import foreign_name, names_brought
from neve._code.variables import OF_PYTHON, keeps_itself, module_name
from neve._code.watch import Watch

if TYPE_CHECKING:
    from neve._code.assignments import Variable
    from neve._code.globals_read import Imported, Read
    from neve._code.look import Roots
    from neve._code.watch import Place

_OF_PINT = "application_registry"
_READ_HINTS = frozenset("__annotations__ __annotate__ get_annotations get_type_hints getfullargspec signature".split())


def look_around(
    function: Any,
    home: str,
    roots: Roots,
    ignored: frozenset[str],
    kinds: tuple[type, ...] = (),
    assigned: frozenset[Variable] = frozenset(),
) -> Look:
    """What `roots` read, of which `function` is the one whose look it is. `home`: the module whose variables are told without
    it; `ignored`: names that do not count; `kinds`: classes of objects that are given to the function, FunctionType if there
    are functions, which may use all of the others. Of variables in `assigned` it is known that they come out of the calls."""
    return _Walk(function, assigned).take(home, roots, ignored, kinds)


class _Walk:
    """From one function, class, module to the next, each once."""

    def __init__(self, function: Any, assigned: frozenset[Variable]) -> None:
        self._function = function_within(function)
        self._given = assigned
        self._whole = False  # whatever the code does not name of classes may be used
        self._watch = Watch()
        self._found = Findings()
        self._assignments = Assignments()
        self._pending: list[tuple[Any, frozenset[str]]] = []  # functions, classes, modules
        self._seen: set[tuple[int, int, frozenset[str]]] = set()
        self._counted: dict[tuple[str, int, str], Met] = {}
        self._foreign: set[tuple[str, int, str]] = set()
        self._followed: dict[tuple[int, frozenset[str]], Met] = {}
        self._attributes: set[str] = set()  # names by which code may read some
        self._by_other_names = False  # some that are not in the code, too
        self._places: dict[type | tuple[type, str], Place] = {}
        self._alive: list[Any] = []  # whose ids are in use
        self._functions: list[types.FunctionType] = []

    def take(self, home: str, roots: Roots, ignored: frozenset[str], kinds: tuple[type, ...]) -> Look:
        code = getattr(self._function, "__code__", None)
        for root, more in roots:
            met = Met()
            if isinstance(root, type):
                form = form_of(root, met)
                if not self._watch.checks.cover(root):
                    self._watch.unsteady(({"": root}, ""), form, met)
            elif type(root) is types.FunctionType:
                met.functions.append((root, more))
            self._follow_met(met, ignored)
        self._whole = types.FunctionType in kinds
        own = [each for kind in kinds for each in own_classes(kind)]
        for kind in (*kinds, *own):
            self._watch.checks.attribute(kind, "__mro__", kind.__mro__)
        for each in own:
            self._watch.checks.mapping(vars(each))
            self._watch.checks.attribute(each, "__name__", each.__name__)
        while self._pending:
            self._visit_next()
            if not self._pending:
                self._count_by_names(own, ignored)
        found = self._found
        found.shorten(home)
        return Look(
            forms=found.forms,
            without_form=found.without_form,
            called=found.called,
            names=found.names,
            misses=found.misses,
            attributes=self._attributes,
            assigned=self._assignments.by(self._is_called),
            is_current=self._watch.holds,
            roots=roots,
            function=self._function,
            code=code,
        )

    def _count_by_names(self, own: list[type], ignored: frozenset[str]) -> None:
        """What the code that was met may reach by the names of attributes in it, which may be more to visit."""
        for each in own:
            self._count_members(each, ignored)
            if self._whole or may_be_used_whole(each, self._attributes):
                self._count_class(each, ignored)
        if not self._attributes.isdisjoint(_READ_HINTS):
            self._count_hints(ignored)
        for path, kind, name, member in added_members(self._attributes):
            self._watch.checks.attribute(kind, name, member)
            self._follow(member, self._places.setdefault((kind, name), ({"": member}, "")), path, (), ignored)

    def _visit_next(self) -> None:
        value, ignored = self._pending.pop()
        if isinstance(value, types.ModuleType):
            self._count_module(value, ignored)
        elif isinstance(value, type):
            self._count_class(value, ignored)
        else:
            self._visit(value, ignored)

    def _visit(self, function: types.FunctionType, ignored: frozenset[str]) -> None:
        key = (id(function.__code__), id(function.__globals__), ignored)
        if function is not self._function:
            self._watch.checks.attribute(function, "__code__", function.__code__)
        if key in self._seen:
            return
        self._seen.add(key)
        self._alive.append((function.__code__, function.__globals__))
        self._functions.append(function)
        self._attributes |= names_beyond_classes(names_read(function), function.__code__)
        self._by_other_names |= reads_by_other_names(function.__code__)
        self._note_names(names_brought([function.__defaults__, function.__kwdefaults__, closure_of(function)]))
        found = globals_of(function.__code__)
        for each in found.assigned:
            self._assignments.note(function, each)
        for each in found.reads:
            self._read(each, function.__globals__, ignored)
        for each in (*found.named, *named_by_values(function)):
            if each.module is not None or each.names[0] in function.__globals__:
                self._read(each, function.__globals__, ignored)
            else:
                self._watch.checks.variable(function.__globals__, each.names[0], MISSING)

    def _is_called(self, function: types.FunctionType) -> bool:
        """Whether what was met names the function. One that is only there, in a class or a module that counts as a whole, may
        be how the user sets what the others read."""
        name = function.__name__
        unnamed = name.startswith(("__", "<")) or "<locals>" in function.__qualname__
        return function is self._function or unnamed or name in self._attributes

    def _read(self, taken: Read, variables: dict[str, Any], ignored: frozenset[str]) -> None:
        if taken.module is not None:
            module = imported_module(taken.module, variables)
            if module is not None:
                names = taken.names[1 if taken.module.whole else 0 :]
                self._follow(module, (sys.modules, module.__name__), module.__name__, names, ignored, taken.module)
            return
        name, *more = taken.names
        if name in OF_PYTHON:
            return
        value = variables.get(name, MISSING)
        path = f"{module_name(variables)}.{name}"
        if value is not MISSING:
            self._follow(value, (variables, name), path, tuple(more), ignored)
            return
        self._watch.checks.variable(variables, name, MISSING)
        if not hasattr(builtins, name):
            self._found.missed(path)

    def _follow(
        self,
        value: Any,
        place: Place,
        path: str,
        more: tuple[str, ...],
        ignored: frozenset[str],
        imported: Imported | None = None,
    ) -> None:
        """From a variable along its attributes: through modules, and to what an object has itself."""
        while True:
            self._found.names.add(path)
            if path in ignored or (id(place[0]), place[1]) in self._given:
                return
            if raises(value):
                self._found.without_form[path] = with_article(type(value)), "it raises when it is looked at"
                self._watch.nothing(place, value)
                return
            if isinstance(value, types.ModuleType):
                self._watch.place(place, value)
                if (foreign := foreign_name(value)) is not None:
                    self._count_foreign(path, place, value, foreign, ignored)
                    return
                if not more or more[0] == "__dict__":
                    self._count_module(value, ignored)
                    return
                inside, path = vars(value), module_name(vars(value))
            elif more and (id(getattr(value, "__dict__", None)), more[0]) in self._given:
                return  # which the function sets itself
            elif more and keeps_itself(value, more[0]):
                inside = value.__dict__
                self._watch.place(place, value)
                self._watch.checks.attribute(value, "__dict__", inside)
            else:
                if isinstance(value, type) and more[:1] == ("__doc__",):
                    self._count(f"{path}.__doc__", (vars(value), "__doc__"), value.__doc__, ignored)
                self._count(path, place, value, ignored)
                return
            name, *rest = more
            if name in OF_PYTHON:
                return
            found = inside.get(name, MISSING)
            path, more = f"{path}.{name}", tuple(rest)
            if found is MISSING:
                self._watch.checks.variable(inside, name, MISSING)
                found = submodule(value, name) if imported else MISSING
                if found is None or found is MISSING:
                    found = self._made_by_module(value, name)
                if found is MISSING:
                    self._found.missed(path)
                    return
                self._watch.nowhere()
            place, value = (inside, name), found

    def _made_by_module(self, module: Any, name: str) -> Any:
        """What a module gives for a name by its `__getattr__`."""
        if "__getattr__" not in vars(module):
            return MISSING
        self._watch.nowhere()
        try:
            return getattr(module, name, MISSING)
        except Exception:
            return MISSING

    def _count_module(self, module: types.ModuleType, ignored: frozenset[str]) -> None:
        """All that is in it, where it is used otherwise than by its attributes. Not the modules that it has imported."""
        variables = vars(module)
        key = (id(variables), 0, ignored)
        if key in self._seen:
            return
        self._seen.add(key)
        self._alive.append(variables)
        self._watch.checks.mapping(variables)
        for name, value in list(variables.items()):
            if name not in OF_PYTHON and not isinstance(value, types.ModuleType):
                self._follow(value, (variables, name), f"{module_name(variables)}.{name}", (), ignored)

    def _count(self, path: str, place: Place, value: Any, ignored: frozenset[str]) -> None:
        if self._is_function_itself(value):
            self._watch.place(place, value)
            return
        if (name := foreign_name(value)) is not None:
            self._count_foreign(path, place, value, name, ignored)
            return
        key = (path, id(place[0]), place[1])
        if key not in self._counted:
            self._alive.append(place[0])
            self._counted[key] = self._described(path, place, value)
        met = self._counted[key]
        if met.apart is not None and (id(met), ignored) not in self._followed:
            for name, member in data_of(met.apart).items():
                self._follow(member, (vars(met.apart), name), f"{path}.{name}", (), ignored)
        self._follow_met(met, ignored)

    def _count_foreign(self, path: str, place: Place, value: Any, name: str, ignored: frozenset[str]) -> None:
        """Of what is not the user's own counts which it is: `from numpy import sin as wave` may be edited."""
        self._watch.place(place, value)
        self._note_names(names_brought(value))
        key = (path, id(place[0]), place[1])
        if key not in self._foreign and name != f"module {place[1]}":
            self._foreign.add(key)
            self._found.add(path, name)
        pint = sys.modules.get("pint")
        if name.removeprefix("module ").partition(".")[0] == "pint" and pint is not None and hasattr(pint, _OF_PINT):
            # `pint.Quantity(3, "smoot")` is of the registry that the user has made the application's.
            self._count(f"pint.{_OF_PINT}", (vars(pint), _OF_PINT), getattr(pint, _OF_PINT), ignored)

    def _described(self, path: str, place: Place, value: Any) -> Met:
        apart = value if issubclass(type(value), type) else None
        met = Met(apart=apart)
        form = form_of(value, met)
        self._found.note_without_form(path, value, met)
        self._found.note_called(path, value)
        if form is not None and not met.is_nothing(value):
            self._found.add(path, form)
        self._watch.value(place, value, form, met, NOTHING if apart is None else data_of(apart))
        met.forget()
        return met

    def _count_members(self, kind: type, ignored: frozenset[str]) -> None:
        """What the functions met so far may call on objects of this class."""
        for name, member in members_used(kind, self._attributes, self._by_other_names):
            path = f"{module_name(vars(kind), '__module__')}.{kind.__qualname__}.{name}"
            key = (path, id(kind), name)
            if key in self._counted or path in ignored or self._is_function_itself(member):
                continue
            self._found.names.add(path)
            met = Met()
            form = form_of(member_part(kind, member), met)
            self._found.note_without_form(path, member, met)
            if form is not None and not met.is_nothing(member):
                self._found.add(path, form)
            if not met.is_nothing(member) and not self._watch.checks.cover(member):
                self._watch.nowhere()
            met.forget()
            self._counted[key] = met
            self._follow_met(met, ignored)

    def _count_hints(self, ignored: frozenset[str]) -> None:
        """What the functions met so far are annotated with, where code asks for it. It is made when the function is."""
        while self._functions:
            function = self._functions.pop()
            path = f"{module_name(function.__globals__)}.{function.__qualname__}.__annotations__"
            if path not in ignored and (hints := hints_of(function)):
                met = Met()
                self._found.add(path, form_of(hints, met))
                self._found.note_without_form(path, hints, met)
                met.forget()
                self._follow_met(met, ignored)

    def _follow_met(self, met: Met, ignored: frozenset[str]) -> None:
        if (id(met), ignored) in self._followed:
            return
        self._followed[id(met), ignored] = met  # a class may have an object of its own as an attribute
        self._note_names(met.names)
        self._pending += [(function, ignored | more) for function, more in met.functions]
        self._pending += [(each, ignored) for each in (*met.classes, *met.modules)]

    def _note_names(self, names: set[str]) -> None:
        """Of functions of others, which may be met as values."""
        self._attributes |= names
        self._by_other_names |= take_names(names)

    def _count_class(self, kind: type, ignored: frozenset[str]) -> None:
        """All of it: that of an object that was met, or one to which the code leads."""
        path = f"{module_name(vars(kind), '__module__')}.{kind.__qualname__}"
        if path not in ignored:
            self._found.names.add(path)
            self._count(path, self._places.setdefault(kind, ({"": kind}, "")), kind, ignored)

    def _is_function_itself(self, value: Any) -> bool:
        """Whether it is, in this process or where it has travelled, the function whose surroundings these are."""
        plain, mine = function_within(value), self._function
        if plain is None or mine is None or plain is mine:
            return plain is not None and plain is mine
        same = plain.__code__ == mine.__code__ and not mine.__closure__
        return same and (plain.__module__, plain.__qualname__) == (mine.__module__, mine.__qualname__)
