"""Quantities and units of astropy as arguments, results and global constants."""

import contextlib

import numpy as np
import pytest
from astropy import units as u

import neve
from neve._values.describe import describe, restore
from quantity_checks import kept, key_of


def test_of_astropy_value_and_unit_count():
    smoot, other = u.def_unit("smoot", 1.7 * u.m), u.def_unit("smoot", 1.71 * u.m)
    values = [
        1 * u.km,
        1000 * u.m,
        u.Quantity(1, u.km, dtype=int),
        u.Quantity(np.ones(1), u.km),
        u.Quantity(np.ones(1, "f4"), u.km),
        1 * u.km / u.s,
        1 * u.Unit("km / h"),
        1 * u.m**0.5,
        1 * u.Unit("1000 m"),
        1 * smoot,
        1 * other,
        1 * smoot * u.s,
        1 * other * u.s,
        1 * u.def_unit("ksmoot", 1000 * smoot),
        1 * u.def_unit("ksmoot", 1000 * other),
        1 * u.def_unit("widget"),
        1 * u.dimensionless_unscaled,
        u.km,
        u.km / u.s,
        smoot,
        other,
        np.ones(1),
    ]
    assert len({key_of(each) for each in values}) == len(values)
    assert key_of(1 * u.def_unit("smoot", 1.7 * u.m)) == key_of(1 * smoot)


@pytest.mark.parametrize(
    "make",
    [
        lambda: 3 * u.km,
        lambda: u.Quantity(np.arange(6).reshape(2, 3), u.m / u.s**2, dtype="i4"),
        lambda: np.array([1 + 2j]) * u.Unit("erg / (cm2 s Hz)"),
        lambda: 2.5 * u.m**0.5 / u.M_sun,
        lambda: 2.5 * u.Unit("1000 m"),
        lambda: u.Quantity(1.0),
        lambda: u.km,
        lambda: u.km / u.s,
        lambda: {"a": [3 * u.deg_C, (u.Quantity([], u.J),)]},
    ],
)
def test_quantities_of_astropy_come_back(cache, make):
    made, found = make(), kept(cache, make)
    assert key_of(found) == key_of(made)
    assert type(found) is type(made) and repr(found) == repr(made)
    if isinstance(made, u.Quantity):
        assert found.dtype == made.dtype and found.unit == made.unit and found.shape == made.shape
        assert (found.to(made.unit) == made).all()


def test_what_is_enabled_in_astropy_counts_in_its_quantities():
    """Whoever has a quantity converts to units by name, and by the equivalencies that are enabled."""

    def enabled(*contexts):
        with contextlib.ExitStack() as stack:
            for each in contexts:
                stack.enter_context(each())
            return key_of(3 * u.m)

    contexts = [
        lambda: u.add_enabled_units([u.def_unit("smoot", 1.7 * u.m)]),
        lambda: u.add_enabled_units([u.def_unit("smoot", 1.8 * u.m)]),
        lambda: u.add_enabled_units(u.imperial),
        lambda: u.set_enabled_aliases({"counts": u.count}),
        lambda: u.set_enabled_aliases({"counts": u.photon}),
        lambda: u.set_enabled_equivalencies(u.dimensionless_angles()),
        lambda: u.set_enabled_equivalencies(u.spectral()),
        lambda: u.set_enabled_equivalencies(u.brightness_temperature(3 * u.GHz, 4 * u.sr)),
        lambda: u.set_enabled_equivalencies(u.brightness_temperature(5 * u.GHz, 4 * u.sr)),
    ]
    assert len({enabled(), *map(enabled, contexts)}) == len(contexts) + 1
    assert [enabled(each) for each in contexts] == [enabled(each) for each in contexts]
    held = [3.0]
    with (
        u.set_enabled_equivalencies([(u.m, u.s, iter(held).__next__, iter(held).__next__)]),
        pytest.raises(neve.UnsupportedError, match="equivalency"),
    ):
        key_of(3 * u.m)


def test_a_unit_by_name_is_the_one_that_is_enabled_now(cache):
    @neve.memo(cache, version="1")
    def smoots(length):
        return float(length.to("smoot").value)

    for size in (1.7, 1.8, 1.7):
        with u.add_enabled_units([u.def_unit("smoot", size * u.m)]):
            assert smoots(3 * u.m) == pytest.approx(3 / size)
    assert smoots.stats()["hits"] == 1


def test_a_unit_that_is_not_found_by_its_name_is_no_result(cache):
    smoot = u.def_unit("smoot", 1.7 * u.m)
    with pytest.raises(neve.UnsupportedError, match="smoot.*add_enabled_units"):
        describe(3 * smoot, False)
    with u.add_enabled_units([smoot]):
        tag, content = describe(3 * smoot, False)
        assert restore(tag, content) == 3 * smoot
    with u.add_enabled_units([u.def_unit("smoot", 1.71 * u.m)]), pytest.raises(neve.UnsupportedError, match="smoot"):
        restore(tag, content)


def test_what_is_more_than_a_quantity_of_astropy_is_refused():
    from astropy.coordinates import Angle

    with pytest.raises(neve.UnsupportedError):
        key_of(Angle(3 * u.deg))
    with pytest.raises(neve.UnsupportedError):
        key_of(3 * u.mag)
    with pytest.raises(neve.UnsupportedError):
        key_of(u.Quantity(3, u.Unit("foo", parse_strict="silent")))
    named = 3 * u.m
    named.info.name = "height"
    with pytest.raises(neve.UnsupportedError, match="'info'"):
        key_of(named)
    looked_at = 3 * u.m
    _ = looked_at.info
    assert key_of(looked_at) == key_of(3 * u.m)


@pytest.mark.filterwarnings("error::neve.NotCountedWarning")
def test_constants_of_astropy_around_a_stage_count(cache, world):
    text = """
import neve
from astropy import units as u
smoot = u.def_unit("smoot", {smoot} * u.m)
HEIGHT = {value} * smoot
@neve.stage("lab.height")
def height():
    return {{"m": float(HEIGHT.to(u.m).value), "s": float((1 * smoot).to_value(u.m))}}
"""

    def outcome(**given):
        lab = world("lab_height", text.format(**({"smoot": 1.7, "value": 3.0} | given)))
        run = neve.Pipeline("line").add("height", lab.height).run(cache)
        assert run.state().meta == lab.height()
        return run.outcomes["height"]

    assert [outcome(), outcome(), outcome(value=4.0), outcome(smoot=1.8), outcome()] == ["miss", "hit", "miss", "miss", "hit"]
