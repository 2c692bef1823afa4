"""Rows as a spreadsheet: written line by line, and safe to open."""

import csv
from collections.abc import Iterable, Iterator

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of the file, in UTF-8 with the mark that spreadsheets look for."""
    writer = csv.writer(_Echo())
    mark = "\ufeff"
    for row in rows:
        yield mark + str(writer.writerow([without_formula(value) for value in row]))
        mark = ""


def without_formula(value: object) -> str:
    """Text that a spreadsheet will not take for a formula."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
