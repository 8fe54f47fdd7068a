"""Entries that are asked for again: kept while their files are the same."""

import numpy as np
import pytest

import neve


def until_kept(cache, mapped=False):
    """Asks for the entry until it is not read anew any more, which the place of its array in memory tells."""

    def place():
        found = cache.get("key", mapped=mapped)["arrays"]["a"]
        return found, found.ctypes.data

    for _ in range(10_000):  # files that were just written are not trusted for some milliseconds
        first, second = place(), place()
        if first[1] == second[1]:
            return
    raise AssertionError("the entry is read anew every time")


@pytest.mark.parametrize("mapped", [False, True])
def test_an_entry_that_has_not_changed_is_not_read_again_and_one_that_has_is(tmp_path, mapped):
    values = np.random.default_rng(1).standard_normal(1 << 20 if mapped else 100)
    cache = neve.open(tmp_path)
    cache.put("key", {"n": 1}, {"a": values})
    until_kept(cache, mapped)
    neve.open(tmp_path).put("key", {"n": 2}, {"a": -values})
    assert cache.get("key", mapped=mapped)["meta"] == {"n": 2}
    until_kept(cache, mapped)
    neve.open(tmp_path).delete("key")
    assert cache.get("key", mapped=mapped) is None


def test_a_file_rewritten_in_place_is_read_again(tmp_path):
    cache = neve.open(tmp_path)
    cache.put("key", {"n": 1}, {"a": np.zeros(10)})
    until_kept(cache)
    json_file = tmp_path / "key.json"
    with json_file.open("r+b") as file:
        file.write(b'{"n": 2}')
    assert cache.get("key") is None  # no longer the pair that was sealed


def test_a_pair_another_program_rewrites_half_by_half_is_read_again_after_each(tmp_path):
    def rewrite(n, *halves):
        if "json" in halves:
            (tmp_path / "key.json").write_text(f'{{"n": {n}}}')
        if "npz" in halves:
            np.savez_compressed(tmp_path / "key.npz", a=np.full(4, n))

    cache = neve.open(tmp_path)
    rewrite(1, "json", "npz")
    until_kept(cache)
    assert cache.get("key")["meta"] == {"n": 1}
    rewrite(2, "json")
    until_kept(cache)
    rewrite(2, "npz")
    found = cache.get("key")
    assert found["meta"] == {"n": 2} and found["arrays"]["a"][0] == 2


def test_a_kept_entry_expires(tmp_path):
    import time

    cache = neve.open(tmp_path)
    cache.put("key", {}, {"a": np.zeros(10)}, ttl_s=1)
    until_kept(cache)
    deadline = time.monotonic() + 5
    while cache.get("key") is not None:
        assert time.monotonic() < deadline
