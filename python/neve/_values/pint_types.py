"""Quantities, units and registries of pint. Imported when one is met.

A quantity leads to all that its registry defines (`q.to("smoot")`), so the registry counts with it, whatever its units are. Its
state is that of `pint_registry`. A result is made again in the application's registry, as by pickle, if that defines the same.
"""

from __future__ import annotations

from typing import Any

import pint
import pint.registry

from neve._values.pint_registry import digest_of, plain_registry, powers
from neve.errors import UnsupportedError

pt: Any = pint

_OWN_ATTRIBUTES = frozenset("_magnitude _units _dimensionality".split())


def described(value: Any, for_key: bool) -> tuple[str, Any] | None:
    """Tag and content; None for what is none of the three. `for_key` as for `neve._values.describe`."""
    try:
        return _described(value, for_key)
    except AttributeError as error:
        raise UnsupportedError(f"this version of pint keeps its units otherwise than is known here: {error}") from None


def _described(value: Any, for_key: bool) -> tuple[str, Any] | None:
    kind = type(value)
    if isinstance(value, (pt.registry.UnitRegistry, pt.registry.LazyRegistry, pt.registry.ApplicationRegistry)):
        if not for_key:
            raise UnsupportedError("a registry of pint is no result; return quantities, or what they consist of")
        return "type:pint.UnitRegistry", _told_of(plain_registry(value))
    # `pint.Quantity(3, "m")`: a class of no registry, and an object of the application's
    of_none = kind in (pt.Quantity, pt.Unit)
    registry = getattr(value if of_none else kind, "_REGISTRY", None)
    content: dict[str, Any] = {"class": "pint's"} if of_none else {}
    if kind in (pt.Quantity, getattr(registry, "Quantity", None)):
        tag, content = "type:pint.Quantity", {**content, "magnitude": value._magnitude}
    elif kind in (pt.Unit, getattr(registry, "Unit", None)):
        tag = "type:pint.Unit"
    else:
        return None
    unknown = vars(value).keys() - _OWN_ATTRIBUTES - ({"_REGISTRY"} if of_none else set())
    if unknown:
        raise UnsupportedError(f"the {kind.__name__} of pint has an attribute {min(unknown)!r} that somebody has set")
    registry = plain_registry(registry)
    if not for_key and registry is not plain_registry(pt.get_application_registry()):
        raise UnsupportedError(
            f"the {kind.__name__} is of a registry of pint that is not the application's, in which it would come back; "
            "call pint.set_application_registry(...) with it, or return magnitude and units"
        )
    return tag, {**content, "registry": _told_of(registry), "units": powers(value._units)}


def _told_of(registry: Any) -> str:
    """The digest, and whether it is the application's: what comes back is of that one, and quantities of two do not add up."""
    return digest_of(registry) if registry is pt.get_application_registry().get() else f"another: {digest_of(registry)}"


def _quantity_from(content: dict[str, Any]) -> Any:
    registry = _application_registry(content["registry"])
    magnitude = content["magnitude"]
    made = (pt if "class" in content else registry).Quantity(magnitude, registry.UnitsContainer(dict(content["units"])))
    if type(made._magnitude) is not type(magnitude) or powers(made._units) != content["units"]:
        raise UnsupportedError("this pint makes another quantity of what is stored")
    return made


def _unit_from(content: dict[str, Any]) -> Any:
    registry = _application_registry(content["registry"])
    return (pt if "class" in content else registry).Unit(registry.UnitsContainer(dict(content["units"])))


def _application_registry(digest: str) -> Any:
    registry = plain_registry(pt.get_application_registry())
    if digest_of(registry) != digest:
        raise UnsupportedError("the stored quantity is of a registry that defines other units than the application's")
    return registry


def _no_result(_: Any) -> Any:
    raise UnsupportedError("a registry of pint is no result")


RESTORERS = {"type:pint.Quantity": _quantity_from, "type:pint.Unit": _unit_from, "type:pint.UnitRegistry": _no_result}
