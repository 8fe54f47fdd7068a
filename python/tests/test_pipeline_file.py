"""Pipeline files from Python, and results shared with the command and with compiled stages."""

import dataclasses
import json
import os
import pathlib
import subprocess
import typing

import numpy as np
import pytest

import neve

CALLS = []  # a global: what stands around a stage would have to be in its key
COMMAND = pathlib.Path(os.environ.get("NEVE_COMMAND", "build/release/bin/neve"))


OPTICS = pytest.mark.skipif("optics.pulse" not in neve.stage_names(), reason="built without the optics stages")


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


@OPTICS
def test_what_only_a_sweep_sets_is_no_value_of_a_run(file, cache):
    file.write_text(FILE.replace("peak_power_w: 1000, ", ""))
    loaded = neve.load(file, sweep={"pulse.peak_power_w": [1000, 2000]}, until="pulse")
    assert [row["pulse.peak_power_w"] for row in loaded.sweep(None, cache).rows] == [1000, 2000]
    with pytest.raises(neve.InvalidArgumentError, match="'pulse.peak_power_w' has values in its sweep only"):
        loaded.run(cache)
    with pytest.raises(neve.InvalidArgumentError, match="in its sweep only"):
        neve.Pipeline("outer").add("inner", loaded)
    assert loaded.set("pulse.peak_power_w", 2000.0).run(cache).outcomes == {"pulse": "hit"}


ECHO = """
stages:
  echo:
    with: {x: 0, y: 0}
    run: printf '{"config":%s}' "$(cat "$NEVE_CONFIG")" > "$NEVE_OUTPUT_DIR/state.json"
"""


def test_the_values_of_an_axis_are_those_of_the_list(tmp_path, cache):
    path = tmp_path / "echo.yaml"
    path.write_text(ECHO)
    axes = {
        "range": (range(3), [0, 1, 2]),
        "array": (np.linspace(0, 1, 3), [0.0, 0.5, 1.0]),
        "tuple": ((1, "1:2:3"), [1, "1:2:3"]),
        "words": ([True, None, "a,b"], [True, None, "a,b"]),
        "lists": ([[1, 2]], [[1, 2]]),
    }
    for name, (given, expected) in axes.items():
        swept = neve.run(path, cache, sweep={"echo.x": given})
        assert swept.ok and [row["echo.x"] for row in swept.rows] == expected, name
        assert [run.state("echo").meta["config"]["x"] for run in swept.runs] == expected, name
    with pytest.raises(neve.InvalidArgumentError, match="sweep of 'echo.x' is a dict"):
        neve.load(path, sweep={"echo.x": {1: 2}})
    with pytest.raises(neve.InvalidArgumentError, match="sweep of 'echo.x' is 3; give a list"):
        neve.load(path, sweep={"echo.x": 3})


def test_settings_of_a_sweep_move_together_in_a_dict_of_a_list_or_a_table(tmp_path, cache):
    path, table = tmp_path / "echo.yaml", tmp_path / "design.csv"
    path.write_text(ECHO)
    points = [[0.25, 3.0], [0.5, 7.0]]
    np.savetxt(table, points, delimiter=",", header="echo.x,echo.y")
    x, y = np.transpose(points)
    for given in ({"points": table}, {"sweep": [{"echo.x": x, "echo.y": y}]}):
        swept = neve.run(path, cache, **given)
        assert [[row["echo.x"], row["echo.y"]] for row in swept.rows] == points, given
    assert len(neve.run(path, cache, sweep=[{"echo.x": [1, 2]}, {"echo.y": [3, 4]}]).rows) == 4
    with pytest.raises(neve.InvalidArgumentError, match="what moves together has as many of each"):
        neve.load(path, sweep=[{"echo.x": [1, 2], "echo.y": [1]}])
    with pytest.raises(neve.InvalidArgumentError, match="sweep has 'echo.x'; give dicts of values"):
        neve.load(path, sweep=["echo.x"])


def test_settings_are_numpys_numbers_too_and_one_that_is_no_value_is_named(tmp_path, cache):
    path = tmp_path / "echo.yaml"
    path.write_text(ECHO)
    run = neve.run(path, cache, set={"echo.x": np.int64(3), "echo.y": np.linspace(0, 1, 3)})
    assert run.state("echo").meta["config"] == {"x": 3, "y": [0.0, 0.5, 1.0]}
    with pytest.raises(neve.Error, match="the setting 'echo.y'"):
        neve.load(path, set={"echo.x": 1, "echo.y": object()})


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
    CALLS.clear()
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
