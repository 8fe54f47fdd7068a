"""What the package's own classes are called where users read it and where it is kept."""

import inspect
import pickle
import subprocess
import sys
import typing

import numpy as np
import pydantic
import pytest

import neve


def test_a_public_class_is_called_by_the_name_that_users_know():
    for name in neve.__all__:
        found = getattr(neve, name)
        if inspect.isclass(found) and found.__module__ != "neve._neve":  # the extension's own
            assert "._" not in found.__module__, name
            assert getattr(sys.modules[found.__module__], found.__qualname__) is found


def test_what_pickle_keeps_of_a_state_is_its_public_name():
    text = pickle.dumps(neve.State({"a": 1}))
    assert b"_stages" not in text
    assert pickle.loads(text).meta == {"a": 1}
    assert pickle.loads(b"cneve._stages.stage\nState\n.") is neve.State  # made when it was called so


def test_annotations_of_a_state_are_understood_by_typing_and_pydantic():
    assert typing.get_type_hints(neve.State) == {"meta": dict[str, typing.Any], "arrays": dict[str, typing.Any]}
    assert set(typing.get_type_hints(neve.Why)) == {"hit", "key", "changes", "nearest"}

    class Holds(pydantic.BaseModel):
        state: neve.State

    assert Holds(state=neve.State({"a": 1})).state.meta == {"a": 1}


def state_of(n):
    return neve.State({"n": n}, {"y": np.arange(float(n))})


@pytest.mark.parametrize("former", ["neve._stage:State", "neve._stages.stage:State"])
def test_a_stored_state_is_found_by_the_public_and_by_every_former_name(cache, former):
    kept = neve.memo(cache, version="1")(state_of)
    kept(3)
    entry = cache.get(kept.key(3))
    assert entry["meta"]["value"]["of"]["type"] == "neve:State"
    entry["meta"]["value"]["of"]["type"] = former
    cache.put(kept.key(3), entry["meta"], entry["arrays"])
    again = kept(3)
    assert again.meta == {"n": 3} and again["y"].tolist() == [0, 1, 2]
    assert kept.stats()["hits"] == 1


def test_the_key_of_a_state_is_the_same_whatever_the_process_has_met(cache):
    script = (
        "import neve, numpy as np{}\n"
        "from neve._stages.state import State\n"
        "print(neve._neve.value_digest(State({{}}, {{'y': np.ones(2)}}), neve._values.describe.describe))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", "import neve._values.describe\n" + script.format(more)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for more in ("", "; neve.State")
    ]
    assert told[0] == told[1] and told[0]
