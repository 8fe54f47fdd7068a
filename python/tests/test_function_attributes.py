"""Attributes that somebody sets on a function: settings in `neve.memo`'s keys, refused around a stage."""

import functools

import pytest

import neve
from conftest import run_python
from neve._memo import call_keys


def test_an_attribute_that_a_function_reads_is_part_of_the_key(cache):
    @neve.memo(cache)
    def scaled(x):
        return x * scaled.scale

    found = []
    for scale in (2, 3, 2):
        scaled.scale = scale
        found.append(scaled(10))
    assert found == [20, 30, 20]
    assert scaled.stats() | {"hits": 1, "misses": 2} == scaled.stats()


def test_it_counts_on_the_function_whose_results_another_name_keeps(cache):
    def scaled(x):
        return x * getattr(scaled, "scale")  # noqa: B009 - a name in a text

    scaled.scale = 1
    kept, cached = neve.memo(cache)(scaled), neve.memo(cache)(functools.cache(scaled))
    found = []
    for scale in (2, 3):
        scaled.scale = scale
        found.append((kept(10), cached.key(10)))
    assert [each for each, _ in found] == [20, 30]
    assert found[0][1] != found[1][1]


def test_it_counts_on_what_the_results_of_functools_are_kept_by(cache):
    @functools.lru_cache(maxsize=0)
    def scaled(x):
        return x * scaled.scale

    kept, given = neve.memo(cache)(scaled), neve.memo(cache)(lambda f: f(10))
    found = []
    for scale in (2, 3):
        scaled.scale = scale
        found.append((kept(10), given(scaled)))
    assert found == [(20, 20), (30, 30)]


def test_attributes_of_functions_count_as_arguments_dependencies_closures_and_methods(cache):
    def helper(x):
        return x * helper.scale

    class Holder:
        def method(self):
            return self.method.scale

    def around():
        def call(x):
            return helper(x)

        return neve.memo(cache)(call)

    memos = {
        "argument": neve.memo(cache)(lambda f, x: f(x)),
        "depends": neve.memo(cache, depends=[helper])(lambda x: helper(x)),
        "closure": around(),
        "method": neve.memo(cache)(lambda kind: kind().method()),
        "memo": neve.memo(cache)(lambda f: f.scale),
    }
    kept = neve.memo(cache)(helper)
    found = []
    for scale in (2, 3):
        helper.scale = Holder.method.scale = kept.scale = scale
        found.append(
            {
                "argument": memos["argument"](helper, 1),
                "depends": memos["depends"](1),
                "closure": memos["closure"](1),
                "method": memos["method"](Holder),
                "memo": memos["memo"](kept),
            }
        )
    assert found == [dict.fromkeys(memos, 2), dict.fromkeys(memos, 3)]


def test_an_attribute_without_an_exact_form_is_refused_by_its_place(cache):
    class Handle:
        pass

    def reads(x):
        return reads.tools

    reads.tools = {"handles": [Handle()]}
    with pytest.raises(neve.UnsupportedError, match=r"tools\[0\]\.handles\[0\]' is a .*Handle"):
        neve.memo(cache)(reads)
    with pytest.raises(neve.UnsupportedError, match=r"f\.attributes\.tools\.handles\[0\]' is a .*Handle"):
        neve.memo(cache)(lambda f: 1)(reads)


def test_attributes_that_nothing_reads_and_those_of_tools_leave_the_key_of_a_function(cache):
    def plain(x):
        return x

    @functools.wraps(plain)
    def outer(x):
        return plain(x)

    def keys():
        return [neve.memo(cache)(outer).key(1), neve.memo(cache)(plain).key(1), neve.memo(cache)(lambda f: 1).key(plain)]

    before = keys()
    for each in (plain, outer):
        each.pytestmark = [pytest.mark.skip]
        each.__signature__ = object()
    assert keys() == before
    outer.registered = object()
    assert keys() == before
    assert neve.memo(cache)(outer)(1) == 1


def test_what_a_function_sets_itself_is_no_setting(cache):
    @neve.memo(cache)
    def counts(x):
        counts.calls += 1
        if not hasattr(counts, "table"):
            counts.table = [10, 20]
        return counts.table[x]

    counts.calls = 0
    assert [counts(0), counts(1), counts(0), counts(1)] == [10, 20, 10, 20]
    assert counts.calls == 2
    given = neve.memo(cache)(lambda f: 1)
    before = given.key(counts.func)
    counts.func.calls = 5
    assert given.key(counts.func) == before


def test_a_stage_that_reads_an_attribute_of_its_function_is_refused():
    @neve.stage("lab.scaled", version="1")
    def scaled(*, gain=1.0):
        return {"x": gain * scaled.scale}

    def helper():
        return helper.factor

    @neve.stage("lab.helped", version="1")
    def helped():
        return {"x": helper()}

    neve.Pipeline("line").add("s", scaled).add("t", helped)
    scaled.scale = helper.factor = 2
    for given in (scaled, scaled.with_settings(gain=2.0)):
        with pytest.raises(neve.UnsupportedError, match="takes scaled.scale from around it"):
            neve.Pipeline("line").add("s", given)
    with pytest.raises(neve.UnsupportedError, match="takes helper.factor from around it"):
        neve.Pipeline("line").add("s", helped)

    class Stage:
        op_name, version = "lab.method", "1"

        def run(self, context):
            return {"x": Stage.run.scale}

    Stage.run.scale = 1
    with pytest.raises(neve.UnsupportedError, match="takes run.scale from around"):
        neve.Pipeline("line").add("s", Stage())


def test_the_key_is_the_same_in_another_process(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import neve\n@neve.memo('none:')\ndef f(x):\n    return x * f.scale\nf.scale = 2.5\nprint(f.key(1))\n",
        encoding="utf-8",
    )
    run = f"import runpy; runpy.run_path({str(script)!r}, run_name='script')"
    assert run_python(run) == run_python(run)


def test_what_a_memo_consists_of_is_no_attribute_of_its_function(cache):
    def plain(x):
        return x

    kept = neve.memo(cache)(plain)
    assert not {name for name in vars(kept) if not name.startswith("__")}
    assert {name for name in neve.Memo.__slots__ if not name.startswith("_")} == call_keys.HIDDEN
