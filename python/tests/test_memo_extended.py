"""`neve.memo`: what the user has added to the classes of pandas and polars counts where the code names it."""

import pandas as pd
import polars as pl
import pytest

from memo_functions import kept

ADDED = {
    "an accessor of pandas": """
import pandas as pd
@pd.api.extensions.register_dataframe_accessor('added')
class Added:
    def __init__(self, frame):
        self.frame = frame
    def total(self):
        return int(self.frame.a.sum()) * N
def f(x):
    return pd.DataFrame({'a': [x]}).added.total()
""",
    "a method of pandas": """
import pandas as pd
def added(self):
    return int(self.a.sum()) * N
pd.DataFrame.added = added
def f(x):
    return pd.DataFrame({'a': [x]}).added()
""",
    "a namespace of polars": """
import polars as pl
@pl.api.register_dataframe_namespace('added')
class Added:
    def __init__(self, frame):
        self.frame = frame
    def total(self):
        return int(self.frame['a'].sum()) * N
def f(x):
    return pl.DataFrame({'a': [x]}).added.total()
""",
}


@pytest.fixture
def as_before():
    yield
    for kind in (pd.DataFrame, pl.DataFrame):
        getattr(kind, "_accessors", set()).discard("added")
        if "added" in vars(kind):
            del kind.added


@pytest.mark.filterwarnings("ignore:.*overrid:UserWarning")  # the program runs again
@pytest.mark.parametrize("how", ADDED)
def test_what_was_added_to_a_class_of_a_package_counts(cache, world, as_before, how):
    text = f"N = 2\n{ADDED[how]}"
    f = kept(cache, world("main", text).f)
    before = f(3)
    assert f(3) == before == 6 and f.stats()["hits"] == 1
    for edit, after in ((("N = 2", "N = 4"), 12), (("* N", "+ N"), 5)):
        main = world("main", text.replace(*edit))
        assert [f(3), kept(cache, main.f)(3)] == [after] * 2
    again = kept(cache, world("main", text).f)
    assert again(3) == before and again.stats()["hits"] == 1
