"""Read every table of run folders, as CSV and as Parquet, with one library, and
compare each cell with the text of the CSV as Python's own csv module has it.

usage: compare.py pandas|polars|pyarrow|duckdb FOLDER...
Exit code 77 says that the library is not installed.
"""

import csv
import json
import math
import pathlib
import sys


def absent(value):
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "<NA>"


def expected(text, kind):
    if text == "":
        return None
    return {"integer": int, "number": float, "boolean": lambda t: {"true": True, "false": False}[t]}.get(kind, str)(text)


def with_pandas(csv_path, parquet_path, fields):
    import pandas

    dtypes = {"string": "str", "yearmonth": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
    digits = {"float_precision": "round_trip"} if int(pandas.__version__.split(".")[0]) < 3 else {}  # newer ones always do so
    table = pandas.read_csv(csv_path, dtype={f["name"]: dtypes[f["type"]] for f in fields}, keep_default_na=False, na_values=[""], **digits)
    for frame in (table, pandas.read_parquet(parquet_path)):
        yield list(frame.columns), list(frame.itertuples(index=False, name=None))


def with_polars(csv_path, parquet_path, fields):
    import polars

    dtypes = {"string": polars.String, "yearmonth": polars.String, "integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean}
    table = polars.read_csv(csv_path, schema_overrides={f["name"]: dtypes[f["type"]] for f in fields})
    for frame in (table, polars.read_parquet(parquet_path)):
        yield frame.columns, frame.rows()


def with_pyarrow(csv_path, parquet_path, fields):
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    dtypes = {"string": pyarrow.string(), "yearmonth": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_()}
    table = pyarrow.csv.read_csv(
        csv_path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types={f["name"]: dtypes[f["type"]] for f in fields}, null_values=[""], strings_can_be_null=True),
    )
    stored = pyarrow.parquet.read_table(parquet_path)
    for f in fields:
        kind = stored.schema.field(f["name"]).type
        kind = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
        assert kind == dtypes[f["type"]], f"{parquet_path} has {f['name']} as {kind}"
    for frame in (table, stored):
        yield frame.column_names, list(zip(*(frame.column(i).to_pylist() for i in range(frame.num_columns))))


def with_duckdb(csv_path, parquet_path, fields):
    import duckdb

    dtypes = {"string": "VARCHAR", "yearmonth": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
    columns = ", ".join(f"'{f['name']}': '{dtypes[f['type']]}'" for f in fields)
    for query in (f"from read_csv('{csv_path}', columns={{{columns}}}, header=true, nullstr='')", f"from read_parquet('{parquet_path}')"):
        result = duckdb.sql(query)
        yield result.columns, result.fetchall()


def main(library, folders):
    try:
        __import__(library)
        if library == "pandas":
            import pyarrow  # for its Parquet
    except ImportError:
        sys.exit(77)
    cells = sum(compare(globals()["with_" + library], folder) for folder in folders)
    print(cells, "cells are equal")


def compare(read, folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    cells = 0
    for resource in package["resources"]:
        if resource["format"] != "csv":
            continue
        fields = resource["schema"]["fields"]
        path = folder / resource["path"]
        with open(path, encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == [f["name"] for f in fields], f"{path}: header {header}"
        assert len(rows) == resource["rows"], f"{path}: {len(rows)} rows"
        for columns, got in read(str(path), str(path.with_suffix(".parquet")), fields):
            assert list(columns) == header, f"{path}: columns {columns}"
            assert len(got) == len(rows), f"{path}: {len(got)} rows, not {len(rows)}"
            for number, (text, row) in enumerate(zip(rows, got), start=1):
                for f, want, value in zip(fields, text, row):
                    want = expected(want, f["type"])
                    same = absent(value) if want is None else (value == want and isinstance(value, bool) == isinstance(want, bool)) or str(value) == str(want)
                    assert same, f"{path}, row {number}, {f['name']}: {value!r}, not {want!r}"
                    cells += 1
    return cells


main(sys.argv[1], [pathlib.Path(folder) for folder in sys.argv[2:]])
