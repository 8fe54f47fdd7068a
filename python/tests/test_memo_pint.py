"""Quantities, units and registries of pint as arguments, results and global constants."""

import decimal
import fractions

import numpy as np
import pint
import pytest
from astropy import units as u

import neve
from neve._values.describe import describe, restore
from quantity_checks import kept, key_of


@pytest.fixture
def registry():
    return pint.UnitRegistry()


@pytest.fixture
def application():
    """The application's registry, a new one, for the time of a test."""
    former = pint.get_application_registry().get()
    made = pint.UnitRegistry()
    pint.set_application_registry(made)
    yield made
    pint.set_application_registry(former)


def test_of_pint_value_unit_and_registry_count(registry):
    values = [
        registry.Quantity(1, "km"),
        registry.Quantity(1.0, "km"),
        registry.Quantity(1000.0, "m"),
        registry.Quantity(1.0, "km/s"),
        registry.Quantity(decimal.Decimal(1), "km"),
        registry.Quantity(fractions.Fraction(1), "km"),
        registry.Quantity(np.ones(2), "km"),
        registry.Quantity(np.ones(2, "f4"), "km"),
        registry.Quantity(np.array([1.0, np.nextafter(1, 2)]), "km"),
        registry.Quantity(1.0, "degC"),
        registry.Quantity(1.0, "delta_degC"),
        registry.km,
        registry,
    ]
    assert len({key_of(each) for each in values}) == len(values)
    same = pint.UnitRegistry()
    assert key_of(same.Quantity(1.0, "m*s")) == key_of(registry.Quantity(1.0, "s*m"))


DEFINITIONS = [
    "smoot = 1.70 * meter",
    "smoot = 1.71 * meter",
    "smoot = 1.70 * meter = sm",
    "smoot = 1.70 * meter = _ = smutt",
    "@alias meter = mtr",
    "kilo- = 1024 = k-",
    "kilometer = 1001 * meter = km",
    "kilometer = 1000 * meter = km",
    "kilometer = 1000.0 * meter = KM",
    "[smootness] = [length] * [mass]",
    "degree_X = 2 * kelvin; offset: 3",
    "degree_X = 2 * kelvin; offset: 4",
    "meter = 2 * foot",
    "widget = [widget]",
    "gadget = [widget]",
]


def test_what_somebody_defines_in_a_registry_counts_in_all_its_quantities():
    digests = {key_of(pint.UnitRegistry().Quantity(1.0, "second"))}
    for definition in DEFINITIONS:
        registry = pint.UnitRegistry(on_redefinition="ignore")
        quantity = registry.Quantity(1.0, "second")
        before = key_of(quantity)
        registry.define(definition)
        assert key_of(quantity) != before, definition
        digests.add(key_of(quantity))
    assert len(digests) == len(DEFINITIONS) + 1


def test_how_a_registry_is_set_counts(registry):
    quantity = registry.Quantity(1.0, "second")
    digests = {key_of(quantity)}
    for change in (
        {"autoconvert_offset_to_baseunit": True},
        {"default_system": "cgs"},
        {"auto_reduce_dimensions": True},
        {"force_ndarray": True},
        {"default_as_delta": False},
        {"case_sensitive": False},
    ):
        for name, value in change.items():
            setattr(registry, name, value)
        digests.add(key_of(quantity))
    registry.formatter.default_format = "~P"
    digests.add(key_of(quantity))
    registry.get_system("cgs").base_units["meter"] = {"foot": 1.0}
    digests.add(key_of(quantity))
    assert len(digests) == 9


def test_units_that_are_put_together_as_somebody_asks_for_them_say_nothing_new(registry):
    quantity = registry.Quantity(1.0, "second")
    before = key_of(quantity)
    registry.Quantity(1.0, "femtolightyear").to("mm")
    registry.parse_units("attoparsec")
    assert key_of(quantity) == before


def test_what_cannot_be_seen_of_a_registry_is_refused(registry):
    quantity = registry.Quantity(500.0, "nm")
    with registry.context("sp"), pytest.raises(neve.UnsupportedError, match="context"):
        key_of(quantity)
    key_of(quantity)
    context = pint.Context("mine")
    context.add_transformation("[length]", "[time]", lambda ureg, x: x / (3 * ureg.m / ureg.s))
    registry.add_context(context)
    with pytest.raises(neve.UnsupportedError, match="'mine'"):
        key_of(quantity)
    other = pint.UnitRegistry(preprocessors=[lambda text: text.replace("%%", "%")])
    with pytest.raises(neve.UnsupportedError, match="preprocessor"):
        key_of(other.Quantity(1.0, "m"))

    class Own(pint.UnitRegistry):
        pass

    with pytest.raises(neve.UnsupportedError, match="Own"):
        key_of(Own().Quantity(1.0, "m"))
    marked = registry.Quantity(1.0, "m")
    marked.note = 3
    registry.remove_context("mine")
    with pytest.raises(neve.UnsupportedError, match="'note'"):
        key_of(marked)


@pytest.mark.parametrize(
    "magnitude",
    [
        1,
        1.5,
        -0.0,
        2 + 1j,
        decimal.Decimal("0.10"),
        fractions.Fraction(1, 3),
        np.arange(3),
        np.ones((2, 2), "f4"),
        np.float32(2),
    ],
)
def test_quantities_of_pint_come_back_in_the_registry_of_the_application(cache, application, magnitude):
    made = application.Quantity(magnitude, "km/s**2")
    found = kept(cache, lambda: made)
    assert type(found) is application.Quantity
    assert type(found.magnitude) is type(made.magnitude)
    assert repr(found) == repr(made)
    assert key_of(found) == key_of(made)
    assert (found + made).units == made.units
    assert kept(cache, lambda: application.parse_units("km/s")) == application.parse_units("km/s")


def test_quantities_of_the_class_without_a_registry_are_kept(cache, application):
    """`pint.Quantity(3, "m")` is one of the application's registry, which its class does not say."""
    made = pint.Quantity(3.0, "m")
    found = kept(cache, lambda: [made, pint.Unit("km")])
    assert type(found[0]) is pint.Quantity and type(found[1]) is pint.Unit
    assert found[0] == made and found[0]._REGISTRY is application and str(found[1]) == "kilometer"
    assert key_of(made) != key_of(application.Quantity(3.0, "m"))
    before = key_of(made)
    application.define("smoot = 1.7 * meter")
    assert key_of(made) != before


def test_a_class_derived_from_those_of_pint_is_refused():
    class Length(pint.Quantity):
        pass

    with pytest.raises(neve.UnsupportedError):
        key_of(Length(3.0, "m"))


def test_a_result_of_another_registry_is_not_kept(cache, registry):
    @neve.memo(cache, version="1")
    def f():
        return registry.Quantity(3, "m")

    with pytest.warns(neve.NotStoredWarning, match="set_application_registry"):
        assert f().magnitude == 3


def test_a_quantity_of_another_registry_is_given_none_of_the_applications(cache, application, registry):
    """They do not add up, though both registries define the same."""

    @neve.memo(cache, version="1")
    def doubled(q):
        return q * 2

    doubled(application.Quantity(3, "m"))
    given = registry.Quantity(3, "m")
    with pytest.warns(neve.NotStoredWarning, match="set_application_registry"):
        assert doubled(given) + given == registry.Quantity(9, "m")
    assert doubled(application.Quantity(3, "m")) + application.Quantity(3, "m") == application.Quantity(9, "m")
    assert doubled.stats()["hits"] == 1


def test_a_result_is_no_hit_where_the_application_defines_other_units(application):
    tag, content = describe(application.Quantity(3, "m"), False)
    assert restore(tag, content) == application.Quantity(3, "m")
    application.define("smoot = 1.7 * meter")
    with pytest.raises(neve.UnsupportedError, match="other units"):
        restore(tag, content)


LAB = """
import neve, pint
ureg = pint.UnitRegistry()
ureg.define("smoot = {smoot} * meter")
LENGTH = ureg.Quantity({value}, "{unit}")
def long():
    return LENGTH.to("meter").magnitude
def smoots(n):
    return (n * ureg.smoot).to("meter").magnitude
def given(q):
    return q.to("smoot").magnitude
"""


@pytest.mark.filterwarnings("error::neve.NotCountedWarning")
def test_constants_and_registries_around_a_function_count(cache, world):
    def answers(**given):
        lab = world("lab_units", LAB.format(**({"smoot": 1.7, "value": 3.0, "unit": "smoot"} | given)))
        memos = [neve.memo(cache)(each) for each in (lab.long, lab.smoots, lab.given)]
        found = [memos[0](), memos[1](2), memos[2](lab.ureg.Quantity(1.7, "meter"))]
        assert found == [lab.long(), lab.smoots(2), lab.given(lab.ureg.Quantity(1.7, "meter"))]
        return [each.stats()["hits"] for each in memos]

    assert answers() == [0, 0, 0]
    assert answers() == [1, 1, 1]
    assert answers(smoot=1.8) == [0, 0, 0]
    assert answers(value=4.0) == [0, 1, 1]
    assert answers(unit="kilometer") == [0, 1, 1]
    assert answers() == [1, 1, 1]


APPLICATION = """
import pint
from pint import Quantity
def by_module(n):
    return pint.Quantity(n, "smoot").to("meter").magnitude
def by_name(n):
    return Quantity(n, "smoot").to("meter").magnitude
"""


@pytest.mark.filterwarnings("error::neve.NotCountedWarning")
def test_the_registry_of_the_application_counts_where_a_function_reads_pint(cache, world, application):
    lab = world("lab_application", APPLICATION)
    memos = [neve.memo(cache)(each) for each in (lab.by_module, lab.by_name)]
    for size in ("1.7", "1.8", "1.7"):
        registry = pint.UnitRegistry()
        registry.define(f"smoot = {size} * meter")
        pint.set_application_registry(registry)
        assert [each(1.0) for each in memos] == [float(size)] * 2
        assert [each(1.0) for each in memos] == [float(size)] * 2
    assert [each.stats()["hits"] for each in memos] == [4, 4]


def test_a_definition_that_is_equal_and_not_the_same_counts():
    registry = pint.UnitRegistry(on_redefinition="ignore")
    quantity = registry.Quantity(1, "second")
    registry.define("smoot = 2 * meter")
    before = key_of(quantity)
    registry.define("smoot = 2.0 * meter")
    assert key_of(quantity) != before


def test_a_registry_that_converts_by_what_a_unit_was_is_another():
    """pint remembers factors, and does not forget them when a unit is defined anew."""

    def defined(*smoots, use):
        registry = pint.UnitRegistry(on_redefinition="ignore")
        for smoot in smoots:
            registry.define(f"smoot = {smoot} * meter")
            if use:
                registry.Quantity(1.0, "smoot/second").to("meter/second")
        quantity = registry.Quantity(1.0, "smoot/second")
        return key_of(quantity), quantity.to("meter/second").magnitude

    assert defined("1.8", use=True) == defined("1.8", use=False) == defined("1.7", "1.8", use=False)
    stale, fresh = defined("1.7", "1.8", use=True), defined("1.8", use=True)
    assert (stale[0] == fresh[0]) == (stale[1] == fresh[1])


def test_a_definition_that_was_another_in_between_counts(registry):
    """What pint converted by then it remembers."""
    registry._on_redefinition = "ignore"
    quantity = registry.Quantity(1.0, "second")
    registry.define("smoot = 1.7 * meter")
    before = key_of(quantity)
    registry.define("smoot = 1.8 * meter")
    registry.Quantity(1.0, "smoot").to("meter")
    registry.define("smoot = 1.7 * meter")
    assert registry.Quantity(1.0, "smoot").to("meter").magnitude == 1.8
    stale = key_of(quantity)
    assert stale != before
    registry._build_cache()
    assert registry.Quantity(1.0, "smoot").to("meter").magnitude == 1.7
    assert key_of(quantity) != stale


def test_a_name_that_meant_another_unit_when_pint_read_it_counts():
    def defined(read):
        registry = pint.UnitRegistry(on_redefinition="ignore")
        if read:
            registry.parse_units("km")
        registry.define("km = 7 * meter")
        return key_of(registry.Quantity(1.0, "s")), str(registry.parse_units("km"))

    (one, unit), (two, other) = defined(True), defined(False)
    assert (one == two) == (unit == other)


def test_what_somebody_sets_on_a_registry_counts(registry):
    quantity = registry.Quantity(1.0, "second")
    digests = {key_of(quantity)}
    for value in (3, 3.0, registry.Quantity(3.0, "m"), registry.Quantity(3.0, "cm"), registry.parse_units("cm")):
        registry.bridge = value
        digests.add(key_of(quantity))
    assert len(digests) == 6
    registry.bridge = object()
    with pytest.raises(neve.UnsupportedError, match="'bridge'"):
        key_of(quantity)
    del registry.bridge
    assert key_of(quantity) in digests


def test_how_a_registry_prints_counts(registry):
    quantity = registry.Quantity(1.0, "second")
    before = key_of(quantity)
    registry.formatter.default_sort_func = None
    assert key_of(quantity) != before
    registry.formatter.default_sort_func = lambda items, registry: items
    with pytest.raises(neve.UnsupportedError, match="prints"):
        key_of(quantity)
    del registry.formatter.default_sort_func
    assert key_of(quantity) == before

    class Own(type(registry.formatter)):
        pass

    registry.formatter = Own(registry)
    with pytest.raises(neve.UnsupportedError, match="prints"):
        key_of(quantity)


def test_looking_at_a_registry_adds_nothing_to_it(registry):
    registry.Quantity(1.0, "femtolightyear/ms").to("mm/attosecond")
    before = dict(registry._units)
    key_of(registry.Quantity(1.0, "second"))
    assert dict(registry._units) == before


def test_a_quantity_that_a_call_changes_is_told(cache):
    @neve.memo(cache, version="1")
    def doubled(q):
        q *= 2
        return 1

    for q in (np.ones(3) * u.m, pint.UnitRegistry().Quantity(np.ones(3), "m")):
        with pytest.warns(neve.NotStoredWarning, match="changed its argument 'q'"):
            doubled(q)


def test_a_result_that_is_an_argument_is_the_callers_alone(cache, application):
    @neve.memo(cache, version="1")
    def same(q):
        return q

    for q in (np.ones(3) * u.m, application.Quantity(np.ones(3), "m")):
        found = same(q)
        q *= 5
        assert (found == q / 5).all() and type(found) is type(q)


def test_a_definition_that_a_call_makes_is_no_hit(cache):
    registry = pint.UnitRegistry()

    @neve.memo(cache, version="1")
    def f(q):
        registry.define("smoot = 1.7 * meter")
        return 1

    with pytest.warns(neve.NotStoredWarning, match="changed"):
        f(registry.Quantity(1.0, "m"))
