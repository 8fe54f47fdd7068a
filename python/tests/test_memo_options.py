"""Options of `neve.memo` are looked at when it is made, and a cache that is off takes every word."""

import random

import pytest

import neve


@pytest.mark.parametrize("ttl_s", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_lifetime_is_seconds_above_zero(ttl_s):
    with pytest.raises(neve.InvalidArgumentError, match="ttl_s is .*; give seconds above 0, or None"):
        neve.memo("none:", ttl_s=ttl_s)


@pytest.mark.parametrize("version", [1, None, b"1"])
def test_a_version_is_a_text(version):
    with pytest.raises(neve.InvalidArgumentError, match="version is .*; it is a text"):
        neve.memo("none:", version=version)


@pytest.mark.parametrize("verify", [-0.1, 2, "x", None])
def test_verify_is_a_share(verify):
    with pytest.raises(neve.InvalidArgumentError, match="verify is .*; it is a share of calls"):
        neve.memo("none:", verify=verify)


def test_options_of_a_memory_are_looked_at_too(tmp_path):
    with pytest.raises(neve.InvalidArgumentError, match="ttl_s is -1"):
        neve.Memory(tmp_path, ttl_s=-1).cache(lambda x: x)


def test_a_memory_that_keeps_nothing_is_cleared_of_nothing():
    memory = neve.Memory(None)

    @memory.cache
    def double(x):
        return 2 * x

    assert double(2) == 4
    assert double.clear() == 0
    memory.clear()
    assert double(2) == 4


def test_a_sample_of_hits_leaves_the_program_s_random_numbers_alone(cache):
    @neve.memo(cache, version="1", source=False, verify=0.5)
    def constant():
        return 1

    random.seed(7)
    wanted = random.getstate()
    for _ in range(20):
        constant()
    assert random.getstate() == wanted and constant.stats()["verified"] <= 19


def test_the_cache_may_be_given_by_its_name():
    @neve.memo(cache=neve.open("memory:"), version="1")
    def double(x):
        return 2 * x

    assert double(2) == double(2) == 4 and double.stats()["hits"] == 1


def test_a_function_of_a_timed_cell_is_told_where_to_go():
    cell = {"__name__": "__main__"}
    exec(compile("def double(x): return 2 * x", "<timed exec>", "exec"), cell)
    with pytest.raises(neve.InvalidArgumentError, match="under %%time: define it in a cell of its own, or give version="):
        neve.memo("memory:")(cell["double"])


@pytest.mark.parametrize("above", [classmethod, staticmethod, property])
def test_a_memo_above_what_makes_a_method_is_told_its_place(cache, above):
    with pytest.raises(neve.InvalidArgumentError, match=f"put it below @{above.__name__}, not above"):
        neve.memo(cache)(above(lambda owner: 1))
