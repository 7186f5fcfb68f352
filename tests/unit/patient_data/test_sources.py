"""Files, folders and standard input, and how large they may be."""

import io
from pathlib import Path

import pytest

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.patient_data import sources
from pathway_compiler.patient_data.read import read_patients


def test_a_folder_gives_its_files_in_the_order_of_names(
    guideline: Guideline, tmp_path: Path
) -> None:
    (tmp_path / "b.json").write_text('{"age": 2}')
    (tmp_path / "a.yaml").write_text("age: 1\n")
    (tmp_path / "c.csv").write_text("age\n3\n4\n")
    (tmp_path / "README.md").write_text("# No patient")
    (tmp_path / ".hidden.json").write_text("{")
    results = list(read_patients([tmp_path], guideline))
    assert [r.id for r in results] == ["a", "b", "c#1", "c#2"]
    assert results[0].source_name == str(tmp_path / "a.yaml")


def test_files_of_one_name_in_two_folders_are_two_patients(
    guideline: Guideline, tmp_path: Path
) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "p.json").write_text("{}")
    results = list(read_patients([tmp_path / "x", tmp_path / "y"], guideline))
    assert [r.id for r in results] == ["p", "p (2)"]


def test_an_id_counts_across_files(guideline: Guideline, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text('{"id": "p1"}')
    first, second = read_patients([tmp_path], guideline)
    assert first.patient is not None
    assert [d.code for d in second.diagnostics] == ["data-duplicate"]


@pytest.mark.parametrize("name", ["nowhere.json", "nowhere", "a\0b"])
def test_a_file_that_is_not_there_is_reported(guideline: Guideline, name: str) -> None:
    (result,) = read_patients([name], guideline)
    assert [d.code for d in result.diagnostics] == ["data-unreadable"]
    assert result.source_name == name


def test_a_folder_without_patients_is_reported(guideline: Guideline, tmp_path: Path) -> None:
    (result,) = read_patients([tmp_path], guideline)
    assert "no files of patients" in result.diagnostics[0].message


def test_standard_input_is_read_for_a_dash(guideline: Guideline) -> None:
    text = io.StringIO('{"id": "ä"}\n{"id": "b"}\n')
    assert [r.id for r in read_patients(["-"], guideline, stdin=text)] == ["ä", "b"]
    bytes_below = io.TextIOWrapper(io.BytesIO("id: ä\n".encode()), encoding="latin-1")
    assert [r.id for r in read_patients(["-"], guideline, stdin=bytes_below)] == ["ä"]


def test_the_day_of_evaluation_can_be_given_for_all(guideline: Guideline) -> None:
    lines = (
        '{"size": {"value": 1, "date": "2019-05"}}\n'
        '{"as_of": "2019-06-01", "size": {"value": 1, "date": "2019-05"}}\n'
    )
    first, second = read_patients(
        ["-"], guideline, stdin=io.StringIO(lines), as_of=PartialDate(2019, 3, 1)
    )
    assert [d.code for d in first.diagnostics] == ["data-future"]
    assert second.patient is not None


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("p.json", '{\n"age": 5, "x": "é"}'.encode("latin-1"), 2),
        ("p.json", '{"age": 5}'.encode("utf-16"), 1),
        ("p.yaml", "a: 1\nb: é\n".encode("latin-1"), 2),
        ("p.csv", "id,age\né,5\n".encode("latin-1"), 2),
    ],
)
def test_what_is_not_utf8_is_reported_with_its_line(
    guideline: Guideline, tmp_path: Path, name: str, content: bytes, line: int
) -> None:
    (tmp_path / name).write_bytes(content)
    (result,) = read_patients([tmp_path / name], guideline)
    (found,) = result.diagnostics
    assert (found.code, found.span.line) == ("data-unreadable", line)
    assert "UTF-8" in found.message


def test_a_line_of_ndjson_in_another_encoding_does_not_stop_the_others(
    guideline: Guideline, tmp_path: Path
) -> None:
    (tmp_path / "p.ndjson").write_bytes(b'{"id": "a"}\n{"id": "\xe9"}\n{"id": "c"}\n')
    results = list(read_patients([tmp_path], guideline))
    assert [r.patient is not None for r in results] == [True, False, True]


def test_large_files_are_refused(
    guideline: Guideline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_DOCUMENT", 40)
    monkeypatch.setattr(sources, "LARGEST_LINES_FILE", 60)
    (tmp_path / "a.json").write_text('{"id": "' + "x" * 50 + '"}')
    (tmp_path / "b.ndjson").write_text('{"id": "a"}\n' * 10)
    (tmp_path / "c.csv").write_text("id\n" + "x" * 50 + "\n")
    results = list(read_patients([tmp_path], guideline))
    messages = [d.message for r in results for d in r.diagnostics if d.code == "data-unreadable"]
    assert len(messages) == 3
    assert all("larger than" in message for message in messages)


def test_patients_come_before_the_file_has_been_read_to_its_end(
    guideline: Guideline, tmp_path: Path
) -> None:
    for name, head, row in (("a.ndjson", "", '{"age": 5}\n'), ("b.csv", "age\n", "5\n")):
        path = tmp_path / name
        path.write_text(head + row * 100_000)
        results = read_patients([path], guideline)
        assert next(results).patient is not None
        results.close()  # type: ignore[attr-defined]
