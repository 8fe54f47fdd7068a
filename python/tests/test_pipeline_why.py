"""`Pipeline.why`: what a run would find, and what has changed since the nearest stored result."""

import threading

import numpy as np
import pytest

import neve
from conftest import run_python

LAB = """
import sys
import neve

STEP = {step}

def weight(n):
    return {weight} * n

@neve.stage("lab.source")
def source(*, points=4):
    return {{"sum": weight(points) * STEP}}

@neve.stage("lab.scale", version="{version}")
def scale(given, *, gain=2.0):
    return {{"sum": gain * given["sum"]}}

line = neve.Pipeline("line").add("source", source).add("scale", scale)
if {run}:
    line.run(sys.argv[1])
why = line.why(sys.argv[1])
for name in why:
    print(name, why[name].outcome, why[name].changes)
"""


def told(folder, step=1, weight=2, version="1", run=False):
    script = folder / "lab.py"
    script.write_text(LAB.format(step=step, weight=weight, version=version, run=run))
    return run_python(
        f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", f"disk:{folder}/cache"
    ).splitlines()


def test_names_the_variable_the_helper_and_the_version_that_changed(tmp_path):
    assert told(tmp_path)[0] == "source would be computed []"
    assert told(tmp_path, run=True) == ["source found []", "scale found []"]
    assert told(tmp_path, step=3) == ["source would be computed ['source.reads.STEP: 1 → 3']", "scale follows []"]
    (line, _) = told(tmp_path, weight=5)
    assert line.startswith("source would be computed ['source.reads.weight: ")
    found, scaled = told(tmp_path, version="2")
    assert found == "source found []"
    assert scaled == """scale would be computed ['version: "1" → "2"']"""


@pytest.fixture
def source():
    @neve.stage("lab.source", version="1")
    def source(*, points=4, span=1.0):
        return {"x": np.linspace(0, span, points)}

    return source


@pytest.fixture
def total():
    @neve.stage("lab.total", version="1")
    def total(*given):
        return {"sum": float(sum(each["x"].sum() for each in given if "x" in each.arrays))}

    return total


def test_compares_with_the_nearest_and_computes_nothing(cache, source, total):
    line = neve.Pipeline("line").add("source", source).add("total", total)
    assert str(line.why(cache)["source"]) == "would be computed: no result like it is known here"
    line.run(cache)
    line.set("source.points", 5).run(cache)
    before = cache.usage()["entries"]
    why = line.set("source.span", 2.0).why(cache)
    assert not why.hit
    assert why["source"].changes == ["config.span: 1.0 → 2.0"]
    assert cache.exists(why["source"].nearest)
    assert why["total"].outcome == "follows" and why["total"].waits_for == ["source"]
    assert "config.span: 1.0 → 2.0" in str(why) and "total: follows once 'source' is computed" in str(why)
    assert cache.usage()["entries"] == before
    assert line.set("source.span", 1.0).why(cache).hit


def test_names_the_input_that_changed_and_the_one_that_came(cache, source, total):
    graph = neve.Pipeline("graph")
    graph.add("a", source).add("b", source.with_settings(points=7)).add("total", total, needs=["a"])
    graph.run(cache)
    more = neve.Pipeline("graph")
    more.add("a", source).add("b", source.with_settings(points=7)).add("total", total, needs=["a", "b"])
    assert more.why(cache)["total"].changes == ["dependency 'b' added"]
    other = neve.Pipeline("graph").add("a", source.with_settings(points=5))
    other.add("total", total)
    other_a = neve.Pipeline("graph").add("a", source.with_settings(points=5))
    other_a.run(cache)
    (change,) = other.why(cache)["total"].changes
    assert change.startswith("dependency 'a' changed")


def test_the_policy_and_the_input_count_as_for_a_run(cache, total):
    line = neve.Pipeline("line").add("total", total)
    given = {"x": np.arange(3.0)}
    line.run(cache, input=given, policy={"seed": 1})
    assert line.why(cache, input=given, policy={"seed": 1}).hit
    assert line.why(cache, input=given, policy={"seed": 2})["total"].changes == ["policy.seed: 1 → 2"]
    (change,) = line.why(cache, input={"x": np.arange(4.0)}, policy={"seed": 1})["total"].changes
    assert change.startswith("input 'input' changed")


def test_a_stage_without_a_key_or_that_nobody_wants_kept_says_so(cache, source):
    line = neve.Pipeline("line").add("source", source, cached=False)
    line.run(cache)
    assert str(line.why(cache)["source"]) == "cannot be cached: caching is off for this stage"


def test_without_a_folder_hits_are_told_and_no_changes(source):
    cache = neve.open("memory:8MiB")
    line = neve.Pipeline("line").add("source", source)
    line.run(cache)
    assert line.why(cache).hit
    missing = line.set("source.points", 9).why(cache)["source"]
    assert missing.outcome == "would be computed" and missing.nearest is None
    assert line.why("none:")["source"].outcome == "would be computed"


def test_a_result_that_is_gone_or_damaged_is_told_as_such(cache, source):
    line = neve.Pipeline("line").add("source", source)
    line.run(cache)
    key = line.why(cache)["source"].key
    cache.delete(key)
    assert line.why(cache)["source"].reason == "absent"
    line.run(cache)
    assert line.why(cache).hit


def test_what_it_pretends_to_compute_reaches_no_run_beside_it(cache):
    asked, told = threading.Event(), threading.Event()

    @neve.stage("lab.slow", version="1")
    def slow(*, number=1):
        asked.set()
        assert told.wait(20)
        return {"number": number}

    line = neve.Pipeline("line").add("slow", slow)
    results = []
    running = threading.Thread(target=lambda: results.append(line.run(cache)))
    running.start()
    assert asked.wait(20)
    assert line.why(cache)["slow"].outcome == "would be computed"
    told.set()
    running.join()
    assert results[0].state().meta == {"number": 1}
    assert line.run(cache).state().meta == {"number": 1}


def test_of_an_object_as_a_stage_its_class_counts(cache, monkeypatch):
    class Rig:
        op_name = "lab.rig"
        offset = 1

        def run(self, context):
            return {"y": self.offset}

    line = neve.Pipeline("line").add("rig", Rig())
    line.run(cache)
    assert line.why(cache).hit
    monkeypatch.setattr(Rig, "offset", 2)
    (change,) = line.why(cache)["rig"].changes
    assert change.startswith("source.code: ")


def test_arguments_that_are_none_are_refused_by_name(source):
    line = neve.Pipeline("line").add("source", source)
    with pytest.raises(neve.InvalidArgumentError, match="policy"):
        line.why("none:", policy=3)


def test_stages_of_a_pipeline_within_another_and_of_a_file_are_told(cache, source, total, tmp_path):
    inner = neve.Pipeline("inner").add("source", source).add("total", total)
    outer = neve.Pipeline("outer").add("inner", inner).add("last", total.with_settings())
    outer.run(cache)
    assert outer.why(cache).hit
    why = outer.set("inner/source.points", 9).why(cache)
    assert why["inner/source"].changes == ["config.points: 4 → 9"]
    assert why["inner/total"].waits_for == ["inner/source"] and why["last"].waits_for == ["inner/total"]
    file = tmp_path / "line.yaml"
    file.write_text("stages:\n  a:\n    run: echo '{}' > $NEVE_OUTPUT_DIR/state.json\n    with: {n: 1}\n")
    neve.load(file).run(cache)
    assert neve.load(file).why(cache).hit
    assert neve.load(file, set={"a.n": 2}).why(cache)["a"].changes == ["config.n: 1 → 2"]


def test_a_stage_that_reads_very_much_keeps_its_recipe(cache, world):
    names = [f"A_RATHER_LONG_NAME_OF_A_CONSTANT_{n}" for n in range(3000)]
    text = "import neve\n" + "".join(f"{name} = {n}\n" for n, name in enumerate(names))
    text += "@neve.stage('lab.much')\ndef much(*, n=1):\n    return {'sum': n + sum([" + ", ".join(names) + "])}\n"
    lab = world("lab_much", text)
    line = neve.Pipeline("line").add("much", lab.much)
    line.run(cache)
    assert line.set("much.n", 2).why(cache)["much"].changes == ["config.n: 1 → 2"]
