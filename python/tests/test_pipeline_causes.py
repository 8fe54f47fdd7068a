"""A failure's cause is the exception that this stage raised, in this run, at this point."""

import pytest

import neve


@neve.stage("lab.raising", version="1")
def raising(*, k=0):
    raise KeyError(k)


ATTEMPTS = []


@neve.stage("lab.raising_anew", version="1")
def raising_anew():
    ATTEMPTS.append(KeyError(len(ATTEMPTS)))
    raise ATTEMPTS[-1]


@neve.stage("lab.number", version="1")
def number(*, k=0):
    return {"k": k}


@neve.stage("lab.raising_on", version="1")
def raising_on(state):
    raise KeyError(state["k"])


@neve.stage("lab.last", version="1")
def last(state, *, k=0):
    return {"k": k}


def cause_of(result):
    with pytest.raises(neve.StageFailedError) as caught:
        result.raise_if_failed()
    assert type(caught.value.__cause__) is KeyError
    return caught.value.__cause__


def test_every_point_of_a_sweep_has_its_own():
    swept = neve.Pipeline("p").add("s", raising).sweep({"s.k": [1, 2, 11]}, "none:")
    assert [cause_of(each).args for each in swept] == [(1,), (2,), (11,)]


def test_a_sweep_tells_that_points_failed_and_raises_the_first_when_asked(cache):
    @neve.stage("lab.sometimes", version="1")
    def sometimes(*, k=0):
        if k > 1:
            raise KeyError(k)
        return {"k": k}

    made = neve.Pipeline("p").add("s", sometimes)
    swept = made.sweep({"s.k": [1, 2, 3]}, cache)
    assert repr(swept) == "<neve sweep of p: 3 points, 2 failed>"
    assert cause_of(swept).args == (2,)
    good = made.sweep({"s.k": [1]}, cache)
    good.raise_if_failed()
    assert repr(good) == "<neve sweep of p: 1 point>"


def test_a_stage_that_fails_for_what_it_is_given_has_its_own_at_every_point():
    made = neve.Pipeline("p").add("n", number).add("s", raising_on)
    assert [cause_of(each).args for each in made.sweep({"n.k": [1, 2]}, "none:")] == [(1,), (2,)]


def test_points_that_share_a_failed_stage_share_its_cause():
    made = neve.Pipeline("p").add("s", raising).add("l", last)
    causes = [cause_of(each) for each in made.sweep({"s.k": [1, 2], "l.k": [5, 6]}, "none:")]
    assert [each.args for each in causes] == [(1,), (1,), (2,), (2,)]
    assert causes[0] is causes[1] and causes[2] is causes[3]


def test_an_older_result_keeps_its_cause_when_the_pipeline_runs_again():
    made = neve.Pipeline("p").add("s", raising.with_settings(k=1))
    older = made.run("none:", check=False)
    newer = made.set("s.k", 2).run("none:", check=False)
    assert (cause_of(older).args, cause_of(newer).args) == ((1,), (2,))


def test_the_cause_is_there_in_pipelines_within_pipelines():
    inner = neve.Pipeline("inner").add("s", raising)
    middle = neve.Pipeline("middle").add("i", inner)
    outer = neve.Pipeline("outer").add("m", middle)
    inner.run("none:", check=False)
    assert cause_of(outer.run("none:", check=False)).args == (0,)


def test_the_cause_of_a_stage_tried_again_is_the_last_exception():
    ATTEMPTS.clear()
    result = neve.Pipeline("p").add("s", raising_anew, attempts=2).run("none:", check=False)
    assert len(ATTEMPTS) == 2 and cause_of(result) is ATTEMPTS[1]


def test_a_stage_that_runs_a_pipeline_has_the_cause_of_its_own():
    @neve.stage("lab.outer", version="1")
    def outer():
        neve.Pipeline("inner").add("s", raising).run("none:")

    with pytest.raises(neve.StageFailedError) as caught:
        neve.Pipeline("p").add("o", outer).run("none:")
    assert type(caught.value.__cause__) is neve.StageFailedError
    assert type(caught.value.__cause__.__cause__) is KeyError


def test_an_exception_whose_text_is_no_utf8_is_told():
    @neve.stage("lab.surrogate", version="1")
    def surrogate():
        raise KeyError("\udc80")

    result = neve.Pipeline("p").add("s", surrogate).run("none:", check=False)
    assert cause_of(result).args == ("\udc80",)
