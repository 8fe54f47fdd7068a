"""What a registry of pint is: a digest of all that it defines, how it is set, and what it remembers.

Its state is what pint's own classes keep; what else somebody has put into it is refused. Imported with `pint_types`.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

import pint
import pint.registry

from neve import _neve
from neve._values.describe import describe
from neve.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator

pt: Any = pint

_FLAGS = (
    "_default_system_name auto_reduce_dimensions autoconvert_offset_to_baseunit autoconvert_to_preferred case_sensitive "
    "default_as_delta force_ndarray force_ndarray_like separate_format_defaults"
).split()


def plain_registry(registry: Any) -> Any:
    """The registry behind what stands for the application's."""
    if isinstance(registry, pt.registry.ApplicationRegistry):
        registry = registry.get()
    if isinstance(registry, pt.registry.LazyRegistry):
        _ = registry.default_system  # makes it what it stands for
    if type(registry) is not pt.registry.UnitRegistry:
        raise UnsupportedError(f"a registry of pint of the class {type(registry).__qualname__} is not known here")
    return registry


def powers(units: Any) -> list[list[Any]]:
    """Names and exponents of what units are a product of, in one order."""
    return [[name, units[name]] for name in sorted(units)]


class _Known(NamedTuple):
    """The digest of a registry, and what it was made of."""

    tables: _Tables
    settings: str
    remembered: Any  # what pint keeps of conversions; another object once it has forgotten them
    text: str
    digest: str


_known: weakref.WeakKeyDictionary[Any, _Known] = weakref.WeakKeyDictionary()


def digest_of(registry: Any) -> str:
    """Of all that it defines and of how it is set. Definitions are not written into: the same objects are the same text."""
    if registry._active_ctx.contexts:
        raise UnsupportedError("a context of the registry of pint is enabled, in which its units mean something else")
    tables, settings, remembered = _Tables.of(registry), _settings_of(registry), registry._cache
    known = _known.get(registry)
    if known is not None and known.remembered is not remembered:
        known = None
    if known is None or known.settings != settings or not known.tables.is_same(tables):
        text = repr([list(_definitions(tables)), list(_transformations(tables)), settings])
        if known is None or known.text != text or not known.tables.is_within(tables):
            former = _former_factors(registry)
            digest = hashlib.sha256(repr([text, former]).encode("utf-8", "surrogatepass")).hexdigest()
        else:
            digest = known.digest
        known = _known[registry] = _Known(tables, settings, remembered, text, digest)
    return known.digest


def _former_factors(registry: Any) -> list[str]:
    """What pint remembers of units that were defined anew since: it goes on to convert by what they were."""
    fresh = object.__new__(type(registry))
    vars(fresh).update(vars(registry), _units=registry._units.copy())  # to which asking adds some
    found = []
    for units, factor in list(registry._cache.root_units.items()):
        now = []
        for check in (True, False):  # either may have been asked for
            vars(fresh)["_cache"] = type(registry._cache)()
            try:
                now.append(repr(fresh._get_root_units(units, check)))
            except Exception:  # it is defined by itself, or by what is not there
                now.append("")
        if repr(factor) not in now:
            found.append(f"{units!r}: {factor!r}")
    for text, units in list(registry._cache.parse_unit.items()):
        unit = registry._units.get(text)
        if unit is not None and powers(units) != [[unit.name, 1]]:
            found.append(f"{text!r} is {units!r}")
    return sorted(found)


class _Tables(NamedTuple):
    """Definitions by name, copied at once: other threads may ask for units, which adds some."""

    units: dict[str, Any]
    prefixes: dict[str, Any]
    dimensions: dict[str, Any]
    transformations: dict[tuple[str, Any, Any], Any]  # of contexts

    @classmethod
    def of(cls, registry: Any) -> _Tables:
        (units,) = getattr(registry._units, "maps", [registry._units])
        contexts = registry._contexts.copy()
        changes = {(name, *pair): each for name, context in contexts.items() for pair, each in context.funcs.copy().items()}
        return cls(units.copy(), registry._prefixes.copy(), registry._dimensions.copy(), changes)

    def is_same(self, other: _Tables) -> bool:
        """Whether they hold the same objects: 1 and 1.0 would be equal."""
        pairs: Any = zip(self, other, strict=True)
        return all(list(one) == list(two) and all(map(operator.is_, one.values(), two.values())) for one, two in pairs)

    def is_within(self, other: _Tables) -> bool:
        """Whether nothing was defined anew since, not even back to what it was: there was something else in between."""
        pairs: Any = zip(self, other, strict=True)
        anew = [name for one, two in pairs for name, each in one.items() if each is not two.get(name)]
        made = [
            all(name in each.units and _made_when_parsed(each, name, each.units[name]) for each in (self, other))
            for name in anew
        ]
        return all(made)


def _definitions(tables: _Tables) -> Iterator[Any]:
    for name, each in tables.units.items():
        if not _made_when_parsed(tables, name, each):
            yield name, each.name, each.defined_symbol, each.aliases, _scale(each.converter), powers(each.reference)
    for name, each in tables.prefixes.items():
        yield name, each.name, each.value, each.defined_symbol, each.aliases
    for name, each in tables.dimensions.items():
        yield name, each.name, powers(getattr(each, "reference", None) or {})


def _made_when_parsed(tables: _Tables, name: str, unit: Any) -> bool:
    """Whether it is a prefix and a unit that were put together when somebody asked for it: it says nothing new."""
    if unit.name != name or unit.aliases or len(unit.reference) != 1:
        return False
    (base,) = unit.reference
    prefix = tables.prefixes.get(name.removesuffix(base)) if name.endswith(base) and name != base else None
    if prefix is None or base not in tables.units:
        return False
    made = [repr(prefix.converter), prefix.symbol + tables.units[base].symbol, [[base, 1]]]
    return [repr(unit.converter), unit.defined_symbol, powers(unit.reference)] == made


def _scale(converter: Any) -> str:
    if not type(converter).__module__.startswith("pint."):
        raise UnsupportedError(f"a unit of the registry of pint is converted by a {type(converter).__qualname__}")
    return repr(converter)


def _settings_of(registry: Any) -> str:
    for each in registry.preprocessors:
        if not str(getattr(each, "__module__", "")).startswith("pint."):
            raise UnsupportedError("the registry of pint has a preprocessor, which may make anything of a text")
    return repr(
        [
            [(name, *map(_in_order, (each._unit_names, each._used_groups))) for name, each in registry._groups.items()],
            [
                (name, each.base_units, *map(_in_order, (each.derived_units, each._used_groups)))
                for name, each in registry._systems.items()
            ],
            [(name, each.name, each.aliases, each.defaults, each.redefinitions) for name, each in registry._contexts.items()],
            [getattr(registry, name, None) for name in _FLAGS],
            [str(each) for each in getattr(registry, "default_preferred_units", ())],
            [registry._suffixes, registry._defaults, registry._non_int_type, len(registry.preprocessors)],
            _printing(registry),
            _set_on(registry),
            # Which it forgets as another system is set, but not as none is.
            repr(registry._base_units_cache) if not registry._default_system_name else None,
        ]
    )


def _printing(registry: Any) -> list[Any]:
    """How quantities are printed. Formats of somebody's (`pint.register_unit_format`) are functions, and so may an order be."""
    formatter, order = registry.formatter, registry.formatter.default_sort_func
    for each in (type(formatter), order, *map(type, formatter._formatters.values())):
        if each is not None and (not str(each.__module__).startswith("pint.") or each.__qualname__.startswith("register_")):
            raise UnsupportedError(f"the registry of pint prints its units by {each.__qualname__}, which may do anything")
    own = {name: each for name, each in vars(formatter).items() if name not in _OF_FORMATTERS}
    return [formatter.default_format, str(formatter.locale), getattr(order, "__qualname__", None), repr(own)]


_OF_FORMATTERS = frozenset("_registry _formatters default_format default_sort_func locale".split())


def _set_on(registry: Any) -> str | None:
    """A digest of what somebody has set on it (`ureg.c = ...`), which whoever has a quantity can get at."""
    own = {name: each for name, each in vars(registry).items() if name not in _attributes_of_registries()}
    if not own:
        return None

    def described(value: Any, for_key: bool) -> tuple[str, Any] | None:
        if type(value) is registry.Quantity:
            return "own:Quantity", {"magnitude": value._magnitude, "units": powers(value._units)}
        if type(value) is registry.Unit:
            return "own:Unit", {"units": powers(value._units)}
        return describe(value, for_key)

    try:
        return _neve.value_digest(own, described)
    except UnsupportedError as error:
        raise UnsupportedError(f"the registry of pint has an attribute that somebody has set: {error}") from None


@functools.cache
def _attributes_of_registries() -> frozenset[str]:
    return frozenset((*vars(pt.UnitRegistry(None)), "params"))  # those with which the application's one waited


def _in_order(names: set[str]) -> str:
    return _text_in_order(frozenset(names))  # at once, as a copy: others may add some


@functools.lru_cache(maxsize=256)
def _text_in_order(names: frozenset[str]) -> str:
    """Kept, since it is asked for with each quantity: a group has a thousand names."""
    return hashlib.sha256(repr(sorted(map(str, names))).encode("utf-8", "surrogatepass")).hexdigest()


def _transformations(tables: _Tables) -> Iterator[Any]:
    """Those of pint's own making, from equations. A function of somebody's may do anything."""
    for (name, source, target), function in tables.transformations.items():
        cells = getattr(function, "__closure__", None) or ()
        equations = [getattr(each.cell_contents, "equation", None) for each in cells]
        if not str(function.__module__).startswith("pint.") or len(equations) != 1 or type(equations[0]) is not str:
            raise UnsupportedError(f"the context {name!r} of the registry of pint has a function of somebody's")
        yield name, powers(source), powers(target), equations[0]
