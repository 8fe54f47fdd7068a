"""Caches as a Python program sees them."""

import json
import pathlib
import pickle

import numpy as np
import pytest

import neve
from conftest import PATIENT

META = {
    "stage": "fiber",
    "metrics": {"energy_j": 5.67e-10, "n": 3, "ok": True, "none": None},
    "list": [1, 2.5, "é"],
}


ARRAYS = {
    "float64": np.linspace(0, 1, 7),
    "zero_dimensional": np.array(3.5),
    "empty": np.zeros((0, 3)),
    "text": np.array(["ab", "c", "é"]),
    "bytes": np.array([b"x", b"yy"]),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": np.arange(12)[::2],
    "dates": np.array(["2020-01-01", "NaT"], "M8[D]"),
    "durations": np.array([5, 6], "m8[ns]"),
    "big_endian": np.arange(4, dtype=">f8"),
    "big_endian_text": np.array(["é", "b"], dtype=">U3"),
    "big_endian_dates": np.array([1, 2], dtype=">M8[s]"),
    "bool": np.array([True, False]),
    "complex64": np.array([1 + 2j, np.nan], "c8"),
    "half": np.float16([1, -0.0]),
    "uint64": np.array([2**64 - 1], "u8"),
    "four_dimensions": np.arange(16, dtype="i2").reshape(2, 2, 2, 2),
}


@pytest.fixture(params=["disk", "memory", "memory+disk", "redis"])
def any_cache(request, tmp_path):
    url = {"disk": f"disk:{tmp_path}", "memory": "memory:", "memory+disk": f"memory:,disk:{tmp_path}"}.get(request.param)
    if url is None:
        url = request.getfixturevalue("redis_url") + f"?prefix={tmp_path.name}&{PATIENT}"
    with neve.open(url) as opened:
        assert opened.name == request.param
        yield opened


def test_what_was_put_is_what_is_got(any_cache):
    any_cache.put("key", META, ARRAYS)
    entry = any_cache.get("key")
    assert entry["meta"] == META
    assert list(entry["arrays"]) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        got = entry["arrays"][name]
        assert (got.dtype, got.shape) == (array.dtype, array.shape), name
        assert got.tobytes() == array.tobytes(), name
        assert got.flags.f_contiguous == np.ascontiguousarray(array).flags.f_contiguous or name == "fortran"


def test_a_miss_is_none_and_a_lookup_says_why(any_cache):
    assert any_cache.get("key") is None
    assert any_cache.lookup("key").reason == "absent"
    assert not any_cache.exists("key")
    assert "key" not in any_cache
    assert not any_cache.delete("key")


def test_delete_forgets(any_cache):
    any_cache.put("key", {})
    assert "key" in any_cache
    assert any_cache.delete("key")
    assert any_cache.get("key") is None


def test_copy_puts_an_entry_into_a_cache_that_has_none(any_cache, tmp_path):
    any_cache.put("key", {"a": 1}, {"x": np.arange(3.0)}, ttl_s=3600)
    other = neve.open(tmp_path / "other")
    assert any_cache.copy("key", other)["outcome"] == "copied"
    assert other.get("key")["meta"] == {"a": 1}
    assert other.get("key")["arrays"]["x"].tolist() == [0, 1, 2]
    assert abs(other.lookup("key").expires_at - any_cache.lookup("key").expires_at) < 1
    any_cache.put("key", {"a": 2})
    assert any_cache.copy("key", other)["outcome"] == "there"
    assert other.get("key")["meta"] == {"a": 1}
    missed = any_cache.copy("another", other)
    assert (missed["outcome"], missed["reason"]) == ("missed", "absent")
    with pytest.raises(neve.InvalidArgumentError, match="a cache"):
        any_cache.copy("key", "disk:other")
    with pytest.raises(neve.UnavailableError):
        any_cache.copy("key", neve.open("redis://127.0.0.1:1"))


def test_time_to_live_travels_with_the_entry(any_cache):
    any_cache.put("key", {}, ttl_s=3600)
    found = any_cache.lookup("key")
    import time

    assert 3000 < found.expires_at - time.time() <= 3601
    assert any_cache.touch("key", 7200)
    assert any_cache.lookup("key").expires_at > found.expires_at
    with pytest.raises(neve.InvalidArgumentError, match="ttl_s"):
        any_cache.put("key", {}, ttl_s=0)


@pytest.mark.parametrize("url", ["memory:1MiB", "disk:{}"])
def test_an_array_without_elements_is_read_only_too(tmp_path, url):
    with neve.open(url.format(tmp_path / "cache")) as cache:
        cache.put("key", {}, {"none": np.zeros((0, 3))})
        for writable in (False, True):
            assert cache.get("key", writable=writable)["arrays"]["none"].flags.writeable == writable


def test_arrays_are_read_only_views_unless_writable_ones_are_asked_for(cache):
    cache.put("key", {}, {"a": np.arange(5.0)})
    array = cache.get("key")["arrays"]["a"]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    with pytest.raises(ValueError):
        array.setflags(write=True)
    own = cache.get("key", writable=True)["arrays"]["a"]
    own[0] = 7
    assert cache.get("key")["arrays"]["a"][0] == 0


def test_changing_an_array_after_putting_it_changes_nothing(any_cache):
    array = np.arange(1000.0)
    any_cache.put("key", {}, {"a": array})
    array[:] = 0
    assert any_cache.get("key")["arrays"]["a"][10] == 10


def test_arrays_outlive_the_cache_and_its_files(tmp_path):
    cache = neve.open(tmp_path / "cache")
    large = np.random.default_rng(0).standard_normal(1 << 20)
    cache.put("key", {}, {"a": large})
    mapped = cache.get("key", mapped=True)["arrays"]["a"]
    owned = cache.get("key")["arrays"]["a"]
    cache.put("key", {}, {"a": np.zeros(3)})
    cache.clear()
    cache.close()
    for path in (tmp_path / "cache").iterdir():
        if path.is_file():
            path.unlink()
    del cache
    assert (mapped == large).all()
    assert (owned == large).all()


def test_errors_are_exceptions_of_their_kind_in_python_too():
    with pytest.raises(ValueError, match="did you mean .disk."):
        neve.open("dsik:folder")
    with pytest.raises(neve.Error) as caught:
        neve.open("disk:x?budgte=1")
    assert caught.value.code == "invalid_argument"
    assert "budget" in str(caught.value)
    assert issubclass(neve.TimeoutError, TimeoutError) and issubclass(neve.IoError, OSError)


def test_a_closed_cache_says_so(tmp_path):
    with neve.open(tmp_path) as cache:
        pass
    assert cache.closed
    with pytest.raises(neve.InvalidArgumentError, match="closed"):
        cache.get("key")


def test_statistics_count(cache):
    cache.put("key", {}, {"a": np.zeros(10)}, compute_s=2.5)
    cache.get("key")
    cache.get("other")
    stats = cache.stats()
    assert (stats["hits"], stats["stores"]) == (1, 1)
    assert stats["saved_s"] > 2
    assert cache.usage()["entries"] == 1
    assert list(cache) == ["key"]


def test_many_keys_at_once(any_cache):
    for i in range(5):
        any_cache.put(f"k{i}", {"i": i})
    entries = any_cache.get_many(["k3", "missing", "k0"])
    assert [entry and entry["meta"]["i"] for entry in entries] == [3, None, 0]


def test_a_cache_travels_by_pickle(cache):
    cache.put("key", META)
    other = pickle.loads(pickle.dumps(cache))
    assert other.get("key")["meta"] == META


def test_no_url_is_the_one_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("NEVE_CACHE", f"disk:{tmp_path}/here")
    neve.open().put("key", {})
    assert (tmp_path / "here" / "key.json").exists()


def test_a_path_with_odd_characters_is_a_folder(tmp_path):
    folder = tmp_path / "50%, really?"
    neve.open(folder).put("key", {})
    assert (folder / "key.json").exists()


def test_a_password_is_never_shown():
    cache = neve.open("redis://ann:s3cret@127.0.0.1:1/0")
    assert "s3cret" not in repr(cache) + cache.url
    assert "s3cret" not in str(cache.stats())
    for url in (
        "redis://ann:at@s3cret@127.0.0.1:1/0",
        "redis://:pass,s3cret@127.0.0.1:1",
        "redis://127.0.0.1:1/0?user=ann&password=pass,s3cret",
        "memory:1MiB,redis://ann:pass,s3cret@127.0.0.1:1",
    ):
        cache = neve.open(url)
        assert "s3cret" not in repr(cache) + cache.url and "***" in cache.url
        assert "s3cret" not in repr(neve.memo(cache)(lambda: 1))


def test_a_server_that_is_away_costs_nothing_but_speed():
    cache = neve.open("redis://127.0.0.1:1")
    cache.put("key", {})
    assert cache.get("key") is None
    assert cache.lookup("key").reason == "unavailable"


def test_files_are_those_numpy_and_json_read(cache, tmp_path):
    cache.put("key", META, ARRAYS)
    folder = tmp_path / "cache"
    text = (folder / "key.json").read_text()
    assert text == json.dumps(META, sort_keys=True)
    with np.load(folder / "key.npz", allow_pickle=False) as npz:
        for name, array in ARRAYS.items():
            assert npz[name].dtype == array.dtype
            assert npz[name].tobytes() == array.tobytes()


def test_a_damaged_entry_is_a_miss(cache, tmp_path):
    cache.put("key", META, {"a": np.arange(1000.0)})
    path = pathlib.Path(tmp_path / "cache" / "key.npz")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert cache.lookup("key").reason == "corrupt"


def test_a_chain_refuses_before_any_tier_has_stored(tmp_path):
    cache = neve.open(f"memory:1MiB,disk:{tmp_path}")
    for name in ("/a", "../a", "a\0b"):
        with pytest.raises(neve.InvalidArgumentError, match="array name"):
            cache.put("key", {}, {name: np.zeros(3)})
    assert cache.get("key") is None


def test_what_is_too_large_leaves_no_older_value(tmp_path):
    cache = neve.open(f"memory:1MiB,disk:{tmp_path}")
    for size in (10, 1_000_000):
        cache.put("key", {"n": size}, {"a": np.random.default_rng(1).standard_normal(size)})
    assert cache.get("key")["meta"] == {"n": 1_000_000}


def test_who_wants_to_be_told_of_failures_is_told():
    for url in ("redis://127.0.0.1:1", "unix:///nowhere/socket"):
        assert neve.open(url).get("a") is None
        cache = neve.open(url, on_failure="raise")
        for _ in range(3):
            with pytest.raises(neve.UnavailableError):
                cache.get("a")
            with pytest.raises(neve.UnavailableError):
                cache.put("a", {})
        assert neve.open(f"memory:,{url}", on_failure="raise").get("a") is None


def test_what_could_not_be_deleted_is_an_error_whatever_is_done_about_failures(tmp_path):
    for url in ("redis://127.0.0.1:1", f"disk:{tmp_path},redis://127.0.0.1:1"):
        cache = neve.open(url)
        cache.put("a", {})
        with pytest.raises(neve.UnavailableError):
            cache.delete("a")
    with pytest.raises(neve.UnavailableError):
        neve.open("redis://127.0.0.1:1").touch("a", 60)


def test_a_relative_folder_is_that_of_the_moment_it_was_given(tmp_path, monkeypatch):
    here, there = tmp_path / "he,re?%23", tmp_path / "there"
    here.mkdir(), there.mkdir()
    monkeypatch.chdir(here)
    cache = neve.open("memory:1MiB,disk:store?budget=1GiB")
    cache.put("key", {"v": 1})
    kept = neve.Memory("cache").cache(abs, source=False, version="1")
    kept(-1)
    monkeypatch.chdir(there)
    assert pickle.loads(pickle.dumps(cache)).get("key")["meta"] == {"v": 1}
    neve.Memory("cache").clear()
    assert kept.check_call_in_cache(-1)
    neve.Memory("cache").cache(abs, source=False, version="1")(-2)
    assert not kept.check_call_in_cache(-2)
    assert [sorted(each.name for each in folder.iterdir()) for folder in (here, there)] == [["cache", "store"], ["cache"]]


@pytest.mark.parametrize("place", ["disk:~/store", "memory:1MiB,disk:~", pathlib.Path("~/store")], ids=str)
def test_no_folder_called_like_home_is_made(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(neve.InvalidArgumentError, match="'~' is the home folder to a shell only"):
        neve.open(place)
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_quotes_bytes_that_are_no_text_is_told(redis_url, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    url = f"{redis_url}?prefix={tmp_path.name}&inline=10&{PATIENT}&blobs={tmp_path}/"
    arrays = {"x": np.arange(100)}
    nowhere = neve.open(url + "file/caf%E9")
    assert r"caf\xe9" in nowhere.store("key", {}, arrays)["declined"]
    assert r"caf\xe9" in nowhere.stats()["tiers"][0]["last_declined"]
    nowhere.put("key", {}, arrays)
    neve.open(url + "good").put("key", {}, arrays)
    elsewhere = neve.open(url + "caf%E9").lookup("key")
    assert elsewhere.reason == "half"
    assert r"caf\xe9" in elsewhere.detail
