from __future__ import annotations

import gzip
import json
import lzma
import resource
from pathlib import Path

import pytest

from directory.imports.reading import BadRow, RawRow, read_rows


def rows_of(folder: Path, content: bytes, name: str = "rows.csv") -> list[RawRow | BadRow]:
    path = folder / name
    path.write_bytes(content)
    return list(read_rows(path))


def good(rows: list[RawRow | BadRow]) -> list[dict[str, object]]:
    return [row.values for row in rows if isinstance(row, RawRow)]


def bad(rows: list[RawRow | BadRow]) -> list[str]:
    return [row.reason for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "cp1252"])
def test_a_table_is_read_in_the_encodings_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    text = "name,city\nVerein für Umwelt,Zürich\n"
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    assert good(rows_of(tmp_path, content)) == [{"name": "Verein für Umwelt", "city": "Zürich"}]


def test_an_unusual_encoding_is_noted_once(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("name\nJosé\nZoë\nplain\n".encode("latin-1"))
    notes: list[str] = []
    assert [row.values["name"] for row in read_rows(path, note=notes.append) if isinstance(row, RawRow)][:2] == [
        "José",
        "Zoë",
    ]
    assert notes == ["Line 2 is not UTF-8; it and others like it were read as Windows-1252 (Latin-1)."]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_headings(tmp_path: Path, mark: str) -> None:
    assert good(
        rows_of(tmp_path, f"name{mark}city\nA, B; C{mark}D\n".replace(f"A, B; C{mark}", f'"A, B; C"{mark}').encode())
    ) == [{"name": "A, B; C", "city": "D"}]


def test_a_line_that_names_the_delimiter_is_believed(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path, b"sep=;\r\nname;city\r\nA,B;C\r\n")) == [{"name": "A,B", "city": "C"}]


@pytest.mark.parametrize(
    "pack", [gzip.compress, lzma.compress, lambda content: gzip.compress(content) + gzip.compress(b"Two,Y\n")]
)
def test_packed_files_are_told_by_their_content_and_not_by_their_name(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    assert good(rows_of(tmp_path, pack(b"name,city\nOne,X\n"), "rows.csv"))[0] == {"name": "One", "city": "X"}


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"name":"One"}\n{"na') + gzip.compress(b'me":"Two"}\n') + b"\0" * 100
    assert good(rows_of(tmp_path, packed, "rows.jsonl.gz")) == [{"name": "One"}, {"name": "Two"}]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_an_archive_that_breaks_off_gives_the_rows_before_and_says_where(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    lines = b"".join(b'{"id":%d,"name":"%s"}\n' % (n, bytes(str(hash(str(n) * 3)), "ascii")) for n in range(30_000))
    packed = pack(lines)
    rows = rows_of(tmp_path, packed[: len(packed) * 2 // 3], "rows.jsonl")
    last = rows[-1]
    assert isinstance(last, BadRow) and last.number == len(rows) and "breaks off" in last.reason
    assert [row["id"] for row in good(rows)] == list(range(len(rows) - 1)) and len(rows) > 10_000


def test_a_damaged_archive_gives_the_rows_before(tmp_path: Path) -> None:
    lines = b"".join(b'{"id":%d,"name":"%s"}\n' % (n, bytes(str(hash(str(n) * 3)), "ascii")) for n in range(30_000))
    packed = bytearray(gzip.compress(lines))
    packed[len(packed) // 2 : len(packed) // 2 + 400] = b"\xff" * 400
    rows = rows_of(tmp_path, bytes(packed), "rows.jsonl.gz")
    assert isinstance(rows[-1], BadRow) and "damaged" in rows[-1].reason and len(good(rows)) > 1_000


def test_a_line_over_the_limit_costs_no_memory_and_not_the_rows_around_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    with gzip.open(path, "wb", 1) as file:
        file.write(b'{"name":"before"}\n{"name":"')
        for _ in range(300):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"name":"after"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = list(read_rows(path))
    assert good(rows) == [{"name": "before"}, {"name": "after"}]
    assert bad(rows) == ["The line is longer than 1,000,000 bytes."]
    assert [row.number for row in rows] == [1, 2, 3]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes; the line has 300,000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"name":"a","name":"b"}', "The field “name” stands in it twice."),
        ('{"a":{"b":1,"b":2}}', "The field “b” stands in it twice."),
        ('["a"]', "It is a list and not an object with fields."),
        ("17", "It is a number and not an object with fields."),
        ("null", "It is null and not an object with fields."),
        ('{"name":', "It is not valid JSON: Expecting value at character 9."),
        ('{"lat":NaN}', "NaN is not a number that JSON knows."),
        ('{"name":"a\\u0000b"}', "It contains a NUL character."),
        ('{"a":["\\ud800"]}', "It contains half of a character."),
        ('{"\\udfff":1}', "It contains half of a character."),
        ('{"a":' + "[" * 21 + "]" * 21 + "}", "It is nested deeper than 20 levels."),
        ("[" * 100_000, "It is nested deeper than 20 levels."),
        ('{"a":' * 50_000, "It is nested deeper than 20 levels."),
        ('{"a":' + "9" * 10_000 + "}", "It contains a number with too many digits."),
    ],
)
def test_a_bad_line_of_json_is_refused_with_a_sentence(tmp_path: Path, line: str, reason: str) -> None:
    rows = rows_of(tmp_path, f'{{"name":"one"}}\n{line}\n\n{{"name":"two \\\\u0000"}}\n'.encode(), "rows.jsonl")
    assert bad(rows) == [reason]
    assert good(rows) == [{"name": "one"}, {"name": "two \\u0000"}]


def test_nesting_of_twenty_levels_is_fine(tmp_path: Path) -> None:
    assert len(good(rows_of(tmp_path, b'{"a":' + b"[" * 19 + b"]" * 19 + b"}\n", "a.jsonl"))) == 1


def test_whole_pages_of_json_are_explained_once(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'[\n {"name": "a"},\n {"name": "b"}\n]\n', "rows.json")
    assert (
        bad(rows) == ["This is one JSON value over many lines: write one object per line (JSON Lines)."]
        and len(rows) == 1
    )


def test_an_open_quotation_mark_costs_one_line_and_not_the_rest_of_the_file(tmp_path: Path) -> None:
    table = 'name,city\nA,B\n"open,C\n' + "".join(f"Name {n},City\n" for n in range(100_000))
    rows = rows_of(tmp_path, table.encode())
    assert bad(rows) == ["A quotation mark is opened in this line and never closed."]
    assert len(good(rows)) == 100_001
    assert [(row.number, row.line) for row in rows if isinstance(row, BadRow)] == [(2, 3)]


def test_a_field_may_have_several_lines(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path, b'name,description\nA,"one\ntwo ""quoted"""\nB,x\n')) == [
        {"name": "A", "description": 'one\ntwo "quoted"'},
        {"name": "B", "description": "x"},
    ]


def test_a_quotation_mark_in_the_middle_of_a_field_is_a_sign_for_inches(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path, b'name,city\n5" pipe,A\nnext,"B\nC"\n')) == [
        {"name": '5" pipe', "city": "A"},
        {"name": "next", "city": "B\nC"},
    ]


def test_ragged_rows_are_refused_when_they_have_too_much_and_taken_when_they_have_too_little(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b"name,city\nA\nB,C,D,E\nF,G,,\n,\n\nH\n")
    assert good(rows) == [{"name": "A"}, {"name": "F", "city": "G"}, {"name": "H"}]
    assert bad(rows) == ["It has 4 values for 2 headings."]


def test_a_table_with_a_million_columns_is_one_bad_row(tmp_path: Path) -> None:
    for content in (b"c," * 1_000_000 + b"\n" + b"1," * 1_000_000, b"c," * 200_000 + b"\n1,2,3\n"):
        assert len(rows_of(tmp_path, content)) == 1


def test_headings_that_stand_twice_lose_nothing(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path, b"name,name,,city\nA,B,C,D\n")) == [
        {"name": "A", "name (2)": "B", "column 3": "C", "city": "D"}
    ]


def test_an_over_long_line_inside_a_table_costs_only_itself(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b"name\nA\n" + b"x" * 1_500_000 + b'\nB\n"open\n' + b"y" * 1_500_000 + b"\nC\n")
    assert good(rows) == [{"name": "A"}, {"name": "B"}, {"name": "C"}]
    assert bad(rows) == [
        "The line is longer than 1,000,000 bytes.",
        "A quotation mark is opened in this line and never closed.",
        "The line is longer than 1,000,000 bytes.",
    ]


def test_the_guard_that_our_own_tables_put_before_formulas_is_taken_away(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path, b"name,phone\n'=SUM(1),'+44 20\n")) == [{"name": "=SUM(1)", "phone": "+44 20"}]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04rest of it", "workbook"),
        (b"%PDF-1.7 and more text", "PDF"),
        (b"\n <html><body>hi</body></html>", "web page"),
    ],
)
def test_what_is_not_a_table_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    (row,) = rows_of(tmp_path, content)
    assert isinstance(row, BadRow) and word in row.reason


def test_nothing_is_read_from_nothing(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"") == rows_of(tmp_path, b"\n\n") == rows_of(tmp_path, b"", "empty.jsonl") == []
    (row,) = read_rows(tmp_path / "missing.csv")
    assert isinstance(row, BadRow) and "No such file" in row.reason


def test_the_digest_tells_content_and_nothing_else(tmp_path: Path) -> None:
    comma = rows_of(tmp_path, b"name,city\nA,B\nA,C\n")
    semicolon = rows_of(tmp_path, b'"name";"city"\r\n"A";"B"\r\n')
    digests = [row.digest for row in (*comma, *semicolon) if isinstance(row, RawRow)]
    assert digests[0] == digests[2] != digests[1] and len(digests[0]) == 32
    once, again = (rows_of(tmp_path, json.dumps({"name": "A"}).encode() + end, "a.jsonl") for end in (b"\n", b" \r\n"))
    assert [row.digest for row in once if isinstance(row, RawRow)] == [
        row.digest for row in again if isinstance(row, RawRow)
    ]


def test_old_line_ends_are_line_ends(tmp_path: Path) -> None:
    assert len(good(rows_of(tmp_path, b"name,city\rA,B\rC,D\r"))) == 2
