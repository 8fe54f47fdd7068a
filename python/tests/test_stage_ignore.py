"""`ignore=` of a stage: global variables that do not count."""

import copy

import pytest

import neve

HELPERS = """
PLANS = {}
FACTOR = 2
def planned(n):
    if n not in PLANS:
        PLANS[n] = FACTOR * n
    return PLANS[n]
"""

LAB = """
import neve
import helpers
STEP = 1
@neve.stage("lab.planned", ignore={ignore})
def planned(*, n=3):
    return {{"y": helpers.planned(n) * STEP}}
"""


def outcome(cache, lab):
    result = neve.Pipeline("line").add("planned", lab.planned).run(cache, check=False)
    result.raise_if_failed()
    return result.report["stages"][0]


def test_a_dict_that_helpers_fill_leaves_a_stage_uncached_unless_it_is_ignored(cache, world):
    world("helpers", HELPERS)
    told = outcome(cache, world("lab", LAB.format(ignore=())))
    assert told["outcome"] == "uncached"
    assert "'helpers.PLANS' changed" in told["reason"] and "ignore=" in told["reason"]

    def outcomes(helpers=HELPERS, lab=LAB):
        world("helpers", helpers)
        made = world("lab", lab.format(ignore=["helpers.PLANS"]))
        return [outcome(cache, made)["outcome"] for _ in range(2)]

    assert outcomes() == ["miss", "hit"]
    assert outcomes() == ["hit", "hit"]
    assert outcomes(HELPERS.replace("FACTOR = 2", "FACTOR = 3")) == ["miss", "hit"]
    assert outcomes(lab=LAB.replace("STEP = 1", "STEP = 2")) == ["miss", "hit"]
    assert outcomes() == ["hit", "hit"]


def test_other_settings_and_a_sweep_ignore_the_same(cache, world):
    world("helpers", HELPERS)
    lab = world("lab", LAB.format(ignore=["helpers.PLANS"]))
    line = neve.Pipeline("line").add("planned", lab.planned.with_settings(n=7))
    assert line.sweep({"planned.n": [7, 8]}, cache).report["totals"]["outcomes"] == {"miss": 2}
    assert line.sweep({"planned.n": [7, 8]}, cache).report["totals"]["outcomes"] == {"hit": 2}
    assert line.why(cache).hit


def test_a_name_that_is_not_read_is_an_error(cache, world):
    world("helpers", HELPERS)
    lab = world("lab", LAB.format(ignore=["PLAN"]))
    with pytest.raises(neve.InvalidArgumentError, match=r"'PLAN'.*helpers\.PLANS"):
        neve.Pipeline("line").add("planned", lab.planned)


def test_a_name_may_come_later_and_is_asked_for_then(cache, world):
    text = "import neve\n@neve.stage('lab.late', ignore=['LATE'])\ndef late():\n    return {'y': LATE[0] + STEP}\n"
    lab = world("lab_late", text)
    line = neve.Pipeline("line").add("late", lab.late)
    lab.LATE, lab.STEP = [1], 1
    assert [line.run(cache).outcomes["late"] for _ in range(2)] == ["miss", "hit"]
    lab.LATE.append(2)
    assert line.run(cache).outcomes["late"] == "hit"
    lab.STEP = 2
    assert line.run(cache).outcomes["late"] == "miss"


def test_what_is_wrong_with_it_is_told_when_the_function_is_decorated():
    with pytest.raises(neve.InvalidArgumentError, match="has a version"):
        neve.stage("lab.x", version="1", ignore=["N"])
    with pytest.raises(neve.InvalidArgumentError, match="ignore"):
        neve.stage("lab.x", ignore="N")
    with pytest.raises(neve.InvalidArgumentError, match="ignore"):
        neve.stage("lab.x", ignore=[3])


@pytest.mark.filterwarnings("error::neve.NotCountedWarning")
def test_of_what_is_ignored_nobody_is_warned_and_a_copy_ignores_it_too(cache, world):
    text = "import neve, random\nRNG = random.Random(3)\n@neve.stage('lab.r', ignore=['RNG'])\ndef r():\n    RNG.random()\n"
    lab = world("lab_random", text + "    return {'y': 1}\n")
    line = neve.Pipeline("line").add("r", lab.r)
    assert [line.run(cache).outcomes["r"] for _ in range(2)] == ["miss", "hit"]
    version = lab.r._version_by_source()
    assert copy.deepcopy(version)() == version()
