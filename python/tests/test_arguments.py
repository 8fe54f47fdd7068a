"""A value of the wrong kind is an error of neve's that names it, not one of the binding's."""

import typing

import numpy as np
import pydantic
import pytest

import neve
import neve.datasets


def refused(message):
    return pytest.raises(neve.InvalidArgumentError, match=message)


@pytest.mark.parametrize("key", [5, None, b"key"])
@pytest.mark.parametrize("verb", ["get", "lookup", "exists", "delete"])
def test_a_key_is_a_text(cache, verb, key):
    with refused("the key is .*; give a text"):
        getattr(cache, verb)(key)


def test_what_put_is_given_is_named(cache):
    with refused("the key is 5; give a text"):
        cache.put(5, {})
    with refused("the key is None"):
        cache.store(None, {})
    with refused("ttl_s is '5'; give a number"):
        cache.put("key", {}, ttl_s="5")
    with refused("ttl_s is '5'"):
        cache.touch("key", "5")
    with refused("compute_s is None"):
        cache.put("key", {}, compute_s=None)
    with refused("recipe is 5"):
        cache.store("key", {}, recipe=5)
    with refused("the key is 5"):
        cache.get_many(["key", 5])
    with refused("keys is 'key'; give a list of texts"):
        cache.get_many("key")
    with refused("keys is 5; give a list of texts"):
        cache.get_many(5)
    assert cache.keys() == []


def test_how_arrays_are_given_is_true_or_false(cache):
    with refused("mapped is 'r'; give True or False"):
        cache.get("key", mapped="r")
    with refused("writable is 1; give True or False"):
        cache.get("key", writable=1)
    for ask in (cache.lookup, lambda key, mapped: cache.get_many([key], mapped=mapped)):
        with refused("mapped is None; give True or False"):
            ask("key", mapped=None)


def test_what_registers_a_type_is_named():
    with refused("the type to register is 3; give a class"):
        neve.register(3, str, int)
    for codec, name in (((3, str), "encode"), ((str, 3), "decode")):
        with refused(f"{name} is .*; give a function"):
            neve.register(type("New", (), {}), *codec)


def test_the_name_of_a_compiled_stage_is_a_text():
    with refused("the name of a stage is 3; give a text"):
        neve.stage_fields(3)


@pytest.mark.parametrize("place", [5, b"disk:x", ["disk:x"]])
def test_a_cache_is_opened_by_a_text_or_a_path(place):
    with refused("a cache is .*; give its URL as a text"):
        neve.open(place)


@pytest.mark.parametrize("name", ["folder", "some/folder"])
def test_a_folder_given_as_a_url_is_told_how_to_be_one(name):
    for wrong in (lambda: neve.open(name), lambda: neve.memo(name)(len)):
        with refused(f"a folder is 'disk:{name}', or a pathlib.Path"):
            wrong()


@neve.stage("lab.nothing", version="1")
def nothing(*, k=0):
    return {"k": k}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("jobs", "x"),
        ("jobs", -1),
        ("gpus", -1),
        ("fail_fast", "x"),
        ("mapped", 3),
        ("memory", 5),
        ("keep", 5),
        ("policy", 5),
        ("policy", "fast"),
    ],
)
def test_an_option_of_a_run_is_named(option, value):
    made = neve.Pipeline("p").add("a", nothing)
    with refused(f"{option} is {value!r}"):
        made.run("none:", **{option: value})
    with refused(f"{option} is {value!r}"):
        made.sweep({"a.k": [1]}, "none:", **{option: value})


@pytest.mark.parametrize(("option", "value"), [("cpu", -1), ("attempts", "x"), ("timeout_s", "x"), ("memory", 5)])
def test_an_option_of_a_stage_is_named(option, value):
    with refused(f"{option} is {value!r}"):
        neve.Pipeline("p").add("a", nothing, **{option: value})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda context: context.metric("m", None), "the metric 'm' is None; give a number"),
        (lambda context: context.metric(5, 1.0), "the name of a metric is 5"),
        (lambda context: context.save(5, {}), "the name of an artifact is 5"),
        (lambda context: context.image("i", "text"), "the picture 'i' is 'text'; give the bytes of a PNG file"),
        (lambda context: context.warn(5), "the warning is 5"),
        (lambda context: context.progress("half"), "fraction is 'half'"),
    ],
)
def test_what_a_stage_reports_is_named(call, message):
    @neve.stage("lab.report", version="1")
    def report(*, context):
        call(context)

    with refused(message):
        neve.Pipeline("p").add("a", report).run("none:")


def test_a_metric_may_be_any_number():
    @neve.stage("lab.numbers", version="1")
    def numbers(*, context):
        context.metric("whole", 3)
        context.metric("single", np.float32(0.5))
        return {}

    assert neve.Pipeline("p").add("a", numbers).run("none:").metrics == {"p.a.whole": 3.0, "p.a.single": 0.5}


def test_a_field_that_has_no_json_is_named():
    class Taps(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
        gain: float = 1.0
        taps: np.ndarray = pydantic.Field(default_factory=lambda: np.arange(3))
        op_name: typing.ClassVar[str] = "lab.taps"
        version: typing.ClassVar[str] = "1"

        def run(self, context):
            return {"taps": self.taps}

    with pytest.raises(neve.UnsupportedError, match="the field 'taps' of the stage lab.taps"):
        neve.Pipeline("p").add("a", Taps())


@neve.stage("lab.one", version="1")
def one(state):
    return {}


def wrong_kinds():
    def pipeline():
        return neve.Pipeline("p").add("a", nothing)

    return {
        "the name of a pipeline is 5; give a text": lambda: neve.Pipeline(5),
        "id is 5; give a text": lambda: pipeline().add(5, nothing),
        "needs is 5; give a list": lambda: pipeline().add("b", one, needs=5),
        "needs is 6; give a text": lambda: pipeline().add("b", one, needs=[6]),
        "path is 5": lambda: pipeline().set(5, 1),
        "id is 6": lambda: pipeline().output(6),
        "node is 5": lambda: pipeline().run("none:").state(5),
        "node is 6": lambda: pipeline().run("none:").artifacts(6),
        "axes is 5; give a list": lambda: pipeline().sweep(5, "none:"),
        "axes have 'a.k'; give dicts": lambda: pipeline().sweep(["a.k"], "none:"),
        "the setting is 5": lambda: pipeline().sweep({5: [1]}, "none:"),
        "'a.k' in axes is 5; give a list": lambda: pipeline().sweep({"a.k": 5}, "none:"),
        "'a.k' in axes is 'xy'": lambda: pipeline().sweep({"a.k": "xy"}, "none:"),
        "op_name is 5": lambda: neve.stage(5, version="1"),
        "version is 1; give a text": lambda: neve.stage("lab.a", version=1),
        "the name of a stage is 5": lambda: neve.uses(5),
        "writable is 'x'; give True or False": lambda: neve.memo("none:", writable="x"),
        "depends is 5; give a list": lambda: neve.memo("none:", depends=5)(one),
        "ignore is 5; give a list": lambda: neve.memo("none:", ignore=5)(one),
        "record is 5; give a path": lambda: pipeline().run("none:", record=5),
        "file is 5; give a path": lambda: neve.run(5),
        "file is True; give a path": lambda: neve.load(True),
    }


@pytest.mark.parametrize("message", wrong_kinds())
def test_what_pipelines_and_functions_are_given_is_named(message):
    with refused(message):
        wrong_kinds()[message]()


def test_what_a_question_to_a_dataset_is_made_of_is_named(tmp_path):
    pytest.importorskip("neve._datasets", reason="not built", exc_type=ImportError)
    store = neve.datasets.Store(tmp_path)
    for verb in (store.get, store.schema, store.lineage, store.remove):
        with refused("id is 5; give a text"):
            verb(5)
    with refused("group_by is 5; give a text"):
        store.analyze("orders", 5, "revenue")
    with refused("thresholds is 5; give a list"):
        store.analyze("orders", "customer", "revenue", thresholds=5)
    with refused("cache is 5; give a text"):
        neve.datasets.Store(tmp_path, cache=5)
    with refused("root is 5; give a path"):
        neve.datasets.Store(5)
    with refused("file is 5; give a path"):
        store.add(5)


@pytest.mark.parametrize(
    ("option", "value"),
    [("id", 5), ("header_row", "x"), ("header_row", -1), ("delimiter", 5), ("types", {"a": 5}), ("date_order", 5)],
)
def test_an_option_of_a_dataset_is_named(tmp_path, option, value):
    pytest.importorskip("neve._datasets", reason="not built", exc_type=ImportError)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with refused(f"{option} is "):
        neve.datasets.Store(tmp_path / "storage").add(tmp_path / "a.csv", **{option: value})
