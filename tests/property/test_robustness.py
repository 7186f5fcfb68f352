"""Whatever the text, the compiler answers with diagnostics and never raises."""

import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from markdown_tests import REPOSITORY
from pathway_compiler.diagnostics.codes import CODES
from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.diagnostics.to_text import diagnostics_to_text
from pathway_compiler.driver import check_text, compile_sources, evaluate_text
from pathway_compiler.syntax.parser import DECLARATION_WORDS, MAXIMAL_FILE_SIZE, MAXIMAL_NESTING

EXAMPLE = REPOSITORY / "docs" / "example" / "bone.pathway"
FILES = (EXAMPLE, *sorted((REPOSITORY / "pathways" / "seom_abc_2018").rglob("*.pathway")))

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

HEADER = 'guideline g "G":\n  version "1"\n  entry p\n'
END = 'pathway p "P":\n  end done "Done"\n'


def check(text: str) -> tuple[Diagnostic, ...]:
    """The findings about a text, each of them well formed."""
    found = check_text(text)
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.message
        for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
            assert 0 <= span.start <= span.end <= len(span.source.text) + 1
            assert span.line >= 1
    return found


def codes(text: str) -> list[str]:
    return [d.code for d in check(text)]


@cache
def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def declarations() -> list[str]:
    return [chunk for file in FILES for chunk in re.split(r"(?m)^(?=[a-z])", text_of(file))]


WORDS = sorted({w for file in FILES for w in re.findall(r"\w+|[^\w\s]", text_of(file))})


def mutated(text: str, random: Random) -> str:
    """A text with one to three slips, such as a hand makes at a keyboard."""
    for _ in range(random.choice((1, 1, 2, 3))):
        places = [m.span() for m in re.finditer(r"\w+|[^\w\s]|\n *", text)]
        if not places:
            return text
        start, end = random.choice(places)
        kind = random.randrange(7)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:start] + random.choice(WORDS) + text[end:]
        elif kind == 2:
            text = f"{text[:end]} {random.choice(WORDS)}{text[end:]}"
        elif kind == 3:
            text = text[:start] + chr(random.randrange(1, 0x3000)) + text[end:]
        elif kind == 4:
            text = text[:start]
        else:
            lines = text.split("\n")
            index = random.randrange(len(lines))
            line = lines[index]
            lines[index : index + 1] = random.choice(
                ([], [line, line], ["  " + line], [line.lstrip()], ["\t" + line])
            )
            text = "\n".join(lines)
    return text


# --- slips in real files ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_slip_in_the_example_gives_diagnostics(seed: int) -> None:
    check(mutated(text_of(EXAMPLE), Random(seed)))


@pytest.mark.parametrize("seed", range(len(FILES)))
def test_slip_in_a_file_of_a_real_guideline_gives_diagnostics(seed: int) -> None:
    check(mutated(text_of(FILES[seed]), Random(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(1, 21))
def test_many_slips_in_the_example_give_diagnostics(block: int) -> None:
    for seed in range(1_000 * block, 1_000 * block + 100):
        check(mutated(text_of(EXAMPLE), Random(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300))
def test_slips_in_the_whole_real_guideline_give_diagnostics(seed: int) -> None:
    random = Random(seed)
    texts = [text_of(file) for file in FILES if file != EXAMPLE]
    index = random.randrange(len(texts))
    texts[index] = mutated(texts[index], random)
    check("".join(texts))


@pytest.mark.parametrize("seed", range(10))
def test_shuffled_lines_of_the_example_give_diagnostics(seed: int) -> None:
    lines = text_of(EXAMPLE).splitlines(keepends=True)
    Random(seed).shuffle(lines)
    assert has_errors(check("".join(lines)))


@pytest.mark.parametrize("share", [0, 1, 5, 10, 25, 50, 60, 75, 90, 95, 99])
def test_truncated_example_gives_diagnostics(share: int) -> None:
    text = text_of(EXAMPLE)
    check(text[: len(text) * share // 100])


@pytest.mark.parametrize("removed", range(0, 84, 7))
def test_missing_line_gives_diagnostics(removed: int) -> None:
    lines = text_of(EXAMPLE).splitlines(keepends=True)
    check("".join(lines[:removed] + lines[removed + 1 :]))


def _block_colons() -> list[int]:
    """The colons of the example that open an indented block."""
    text = text_of(EXAMPLE)
    return [m.start() for m in re.finditer(r":(?=[ ]*\n+[ ])", text)]


@pytest.mark.parametrize(
    "at", _block_colons(), ids=lambda at: str(text_of(EXAMPLE).count("\n", 0, at) + 1)
)
def test_one_missing_colon_gives_exactly_one_error_at_its_place(at: int) -> None:
    text = text_of(EXAMPLE)
    found = [d for d in check(text[:at] + text[at + 1 :]) if d.severity == "error"]
    line = text.count("\n", 0, at) + 1
    assert [d.code for d in found] in (["missing-colon"], ["bad-indentation"])
    assert found[0].span.line == line + (found[0].code == "bad-indentation")


# --- texts that are no guideline ---------------------------------------------------------------


@QUICK
@given(st.text(max_size=300))
def test_any_text_gives_diagnostics(text: str) -> None:
    assert has_errors(check(text))


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_give_diagnostics(data: bytes) -> None:
    check(data.decode("latin-1"))


@QUICK
@given(
    st.lists(
        st.sampled_from([*WORDS, *sorted(DECLARATION_WORDS), "\n", "\n  ", "\n    "]), max_size=80
    )
)
def test_token_soup_gives_diagnostics(words: list[str]) -> None:
    check(" ".join(words))


@QUICK
@given(st.data())
def test_shuffled_declarations_give_diagnostics(data: st.DataObject) -> None:
    chunks = data.draw(st.lists(st.sampled_from(declarations()), max_size=15))
    check("".join(chunks))


@QUICK
@given(st.lists(st.sampled_from([*WORDS, "(", ")", "not", "and", "or", "is"]), max_size=25))
def test_any_expression_has_a_value_or_diagnostics(words: list[str]) -> None:
    result = evaluate_text(" ".join(words))
    assert result.text or result.diagnostics


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", " ", "\t", "\0", "\ufeff", "\r", "\r\n", "#", '"', '"""', "'", "\\", "(", ")", ":",
        "guideline", "guideline g", 'guideline g "', 'guideline g "G"', 'guideline g "G":',
        'guideline g "G":\n', 'guideline g "G":\n  ', 'guideline g "G":\n  version', "pathway",
        'element e "E": one of', 'element e "E": quantity in', 'define d "D":', "\ud800",
        'case c "C":\n  as of', 'statement s "S":\n  lines 1-', "é" * 100, "→" * 100, "🙂",
    ],
)  # fmt: skip
def test_scrap_gives_an_error(text: str) -> None:
    assert has_errors(check(text))


@pytest.mark.parametrize("seed", range(5))
def test_diagnostics_of_a_broken_text_can_be_printed(seed: int) -> None:
    found = check(mutated(text_of(EXAMPLE) + "element é\u202e", Random(seed)))
    assert diagnostics_to_text(found)


# --- sizes and depths -------------------------------------------------------------------------


def test_file_of_five_megabytes_is_refused_unread() -> None:
    text = HEADER + "# a comment\n" * 450_000
    assert len(text) > 2 * MAXIMAL_FILE_SIZE
    assert "file-too-large" in codes(text)


def test_line_of_a_million_characters_gives_diagnostics() -> None:
    assert has_errors(check(HEADER + END + "element " + "x" * 1_000_000 + "\n"))


def test_million_line_ends_are_read() -> None:
    assert codes(HEADER + "\n" * 1_000_000 + END) == []


def condition(text: str) -> str:
    return f'{HEADER}{END}element b "B": boolean\ndefine d "D": boolean = {text}\n'


@pytest.mark.parametrize("depth", [61, 1_000, 10_000])
def test_parentheses_nested_too_deep_are_named(depth: int) -> None:
    assert "nesting-too-deep" in codes(condition("(" * depth + "b" + ")" * depth))


def test_parentheses_as_deep_as_allowed_are_read() -> None:
    depth = MAXIMAL_NESTING - 1
    assert codes(condition("(" * depth + "b" + ")" * depth)) == []


@pytest.mark.parametrize("bracket", ["(", "[", "{", ")", "]", "}"])
def test_ten_thousand_unclosed_brackets_are_named(bracket: str) -> None:
    assert has_errors(check(condition(bracket * 10_000)))


@pytest.mark.parametrize(
    "text",
    [
        "not " * 10_000 + "b",
        "ever " * 10_000 + "b",
        "1 " + "- " * 10_000 + "1 = 1",
        "b" + ".b" * 10_000,
        "1" + " + 1" * 10_000 + " = 1",
        "not (" * 5_000 + "b" + ")" * 5_000,
        "at least 1 of (" * 5_000 + "b" + ")" * 5_000,
    ],
    ids=["not", "ever", "minus", "field", "sum", "not in brackets", "thresholds"],
)  # fmt: skip
def test_long_chain_of_operators_gives_errors(text: str) -> None:
    assert has_errors(check(condition(text)))


@pytest.mark.parametrize("operator", ["and", "or"])
def test_ten_thousand_conditions_joined_are_read(operator: str) -> None:
    assert not has_errors(check(condition(f" {operator} ".join(["b"] * 10_000))))


def test_deep_indentation_gives_diagnostics() -> None:
    text = HEADER + END + 'type t "T":\n' + "".join(
        f'{"  " * (depth + 1)}v{depth} "V":\n' for depth in range(2_000)
    )  # fmt: skip
    check(text + "  " * 2_001 + 'last "Last"\n')


def test_ever_deeper_lines_give_diagnostics() -> None:
    assert has_errors(check(HEADER + "".join(" " * n + "x\n" for n in range(2_000))))


def test_five_thousand_declarations_are_read() -> None:
    text = HEADER + END + "".join(f'element e{n} "E{n}": boolean\n' for n in range(5_000))
    assert set(codes(text)) == {"unused-element"}


def test_five_thousand_broken_declarations_give_an_error_each() -> None:
    text = HEADER + END + "".join(f'element e{n} "E{n}" boolean\n' for n in range(5_000))
    assert codes(text).count("missing-colon") == 5_000


def errors_of(text: str) -> set[str]:
    return {d.code for d in check(text) if d.severity == "error"}


def test_definitions_that_double_each_other_are_not_written_out() -> None:
    text = condition("b") + "".join(
        f'define d{n} "D": boolean = {f"d{n - 1}" if n else "d"} or not {f"d{n - 1}" if n else "d"}\n'
        for n in range(40)
    )
    decision = '  decision n "N":\n    when d39 "Yes" -> done\n    when not d39 "No" -> other\n'
    text = text.replace('  end done "Done"\n', decision + '  end done "D"\n  end other "O"\n')
    check(text)


def test_chain_of_three_hundred_definitions_is_read() -> None:
    text = condition("b") + "".join(
        f'define d{n} "D{n}": boolean = not {f"d{n - 1}" if n else "d"}\n' for n in range(300)
    )
    assert not has_errors(check(text))


def test_chain_of_three_hundred_decisions_is_read() -> None:
    text = HEADER + 'element b "B": boolean\npathway p "P":\n' + "".join(
        f'  decision n{n} "N{n}":\n    when b -> n{n + 1}\n    otherwise -> n{n + 1}\n'
        for n in range(300)
    ) + '  end n300 "Done"\n'  # fmt: skip
    assert not has_errors(check(text))


@pytest.mark.parametrize("size", [50, 300, 3_000])
def test_chain_of_classes_is_read_or_named_too_deep(size: int) -> None:
    text = HEADER + END + 'agent a "A"\nclass c0 "C": a\n' + "".join(
        f'class c{n} "C": c{n - 1}\n' for n in range(1, size)
    )  # fmt: skip
    assert errors_of(text) <= {"nesting-too-deep"}


# --- circles --------------------------------------------------------------------------------------


def ring(size: int, line: str) -> str:
    return "".join(line.format(this=n, next=(n + 1) % size) for n in range(size))


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_classes_is_named(size: int) -> None:
    assert "circular-class" in codes(HEADER + END + ring(size, 'class c{this} "C": c{next}\n'))


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_definitions_is_named(size: int) -> None:
    text = HEADER + END + ring(size, 'define d{this} "D": boolean = not d{next}\n')
    assert "circular-definition" in codes(text)


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_derived_elements_is_named(size: int) -> None:
    text = HEADER + END + ring(size, 'element e{this} "E": boolean\n  derive e{next}\n')
    assert "circular-definition" in codes(text)


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_overrides_is_named(size: int) -> None:
    names = ", ".join(f"r{n}" for n in range(size))
    text = HEADER + f'pathway p "P":\n  together t "T":\n    -> {names}\n' + ring(
        size, '  recommend r{this} "R":\n    overrides r{next}\n'
    )  # fmt: skip
    assert "circular-override" in codes(text)


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_follows_is_named(size: int) -> None:
    text = 'guideline g "G":\n  version "1"\n  entry p0\n' + ring(
        size, 'pathway p{this} "P":\n  follow p{next}\n'
    )
    assert "recursive-follow" in codes(text)


@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_circle_of_nodes_is_named(size: int) -> None:
    text = HEADER + 'pathway p "P":\n' + ring(size, '  recommend r{this} "R" -> r{next}\n')
    assert "cycle" in codes(text)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_circle_of_shared_evidence_is_told(size: int) -> None:
    text = HEADER + END + ring(size, 'statement s{this} "S":\n  evidence from s{next}\n')
    assert has_errors(check(text))


def test_checking_twice_gives_the_same_diagnostics() -> None:
    for seed in range(5):
        text = mutated(text_of(EXAMPLE), Random(seed))
        assert check(text) == check(text)


def test_compilation_with_errors_has_no_guideline() -> None:
    compilation = compile_sources([Source("g.pathway", text_of(EXAMPLE)[:-200] + "(")])
    assert compilation.compiled is None
    assert has_errors(compilation.diagnostics)
