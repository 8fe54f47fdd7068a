"""Datasets from Python; not where the package was built without them."""

import decimal
import pathlib
import shutil
import subprocess
import sys

import pytest

import neve
import neve.datasets

pytest.importorskip("neve._datasets", reason="built without datasets", exc_type=ImportError)

VALUES = [100.5, 20, 30, 1, 2, 3, 50, 60.25, 7, 8, 9, 10]
ORDERS = "customer,month,revenue\n" + "".join(f"c{i % 4},2024-{1 + i % 3:02},{value}\n" for i, value in enumerate(VALUES))


@pytest.fixture
def store(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    made = neve.datasets.Store(tmp_path / "store", cache="memory:")
    made.add(file, id="orders")
    return made


def test_a_dataset_is_added_once(store, tmp_path):
    record = store.add(tmp_path / "orders.csv", id="orders")
    assert not record["changed"] and record["rows"] == 12
    assert [each["id"] for each in store.list()] == ["orders"]
    assert {column["name"] for column in store.schema("orders")["columns"]} == {"customer", "month", "revenue"}
    assert store.lineage("orders")
    store.remove("orders")
    with pytest.raises(neve.InvalidArgumentError):
        store.get("orders")


def test_an_analysis_is_exact_and_answered_from_the_cache_afterwards(store):
    answer = store.analyze("orders", "customer", "revenue", thresholds=[20, "50.5"])
    assert answer.source == "computed" and set(answer.files) == {"json", "csv", "xlsx"}
    assert all(path.exists() for path in answer.files.values())
    assert isinstance(answer.result, dict)
    text = answer.text
    assert "300.75" in text and decimal.Decimal("300.75") == sum(map(decimal.Decimal, ["100.5", "60.25", "140"]))
    again = store.analyze("orders", "customer", "revenue", thresholds=["50.5", 20])
    assert again.source == "cache" and again.text == text
    frame = answer.frame()
    assert len(frame) == 2 * (3 + 1)  # thresholds times months and the total


def test_the_table_of_an_answer_has_the_names_of_the_data(tmp_path):
    pytest.importorskip("pyarrow")
    store = neve.datasets.Store(tmp_path / "store")
    file = tmp_path / "t.csv"
    for name in ("007", "NA1", "=1+2", "null-und-nichtig"):
        file.write_text(f"id,v\n{name},2\nother,1\n")
        store.add(file, id="t")
        answer = store.analyze("t", "id", "v", grain="none", thresholds=[50])
        assert answer.frame()["largest_entity"].tolist() == [name]
        assert answer.arrow()["largest_entity"].to_pylist() == [name]
        assert answer.frame()["total"].tolist() == [3.0]


def test_an_option_decides_an_open_decimal_mark_and_rows_of_sums(tmp_path):
    store = neve.datasets.Store(tmp_path / "store")
    file = tmp_path / "t.csv"
    file.write_text("id,place,v\na,x,1.250\nb,y,12.500\nTotal,,13.750\n")
    assert store.add(file)["schema"]["total_rows"] == 1
    added = store.add(file, decimal="comma", totals="keep")
    assert added["generation"] == 2 and added["schema"]["total_rows"] == 0
    assert store.analyze("t", "id", "v", grain="none").result["result"]["totals"]["total"] == 27500
    with pytest.raises(neve.InvalidArgumentError, match="point or comma"):
        store.add(file, decimal="dot")
    with pytest.raises(neve.InvalidArgumentError, match="keep"):
        store.add(file, totals="yes")


def test_mistakes_are_named(store, tmp_path):
    with pytest.raises(neve.InvalidArgumentError, match="revenue"):
        store.analyze("orders", "customer", "revenu")
    with pytest.raises(neve.InvalidArgumentError, match="no option 'shet'"):
        store.add(tmp_path / "orders.csv", shet=1)


def test_the_normalised_table_as_arrow(store):
    pytest.importorskip("pyarrow")
    assert store.arrow("orders").num_rows == 12
    assert list(store.frame("orders").columns)[:1] == ["customer"]
    assert store.analyze("orders", "customer", "revenue").arrow().num_rows == 12


def test_a_program_may_end_as_soon_as_it_has_the_table(store, tmp_path):
    pytest.importorskip("pyarrow")
    program = f"import neve.datasets; neve.datasets.Store({str(tmp_path / 'store')!r}).arrow('orders')"
    for _ in range(10):  # a thread of Arrow's that came late ended one of three
        subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


class Interrupted:
    """A store in which something happens before or after one of its calls, once."""

    def __init__(self, store, happens, name, after):
        self.store, self.happens, self.name, self.after = store, happens, name, after

    def __getattr__(self, name):
        def call(*arguments):
            happens, waiting = None, name == self.name
            if waiting:
                happens, self.happens = self.happens, None
            if happens and not self.after:
                happens()
            answer = getattr(self.store, name)(*arguments)
            if happens and self.after:
                happens()
            return answer

        return call


@pytest.mark.parametrize(("name", "after"), [("find", True), ("intact_table", False), ("intact_table", True)])
def test_a_table_is_of_one_generation_though_the_dataset_is_replaced_or_removed_meanwhile(store, tmp_path, name, after):
    pytest.importorskip("pyarrow")
    other = neve.datasets.Store(tmp_path / "store")
    (tmp_path / "more.csv").write_text(ORDERS + "c9,2024-05,1\n" * 30_000)
    inner = store._store
    store._store = Interrupted(inner, lambda: other.add(tmp_path / "more.csv", id="orders"), name, after)
    assert store.arrow("orders").num_rows == 30_012
    store._store = Interrupted(inner, lambda: other.remove("orders"), name, after)
    with pytest.raises(neve.InvalidArgumentError):
        store.arrow("orders")


def test_a_damaged_or_missing_table_is_refused(store):
    pytest.importorskip("pyarrow")
    file = pathlib.Path(store.get("orders")["normalized"])
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(neve.CorruptError, match="not what was written there"):
        store.arrow("orders")
    file.unlink()
    with pytest.raises(neve.CorruptError, match="missing"):
        store.arrow("orders")


def test_a_module_that_cannot_be_loaded_says_why(tmp_path):
    shutil.copytree(pathlib.Path(neve.__file__).parent, tmp_path / "neve")
    (extension,) = (tmp_path / "neve").glob("_datasets*.so")
    script = "import neve, neve.datasets\ntry: neve.datasets.Store('x')\nexcept neve.UnsupportedError as e: print(e)"
    answers = []
    for change in (lambda: extension.write_bytes(b"no library"), extension.unlink):
        change()
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        answers.append(done.stdout)
    assert "cannot be loaded" in answers[0] and "built without datasets" not in answers[0]
    assert "built without datasets" in answers[1]
