"""Quantities and units of astropy, exactly. Imported when one is met.

A unit is said by its names and by what it represents, down to units that represent nothing else: who defines one anew gets
another key. A result is made again of the units that astropy finds by name, if these are the same.
"""

from __future__ import annotations

import threading
from typing import Any

import astropy.units
import numpy as np

from neve import _neve
from neve._values.describe import describe
from neve.errors import UnsupportedError

u: Any = astropy.units
_core: Any = astropy.units.core
_NAMED = (_core.IrreducibleUnit, _core.Unit, _core.PrefixUnit)
_REPRESENT = (_core.Unit, _core.PrefixUnit)


def described(value: Any, for_key: bool) -> tuple[str, Any] | None:
    """Tag and content; None for what is neither. `for_key` as for `neve._values.describe`."""
    kind = type(value)
    if kind is u.Quantity:
        _require_plain(value)
        content = {"unit": _checked(value.unit, for_key), "value": value.view(np.ndarray)}
        return "type:astropy.units.Quantity", {**content, **_enabled(for_key)}
    if kind is _core.CompositeUnit or kind in _NAMED:
        return "type:astropy.units.Unit", {**_checked(value, for_key), **_enabled(for_key)}
    return None


def _enabled(for_key: bool) -> dict[str, str]:
    """A digest of the units that are found by name, and of equivalencies, which whoever has a quantity converts by."""
    global _known
    registry = u.get_current_unit_registry()
    if not for_key or getattr(_within, "equivalencies", False):
        return {}
    sizes = (len(registry.registry), len(registry.aliases), len(registry.equivalencies))
    known = _known
    if known is None or known[0] is not registry or known[1] != sizes:
        known = _known = (registry, sizes, _digest_of(registry))
    return {"enabled": known[2]}


_known: tuple[Any, tuple[int, ...], str] | None = None
_within = threading.local()


def _digest_of(registry: Any) -> str:
    own = {id(each) for each in vars(u).values()}
    named = {**registry.aliases, **registry.registry}
    forms = [[name, named[name].name if id(named[name]) in own else _form_of(named[name])] for name in sorted(named)]
    _within.equivalencies = True  # they may close over quantities
    try:
        functions = sorted(_neve.value_digest(each, describe) for each in registry.equivalencies)
    except UnsupportedError as error:
        raise UnsupportedError(f"an equivalency that is enabled in astropy has no exact form: {error}") from None
    finally:
        _within.equivalencies = False
    return _neve.value_digest([repr(forms), functions], describe)


def _require_plain(quantity: Any) -> None:
    more = vars(quantity).keys() - {"_unit", "info"}
    if more or getattr(vars(quantity).get("info"), "_attrs", None):
        name = min(more, default="info")
        raise UnsupportedError(f"the Quantity of astropy has an attribute {name!r} that somebody has set, which is not kept")


def _checked(unit: Any, for_key: bool) -> Any:
    form = _form_of(unit)
    if not for_key:
        _unit_from(form)  # what would not come back is no result
    return form


def _form_of(unit: Any, depth: int = 20) -> Any:
    kind = type(unit)
    if depth == 0:
        raise UnsupportedError("the unit of astropy leads through too many others")
    if kind is _core.CompositeUnit:
        bases = [[_form_of(base, depth - 1), power] for base, power in zip(unit.bases, unit.powers, strict=True)]
        return {"bases": bases, "scale": unit.scale}
    if kind not in _NAMED:
        raise UnsupportedError(f"a unit of astropy of the class {kind.__qualname__} is not kept; give value and unit apart")
    names = {"names": list(unit.names), **({"format": unit._format} if unit._format else {})}  # how it is printed
    return {**names, "represents": _form_of(unit._represents, depth - 1)} if kind in _REPRESENT else names


def _unit_from(form: dict[str, Any]) -> Any:
    if "bases" in form:
        bases, powers = [_unit_from(base) for base, _ in form["bases"]], [power for _, power in form["bases"]]
        made = _core.CompositeUnit(form["scale"], bases, powers)
    else:
        name = form["names"][0]
        found = u.get_current_unit_registry().registry.get(name)
        made = getattr(u, name, None) if found is None else found
    if type(made) is not _core.CompositeUnit and type(made) not in _NAMED or _exact(_form_of(made)) != _exact(form):
        raise UnsupportedError(
            f"the unit {'/'.join(form.get('names', ())) or 'of the quantity'} is none that astropy finds here by that name; "
            "enable it with astropy.units.add_enabled_units, or return value and unit apart"
        )
    return made


def _exact(form: Any) -> str:
    """1 and 1.0 differ, and so do 0.0 and -0.0."""
    return repr(form)


def _quantity_from(content: dict[str, Any]) -> Any:
    value = content["value"]
    made = u.Quantity(value, _unit_from(content["unit"]), dtype=value.dtype, copy=False)
    if made.dtype != value.dtype or made.shape != value.shape:
        raise UnsupportedError("this astropy makes another quantity of what is stored")
    return made


RESTORERS = {"type:astropy.units.Quantity": _quantity_from, "type:astropy.units.Unit": _unit_from}
