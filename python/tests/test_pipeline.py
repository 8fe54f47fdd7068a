"""Pipelines from Python, and results shared with C++."""

import dataclasses
import datetime
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import types
import typing

import numpy as np
import pydantic
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


class Plain:
    op_name = "lab.plain"
    version = "1"

    def __init__(self, factor):
        self.factor = factor

    def run(self, context):
        return {"x": self.factor}


@dataclasses.dataclass
class More:
    factor: float = 1.0
    op_name = "lab.more"
    version = "1"

    def run(self, context):
        return {"x": self.factor}


def test_a_stage_that_keeps_what_would_not_enter_its_key_is_refused():
    with pytest.raises(neve.UnsupportedError, match="keeps factor"):
        neve.Pipeline("p").add("a", Plain(2))
    more = More()
    neve.Pipeline("p").add("a", more)
    more.extra = 3
    with pytest.raises(neve.UnsupportedError, match="keeps extra"):
        neve.Pipeline("p").add("a", more)

    class Excluding(pydantic.BaseModel):
        shown: int = 1
        hidden: int = pydantic.Field(default=2, exclude=True)
        op_name: typing.ClassVar[str] = "lab.excluding"
        version: typing.ClassVar[str] = "1"

        def run(self, context):
            return {"x": self.hidden}

    with pytest.raises(neve.UnsupportedError, match="keeps hidden"):
        neve.Pipeline("p").add("a", Excluding())
    factor = 3

    @neve.stage("lab.around", version="1")
    def around():
        return {"x": factor}

    with pytest.raises(neve.UnsupportedError, match="takes factor from around it"):
        neve.Pipeline("p").add("a", around)


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
    assert warm.outcomes == {"one": "hit"} and warm.report["warnings"] == []
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


def test_a_sweep_runs_common_stages_once(cache):
    result = line().sweep({"one.gain": [1.0, 2.0, 3.0], "sum.offset": [0.0, 5.0]}, cache)
    assert len(result) == 6 and result.ok
    assert CALLS.count("source") == 1 and CALLS.count("add") == 6 and CALLS.count("amplify") == 4 - 1 + 1
    assert [row["one.gain"] for row in result.rows] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    frame = result.frame()
    assert list(frame["one.peak"]) == [7.0, 7.0, 14.0, 14.0, 21.0, 21.0]
    assert (result.runs[5].state()["field"] == 6 * np.arange(8.0) + 5).all()
    assert result.csv().startswith("point,one.gain,sum.offset")
    together = line().sweep([{"one.gain": np.array([1.0, 2.0]), "two.gain": (5.0, 6.0)}], cache)
    assert len(together) == 2


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


def test_an_interrupt_stops_the_run_and_keeps_what_is_finished(cache):
    begun = threading.Event()

    @neve.stage("lab.slow", version="1")
    def slow(state, *, context):
        begun.set()
        while True:
            context.checkpoint()
            time.sleep(0.001)

    def interrupt():
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        neve.Pipeline("p").add("source", source).add("slow", slow).run(cache)
    thread.join()
    assert neve.Pipeline("p").add("source", source).run(cache).outcomes == {"source": "hit"}


COMMAND = pathlib.Path(os.environ.get("NEVE_COMMAND", "build/release/bin/neve"))
OPTICS = pytest.mark.skipif("optics.pulse" not in neve.stage_names(), reason="built without the optics stages")

@dataclasses.dataclass
class Gain:
    gain: float = 2.0
    taps: list = dataclasses.field(default_factory=list)
    op_name: typing.ClassVar = "lab.gain"
    version: typing.ClassVar = "1"

    def run(self, context):
        self.taps.append(self.gain)
        return {"y": np.array(self.taps)}


def test_a_stage_is_what_it_was_when_it_was_added(cache):
    given, taps = Gain(), [1, 2]

    @neve.stage("lab.taps", version="1")
    def tapped(*, taps):
        taps.append(9)
        return {"y": np.array(taps)}

    pipeline = neve.Pipeline("p").add("gain", given).add("taps", tapped.with_settings(taps=taps), needs=[])
    given.gain, taps[0] = 7.0, 5
    for where in ("none:", "none:", cache):
        result = pipeline.run(where)
        assert result.state("gain")["y"].tolist() == [2.0]
        assert result.state("taps")["y"].tolist() == [1, 2, 9]
    fresh = neve.Pipeline("p").add("gain", Gain()).run(cache)
    assert fresh.outcomes == {"gain": "hit"} and fresh.state("gain")["y"].tolist() == [2.0]


class Shape(pydantic.BaseModel):
    pass


class Circle(Shape):
    r: int = 1


class Inner(pydantic.BaseModel):
    unseen: int = pydantic.Field(default=0, exclude=True)
    secret: pydantic.SecretStr = pydantic.SecretStr("")


class Model(pydantic.BaseModel):
    op_name: typing.ClassVar = "lab.model"
    version: typing.ClassVar = "1"
    shape: Shape = Shape()
    inner: Inner = Inner()
    rounded: float = 1.0
    anything: typing.Any = None
    pair: tuple[int, int] = (1, 2)
    when: datetime.date = datetime.date(2024, 1, 1)

    @pydantic.field_serializer("rounded")
    def _round(self, value):
        return round(value, 1)

    def run(self, context):
        return {"y": 1}


class Slotted:
    __slots__ = ("gain",)
    op_name, version = "lab.slots", "1"

    def __init__(self, gain):
        self.gain = gain

    def run(self, context):
        return {"y": self.gain}


@dataclasses.dataclass
class SetLater:
    gain: float = dataclasses.field(init=False, default=1.0)
    op_name: typing.ClassVar = "lab.later"
    version: typing.ClassVar = "1"

    def run(self, context):
        return {"y": self.gain}


def set_later():
    made = SetLater()
    made.gain = 2.0
    return made


def closing_over_an_array():
    taps = np.arange(3)

    @neve.stage("lab.closing", version="1")
    def stage():
        return {"y": taps}

    return stage


@pytest.mark.parametrize(
    "make",
    [
        lambda: Model(shape=Circle()),
        lambda: Model(inner=Inner(unseen=1)),
        lambda: Model(inner=Inner(secret="x")),
        lambda: Model(rounded=1.001),
        lambda: Model(anything=pathlib.Path("a")),
        lambda: Model(anything=(1,)),
        lambda: Slotted(1),
        set_later,
        closing_over_an_array,
    ],
)
def test_settings_that_would_not_enter_the_key_are_refused(make):
    with pytest.raises(neve.UnsupportedError, match="key"):
        neve.Pipeline("p").add("s", make()).run("none:")


def test_settings_that_json_says_whole_are_taken():
    for made in (Model(), Model(anything={"a": [1, None]}, pair=(3, 4)), SetLater()):
        assert neve.Pipeline("p").add("s", made).run("memory:1MiB").outcomes == {"s": "miss"}


FILE = """
name: line
stages:
  pulse:
    uses: optics.pulse
    with: {points: 1024, window_s: 5.0e-12, fwhm_s: 1.0e-13, peak_power_w: 1000, wavelength_m: 1.03e-6}
  gain:
    uses: optics.filter
    needs: pulse
    with: {center_m: 1.03e-6, fwhm_m: 1.0e-8}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "line.yaml"
    path.write_text(FILE)
    return path


def by_command(file, cache):
    """The outcomes of the C++ command's run."""
    if not COMMAND.exists():
        pytest.skip(f"{COMMAND} is not built")
    command = [COMMAND.resolve(), "run", file, "--cache", cache.url, "--json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    stages = report["stages"] if "stages" in report else report["report"]["stages"]
    return {stage["node"]: stage["outcome"] for stage in stages}


@OPTICS
def test_a_pipeline_file_runs_from_python(file, cache):
    result = neve.run(file, cache, set={"pulse.peak_power_w": 2000.0})
    assert result.state("pulse").arrays
    assert result.metrics["line.pulse.peak_power_w"] == pytest.approx(2000)
    swept = neve.run(file, cache, sweep={"pulse.peak_power_w": "1000,2000"}, until="pulse")
    assert [row["pulse.peak_power_w"] for row in swept.rows] == [1000, 2000]
    assert swept.report["totals"]["outcomes"] == {"hit": 1, "miss": 1}
    with pytest.raises(neve.InvalidArgumentError, match=r"line.yaml.*optics.pulse"):
        file.write_text(FILE.replace("optics.pulse", "optics.pluse"))
        neve.load(file)


def test_a_loaded_file_looks_at_what_its_commands_read_before_every_run(tmp_path, cache):
    path = tmp_path / "join.yaml"
    command = """printf '{"text": "%s"}' "$(cat *.txt)" > "$NEVE_OUTPUT_DIR/state.json\""""
    path.write_text(f"stages:\n  join:\n    inputs: '*.txt'\n    run: |\n      {command}\n")
    (tmp_path / "a.txt").write_text("one")
    pipeline = neve.load(path)
    assert pipeline.run(cache).state("join").meta == {"text": "one"}
    (tmp_path / "a.txt").write_text("two")
    assert pipeline.run(cache).state("join").meta == {"text": "two"}
    (tmp_path / "b.txt").write_text("three")
    assert pipeline.run(cache).state("join").meta == {"text": "twothree"}
    assert pipeline.run(cache).outcomes == {"join": "hit"}


@OPTICS
def test_what_python_ran_is_a_hit_for_the_command_and_the_reverse(file, cache):
    neve.run(file, cache)
    assert by_command(file, cache) == {"pulse": "hit", "gain": "hit"}
    cache.clear()
    assert by_command(file, cache) == {"pulse": "miss", "gain": "miss"}
    assert set(neve.run(file, cache).outcomes.values()) == {"hit"}


@OPTICS
def test_a_pipeline_half_in_python_and_half_in_cpp_shares_its_stages_with_one_in_cpp(file, cache):
    """The first stage is written in Python under the name, version and settings of the compiled one."""
    compiled = neve.load(file).stages["pulse"]
    wanted = neve.load(file, until="pulse").run("none:")

    @dataclasses.dataclass
    class Pulse:
        """Its fields are the compiled stage's, in a file of a user's written out."""

        op_name: typing.ClassVar = compiled.op_name
        version: typing.ClassVar = compiled.version

        def run(self, context):
            CALLS.append("pulse")
            for name, value in wanted._run.stage_metrics("pulse").items():
                context.metric(name, value)
            return wanted.state("pulse")

    fields = [(name, object, dataclasses.field(default=value)) for name, value in compiled.config.items()]
    in_python = dataclasses.make_dataclass("PulseWithSettings", fields, bases=(Pulse,))

    def half_in_each():
        rest = neve.uses("optics.filter", center_m=1.03e-6, fwhm_m=1.0e-8)
        return neve.Pipeline("half").add("pulse", in_python()).add("gain", rest)

    assert half_in_each().run(cache).outcomes == {"pulse": "miss", "gain": "miss"}
    assert CALLS == ["pulse"]
    assert by_command(file, cache) == {"pulse": "hit", "gain": "hit"}
    cache.clear()
    CALLS.clear()
    assert by_command(file, cache) == {"pulse": "miss", "gain": "miss"}
    assert half_in_each().run(cache).outcomes == {"pulse": "hit", "gain": "hit"}
    assert CALLS == []
