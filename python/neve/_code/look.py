"""One look at what functions read around them: global variables, and what the functions and classes read that they find."""

from __future__ import annotations

import builtins
import sys
import types
from typing import TYPE_CHECKING, Any

from neve._code.attributes import names_read, reads_by_other_names
from neve._code.checks import MISSING, NOTHING, Checks
from neve._code.class_members import data_of, members_used, own_classes
from neve._code.descriptors import member_part
from neve._code.extended import added_members
from neve._code.forms import form_of, raises, told_without_form, with_article
from neve._code.functions import keeps_results_of
from neve._code.globals_read import globals_of, named_by_values
from neve._code.hints import hints_of
from neve._code.imported import imported_module, submodule
from neve._code.met import Met
from neve._code.objects import foreign_name, is_foreign, reference_to, text_of
from neve._code.variables import OF_PYTHON, keeps_itself, module_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from neve._code.globals_read import Imported, Read

Roots = list[tuple[Any, frozenset[str]]]  # functions and classes, and what of the global variables they read does not count
Place = tuple["Mapping[str, Any]", str]  # variables, and the name of one


_OF_PINT = "application_registry"
_READ_HINTS = frozenset("__annotations__ __annotate__ get_annotations get_type_hints getfullargspec signature".split())


class Look:
    """One look around. What was met is noted so that the next look need not be taken while all of it is as it was."""

    def __init__(self, function: Any, home: str, assigned: set[tuple[int, str]]) -> None:
        """Of variables in `assigned`, by the ids of their namespaces, it is known that they come out of the calls."""
        self.forms: dict[str, Any] = {}  # what stands for each variable in keys
        self.without_form: dict[str, tuple[str, str]] = {}  # what such a variable holds, and why it has none
        self.names: set[str] = set()
        self.assigned: set[tuple[int, str]] = set()
        self.misses = False  # a name that leads nowhere yet
        self._given = assigned
        self._assignments: list[tuple[types.FunctionType, tuple[int, str]]] = []
        self._function = _bare(function)
        self._code = getattr(self._function, "__code__", None)
        self._home = home
        self.roots: Roots = []
        self._checks = Checks()
        self._unsteady: list[tuple[Place, Any, Met]] = []
        self._nothing: list[tuple[Place, Callable[[], Any]]] = []
        self._always_anew = False
        self._more = True  # than the checks say
        self._pending: list[tuple[Any, frozenset[str]]] = []  # functions, classes, modules
        self._seen: set[tuple[int, int, frozenset[str]]] = set()
        self._counted: dict[tuple[str, int, str], Met] = {}
        self._foreign: set[tuple[str, int, str]] = set()
        self._followed: dict[tuple[int, frozenset[str]], Met] = {}
        self.called: dict[str, tuple[Any, Any]] = {}  # modules and names of functions and classes, by what they are told as
        self.attributes: set[str] = set()  # names by which code may read some
        self._by_other_names = False  # some that are not in the code, too
        self._places: dict[type | tuple[type, str], Place] = {}
        self._all: dict[str, list[Any]] = {}  # several where there are several modules of one name
        self._alive: list[Any] = []
        self._functions: list[types.FunctionType] = []

    def is_of(self, roots: Roots) -> bool:
        if self._function is not None and self._function.__code__ is not self._code:
            return False
        return roots is self.roots or self._has(roots)

    def _has(self, roots: Roots) -> bool:
        return len(roots) == len(self.roots) and all(one[0] is other[0] for one, other in zip(roots, self.roots, strict=True))

    def is_current(self) -> bool:
        """Whether another look would find the same. The code of the function itself is not asked for."""
        return self._checks.hold() and (not self._more or self._is_current())

    def _is_current(self) -> bool:
        if self._always_anew:
            return False
        for (variables, name), form, met in self._unsteady:
            again = Met(apart=met.apart)
            if form_of(variables.get(name), again) != form or not again.is_same(met):
                return False
        for (variables, name), found in self._nothing:
            former = found()
            if former is None or variables.get(name) is not former:
                return False
        return True

    def look_at(self, roots: Roots, ignored: frozenset[str], kinds: tuple[type, ...] = ()) -> None:
        """`kinds`: classes of objects that are given to the function."""
        self.roots = roots
        for root, more in roots:
            met = Met()
            if isinstance(root, type):
                form = form_of(root, met)
                if not self._checks.cover(root):
                    self._unsteady.append((({"": root}, ""), form, met))
            elif type(root) is types.FunctionType:
                met.functions.append((root, more))
            self._follow_met(met, ignored)
        own = [each for kind in kinds for each in own_classes(kind)]
        for kind in (*kinds, *own):
            self._checks.attribute(kind, "__mro__", kind.__mro__)
        for each in own:
            self._checks.mapping(vars(each))
        while self._pending:
            self._visit_next()
            if not self._pending:
                for each in own:
                    self._count_members(each, ignored)
                if not self.attributes.isdisjoint(_READ_HINTS):
                    self._count_hints(ignored)
                for path, kind, name, member in added_members(self.attributes):
                    self._checks.attribute(kind, name, member)
                    self._follow(member, self._places.setdefault((kind, name), ({"": member}, "")), path, (), ignored)
        self.assigned = {place for function, place in self._assignments if self._is_called(function)}
        self._more = bool(self._always_anew or self._unsteady or self._nothing)
        told = self._told()
        for name in sorted(self._all):
            forms = self._all[name]
            self.forms[told[name]] = forms[0] if len(set(map(repr, forms))) == 1 else forms
        self.names = set(told.values())
        self.called = {told[name]: what for name, what in self.called.items()}
        self.without_form = {told[name]: what for name, what in sorted(self.without_form.items())}

    def _told(self) -> dict[str, str]:
        """What each name is told as: those of the function's module without it, unless another module's are called so."""
        names = self.names | self._all.keys()
        short = {name: name.removeprefix(self._home + ".") for name in names}
        return {name: name if short[name] in names else short[name] for name in names}

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
            self._checks.attribute(function, "__code__", function.__code__)
        if key in self._seen:
            return
        self._seen.add(key)
        self._alive.append((function.__code__, function.__globals__))
        self._functions.append(function)
        self.attributes |= names_read(function)
        self._by_other_names |= reads_by_other_names(function.__code__)
        found = globals_of(function.__code__)
        for each in found.assigned:
            self._note_assigned(function, each, function.__globals__)
        for each in found.reads:
            self._read(each, function.__globals__, ignored)
        for each in (*found.named, *named_by_values(function)):
            if each.names[0] in function.__globals__:
                self._read(each, function.__globals__, ignored)
            else:
                self._checks.variable(function.__globals__, each.names[0], MISSING)

    def _note_assigned(self, function: types.FunctionType, taken: Read, variables: dict[str, Any]) -> None:
        owner, names = variables, taken.names
        if taken.module is not None:
            module = imported_module(taken.module, variables)
            if module is None:
                return
            owner, names = vars(module), taken.names[1 if taken.module.whole else 0 :]
        for name in names[:-1]:
            value = owner.get(name)
            inside = getattr(value, "__dict__", None)
            if isinstance(value, type) or type(inside) is not dict or is_foreign(value):
                return
            owner = inside
        if names:
            self._alive.append(owner)
            self._assignments.append((function, (id(owner), names[-1])))

    def _is_called(self, function: types.FunctionType) -> bool:
        """Whether what was met names the function. One that is only there, in a class or a module that counts as a whole, may
        be how the user sets what the others read."""
        name = function.__name__
        unnamed = name.startswith(("__", "<")) or "<locals>" in function.__qualname__
        return function is self._function or unnamed or name in self.attributes

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
        self._checks.variable(variables, name, MISSING)
        if not hasattr(builtins, name):
            self.misses = True
            self.names.add(path)

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
            self.names.add(path)
            if path in ignored or (id(place[0]), place[1]) in self._given:
                return
            if raises(value):
                self.without_form[path] = with_article(type(value)), "it raises when it is looked at"
                self._nothing.append((place, reference_to(value)))
                return
            if isinstance(value, types.ModuleType):
                self._note(place, value)
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
                self._note(place, value)
                self._checks.attribute(value, "__dict__", inside)
            else:
                self._count(path, place, value, ignored)
                return
            name, *rest = more
            if name in OF_PYTHON:
                return
            found = inside.get(name, MISSING)
            path, more = f"{path}.{name}", tuple(rest)
            if found is MISSING:
                self._checks.variable(inside, name, MISSING)
                found = submodule(value, name) if imported else MISSING
                if found is None or found is MISSING:
                    found = self._made_by_module(value, name)
                if found is MISSING:
                    self.misses = True
                    self.names.add(path)
                    return
                self._always_anew = True
            place, value = (inside, name), found

    def _made_by_module(self, module: Any, name: str) -> Any:
        """What a module gives for a name by its `__getattr__`."""
        if "__getattr__" not in vars(module):
            return MISSING
        self._always_anew = True
        try:
            return getattr(module, name, MISSING)
        except Exception:
            return MISSING

    def _note(self, place: Place, value: Any) -> None:
        variables, name = place
        if isinstance(variables, dict):  # the members of a class are noted together
            self._checks.variable(variables, name, value)

    def _count_module(self, module: types.ModuleType, ignored: frozenset[str]) -> None:
        """All that is in it, where it is used otherwise than by its attributes. Not the modules that it has imported."""
        variables = vars(module)
        key = (id(variables), 0, ignored)
        if key in self._seen:
            return
        self._seen.add(key)
        self._alive.append(variables)
        self._checks.mapping(variables)
        for name, value in list(variables.items()):
            if name not in OF_PYTHON and not isinstance(value, types.ModuleType):
                self._follow(value, (variables, name), f"{module_name(variables)}.{name}", (), ignored)

    def _count(self, path: str, place: Place, value: Any, ignored: frozenset[str]) -> None:
        if self._is_function_itself(value):
            self._note(place, value)
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
        self._note(place, value)
        key = (path, id(place[0]), place[1])
        if key not in self._foreign and name != f"module {place[1]}":
            self._foreign.add(key)
            self._all.setdefault(path, []).append(name)
        pint = sys.modules.get("pint")
        if name.removeprefix("module ").partition(".")[0] == "pint" and pint is not None and hasattr(pint, _OF_PINT):
            # `pint.Quantity(3, "smoot")` is of the registry that the user has made the application's.
            self._count(f"pint.{_OF_PINT}", (vars(pint), _OF_PINT), getattr(pint, _OF_PINT), ignored)

    def _described(self, path: str, place: Place, value: Any) -> Met:
        """Notes what stands for a value, and how a change of it shows. Nothing is kept of what somebody may want to have out of
        memory: what can be written into is asked for again, and has no part in the checks."""
        apart = value if issubclass(type(value), type) else None
        met = Met(apart=apart)
        form = form_of(value, met)
        self._note_without_form(path, value, met)
        self.called[path] = (text_of(value, "__module__"), text_of(value, "__qualname__"))
        if met.is_nothing(value):
            self._nothing.append((place, reference_to(value)))
        else:
            if form is not None:
                self._all.setdefault(path, []).append(form)
            if met.is_of_its_package(value) or self._checks.cover(value, NOTHING if apart is None else data_of(apart)):
                self._note(place, value)
            else:
                self._unsteady.append((place, form, met))
        met.forget()
        return met

    def _note_without_form(self, path: str, value: Any, met: Met) -> None:
        if met.without_form:
            self.without_form[path] = told_without_form(value, *met.without_form[0])

    def _count_members(self, kind: type, ignored: frozenset[str]) -> None:
        """What the functions met so far may call on objects of this class."""
        for name, member in members_used(kind, self.attributes, self._by_other_names):
            path = f"{module_name(vars(kind), '__module__')}.{kind.__qualname__}.{name}"
            key = (path, id(kind), name)
            if key in self._counted or path in ignored or self._is_function_itself(member):
                continue
            self.names.add(path)
            met = Met()
            form = form_of(member_part(kind, member), met)
            self._note_without_form(path, member, met)
            if form is not None and not met.is_nothing(member):
                self._all.setdefault(path, []).append(form)
            self._always_anew |= not (met.is_nothing(member) or self._checks.cover(member))
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
                self._all.setdefault(path, []).append(form_of(hints, met))
                self._note_without_form(path, hints, met)
                met.forget()
                self._follow_met(met, ignored)

    def _follow_met(self, met: Met, ignored: frozenset[str]) -> None:
        if (id(met), ignored) in self._followed:
            return
        self._followed[id(met), ignored] = met  # a class may have an object of its own as an attribute
        self._pending += [(function, ignored | more) for function, more in met.functions]
        self._pending += [(each, ignored) for each in (*met.classes, *met.modules)]

    def _count_class(self, kind: type, ignored: frozenset[str]) -> None:
        """Of an object that was met."""
        path = f"{module_name(vars(kind), '__module__')}.{kind.__qualname__}"
        if path not in ignored:
            self.names.add(path)
            self._count(path, self._places.setdefault(kind, ({"": kind}, "")), kind, ignored)

    def _is_function_itself(self, value: Any) -> bool:
        """Whether it is, in this process or where it has travelled, the function whose surroundings these are."""
        plain, mine = _bare(value), self._function
        if plain is None or mine is None or plain is mine:
            return plain is not None and plain is mine
        same = plain.__code__ == mine.__code__ and not mine.__closure__
        return same and (plain.__module__, plain.__qualname__) == (mine.__module__, mine.__qualname__)


def _bare(value: Any) -> types.FunctionType | None:
    while keeps_results_of(value):
        value = value.__wrapped__
    value = getattr(value, "__func__", value) if type(value) is types.MethodType else value
    return value if type(value) is types.FunctionType else None
