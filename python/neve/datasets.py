"""Datasets: tables normalised once, and exact analyses of how much of a value sits with how few.

    store = neve.datasets.Store("storage")
    store.add("orders.csv", id="orders")
    answer = store.analyze("orders", group_by="customer", value="revenue")
    answer.result["result"]["by_period"], answer.frame()

The same folders as `neve dataset` and `neve analyze` use: docs/guide/concentration.md.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from typing import TYPE_CHECKING, Any, BinaryIO

from neve import _arguments
from neve.errors import Error, InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas

_ADD_OPTIONS = (
    "id", "name", "sheet", "encoding", "delimiter", "quote", "header_row", "date_order", "decimal", "totals", "unpivot",
    "types",
)  # fmt: skip


_TEXTS = ("period", "status", "reason", "largest_entity")


def _is_count(name: str) -> bool:
    return name == "entities" or name.endswith("_count")


def _cell(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text or None
    if not text:
        return None
    return int(text) if _is_count(name) else float(text)


def _arrow_number(pyarrow: Any, name: str) -> Any:
    return pyarrow.int64() if _is_count(name) else pyarrow.float64()


class Analysis:
    """An answer: the document as a dict, its table, and the files it is kept as."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.dataset_id: str = answer["dataset_id"]
        self.generation: int = answer["generation"]  # of the dataset it is about
        self.source: str = answer["source"]  # 'cache', 'artifact' or 'computed'
        self.key: str = answer["key"]
        self.lookup_s: float = answer["lookup_s"]
        self.compute_s: float = answer["compute_s"]
        self.files = {name: pathlib.Path(path) for name, path in answer["files"].items()}  # json, csv, xlsx
        self.text: str = answer["text"]  # the JSON document, byte for byte
        self._csv: str = answer["csv"]

    @property
    def result(self) -> dict[str, Any]:
        """The document as a dict; numbers with a point are `decimal.Decimal`, with every digit."""
        import decimal
        import json

        made: dict[str, Any] = json.loads(self.text, parse_float=decimal.Decimal)
        return made

    def frame(self) -> pandas.DataFrame:
        """A pandas frame with a row per period and threshold; numbers as floats, names as they are in the data.
        Raises ImportError without pandas."""
        import pandas

        made: pandas.DataFrame = pandas.DataFrame(self._rows())
        for name in made.columns.difference(list(_TEXTS)):
            made[name] = pandas.to_numeric(made[name])
        return made

    def arrow(self) -> Any:
        """The same as a pyarrow.Table. Raises ImportError without pyarrow."""
        import pyarrow

        rows = self._rows()
        kinds = [(name, pyarrow.string() if name in _TEXTS else _arrow_number(pyarrow, name)) for name in rows[0]]
        return pyarrow.Table.from_pylist(rows, pyarrow.schema(kinds))

    def _rows(self) -> list[dict[str, Any]]:
        """The lines of the CSV file, whose names of entities are those of the data again: in the file, what a
        spreadsheet would run as a formula has an apostrophe before it."""
        import csv
        import io

        found = self.result["result"]
        periods = [*found["by_period"], found["totals"]]
        largest = {period["period"]: (period.get("largest") or {}).get("entity") for period in periods}
        rows: list[dict[str, Any]] = []
        for line in csv.DictReader(io.StringIO(self._csv)):
            row: dict[str, Any] = {name: _cell(name, text) for name, text in line.items()}
            rows.append(row | {"largest_entity": largest[line["period"]]})
        return rows

    def __repr__(self) -> str:
        return f"<analysis of {self.dataset_id}, generation {self.generation}: {self.source}>"


class Store:
    """Datasets in a folder, and questions about them. Safe from threads, and between processes.

    `root` is the store's folder, as `--store`. `cache`: the URL of a cache in front of the answers kept there, which
    instances on several machines can share. Raises UnsupportedError if this neve was built without datasets.
    """

    def __init__(self, root: str | os.PathLike[str] = "storage", *, cache: str = "") -> None:
        try:
            from neve import _datasets
        except ImportError as error:
            if not isinstance(error, ModuleNotFoundError) and "cannot import name" not in str(error):
                raise UnsupportedError(f"datasets cannot be loaded: {error}") from error  # it is there, a library is not
            raise UnsupportedError(
                "this neve was built without datasets: pip install . --config-settings=cmake.define.NEVE_DATASETS=ON"
            ) from error
        self._store = _datasets.Store(_arguments.path("root", root), _arguments.text("cache", cache))

    def add(self, file: str | os.PathLike[str], **options: Any) -> dict[str, Any]:
        """Normalises a CSV, TSV or XLSX file (perhaps gzipped) into the store; its record and schema. Ctrl-C stops it.

        Options, all found out from the whole file where they are not given: `id`, `name`, `sheet`, `encoding`,
        `delimiter`, `quote`, `header_row` (0: none), `date_order` ("auto", "dmy", "mdy"), `decimal` ("point" or "comma"),
        `totals` ("exclude", "keep": rows that sum up others), `unpivot`, `types` (by column). The same content again changes
        nothing; other content makes a new generation.

        Raises InvalidArgumentError, CorruptError, UnsupportedError and TooLargeError, naming what is wrong.
        """
        for name in options:
            if name not in _ADD_OPTIONS:
                raise InvalidArgumentError(f"add has no option {name!r}; it has {', '.join(_ADD_OPTIONS)}")
        return self._store.add(
            _arguments.path("file", file), {name: value for name, value in options.items() if value is not None}
        )

    def list(self) -> list[dict[str, Any]]:
        """The records of all datasets that can be read, by id. Raises IoError if the folder cannot be listed."""
        return self._store.list()

    def get(self, id: str) -> dict[str, Any]:  # noqa: A002 - that is what it is called everywhere
        """The record of one. Raises InvalidArgumentError with the nearest id."""
        return self._store.find(_arguments.text("id", id))

    def schema(self, id: str) -> dict[str, Any]:  # noqa: A002
        """What schema.json says: columns, types, roles, warnings. Raises as `get`, and CorruptError."""
        return self._store.schema(_arguments.text("id", id))

    def lineage(self, id: str) -> dict[str, Any]:  # noqa: A002
        """What lineage.json says: every step, coercion and rejected row. Raises as `get`, and CorruptError."""
        return self._store.lineage(_arguments.text("id", id))

    def remove(self, id: str) -> None:  # noqa: A002
        """Removes a dataset with its analyses. Raises as `get`."""
        self._store.remove(_arguments.text("id", id))

    def arrow(self, id: str) -> Any:  # noqa: A002
        """The normalised table as a pyarrow.Table: of one generation, whoever replaces the dataset meanwhile. Raises as
        `get`, CorruptError if the file is not what was once written, and ImportError without pyarrow."""
        import pyarrow
        import pyarrow.parquet

        # As a file of Arrow's own: its threads may let go of it when the interpreter ends, and of a Python file they
        # would end the process.
        with self._open_intact(_arguments.text("id", id)) as file, pyarrow.OSFile(f"/dev/fd/{file.fileno()}") as source:
            return pyarrow.parquet.read_table(source)

    def _open_intact(self, name: str) -> BinaryIO:
        """The table that was found intact, open: by its name, another may be found a moment later. What a replacement
        of the dataset has to do with a failure is known by its generation; then it is read anew."""
        while True:
            record = self._store.find(name)
            with contextlib.ExitStack() as closing:
                file = None
                with contextlib.suppress(FileNotFoundError):
                    file = closing.enter_context(open(record["normalized"], "rb"))
                try:
                    intact = self._store.intact_table(name)
                    if file is not None and os.path.samestat(os.fstat(file.fileno()), os.stat(intact)):
                        closing.pop_all()
                        return file
                except (Error, OSError):
                    if self._store.find(name)["generation"] == record["generation"]:
                        raise

    def frame(self, id: str) -> pandas.DataFrame:  # noqa: A002
        """The normalised table as a pandas frame; decimals are `decimal.Decimal`. Raises as `arrow`."""
        made: pandas.DataFrame = self.arrow(id).to_pandas()
        return made

    def analyze(
        self,
        id: str,  # noqa: A002
        group_by: str,
        value: str,
        *,
        grain: str = "auto",
        thresholds: Sequence[float | str] = (10, 20, 50),
        filter: str = "",  # noqa: A002
        again: bool = False,
    ) -> Analysis:
        """How much of the column `value` sits with how few of `group_by`, per period and in all, exactly.

        `grain`: "month", "quarter", "year", "none", or "auto" for the finest there is. `thresholds` in percent, text
        for more digits than a float has. `filter`: rows to keep, as `region = 'North' and year >= 2023`. `again`
        computes even if the answer is known. Raises InvalidArgumentError with the nearest name; Ctrl-C stops it.
        """
        texts = {"id": id, "group_by": group_by, "value": value, "grain": grain, "filter": filter}
        for name, text in texts.items():
            _arguments.text(name, text)
        _arguments.flag("again", again)
        given = ",".join(str(each) for each in _arguments.values("thresholds", thresholds))
        return Analysis(self._store.analyze(id, group_by, value, grain, given, filter, again))
