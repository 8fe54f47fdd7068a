"""The drop-in against the real phys-pipeline: its files, its Redis keys, its executor."""

import base64
import pickle
import threading
import time
from dataclasses import dataclass

import numpy as np
import phys_pipeline
import pytest
from phys_pipeline import DagExecutor, NodeSpec, PipelineStage, StageConfig, StageResult, State
from phys_pipeline.cache_redis import RedisCache as TheirRedisCache
from phys_pipeline.types import DagState, SimpleState

import neve
import neve.phys
from conftest import PATIENT

META = {"stage": "fiber", "metrics": {"energy_j": 5.67e-10}, "when": "now", "n": [1, None]}
ARRAYS = {"field": np.linspace(0, 1, 500) + 1j, "omega": np.arange(3.0)}
KEY = "ab" * 32


@pytest.fixture(params=["disk", "shared-disk", "redis"])
def pair(request, tmp_path):
    """Their backend and ours over the same store."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url") + "/0"
        return TheirRedisCache(url, prefix=tmp_path.name), neve.phys.RedisCache(f"{url}?{PATIENT}", prefix=tmp_path.name)
    theirs, ours = {
        "disk": (phys_pipeline.DiskCache, neve.phys.DiskCache),
        "shared-disk": (phys_pipeline.SharedDiskCache, neve.phys.SharedDiskCache),
    }[request.param]
    return theirs(tmp_path), ours(tmp_path)


def same_entry(entry):
    assert entry["meta"] == META
    assert sorted(entry["arrays"]) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        assert entry["arrays"][name].dtype == array.dtype
        assert (entry["arrays"][name] == array).all()


def test_each_reads_what_the_other_wrote(pair):
    theirs, ours = pair
    assert theirs.name == ours.name
    assert ours.get(KEY) is None and not ours.exists(KEY)
    theirs.put(KEY, META, ARRAYS)
    assert ours.exists(KEY)
    same_entry(ours.get(KEY))
    ours.put(KEY, META, ARRAYS, ttl_s=60)
    assert theirs.exists(KEY)
    same_entry(theirs.get(KEY))
    for backend in pair:  # the arrays are the caller's own
        backend.get(KEY)["arrays"]["field"][:] = 0
        same_entry(backend.get(KEY))
    assert not ours.get(KEY, writable=False)["arrays"]["field"].flags.writeable
    assert not ours.get(KEY, mapped=True)["arrays"]["field"].flags.writeable
    ours.put(KEY, META, {})
    assert theirs.get(KEY)["arrays"] == {}


@pytest.mark.parametrize("ttl_s", [None, 100])
def test_lifetimes_are_what_theirs_are(tmp_path, redis_url, ttl_s):
    import redis

    kinds = {TheirRedisCache: f"{redis_url}/0", neve.phys.RedisCache: f"{redis_url}/0?{PATIENT}"}
    backends = [kind(url, prefix="p", ttl_s=ttl_s) for kind, url in kinds.items()]
    server = redis.Redis.from_url(redis_url)
    for given in ({}, {"ttl_s": None}, {"ttl_s": 50}, {"ttl_s": 0}):
        left = []
        for backend in backends:
            backend.put(KEY, META, ARRAYS, **given)
            left.append([server.ttl(f"p:{KEY}:{half}") for half in ("meta", "arrays")])
        theirs, ours = [[-1 if each > 1e9 else each for each in halves] for halves in left]  # three centuries are for ever
        assert ours == pytest.approx(theirs, abs=1), given


def test_metadata_is_written_as_they_write_it(tmp_path):
    from pathlib import Path

    meta = {"t": (1, 2), "path": Path("a"), "small": np.float32(1.5), "x": np.float64(2.5)}
    meta |= {"names": [{None: True}, {False: 0}, {1.5: float("nan"), 2: 3}]}
    phys_pipeline.DiskCache(tmp_path / "theirs").put(KEY, meta, {})
    neve.phys.DiskCache(tmp_path / "ours").put(KEY, meta, {})
    texts = [(tmp_path / which / f"{KEY}.json").read_bytes() for which in ("theirs", "ours")]
    assert texts[0] == texts[1]


def test_their_configuration_makes_our_backends(tmp_path, redis_url):
    made = [
        neve.phys.build_cache_backend(phys_pipeline.CacheConfig(disk_root=tmp_path)),
        neve.phys.build_cache_backend(phys_pipeline.CacheConfig(backend="shared-disk", disk_root=tmp_path)),
        neve.phys.build_cache_backend(
            phys_pipeline.CacheConfig(backend="redis", redis_url=f"{redis_url}?{PATIENT}", redis_prefix="p:q", redis_ttl_s=60)
        ),
    ]
    assert [each.name for each in made] == ["disk", "shared-disk", "redis"]
    made[2].put(KEY, {})
    assert made[2].lookup(KEY).expires_at is not None
    assert [type(pickle.loads(pickle.dumps(each))) for each in made] == [type(each) for each in made]


class Config(StageConfig):
    factor: float = 2.0


RUNS = []


class Scale(PipelineStage[SimpleState, Config]):
    def process(self, state, *, policy=None):
        RUNS.append(self.cfg.factor)
        payload = state.payload
        if isinstance(state, DagState):
            payload = sum(each.payload for each in state.inputs.values())
        made = SimpleState(payload * self.cfg.factor, {"omega": np.arange(4.0), "note": ("kept", 1)})
        return StageResult(state=made, metrics={"sum": float(np.sum(made.payload)), "n": 3})


class Gather(Scale):
    def process(self, state, *, policy=None):
        total = sum(each.payload for each in state.inputs.values())
        return super().process(SimpleState(total), policy=policy)


def nodes():
    return [
        NodeSpec(id="a", op_name="scale", version="1", stage=Scale(Config(factor=2.0))),
        NodeSpec(id="b", deps=["a"], op_name="scale", version="1", stage=Scale(Config(factor=3.0))),
        NodeSpec(id="c", deps=["a"], op_name="scale", version="1", stage=Scale(Config(factor=5.0))),
        NodeSpec(id="d", deps=["b", "c"], op_name="gather", version="1", stage=Gather(Config(factor=1.0))),
    ]


def run(cache):
    RUNS.clear()
    return DagExecutor(cache=cache).run(SimpleState(np.arange(6.0)), nodes())


@pytest.mark.parametrize("backend", ["url", "path", "ours", "theirs", "redis"])
def test_their_executor_runs_unchanged_and_hits(backend, tmp_path, redis_url):
    made = {
        "url": f"memory:,disk:{tmp_path}",
        "path": tmp_path,
        "ours": neve.phys.DiskCache(tmp_path),
        "theirs": phys_pipeline.DiskCache(tmp_path),
        "redis": f"{redis_url}?prefix={tmp_path.name}&{PATIENT}",
    }[backend]
    plain = run(None)
    cold = run(neve.phys.DagCache(made))
    assert len(RUNS) == 4
    cache = neve.phys.DagCache(made)
    warm = run(cache)
    assert RUNS == []
    assert cache.stats()["hits"] == 4
    for result in (cold, warm):
        for node in "abcd":
            state, wanted = result.results[node].state, plain.results[node].state
            assert type(state) is SimpleState
            assert state.payload.tobytes() == wanted.payload.tobytes() and state.payload.flags.writeable
            assert state.meta["note"] == ("kept", 1)
            assert state.hashable_repr() == wanted.hashable_repr()
        assert result.metrics == plain.metrics
    provenance = warm.results["d"].provenance
    assert provenance["cache"]["hit"] and provenance["cache"]["lookup_s"] > 0
    assert "wall_time_s" not in provenance and provenance["version"] == "1"


def test_the_same_run_stores_the_same_bytes(tmp_path):
    for which in ("one", "two"):
        run(neve.phys.DagCache(tmp_path / which))
    files = [sorted(path for path in (tmp_path / which).iterdir() if path.is_file()) for which in ("one", "two")]
    assert len(files[0]) == 8
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]


class Bomb:
    exploded = False

    def __reduce__(self):
        return (_explode, ())


def _explode():
    Bomb.exploded = True
    return SimpleState(0)


def test_pickled_entries_are_refused_with_a_clear_message_and_replaced(tmp_path):
    theirs = phys_pipeline.DagCache(phys_pipeline.DiskCache(tmp_path))
    run(theirs)
    disk = phys_pipeline.DiskCache(tmp_path)
    for path in tmp_path.glob("*.json"):
        disk.put(path.stem, {"state_blob": base64.b64encode(pickle.dumps(Bomb())).decode()}, {})
    cache = neve.phys.DagCache(tmp_path)
    with pytest.warns(neve.phys.PickledEntryWarning, match="pickled state, which is not loaded") as caught:
        result = run(cache)
    assert not Bomb.exploded
    assert len(caught) == 1 and cache.stats()["pickled"] == 4
    assert len(RUNS) == 4 and result.metrics["a.n"] == 3
    run(neve.phys.DagCache(tmp_path))
    assert RUNS == []


def test_object_arrays_met_in_the_wild_are_refused(tmp_path):
    np.savez(tmp_path / f"{KEY}.npz", bad=np.array([Bomb()], dtype=object))
    (tmp_path / f"{KEY}.json").write_text("{}")
    cache = neve.phys.DiskCache(tmp_path)
    assert cache.get(KEY) is None
    assert cache.lookup(KEY).reason == "unsupported"
    assert not Bomb.exploded


@dataclass
class Pulse(State):
    field: np.ndarray
    dt_s: float

    def deepcopy(self):
        return Pulse(self.field.copy(), self.dt_s)

    def hashable_repr(self):
        return self.field.tobytes()


PLAIN = {"z": np.arange(6.0).reshape(2, 3, order="F"), "dt_s": 0.5, "artifact.a": np.arange(2), "b": {"c": [1, None]}}


def test_a_plain_state_is_the_state_of_a_cpp_stage(tmp_path):
    """Written by the executor's cache, read by a pipeline, and the reverse."""

    @neve.stage("lab.source", version="1")
    def source():
        return dict(PLAIN)

    pipeline = neve.Pipeline("line").add("source", source)
    ran = pipeline.run(tmp_path / "one")
    key = ran.provenance["source"]["cache"]["key"]
    found = neve.phys.DagCache(tmp_path / "one").get(key).state
    assert type(found) is SimpleState and found.meta == {} and found.payload.keys() == PLAIN.keys()
    assert found.payload["z"].flags.f_contiguous and (found.payload["z"] == PLAIN["z"]).all()
    assert found.payload["b"] == PLAIN["b"]
    neve.phys.DagCache(tmp_path / "two").put(key, StageResult(state=SimpleState(dict(PLAIN)), metrics={"n": 2}))
    read = pipeline.run(tmp_path / "two")
    assert read.outcomes == {"source": "hit"}
    assert read.metrics == {"line.source.n": 2}
    assert read.state("source").meta == ran.state("source").meta
    assert (read.state("source")["artifact.a"] == np.arange(2)).all()
    back = neve.phys.DagCache(tmp_path / "two").get(key).state
    assert list(back.payload) == list(PLAIN)


@pytest.mark.parametrize(
    "payload", [{"python": 1}, {"t": (1, 2)}, {"x": float("nan")}, {"m": {"b": 1, "a": 2}}, {1: 2}, {"n": [np.arange(2)]}, {}]
)
def test_states_that_are_not_plain_come_back_exactly_as_well(tmp_path, payload):
    cache = neve.phys.DagCache(tmp_path)
    cache.put(KEY, StageResult(state=SimpleState(payload), provenance={"ok": 1, "odd": object()}))
    found = cache.get(KEY)
    assert repr(found.state.payload) == repr(payload)
    assert found.provenance["ok"] == 1 and "odd" not in found.provenance


class Odd(State):
    def __init__(self, value):
        self.value = value

    def deepcopy(self):
        return self

    def hashable_repr(self):
        return b"odd"


def test_dataclass_states_are_kept_and_unknown_ones_are_not(tmp_path):
    cache = neve.phys.DagCache(tmp_path)
    cache.put("a" * 64, StageResult(state=Pulse(np.arange(3.0), 0.5)))
    got = cache.get("a" * 64).state
    assert type(got) is Pulse and got.dt_s == 0.5 and (got.field == np.arange(3.0)).all()
    with pytest.warns(neve.NotStoredWarning, match="is a Odd.*neve.register"):
        cache.put("b" * 64, StageResult(state=SimpleState({"deep": [Odd(1)]})))
    assert cache.get("b" * 64) is None
    neve.register(Odd, lambda odd: odd.value, Odd, name="tests.Odd")
    cache.put("b" * 64, StageResult(state=Odd({"x": np.arange(2)})))
    assert (cache.get("b" * 64).state.value["x"] == np.arange(2)).all()


class Moody(Odd):
    mood = "well"

    @classmethod
    def made(cls, content):
        if cls.mood == "forgetful":
            raise KeyError("a field of its past")
        return cls(content)

    def content(self):
        if self.mood == "unwell":
            raise ValueError("no form today")
        return self.value


def test_a_codec_that_raises_costs_a_result_and_no_run(tmp_path, monkeypatch):
    cache = neve.phys.DagCache(tmp_path)
    neve.register(Moody, Moody.content, Moody.made, name="tests.Moody")
    cache.put("a" * 64, StageResult(state=Moody(1)))
    assert cache.get("a" * 64).state.value == 1
    monkeypatch.setattr(Moody, "mood", "forgetful")
    assert cache.get("a" * 64) is None
    monkeypatch.setattr(Moody, "mood", "unwell")
    with pytest.warns(neve.NotStoredWarning, match="no form today"):
        cache.put("b" * 64, StageResult(state=Moody(1)))


def test_two_executors_compute_a_chain_once(tmp_path):
    """Threads stand for processes: each has a cache object of its own on one folder."""
    gate = threading.Barrier(3)
    results = []
    RUNS.clear()

    def work():
        chain = nodes()[:2]
        executor = DagExecutor(cache=neve.phys.DagCache(tmp_path))
        gate.wait()
        results.append(executor.run(SimpleState(np.arange(6.0)), chain).metrics)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3 and results[0] == results[1] == results[2]
    assert sorted(RUNS) == [2.0, 3.0]


def test_executors_that_hold_what_the_other_wants_do_not_wait_for_each_other(tmp_path):
    one, two = (neve.phys.DagCache(tmp_path, wait_s=60) for _ in range(2))
    assert one.get("a" * 64) is None and two.get("b" * 64) is None
    assert one.get("b" * 64) is None and two.get("a" * 64) is None


class Unkeepable:
    """No state that anything is kept of."""


@pytest.mark.parametrize("why", ["declined", "no form"])
@pytest.mark.parametrize("place", ["disk", "redis"])
def test_nobody_waits_for_a_result_that_is_not_kept(place, why, tmp_path, request, monkeypatch):
    small = f"disk:{tmp_path}?budget=1KiB"
    if place == "redis":
        small = f"{request.getfixturevalue('redis_url')}/0?prefix={tmp_path.name}&inline=1&flight=shared&{PATIENT}"
    first, *others = (neve.phys.DagCache(small, wait_s=60) for _ in range(3))
    assert first.get(KEY) is None
    waiting, computing = threading.Semaphore(0), threading.Barrier(2)

    class Time:
        monotonic, perf_counter = staticmethod(time.monotonic), staticmethod(time.perf_counter)

        @staticmethod
        def sleep(pause):
            waiting.release()
            time.sleep(pause)

    monkeypatch.setattr("neve.phys._dag_cache.time", Time)
    broken = []

    def work(cache):
        assert cache.get(KEY) is None
        try:
            computing.wait(20)  # one after the other they would never meet
        except threading.BrokenBarrierError:
            broken.append(cache)

    threads = [threading.Thread(target=work, args=[cache]) for cache in others]
    for thread in threads:
        thread.start()
        assert waiting.acquire(timeout=20)
        while waiting.acquire(blocking=False):
            pass
    state = SimpleState(np.arange(1e4)) if why == "declined" else Unkeepable()
    with pytest.warns(neve.NotStoredWarning):
        first.put(KEY, StageResult(state=state))
    assert first.stats()["not_stored"] == 1 and first.stats()["stored"] == 0
    for thread in threads:
        thread.join()
    assert not broken


class Failing(Scale):
    def process(self, state, *, policy=None):
        raise RuntimeError("no convergence")


def test_nobody_waits_for_a_node_that_has_failed(tmp_path):
    node = NodeSpec(id="f", op_name="fail", version="1", stage=Failing(Config()))
    executors = [DagExecutor(cache=neve.phys.DagCache(tmp_path, wait_s=600)) for _ in range(2)]
    for executor in executors:  # the first of them lives on, and with it its cache
        with pytest.raises(Exception, match="no convergence"):
            executor.run(SimpleState(np.arange(3.0)), [node])


def test_a_failed_node_can_be_tried_again(tmp_path):
    cache = neve.phys.DagCache(tmp_path)
    assert cache.get(KEY) is None
    assert cache.get(KEY) is None
    cache.put(KEY, StageResult(state=SimpleState(1)))
    assert cache.get(KEY).state.payload == 1


def test_remarks_about_a_run_come_back_as_phys_pipeline_gives_them(tmp_path):
    import pathlib

    given = {"a": 1, "t": (1, 2), "p": pathlib.Path("x"), "n": np.int64(2)}
    found = []
    for kind, place in ((phys_pipeline.DagCache, "theirs"), (neve.phys.DagCache, "ours")):
        cache = kind(phys_pipeline.DiskCache(tmp_path / place))
        cache.put(KEY, StageResult(state=SimpleState({"x": 1}), provenance=dict(given)))
        found.append({name: cache.get(KEY).provenance[name] for name in given})
    assert found[0] == found[1] == {"a": 1, "t": [1, 2], "p": "x", "n": "2"}


def test_what_a_stage_does_to_its_arrays_is_nothing_to_another_s_backend():
    class Backend:
        name = "mine"

        def __init__(self):
            self.entries = {}

        def get(self, key):
            return self.entries.get(key)

        def put(self, key, meta, arrays, *, ttl_s=None):
            self.entries[key] = {"meta": meta, "arrays": arrays}

        def exists(self, key):
            return key in self.entries

    cache = neve.phys.DagCache(Backend())
    array, listed = np.zeros(3), [1]
    cache.put(KEY, StageResult(state=SimpleState({"x": array, "l": listed})))
    array[:] = listed[0] = 9
    for _ in range(2):
        payload = cache.get(KEY).state.payload
        assert payload["x"].tolist() == [0, 0, 0] and payload["l"] == [1]
        payload["x"][:] = payload["l"][0] = 99
