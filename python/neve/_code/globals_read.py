"""Which global variables compiled code reads, with the attributes it takes from them, and which it assigns."""

from __future__ import annotations

import dis
import types
from typing import TYPE_CHECKING, Any, NamedTuple

from neve._code.compiled import ByCode
from neve._code.steps import steps_of
from neve._code.texts import IMPORT, looks_names_up, modules_named, names_and_texts, texts_in, variables_named

if TYPE_CHECKING:
    from collections.abc import Iterator


class Imported(NamedTuple):
    """A module that the code imports itself."""

    name: str
    level: int  # how many dots before it
    whole: bool  # `import a.b`, which gives `a`, and not `from a.b import c`


class Read(NamedTuple):
    """What the code takes: `params.N` are the names `params` and `N` from its global variables. Where it imports the
    module itself, `params` and `N` after `import params`, `N` after `from params import N`."""

    module: Imported | None
    names: tuple[str, ...]


class Globals(NamedTuple):
    reads: tuple[Read, ...]
    assigned: tuple[Read, ...]
    named: tuple[Read, ...]  # by texts and attributes, which may mean something else
    alone: frozenset[str]  # of what is read, names without an attribute
    names: frozenset[str]  # all that are in the code


def globals_of(code: types.CodeType) -> Globals:
    """Of the code and all that is nested in it: functions, comprehensions, bodies of classes."""
    found = _found.get(code)
    if found is None:
        reads: dict[Read, None] = {}
        assigned: dict[Read, None] = {}
        _look_into(code, {}, reads, assigned)
        all_names, texts = names_and_texts(code)
        names = frozenset(all_names)
        reads.update(dict.fromkeys(map(_module_read, sorted(modules_named(names, texts)))))
        alone = frozenset(each.names[0] for each in reads if each.module is None and len(each.names) == 1)
        paths = variables_named(alone, names, texts)
        if not (names.isdisjoint(_MODULES) or names.isdisjoint(_OF_OWN_MODULE)):
            paths |= {(each,) for each in (*names, *texts)}
        named = [Read(None, path) for path in sorted(paths)]
        found = Globals(tuple(reads), tuple(assigned), tuple(named), alone, names)
        _found.keep(code, found)
    return found


_found = ByCode[Globals]()
_MODULES = IMPORT | {"modules"}
_OF_OWN_MODULE = frozenset({"__module__", "__name__"})  # `sys.modules[__name__]`, whose attributes are the global variables


def named_by_values(function: types.FunctionType) -> list[Read]:
    """What the texts name that the function's defaults are and its global variables hold, if it may look that up. Modules not
    by texts within containers: of those it may import few, and importing one runs it."""
    found = globals_of(function.__code__)
    if not looks_names_up(found.names) and found.names.isdisjoint(IMPORT):
        return []
    held = [_held_by(function.__globals__, each.names) for each in found.reads if each.module is None and each.names]
    held += [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    modules = modules_named(found.names, [each for each in held if isinstance(each, str)])
    paths = variables_named(found.alone, found.names, texts_in(held))
    return [*map(_module_read, sorted(modules)), *(Read(None, path) for path in sorted(paths))]


def _module_read(text: str) -> Read:
    """Of `.params`, with the dots before it."""
    name = text.lstrip(".")
    return Read(Imported(name, len(text) - len(name), False), ())


def _held_by(variables: dict[str, Any], names: tuple[str, ...]) -> Any:
    value = variables.get(names[0])
    for name in names[1:]:
        if not isinstance(value, types.ModuleType):
            break
        value = vars(value).get(name)
    return value


Bindings = dict[str, list[Read]]  # local variables that are modules, or taken from them

_NOT_OF_GLOBALS = (
    "DELETE_ATTR DELETE_GLOBAL DELETE_NAME IMPORT_FROM IMPORT_NAME LOAD_ATTR LOAD_METHOD LOAD_SUPER_ATTR "
    "STORE_ATTR STORE_GLOBAL STORE_NAME".split()
)
_OF_GLOBALS = frozenset(dis.opname[each] for each in dis.hasname).difference(_NOT_OF_GLOBALS)  # what a later Python adds, too
_OF_CELLS = frozenset("LOAD_DEREF LOAD_CLASSDEREF LOAD_FROM_DICT_OR_DEREF".split())
_ATTRIBUTES = frozenset("LOAD_ATTR LOAD_METHOD".split())
_DUPLICATES = frozenset("COPY DUP_TOP".split())
_CHANGES = frozenset("STORE_ATTR DELETE_ATTR".split())


def _look_into(code: types.CodeType, around: Bindings, reads: dict[Read, None], assigned: dict[Read, None]) -> None:
    steps = list(steps_of(code))
    bindings = {name: list(given) for name, given in around.items() if name in code.co_freevars}
    imported = list(_imports(steps))
    for name, taken in imported:
        bindings.setdefault(name, []).append(taken)
    _chains(code, steps, bindings, reads, assigned)
    of_imports = {name for name, _ in imported}
    for step, name in steps:  # `global pd; import pandas as pd` gives a module its name
        if step in ("STORE_GLOBAL", "DELETE_GLOBAL") and name not in of_imports:
            assigned[Read(None, (name,))] = None
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            _look_into(each, bindings, reads, assigned)


def _imports(steps: list[tuple[str, Any]]) -> Iterator[tuple[str, Read]]:
    """Variables and what `import` statements give them."""
    module: Imported | None = None
    names: tuple[str, ...] = ()
    whole = True  # `import a.b as c`, not `from a import b`
    for number, (step, about) in enumerate(steps):
        if step == "IMPORT_NAME":
            given = [value for before, value in steps[max(0, number - 2) : number] if before == "LOAD_CONST"]
            level = given[0] if given and isinstance(given[0], int) else 0
            whole = not (given and isinstance(given[-1], tuple))
            module, names = Imported(about, level, whole), tuple(about.split(".")[:1]) if whole else ()
        elif module is None:
            continue
        elif step == "IMPORT_FROM":
            names = (*names, about) if whole else (about,)
        elif step.startswith("STORE_"):
            yield about, Read(module, names)
        elif step != "POP_TOP" or not whole:
            module = None


def _chains(
    code: types.CodeType,
    steps: list[tuple[str, Any]],
    bindings: Bindings,
    reads: dict[Read, None],
    assigned: dict[Read, None],
) -> None:
    """Where a variable is read and then, at once, an attribute of it, and one of that."""
    cells = (*code.co_cellvars, *code.co_freevars)
    taken: list[Read] = []  # what lies on top of the stack
    doubled = False
    changed: dict[str, list[Read]] = {}  # `params.N += 1` reads it first
    for step, about in steps:
        if step in _ATTRIBUTES and taken:
            if doubled:
                changed.setdefault(about, []).extend(taken)
            taken, doubled = [Read(each.module, (*each.names, about)) for each in taken], False
            continue
        if step in _DUPLICATES and taken:
            doubled = True
            continue
        if step in _CHANGES and (taken or about in changed):
            assigned.update((Read(each.module, (*each.names, about)), None) for each in taken or changed.pop(about))
            taken = []
            continue
        reads.update(dict.fromkeys(taken))
        taken, doubled = [], False
        if step in _OF_GLOBALS:
            taken = bindings.get(about, [Read(None, (about,))])
        elif step in _OF_CELLS or (step == "LOAD_FAST" and about not in cells):
            taken = bindings.get(about, [])
    reads.update(dict.fromkeys(taken))
