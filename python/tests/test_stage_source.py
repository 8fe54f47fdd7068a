"""Stages without a version: what their code is counts, and what it reads around it."""

import dataclasses
import linecache
import logging
import subprocess
import sys
import threading

import pytest

import neve
from memo_object_programs import OBJECT_PROGRAMS
from memo_programs import PROGRAMS as PLAIN_PROGRAMS
from neve._stages.by_source import VersionBySource
from test_memo_globals import STEPS, started, written

PROGRAMS = PLAIN_PROGRAMS | OBJECT_PROGRAMS

LAB = """
import neve
SCALE = 2
def weight(x):
    return SCALE * x
@neve.stage("lab.weighted")
def weighted(*, x=3.0):
    return {"y": weight(x)}
"""

RIG = """
import dataclasses
OFFSET = 1
@dataclasses.dataclass
class Rig:
    gain: float = 2.0
    op_name = "lab.rig"
    def bent(self, x):
        return x * self.gain
    def run(self, context):
        return {"y": self.bent(3.0) + OFFSET}
"""


SETTINGS = """
import dataclasses, enum, typing, neve, pydantic
class Inner:
    def val(self):
        return 5
@dataclasses.dataclass
class Grid:
    n: int = 4
    def step(self):
        return 1 / self.n
class Mode(enum.Enum):
    FAST = 1
    def factor(self):
        return 10
class Box(pydantic.BaseModel):
    side: int = 6
    def size(self):
        return self.side ** 2
@neve.stage("lab.function")
def function(*, grid: typing.Optional[Grid], mode: "Mode"):
    return {"y": grid.step() * mode.factor()}
@dataclasses.dataclass
class Plain:
    grid: "Grid | None"
    mode: Mode
    op_name: typing.ClassVar = "lab.plain"
    def run(self, context):
        return {"y": self.grid.step() * self.mode.factor()}
class Model(pydantic.BaseModel):
    boxes: list[Box]
    op_name: typing.ClassVar = "lab.model"
    def run(self, context):
        return {"y": sum(box.size() for box in self.boxes)}
def stages():
    given = {"grid": Grid(), "mode": Mode.FAST}
    return {"function": function.with_settings(**given), "plain": Plain(**given), "model": Model(boxes=[Box()])}
"""


def outcome(pipeline, cache, **how):
    ran = pipeline.run(cache, **how)
    (stage,) = ran.outcomes
    return ran.outcomes[stage], ran.state(stage).meta


@pytest.mark.filterwarnings("ignore::neve.NotCountedWarning")
@pytest.mark.parametrize(("name", "number"), STEPS, ids=[f"{name}-{number}" for name, number in STEPS])
def test_an_edit_is_another_version_where_it_can_be_reached_and_only_there(world, name, number):
    texts, edits = PROGRAMS[name]
    where, before, after, other = edits[number]

    def version():
        pipeline = neve.Pipeline("p").add("f", neve.stage("tests.f")(started(texts)))
        return pipeline.stages["f"].version

    written(world, texts)
    first = version()
    world.write(where, texts[where].replace(before, after, 1))
    second = version()
    world.write(where, texts[where])
    assert (second != first) == bool(other)
    assert version() == first


def test_a_pipeline_that_is_there_sees_what_changes_between_its_runs(cache, world):
    lab = world("lab", LAB)
    line = neve.Pipeline("line").add("weighted", lab.weighted.with_settings(x=5))
    assert outcome(line, cache) == ("miss", {"y": 10})
    assert outcome(line, cache) == ("hit", {"y": 10})
    lab.SCALE = 3
    assert outcome(line, cache) == ("miss", {"y": 15})
    lab.SCALE = 2
    assert outcome(line, cache) == ("hit", {"y": 10})
    lab.weight = lambda x: -x
    assert outcome(line, cache) == ("miss", {"y": -5})


def test_so_do_sweeps_and_pipelines_within_pipelines(cache, world):
    lab = world("lab", LAB)
    inner = neve.Pipeline("inner").add("weighted", lab.weighted)
    outer = neve.Pipeline("outer").add("part", inner)

    def swept():
        results = outer.sweep({"part/weighted.x": [1, 2]}, cache)
        return [result.state("part/weighted").meta["y"] for result in results]

    assert swept() == [2, 4]
    lab.SCALE = 10
    assert swept() == [10, 20]


def test_what_reads_it_in_turn_is_computed_anew_only_if_the_state_is_another(cache, world):
    lab = world(
        "lab",
        LAB.replace("return SCALE * x", "return abs(SCALE) * x")
        + '@neve.stage("lab.next")\ndef following(before):\n    return {"y": before["y"] + 1}\n',
    )
    line = neve.Pipeline("line").add("weighted", lab.weighted).add("following", lab.following)
    assert line.run(cache).outcomes == {"weighted": "miss", "following": "miss"}
    lab.SCALE = -2
    assert line.run(cache).outcomes == {"weighted": "miss", "following": "hit"}


def test_an_edited_stage_is_another_and_its_former_text_is_found_again(cache, world):
    for text, found in ((LAB, "miss"), (LAB, "hit"), (LAB.replace("weight(x)}", "weight(x) + 1}"), "miss"), (LAB, "hit")):
        lab = world("lab", text)
        assert outcome(neve.Pipeline("line").add("weighted", lab.weighted), cache)[0] == found


def test_a_version_says_what_the_code_is_in_its_place(cache, world):
    versioned = LAB.replace('"lab.weighted"', '"lab.weighted", version="1"')
    lab = world("lab", versioned)
    assert outcome(neve.Pipeline("line").add("weighted", lab.weighted), cache) == ("miss", {"y": 6.0})
    lab = world("lab", versioned.replace("SCALE = 2", "SCALE = 3"))
    line = neve.Pipeline("line").add("weighted", lab.weighted)
    assert line.stages["weighted"].version == "1"
    assert outcome(line, cache) == ("hit", {"y": 6.0})


def test_what_the_function_closes_over_counts(cache):
    def made(factor):
        @neve.stage("tests.closing")
        def closing():
            return {"y": factor}

        return neve.Pipeline("line").add("closing", closing)

    assert outcome(made(1), cache) == ("miss", {"y": 1})
    assert outcome(made(2), cache) == ("miss", {"y": 2})
    assert outcome(made(1), cache) == ("hit", {"y": 1})


def test_what_it_closes_over_without_an_exact_form_is_refused():
    numbers = iter([1, 2])

    @neve.stage("tests.drawing")
    def drawing():
        return {"y": next(numbers)}

    with pytest.raises(neve.UnsupportedError, match=r"stage tests\.drawing has no version, and none can.*closure\.numbers'"):
        neve.Pipeline("line").add("drawing", drawing)


def test_loggers_and_locks_count_as_nothing(cache):
    lock = threading.Lock()

    class Watched:
        op_name = "tests.watched"
        log = logging.getLogger("tests")
        lock = threading.RLock()

        def run(self, context):
            with self.lock, lock:
                self.log.debug("now")
                return {"y": 1}

    line = neve.Pipeline("line").add("watched", Watched())
    assert [outcome(line, cache)[0] for _ in range(2)] == ["miss", "hit"]


CHANGES = """
import neve
HELD = {"n": 0}
@neve.stage("lab.puts")
def puts(*, n=1):
    HELD["n"] = n
    return {"x": 1}
@neve.stage("lab.takes")
def takes(before):
    return {"y": HELD["n"]}
class Counting:
    op_name = "lab.counting"
    calls = []
    def run(self, context):
        self.calls.append(1)
        return {"y": len(self.calls)}
"""


def test_what_changes_while_a_stage_runs_is_not_kept(cache, world):
    """As by the stage before it: a hit would be given where that one has put something else."""
    lab = world("lab", CHANGES)

    def ran(n):
        lab.HELD["n"] = 0  # as in another process
        return neve.Pipeline("line").add("puts", lab.puts.with_settings(n=n)).add("takes", lab.takes).run(cache)

    for n in (1, 2, 1):
        result = ran(n)
        assert result.state("takes").meta == {"y": n}
        assert result.outcomes == {"puts": "uncached", "takes": "uncached"}
        assert "the global variable 'HELD' changed while the stage ran" in result.report["stages"][1]["reason"]
    assert ran(0).outcomes == {"puts": "miss", "takes": "miss"}
    assert ran(0).outcomes == {"puts": "hit", "takes": "hit"}


def test_so_it_is_with_what_the_class_keeps(cache, world):
    lab = world("lab", CHANGES)
    result = neve.Pipeline("line").add("counting", lab.Counting()).run(cache)
    assert result.outcomes == {"counting": "uncached"}
    assert "its code, or what that has around it, changed" in result.report["stages"][0]["reason"]


def test_what_another_stage_closes_over_counts_where_that_is_called(cache):
    held = [1]

    @neve.stage("tests.inner")
    def inner():
        return {"y": held[0]}

    globals()["called"] = inner

    @neve.stage("tests.outer")
    def outer():
        return called()  # noqa: F821

    line = neve.Pipeline("line").add("outer", outer)
    assert outcome(line, cache) == ("miss", {"y": 1})
    held[0] = 2
    assert outcome(line, cache) == ("miss", {"y": 2})


def test_stages_of_one_function_or_class_look_at_it_once(world, monkeypatch):
    looked = []
    look = VersionBySource._look_at_itself
    monkeypatch.setattr(VersionBySource, "_look_at_itself", lambda self: looked.append(self._code) or look(self))
    lab, rig = world("lab", LAB), world("rig", RIG)
    for x in range(3):
        line = neve.Pipeline("line").add("weighted", lab.weighted.with_settings(x=x)).add("rig", rig.Rig(x), needs=[])
        line.output("rig").run("none:")
    assert looked == [lab.weighted.__wrapped__, rig.Rig]


def test_a_method_of_a_class_is_a_function_with_its_class(cache, world):
    text = """
import neve
class Lab:
    gain = 2
    @classmethod
    def run(cls, *, x=3):
        return {"y": cls.gain * x}
run = neve.stage("lab.run")(Lab.run)
"""
    assert outcome(neve.Pipeline("line").add("run", world("lab", text).run), cache) == ("miss", {"y": 6})
    assert outcome(neve.Pipeline("line").add("run", world("lab", text).run), cache) == ("hit", {"y": 6})
    edited = world("lab", text.replace("gain = 2", "gain = 5"))
    line = neve.Pipeline("line").add("run", edited.run)
    assert outcome(line, cache) == ("miss", {"y": 15})
    edited.Lab.gain = 7
    assert outcome(line, cache) == ("miss", {"y": 21})


def test_the_text_of_a_program_on_the_command_line_is_not_that_of_what_dataclasses_make(world, monkeypatch):
    def version():
        return neve.Pipeline("line").add("rig", world("rig", RIG).Rig()).stages["rig"].version

    before = version()
    text = "import rig\n" * 20  # as Python 3.13 keeps it
    monkeypatch.setitem(linecache.cache, "<string>", (len(text), None, text.splitlines(True), "<string>"))
    assert version() == before


def test_an_object_without_a_version_is_its_class(cache, world):
    rig = world("rig", RIG)
    line = neve.Pipeline("line").add("rig", rig.Rig(gain=4.0))
    assert outcome(line, cache) == ("miss", {"y": 13.0})
    assert outcome(line, cache) == ("hit", {"y": 13.0})
    rig.OFFSET = 2
    assert outcome(line, cache) == ("miss", {"y": 14.0})
    rig = world("rig", RIG.replace("x * self.gain", "x / self.gain"))
    assert outcome(neve.Pipeline("line").add("rig", rig.Rig(gain=4.0)), cache) == ("miss", {"y": 1.75})
    rig = world("rig", RIG)
    assert outcome(neve.Pipeline("line").add("rig", rig.Rig(gain=4.0)), cache) == ("hit", {"y": 13.0})


def test_so_is_one_whose_class_is_derived_or_made_by_a_function(cache):
    def made(power):
        @dataclasses.dataclass
        class Base:
            op_name = "tests.derived"

            def run(self, context):
                return {"y": self.factor() ** power}

        class Derived(Base):
            def factor(self):
                return 3

        return neve.Pipeline("line").add("derived", Derived())

    assert outcome(made(1), cache) == ("miss", {"y": 3})
    assert outcome(made(2), cache) == ("miss", {"y": 9})
    assert outcome(made(1), cache) == ("hit", {"y": 3})


@pytest.mark.parametrize(
    ("before", "after", "others"),
    [
        ("1 / self.n", "2 / self.n", {"function", "plain"}),
        ("return 10", "return 11", {"function", "plain"}),
        ("** 2", "** 3", {"model"}),
        ("return 5", "return 6", set()),
    ],
)
def test_the_classes_of_settings_that_annotations_name_count(world, before, after, others):
    def versions(text):
        line = neve.Pipeline("line")
        for name, stage in world("settings", text).stages().items():
            line.add(name, stage, needs=[])
        return {name: stage.version for name, stage in line.stages.items()}

    first = versions(SETTINGS)
    second = versions(SETTINGS.replace(before, after))
    assert {name for name in first if first[name] != second[name]} == others
    assert versions(SETTINGS) == first


def test_a_variable_without_an_exact_form_is_told_with_what_helps_a_stage(world):
    lab = world("lab", LAB.replace("SCALE = 2", "SCALE = iter([2.0])").replace("SCALE * x", "next(SCALE) * x"))
    said = r"the stage lab\.weighted reads the global variable 'SCALE'.* give the stage a version"
    with pytest.warns(neve.NotCountedWarning, match=said):
        neve.Pipeline("line").add("weighted", lab.weighted)


def test_another_process_finds_what_this_one_has_stored(cache, world, tmp_path):
    lab, rig = world("lab", LAB), world("rig", RIG)
    place = tmp_path / "cache"
    line = neve.Pipeline("line").add("weighted", lab.weighted).add("rig", rig.Rig(), needs=[])
    line.output("rig").run(cache)
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import lab, neve, rig
line = neve.Pipeline("line").add("weighted", lab.weighted).add("rig", rig.Rig(), needs=[])
assert line.output("rig").run('disk:{place}').outcomes == {{"weighted": "hit", "rig": "hit"}}
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
