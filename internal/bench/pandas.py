"""Hold a register of events against its contract's rules with pandas.

Usage: pandas.py FILE RULES.json DIRECTORY. Writes what passes as Parquet, what does
not as CSV, and the monthly counts, into DIRECTORY.
"""

import json
import pathlib
import sys

import pandas as pd


def main(file: str, rules: str, directory: str) -> None:
    columns = json.loads(pathlib.Path(rules).read_text(encoding="utf-8"))
    out = pathlib.Path(directory)
    out.mkdir()
    rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    if list(rows.columns) != [c["name"] for c in columns]:
        sys.exit("the header is not the contract's")
    bad = pd.Series(False, index=rows.index)
    for column in columns:
        cells = rows[column["name"]]
        if column["required"]:
            bad |= cells == ""
        if column.get("pattern"):
            bad |= ~cells.str.fullmatch(column["pattern"].strip("^$"))
        if column.get("allowed"):
            bad |= ~cells.isin(column["allowed"])
        if column["type"] == "fecha":
            bad |= pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").isna()
        if column["type"] == "entero":
            whole = cells.str.fullmatch("[0-9]+")
            number = pd.to_numeric(cells.where(whole), errors="coerce")
            bad |= ~number.between(column.get("min", float("-inf")), column.get("max", float("inf")))
    bad |= rows.duplicated("folio", keep="first")
    rows[bad].to_csv(out / "cuarentena.csv")
    good = rows[~bad]
    good.to_parquet(out / "eventos.parquet")
    month = good["fecha"].str.slice(0, 7)
    age = pd.cut(good["edad"].astype(int), [-1, 11, 17, 200], labels=["0-11", "12-17", "18+"])
    keys = [month, good["entidad"], good["nacionalidad"], good["sexo"], age, good["condicion"]]
    good.groupby(keys, observed=True).size().rename("eventos").to_csv(out / "mensual.csv")


if __name__ == "__main__":
    main(*sys.argv[1:])
