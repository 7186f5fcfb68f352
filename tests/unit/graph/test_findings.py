"""What only shows in the graph: circles, nodes without a route, pathways within themselves."""

import pytest

from markdown_tests import PRELUDES
from pathway_compiler.driver import check_text

HEADER = 'guideline g "G":\n  version "1"\n  grading uspstf\n  entry p\n'
PRELUDE = (PRELUDES / "breast.pathway").read_text(encoding="utf-8")


def findings(text: str) -> list[tuple[str, str]]:
    """Code and underlined text of each error."""
    found = check_text(HEADER + text + PRELUDE)
    return [(d.code, d.span.text) for d in found if d.severity == "error"]


def test_a_circle_is_told_once_with_all_its_nodes() -> None:
    text = """pathway p "P":
  recommend a "A" -> b
  decision b "B":
    when fit -> c
    otherwise -> z
  recommend c "C" -> a
  end z "Z"
"""
    (diagnostic,) = [d for d in check_text(HEADER + text + PRELUDE) if d.severity == "error"]
    assert (diagnostic.code, diagnostic.span.text) == ("cycle", "a")
    assert diagnostic.message == "these nodes lead back to each other: `a`, `b`, `c`"
    assert [label.span.text for label in diagnostic.labels] == ["b", "c"]


def test_two_circles_are_told_both() -> None:
    text = """pathway p "P":
  together t "T":
    -> a, b
  recommend a "A" -> a
  recommend b "B" -> b
"""
    assert findings(text) == [("cycle", "a"), ("cycle", "b")]


def test_a_circle_through_a_review_is_none() -> None:
    text = 'pathway p "P":\n  recommend a "A" -> r\n  review r "R":\n    on fit -> a\n'
    assert findings(text) == []


def test_every_node_without_a_route_is_named() -> None:
    text = 'pathway p "P":\n  end a "A"\n  end b "B"\n  recommend c "C" -> d\n  end d "D"\n'
    assert findings(text) == [("unreachable-node", n) for n in ("b", "c", "d")]


def test_a_node_behind_a_review_is_reached() -> None:
    text = 'pathway p "P":\n  review r "R":\n    on fit -> b\n  end b "B"\n'
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('pathway p "P":\n  follow p as again\n', [("recursive-follow", "again")]),
        ('pathway p "P":\n  follow q\npathway q "Q":\n  follow p\n', [("recursive-follow", "q")]),
        (
            'pathway p "P":\n  follow q\npathway q "Q":\n  review r "R":\n    on fit -> p\n  follow p\n',
            [],
        ),
        ('pathway p "P":\n  follow q -> q2\n  follow q as q2\npathway q "Q":\n  end e "E"\n', []),
    ],
)
def test_a_pathway_does_not_follow_itself_within_one_visit(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert findings(text) == expected


def chain(size: int) -> str:
    inner = "".join(f'pathway q{n} "Q":\n  follow q{n + 1}\n' for n in range(size))
    return f'pathway p "P":\n  follow q0\n{inner}pathway q{size} "Q":\n  recommend a "A"\n'


def test_pathways_within_pathways_are_as_deep_as_brackets() -> None:
    assert findings(chain(50)) == []
    assert [code for code, _ in findings(chain(70))] == ["nesting-too-deep"]
