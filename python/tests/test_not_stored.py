"""A result that the cache did not take is told of: by a warning and a count, or by an error if that was asked for."""

import warnings

import numpy as np
import pytest

import neve


def large(x):
    return np.zeros(100_000)


def test_a_memoised_function_tells_what_the_cache_did_not_take():
    f = neve.memo("memory:1KiB")(large)
    with pytest.warns(neve.NotStoredWarning, match="large is not kept: "):
        assert f(1).shape == (100_000,)
    with pytest.warns(neve.NotStoredWarning):
        f.call(1)
    stats = f.stats()
    assert (stats["misses"], stats["not_stored"]) == (2, 2)
    assert not f.why(1).hit and f.why(1).nearest is None


def test_who_wants_to_be_told_is_told_by_an_error():
    cache = neve.open("memory:1KiB", on_failure="raise")
    with pytest.raises(neve.IoError, match="entry key is not stored: "):
        cache.put("key", {}, {"x": np.zeros(100_000)})
    assert not cache.store("key", {}, {"x": np.zeros(100_000)})["stored"]
    with pytest.raises(neve.IoError, match="large is not kept"):
        neve.memo(cache)(large)(1)


@pytest.mark.parametrize("on_failure", ["tolerate", "raise"])
def test_a_cache_that_is_off_is_no_failure(on_failure):
    cache = neve.open("none:", on_failure=on_failure)
    f = neve.memo(cache)(large)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        f(1)
        cache.put("key", {})
    assert f.stats()["not_stored"] == 0
