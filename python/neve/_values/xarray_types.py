"""Values of xarray, exactly: arrays with names for their axes, and sets of them. Imported when one is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import xarray
import xarray.indexes

from neve.errors import UnsupportedError

pd: Any = pandas
xr: Any = xarray


def _array_content(array: Any) -> dict[str, Any]:
    _refuse_plan(array)
    return {**_coordinates_content(array), **_variable_content(array.variable, "the DataArray"), "name": array.name}


def _array_from(content: dict[str, Any]) -> Any:
    coordinates = _coordinates_from(content)
    return xr.DataArray(_variable_from(content), coords=coordinates, name=content["name"])


def _dataset_content(dataset: Any) -> dict[str, Any]:
    _refuse_plan(dataset)
    variables = [[name, _variable_content(each.variable, f"the variable {name!r}")] for name, each in dataset.data_vars.items()]
    return {**_coordinates_content(dataset), "remarks": dataset.attrs, "variables": variables}


def _dataset_from(content: dict[str, Any]) -> Any:
    variables = {name: _variable_from(each) for name, each in content["variables"]}
    return xr.Dataset(variables, coords=_coordinates_from(content), attrs=content["remarks"])


def _variable_content(variable: Any, what: str = "the Variable") -> dict[str, Any]:
    """What is neither a value nor a remark does not count: how it was or is to be encoded in a file."""
    values = variable.data
    if type(values) is not np.ndarray:
        raise UnsupportedError(f"{what} holds a {type(values).__qualname__}, which is not kept; give one of NumPy's arrays")
    if values.dtype.kind == "O":
        values = {"objects": pd.Index(values.ravel(), dtype=object), "shape": values.shape}
    return {"dims": list(variable.dims), "remarks": variable.attrs, "values": values}


def _variable_from(content: dict[str, Any]) -> Any:
    values = content["values"]
    if isinstance(values, dict):
        values = values["objects"].to_numpy(copy=True).reshape(values["shape"])
    return xr.Variable(content["dims"], values, content["remarks"])


def _coordinates_content(table: Any) -> dict[str, Any]:
    """Those by which values are found (`sel`) are indexes of pandas, the others variables."""
    indexes = table.xindexes
    coordinates = []
    for name, coordinate in table.coords.items():
        if (index := indexes.get(name)) is None:
            coordinates.append([name, _variable_content(coordinate.variable, f"the coordinate {name!r}")])
            continue
        if type(index) is not xr.indexes.PandasIndex or coordinate.dims != (name,):
            raise UnsupportedError(
                f"the coordinate {name!r} has a {type(index).__qualname__}, which is not kept; reset_index({name!r}) gives "
                "what it is made of"
            )
        dtype = coordinate.dtype if isinstance(coordinate.dtype, np.dtype) else None  # otherwise that of the index
        coordinates.append([name, {"dtype": dtype, "index": index.index, "remarks": coordinate.attrs}])
    return {"coordinates": coordinates}


def _coordinates_from(content: dict[str, Any]) -> Any:
    indexes: dict[Any, Any] = {}
    variables: dict[Any, Any] = {}
    for name, each in content["coordinates"]:
        if "index" in each:
            index = xr.indexes.PandasIndex(each["index"], name, coord_dtype=each["dtype"])
            indexes[name] = index
            variables |= index.create_variables({name: xr.Variable(name, each["index"], each["remarks"])})
        else:
            variables[name] = _variable_from(each)
    return xr.Coordinates(variables, indexes)


def _refuse_plan(table: Any) -> None:
    if table.__dask_graph__() is not None:
        raise UnsupportedError(f"the {type(table).__qualname__} of dask is a plan, no value; give what its compute() makes")


CODECS: list[tuple[Any, Any, Any]] = [
    (xr.DataArray, _array_content, _array_from),
    (xr.Dataset, _dataset_content, _dataset_from),
    (xr.Variable, _variable_content, _variable_from),
]
