"""Pipelines built from Python stages: runs, sweeps, failures, artifacts."""

import dataclasses
import threading

import numpy as np
import pytest

import neve

CALLS = []


@neve.stage("lab.source", version="1")
def source(*, points=8, scale=1.0):
    CALLS.append("source")
    return {"field": scale * np.arange(float(points)), "dt_s": 0.5}


@neve.stage("lab.amplify", version="1")
def amplify(pulse, *, gain=2.0, context):
    CALLS.append("amplify")
    context.metric("peak", float(pulse["field"].max() * gain))
    context.save("gain", {"gain": gain})
    context.save("window", pulse["field"][:3])
    return neve.State({"dt_s": pulse["dt_s"]}, {"field": gain * pulse["field"]})


@dataclasses.dataclass
class Add:
    offset: float = 0.0
    op_name = "lab.add"
    version = "1"

    def run(self, a, b, context):
        CALLS.append("add")
        return {"field": a["field"] + b["field"] + self.offset}


UNDECLARED = {"n": 1}


@neve.stage("lab.undeclared", version="1")
def undeclared():
    return dict(UNDECLARED)


@pytest.fixture(autouse=True)
def nothing_called():
    CALLS.clear()


def line():
    made = neve.Pipeline("line")
    made.add("source", source).add("one", amplify).add("two", amplify.with_settings(gain=3.0), needs="source")
    return made.add("sum", Add(1.0), needs=["one", "two"])


def test_a_pipeline_runs_once_and_hits_afterwards(cache):
    cold = line().run(cache)
    assert (cold.state()["field"] == 5 * np.arange(8.0) + 1).all()
    assert sorted(CALLS) == ["add", "amplify", "amplify", "source"]
    warm = line().run(cache)
    assert len(CALLS) == 4
    assert set(cold.outcomes.values()) == {"miss"} and set(warm.outcomes.values()) == {"hit"}
    assert warm.metrics == cold.metrics == {"line.one.peak": 14.0, "line.two.peak": 21.0}
    assert (warm.state("one")["field"] == cold.state("one")["field"]).all()
    assert warm.state("one")["dt_s"] == 0.5
    assert warm.provenance["sum"]["cache"]["hit"] and warm.provenance["sum"]["op_name"] == "lab.add"
    assert warm.artifacts("one")["gain"]["document"] == {"gain": 2.0}
    assert (warm.artifacts("one")["window"]["arrays"]["data"] == np.arange(3.0)).all()
    assert warm.report["totals"]["outcomes"] == {"hit": 4}
    assert "4 stages" in warm.table()


PNG = bytes.fromhex(  # one black pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148af"
    "a4710000000049454e44ae426082"
)


def test_a_stage_keeps_pictures_and_warns(cache):
    @neve.stage("lab.picture", version="1")
    def picture(*, context):
        context.image("pixel", PNG)
        context.warn("the detector was saturated")
        return {"x": 1}

    cold = neve.Pipeline("pictures").add("one", picture).run(cache)
    assert any("saturated" in warning for warning in cold.report["warnings"])
    warm = neve.Pipeline("pictures").add("one", picture).run(cache)
    assert warm.outcomes == {"one": "hit"} and warm.report["warnings"] == cold.report["warnings"]
    assert warm.artifacts("one").keys() == {"pixel"}

    @neve.stage("lab.no_picture", version="1")
    def no_picture(*, context):
        context.image("pixel", b"GIF89a")
        return {"x": 1}

    with pytest.raises(neve.InvalidArgumentError, match="PNG"):
        neve.Pipeline("pictures").add("one", no_picture).run(cache)


def test_only_what_changed_is_computed(cache):
    line().run(cache)
    CALLS.clear()
    outcomes = line().set("two.gain", 4.0).run(cache).outcomes
    assert outcomes == {"source": "hit", "one": "hit", "two": "miss", "sum": "miss"}
    assert line().set("sum.offset", 1.0).run(cache).outcomes["sum"] == "hit"
    with pytest.raises(neve.InvalidArgumentError, match="gain"):
        line().set("two.gian", 4.0)


def test_stages_can_be_computed_again_to_see_whether_they_give_the_same(cache):
    pipeline = neve.Pipeline("again").add("u", undeclared)
    pipeline.run(cache)
    assert pipeline.run(cache, recompute="u").outcomes == {"u": "miss"}
    UNDECLARED["n"] = 2
    assert pipeline.run(cache).state()["n"] == 1
    again = pipeline.run(cache, recompute=["u"])
    assert again.state()["n"] == pipeline.run(cache).state()["n"] == 2
    assert "gave another result" in again.report["warnings"][0]
    with pytest.raises(neve.InvalidArgumentError, match="did you mean 'u'"):
        pipeline.run(cache, recompute=["v"])


def test_arrays_a_stage_is_given_are_read_only_and_its_own_stay_its_own(cache):
    class Own:
        kept = np.zeros(4)

    own = Own()

    @neve.stage("lab.kept", version="1")
    def give():
        return {"a": own.kept}

    @neve.stage("lab.look", version="1")
    def look(state):
        own.kept[:] = 9
        with pytest.raises(ValueError, match="read-only"):
            state["a"][0] = 1
        return {"a": state["a"]}

    result = neve.Pipeline("p").add("give", give).add("look", look).run(cache)
    assert (result.state()["a"] == 0).all()


def test_a_swept_text_may_hold_a_lone_surrogate(cache):
    @neve.stage("lab.length", version="1")
    def length(*, name="", context):
        context.metric("n", float(len(name)))
        return {"name": name}

    swept = neve.Pipeline("p").add("s", length).sweep({"s.name": ["ab", "\udc80"]}, cache)
    assert [(row["s.name"], row["s.n"]) for row in swept.rows] == [("ab", 2.0), ("\udc80", 1.0)]
    assert "\udc80" in swept.csv()


def test_a_sweep_runs_common_stages_once(cache):
    result = line().sweep({"one.gain": [1.0, 2.0, 3.0], "sum.offset": [0.0, 5.0]}, cache)
    assert len(result) == 6 and result.ok
    assert CALLS.count("source") == 1 and CALLS.count("add") == 6 and CALLS.count("amplify") == 4 - 1 + 1
    assert [row["one.gain"] for row in result.rows] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    frame = result.frame()
    assert list(frame.columns[:3]) == ["point", "one.gain", "sum.offset"]
    assert list(frame["one.peak"]) == [7.0, 7.0, 14.0, 14.0, 21.0, 21.0]
    assert (result.runs[5].state()["field"] == 6 * np.arange(8.0) + 5).all()
    assert result.csv().startswith("point,one.gain,sum.offset")
    together = line().sweep([{"one.gain": np.array([1.0, 2.0]), "two.gain": (5.0, 6.0)}], cache)
    assert len(together) == 2


def test_a_pipeline_is_printed_with_its_stages():
    assert repr(line()) == "<neve.Pipeline line: source, one, two, sum>"
    assert repr(neve.Pipeline("p")) == "<neve.Pipeline p: no stages>"


def test_a_run_as_a_pandas_frame(cache):
    frame = line().run(cache).frame()
    assert list(frame["node"]) == ["source", "one", "two", "sum"]
    assert (frame["compute_s"] >= 0).all()


def test_what_a_stage_raises_is_the_cause(cache):
    @neve.stage("lab.broken", version="1")
    def broken(state):
        raise KeyError("no such line")

    made = line().add("broken", broken, needs="one").output("sum")
    with pytest.raises(neve.StageFailedError, match="broken.*no such line") as caught:
        made.run(cache)
    assert type(caught.value.__cause__) is KeyError
    result = made.run(cache, check=False)
    assert not result.ok and result.outcomes["broken"] == "failed" and result.outcomes["sum"] == "hit"
    assert result.failures[0]["code"] == "stage_failed"


def test_a_stage_that_gives_what_cannot_be_kept_exactly_fails_with_the_place(cache):
    @neve.stage("lab.tuple", version="1")
    def give():
        return {"deep": {"t": (1, 2)}}

    with pytest.raises(neve.InvalidArgumentError, match="'deep.t' is of type tuple"):
        neve.Pipeline("p").add("give", give).run(cache)


def test_an_array_of_no_dimensions_is_an_array(cache):
    @neve.stage("lab.point", version="1")
    def give():
        return {"point": np.array(3, ">i4"), "number": 3.0}

    for _ in range(2):
        state = neve.Pipeline("p").add("give", give).run(cache).state()
        assert state.meta == {"number": 3.0}
        assert state["point"].shape == () and state["point"].dtype == ">i4" and state["point"] == 3


def test_mistakes_are_named_before_anything_runs(cache):
    with pytest.raises(neve.InvalidArgumentError, match="no setting 'gian'"):
        amplify.with_settings(gian=1)
    with pytest.raises(neve.InvalidArgumentError, match="optics.fiber"):
        neve.uses("optics.fibre")
    with pytest.raises(neve.InvalidArgumentError, match="no option 'job'"):
        line().run(cache, job=2)
    with pytest.raises(neve.InvalidArgumentError, match="sourse"):
        neve.Pipeline("p").add("a", amplify, needs="sourse").run(cache)
    with pytest.raises(neve.InvalidArgumentError, match="is a class"):
        neve.Pipeline("p").add("a", Add)
    assert CALLS == []


def test_the_runs_input_and_policy_enter_the_key(cache):
    made = neve.Pipeline("p").add("one", amplify)
    first = made.run(cache, input={"field": np.ones(3), "dt_s": 1}, policy={"fast": True})
    assert first.metrics == {"p.one.peak": 2.0}
    assert made.run(cache, input={"field": np.ones(3), "dt_s": 1}, policy={"fast": True}).outcomes == {"one": "hit"}
    assert made.run(cache, input={"field": np.ones(3), "dt_s": 2}, policy={"fast": True}).outcomes == {"one": "miss"}
    assert made.run(cache, input={"field": np.ones(3), "dt_s": 1}).outcomes == {"one": "miss"}


def test_a_pipeline_is_a_stage_of_another(cache):
    inner = neve.Pipeline("inner").add("a", amplify).add("b", amplify)
    result = neve.Pipeline("outer").add("source", source).add("twice", inner).run(cache)
    assert set(result.outcomes) == {"source", "twice/a", "twice/b"}
    assert result.state()["field"][1] == 4


def test_several_threads_run_pipelines_at_once(cache):
    results = []
    threads = [threading.Thread(target=lambda: results.append(line().run(cache, jobs=2).metrics)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6 and all(each == results[0] for each in results)
    assert len(CALLS) == 4
