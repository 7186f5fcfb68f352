"""Reading a file: what is kept after a mistake, and how the mistake is told."""

import pytest

from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.syntax.parser import (
    DECLARATION_WORDS,
    MAXIMAL_ERRORS,
    MAXIMAL_FILE_SIZE,
    MAXIMAL_NESTING,
    parse,
    parse_expression,
)

ELEMENT = 'element fit "Fit": boolean\n'


def read(text: str) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """The kinds of the declarations that were read, and the problems."""
    file, problems = parse(Source("g.pathway", text))
    return [node.kind for node in file.declarations], problems


def codes(text: str) -> list[str]:
    return [problem.code for problem in read(text)[1]]


# --- what is read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n  \n", "# only a comment", "  # indented comment\n"]
)
def test_text_without_declarations_is_empty_and_right(text: str) -> None:
    assert read(text) == ([], ())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_of_any_system_are_read(end: str) -> None:
    text = f'guideline g "G":{end}  version "1"{end}{end}element a "A": boolean{end}'
    assert read(text) == (["guideline", "element"], ())


def test_last_line_needs_no_line_end() -> None:
    assert read(ELEMENT.rstrip()) == (["element"], ())


def test_comments_may_stand_anywhere() -> None:
    text = '# before\nelement a "A": boolean  # behind\n# between\n  # indented\n  ask "B"  # inside\n# after'
    assert read(text) == (["element"], ())


def test_hash_sign_in_a_text_starts_no_comment() -> None:
    assert read('element a "Number # one": boolean\n') == (["element"], ())


def test_line_may_go_on_within_brackets() -> None:
    text = 'define d "D": boolean = at least 1 of (\n  fit,\n\n      # a comment\n  fit\n)\n'
    assert read(text) == (["define"], ())


def test_word_at_the_margin_of_a_note_starts_no_declaration() -> None:
    text = f'element a "A": boolean\n  """\nelement b "B"\n  """\n{ELEMENT}'
    assert read(text) == (["element", "element"], ())


@pytest.mark.parametrize(
    "word", ["none", "first", "positive", "end_", "preferred", "version", "label"]
)
def test_word_is_a_keyword_only_where_a_keyword_can_stand(word: str) -> None:
    assert read(f'element a "A": one of {word} | other\n') == (["element"], ())


# --- what a mistake leaves ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        ('element a "A" boolean\n', "missing-colon", "boolean"),
        ('guideline g "G"\n  version "1"\n', "missing-colon", None),
        ('element a "A": boolean\n\task "B"\n', "tab-in-indentation", "\t"),
        ('element a "A: boolean\n', "unclosed-text", '"'),
        ('element a "A": boolean\n  """\n  never closed\n', "unclosed-text", '"""'),
        ('define d "D": boolean = (fit\n', "unclosed-bracket", "("),
        ('define d "D": boolean = fit)\n', "unclosed-bracket", ")"),
        ('define d "D": boolean = (fit]\n', "unclosed-bracket", "]"),
        ('elemnt a "A": boolean\n', "unknown-declaration", "elemnt"),
        ('define d "D": boolean = fit ; fit\n', "unexpected-character", ";"),
        ('element a "A": boolean\n    ask "B"\n  ask "C"\n', "bad-indentation", None),
        ('define d "D": boolean = fit and\n', "syntax-error", None),
        ('define d "D": boolean = fit fit\n', "syntax-error", "fit"),
    ],
)
def test_one_mistake_gives_one_error_and_leaves_the_rest_readable(
    text: str, code: str, underlined: str | None
) -> None:
    kinds, problems = read('agent x "X"\n' + text + ELEMENT)
    assert code in [p.code for p in problems]
    assert kinds[0] == "action"
    if underlined is not None:
        assert problems[0].span.text == underlined
    if code != "unclosed-text":
        assert len(problems) == 1
    if '"""' not in text:
        assert kinds[-1] == "element"


def test_misspelt_declaration_gets_a_suggestion() -> None:
    (problem,) = read('elemnt a "A": boolean\n')[1]
    assert problem.help is not None
    assert "element" in problem.help


def test_two_mistakes_in_one_pathway_are_both_told() -> None:
    text = (
        'pathway p "P":\n  recommend a "A" ->\n  recommend b "B"\n  recommend c ->\n  end d "D"\n'
    )
    kinds, problems = read(text)
    assert kinds == ["pathway"]
    assert [p.span.line for p in problems] == [2, 4]


def test_words_of_what_is_lost_are_remembered() -> None:
    file, problems = parse(Source("g", 'element lost_name "A" boolean\n' + ELEMENT))
    assert problems
    assert "lost_name" in file.damaged
    assert "fit" not in file.damaged


def test_errors_of_one_declaration_are_bounded() -> None:
    text = 'pathway p "P":\n' + "".join(f"  recommend r{n} ->\n" for n in range(100))
    assert len(codes(text)) <= MAXIMAL_ERRORS


@pytest.mark.parametrize("word", sorted(DECLARATION_WORDS))
def test_declaration_word_alone_gives_one_error(word: str) -> None:
    kinds, problems = read(f"{word}\n{ELEMENT}")
    assert kinds == ["element"]
    assert len(problems) == 1


# --- limits ---------------------------------------------------------------------------------------------


def test_file_at_the_limit_is_read_and_beyond_it_is_not() -> None:
    text = ELEMENT + "\n" * (MAXIMAL_FILE_SIZE - len(ELEMENT))
    assert read(text) == (["element"], ())
    assert codes(text + "\n") == ["file-too-large"]


@pytest.mark.parametrize("bracket", ["()", "[]", "{}"])
def test_brackets_beyond_the_limit_are_named_once(bracket: str) -> None:
    depth = MAXIMAL_NESTING + 1
    text = f'define d "D": boolean = {bracket[0] * depth}fit{bracket[1] * depth}\n'
    assert codes(text) == ["nesting-too-deep"]


# --- single expressions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["yes", " yes ", "1 + 1 = 2", "(yes or no) and not unknown"])
def test_expression_is_read(text: str) -> None:
    node, problems = parse_expression(Source("expression", text))
    assert node is not None
    assert problems == ()


@pytest.mark.parametrize(
    "text", ["", "yes yes", "yes and", "(yes", "yes\nelement", "1 +", "#", '"yes"']
)
def test_broken_expression_has_one_problem(text: str) -> None:
    node, problems = parse_expression(Source("expression", text))
    assert node is None
    assert len(problems) == 1
