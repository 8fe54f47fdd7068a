"""`Cache.stats`: what was asked of the cache as a whole and of each of its tiers."""

import socket

import pytest

import neve


def test_a_chain_tells_of_each_tier(tmp_path):
    with neve.open(f"disk:{tmp_path}") as far:
        far.put("key", {"a": 1})
    with neve.open(f"memory:1MiB,disk:{tmp_path}") as chain:
        assert chain.get("key")["meta"] == chain.get("key")["meta"] == {"a": 1}
        stats = chain.stats()
    assert stats["hits"] == 2
    near, far = stats["tiers"]
    assert (near["backend"], near["hits"], near["promotions"]) == ("memory", 1, 1)
    assert (far["backend"], far["hits"]) == ("disk", 1)


def test_one_folder_is_its_only_tier(cache):
    cache.put("key", {})
    for _ in range(3):
        cache.get("key")
    stats = cache.stats()
    assert [tier["hits"] for tier in stats["tiers"]] == [stats["hits"]] == [3]
    assert "breaker" not in stats["tiers"][0]


def test_a_server_that_is_away_shows_in_its_tier(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        chain = neve.open(f"disk:{tmp_path},redis://127.0.0.1:{port}?connect_timeout=1s")
    except neve.UnsupportedError:
        pytest.skip("built without Redis")
    with chain:
        assert chain.get("key") is None
        server = chain.stats()["tiers"][1]
    assert sum(server["errors_by_kind"].values()) >= 1
    assert server["breaker"]["state"] in ("open", "closed", "half_open") and server["last_error"]
