"""What a call has changed of that which its key was made of: a hit would not do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve

if TYPE_CHECKING:
    from neve._memo.call_keys import CallKeys, FunctionForm

_AROUND = {
    "attributes": "an attribute of the function that it reads",
    "closure": "a variable that the function closes over",
    "self": "the object that it is a method of",
}


class Call(NamedTuple):
    """A call of a function, and what its key was made of."""

    form: FunctionForm
    arguments: dict[str, Any]  # by name
    key: str
    recipe: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def objection_to(call: Call, keys: CallKeys) -> str | None:
    """Why nobody may be given later what a call has just given, if its key would be another one now: the function was
    replaced, or the call, or somebody at the same time, has written into an argument."""
    if not call.form.is_current():
        return "the function was replaced while it ran"
    try:
        table = keys.table(call.form)
        if table.key(call.arguments) == call.key:
            return None
        after = table.recipe(call.arguments)
    except Exception as error:
        return f"the call left its arguments in a state that has no key: {error}"
    recipes = [_neve.parse_json(each.encode("utf-8", "surrogatepass")) for each in (call.recipe, after)]
    found = _changed(recipes[0]["config"], recipes[1]["config"])
    changed = _and(found or ["an argument for a while"])
    advice = "let it work on a copy and return what the caller is to have"
    if "'self'" in changed:
        advice += "; what an object keeps for later calls may be a functools.cached_property, which does not count"
    return f"the call changed {changed}, which a hit would not do; {advice}"


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = [f"its argument {name!r}" for name in _differing(before, after, "arguments")]
    found += [f"{name!r}, which depends= names" for name in _differing(before, after, "depends")]
    return found + [what for part, what in _AROUND.items() if before.get(part) != after.get(part)]


def _differing(before: dict[str, Any], after: dict[str, Any], part: str) -> list[str]:
    """Compared as they are printed, as for the key: 1 and 1.0 differ."""
    one, other = before.get(part, {}), after.get(part, {})
    return [name for name in {**one, **other} if _neve.compact_json(one.get(name)) != _neve.compact_json(other.get(name))]


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
