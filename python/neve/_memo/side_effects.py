"""What a call has changed of that which its key was made of: a hit would not do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neve._memo.call_keys import CallKeys, FunctionForm

_AROUND = {
    "attributes": "an attribute of the function that it reads",
    "closure": "a variable that the function closes over",
    "self": "the object that it is a method of",
}


class Call(NamedTuple):
    """A call of a function, and what its key was made of."""

    keys: CallKeys
    form: FunctionForm
    arguments: dict[str, Any]  # by name
    key: str
    recipe: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def run(self) -> Any:
        """Calls the function, the one that the key is of."""
        return self.keys.function(*self.args, **self.kwargs)


def objection_to(call: Call) -> str | None:
    """Why nobody may be given later what a call has just given, if its key would be another one now: the function was
    replaced, or the call, or somebody at the same time, has written into an argument."""
    if not call.form.is_current():
        return "the function was replaced while it ran"
    try:
        table = call.keys.table(call.form, call.arguments)
        if table.key(call.arguments) == call.key:
            return None
        after_recipe = table.recipe(call.arguments)
    except Exception as error:
        return f"the call left its arguments in a state that has no key: {error}"
    recipes = [_neve.parse_json(each.encode("utf-8", "surrogatepass")) for each in (call.recipe, after_recipe)]
    before, after = (each["config"] for each in recipes)
    changed, kinds = _changed(before, after)
    variables = _differing(before.get("reads", {}), after.get("reads", {}))
    variables = [name for name in variables if name in before.get("reads", {})] or variables  # the others follow from these
    advice = "let it work on a copy and return what the caller is to have"
    if variables:
        alone = not changed
        changed += [f"the global variable {name!r}" for name in variables]
        named = ", ".join(repr(name) for name in variables)
        remedy = f"if results do not depend on what it holds, as on a record of what is done, say so: ignore=[{named}]"
        advice = remedy if alone else f"{advice}; {remedy}"
    if kinds:
        named = _and(sorted(kinds))
        advice += (
            f"; what a {named} only keeps for later calls may be a functools.cached_property, which does not count, or be "
        )
        advice += f"left out by a codec for it: neve.register({sorted(kinds)[0]}, ...)"
    return f"the call changed {_and(changed or ['an argument for a while'])}, which a hit would not do; {advice}"


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], set[str]]:
    """What, and the classes of objects that have other fields than before."""
    found: list[str] = []
    kinds: set[str] = set()
    for name in _differing(before.get("arguments", {}), after.get("arguments", {})):
        places = list(_fields(before["arguments"].get(name), after["arguments"].get(name), "", ""))
        kinds |= {kind for _, kind in places}
        where = [place for place, _ in places]
        named = f" ({_and(where[:_TOLD] + ([f'{len(where) - _TOLD} more'] if where[_TOLD:] else []))})" if where else ""
        found.append(f"its argument {name!r}{named}")
    found += [f"{name!r}, which depends= names" for name in _differing(before.get("depends", {}), after.get("depends", {}))]
    return found + [what for part, what in _AROUND.items() if before.get(part) != after.get(part)], kinds


_TOLD = 4  # places of one argument


def _fields(before: Any, after: Any, place: str, kind: str) -> Iterator[tuple[str, str]]:
    """Where objects within an argument, as it is encoded for keys, have other fields than before (`.grid.known`), with the
    name of the class. `kind`: the class of the object whose field this is."""
    deeper: list[tuple[str, str]] = []
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number in range(len(before)):
            deeper += _fields(before[number], after[number], f"{place}[{number}]", "")
    elif isinstance(before, dict) and isinstance(after, dict) and before.get("$") == after.get("$"):
        tag = before.get("$")
        one: Any = before.get("of")
        other: Any = after.get("of")
        if tag in ("dataclass", "model") and one["type"] == other["type"]:
            name = one["type"].rpartition(":")[2].rpartition(".")[2]
            for each in _differing(one["fields"], other["fields"]):
                deeper += _fields(one["fields"].get(each), other["fields"].get(each), f"{place}.{each}", name)
        elif tag == "tuple":
            deeper += _fields(one, other, place, "")
        elif tag is None:
            for each in sorted(before.keys() & after.keys()):
                deeper += _fields(before[each], after[each], f"{place}[{each!r}]", "")
    if deeper or not kind:
        yield from deeper
    else:
        yield place, kind


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [name for name in {**one, **other} if not _same(one.get(name), other.get(name))]


def _same(one: Any, other: Any) -> bool:
    """Compared as they are printed, as for the key: 1 and 1.0 differ."""
    return _neve.compact_json(one) == _neve.compact_json(other)


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
