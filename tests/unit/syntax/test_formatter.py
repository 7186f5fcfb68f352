"""The formatter changes layout only, has one canonical form, and is content with what it wrote."""

from __future__ import annotations

import inspect
import re
import time
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from lark import Tree

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.syntax.formatter import diff_text, format_source
from pathway_compiler.syntax.grammar import pathway_parser
from pathway_compiler.syntax.parser import parse
from pathway_compiler.syntax.tree import Token


def formatted(text: str) -> str:
    result, diagnostics = format_source(Source("test.pathway", text))
    assert result is not None, [(d.message, str(d.span)) for d in diagnostics]
    return result


def lines(*parts: str) -> str:
    return "".join(f"{part}\n" for part in parts)


OFTEN = settings(
    max_examples=300,
    deadline=None,  # the first example builds the parser
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


# --- the canonical form ---------------------------------------------------------------------------

CANONICAL = '''\
# The whole language in one file.
guideline g "A guideline":
  version "1"
  language en
  entry p

grading uspstf "USPSTF":
  certainty high "High" | moderate | low
  grade A "offer", certainty high | moderate

statement s "Statement":
  lines 570-575, 580
  kind no-consensus  # as printed
  evidence high A [29-31, 38]
  issue "It says so."

agent tamoxifen "Tamoxifen": rxnorm 10324
agent letrozole "Letrozole"

class et "Endocrine therapy": tamoxifen, letrozole
class both "Both": (tamoxifen, letrozole)

element age "Age": quantity in years from -1 to 120
  typical 61 years
  burden low
  accept unused "For later."

type t "Tumour":
  t1 "T1": snomed 1-2.3:4, loinc 7
    t1a
  t2

slot line "Line": p.x, p.z

slot local "Local": (
    p.x,  # the first
    p.z
)

constraint "Sites": brain = 0 or sites contains any of (brain, none)
parameter cut "Cut-off": quantity in % = 50 %
parameter sites "Sites": set of site = {bone, liver, ...}

define late "Late" first match: one of yes_ | no_
  from s
  yes_ when -age < 24 months - 2 and at least 2 of (a, not b, c is not one of (x, y))
  no_ otherwise

pathway p "Pathway" with extended: boolean = yes, other: date:
  """
  Notes.

    - with a list
  """
  applies when any t in therapies where t.agent is a et

  decision d "Which?" all that apply:
    when (
        # either of these
        a < 10 '10*3/uL'  # low
        or months between started and today > 3
    ) -> x, y
    otherwise "None" -> z
    # Nothing else.
  # The courses.
  recommend against x "X" unless b:
    give a 500 mg every 1 month for 5 years + (b | c) if (age > 3) then d
    -> z

  no consensus y "Y"
  choose z "Z" any of combinable when c:
    preferred a1 "A" only if d:
      accept never_eligible "As printed."
      offer e
    fallback b1 "B"
  follow q with r = [-5 mg], w adding f as q2 -> z

case c "Case":
  as of 2020-05
  given therapies = [{agent: tamoxifen, started: 2016}, {agent: letrozole}, ...]
  recommends p.x preferred
  visit "Later":
    as of 30
    status needs_data
# The end.
'''


def test_canonical_text_stays_as_it_is() -> None:
    assert formatted(CANONICAL) == CANONICAL


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a  ,b", "a, b"),
        ("( a ,b )", "(a, b)"),
    ],
)
def test_names_in_a_class(written: str, expected: str) -> None:
    assert formatted(f'class  c "C" :{written}\n') == f'class c "C": {expected}\n'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a=-  5", "a = -5"),
        ("a-b- -3<24months", "a - b - -3 < 24 months"),
        ("-(a)*2/ - b", "-(a) * 2 / -b"),
        ("50%>a . b.c", "50 % > a.b.c"),
        ("a>=5 '10*3/uL'", "a >= 5 '10*3/uL'"),
        ("(((a)))or(b)", "(((a))) or (b)"),
        ("at   least 2 of(a,b)", "at least 2 of (a, b)"),
        ("a is  not  one  of( b,yes )", "a is not one of (b, yes)"),
        ("number   of x in y where(x.a=1)", "number of x in y where (x.a = 1)"),
        ("union   of x . a for x in y where(x.b=1)", "union of x.a for x in y where (x.b = 1)"),
        ("2016-05<a", "2016-05 < a"),
        ("2016 - 05 < a", "2016 - 05 < a"),
        ("unknown-no- today - 1", "unknown - no - today - 1"),
        ("(a\n  -b)", "(a\n    - b)"),
        ("(\n-b)", "(\n    -b)"),
        # With a space, `months` would be the word of `months between`.
        # A unit would take the full stop in.
        ("5 mg .x", "5 mg .x"),
    ],
)
def test_expressions(written: str, expected: str) -> None:
    assert formatted(f'constraint "C":{written}\n') == f'constraint "C": {expected}\n'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{a,b , ...}", "{a, b, ...}"),
        ("{ a,b ... }", "{a, b ...}"),
        ("{ ... }", "{...}"),
        ("{}", "{}"),
        ("[ - 5,-  6 , ]", "[-5, -6,]"),
        ("{a :5 ,b: {c:yes } }", "{a: 5, b: {c: yes}}"),
        ("5mg", "5 mg"),
        ('unknown"not done"', 'unknown "not done"'),
    ],
)
def test_literals(written: str, expected: str) -> None:
    start = 'parameter p "P": q ='
    assert formatted(f"{start}{written}\n") == f"{start} {expected}\n"


def test_indentation_of_any_width_becomes_two_spaces() -> None:
    text = lines('type t "T":', "     a", "       b", "          c", "     d", "            e")
    expected = lines('type t "T":', "  a", "    b", "      c", "  d", "    e")
    assert formatted(text) == expected


def test_line_breaks_inside_brackets_stay() -> None:
    text = lines('constraint "C": ((', " a", "", "or b )", "", "  and (c", " or d)", ")   # end")
    expected = lines(
        'constraint "C": ((',
        "        a",
        "        or b)",
        "    and (c",
        "        or d)",
        ")  # end",
    )
    assert formatted(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        (" \n\n  \n", ""),
        ("\n\n# a", "# a\n"),
        ('\r\nagent a "A"\r\n\r\n\r\n', 'agent a "A"\n'),
        ('  agent a "A"', 'agent a "A"\n'),
    ],
)
def test_start_and_end_of_a_file(written: str, expected: str) -> None:
    assert formatted(written) == expected


def test_blank_lines() -> None:
    text = lines(
        *('agent a "A"', 'agent b "B"', "", "", 'agent c "C"', 'type t "T":', "", "  a", "", ""),
        *("  b", 'agent d "D"', "# about e", 'type e "E":', "  a", "  # end of e", "# after e", ""),
        *('type f "F":', "  a"),
    )
    expected = lines(
        *('agent a "A"', 'agent b "B"', "", 'agent c "C"', "", 'type t "T":', "  a", ""),
        *("  b", "", 'agent d "D"', "", "# about e", 'type e "E":', "  a", "  # end of e"),
        *("# after e", "", 'type f "F":', "  a"),
    )
    assert formatted(text) == expected


def test_comments_take_the_indentation_of_what_follows_or_of_their_block() -> None:
    text = lines(
        *("      # one", 'type t "T":', "# two", "    a", "         # three", "    b"),
        *("# four", "       c #five  ", "       # six", "     # seven", "       # eight", "    d"),
        *("       # nine", "", "    # ten", "  # eleven"),
    )
    text = text.replace("      # one", "# one")
    expected = lines(
        *("# one", 'type t "T":', "  # two", "  a", "  # three", "  b"),
        *("    # four", "    c  #five", "    # six", "  # seven", "  # eight", "  d"),
        *("  # nine", "", "  # ten", "# eleven"),
    )
    assert formatted(text) == expected


def test_notes_move_with_their_block() -> None:
    text = (
        'type t "T":\n      """ First\n      line  \n\n        more\ttab\n     """ # c\n      a\n'
    )
    expected = 'type t "T":\n  """ First\n  line  \n\n    more    tab\n  """  # c\n  a\n'
    assert formatted(text) == expected


@OFTEN
@given(st.text(alphabet=" \t\n\r\x0b\u00a0\u2028a#'x(", max_size=30), st.integers(1, 9))
@example("\n    a\n      ", 4)
@example("a\n   ", 1)
def test_notes_keep_their_text(content: str, width: int) -> None:
    text = f'type t "T":\n{" " * width}"""{content}"""\n{" " * width}a\n'
    once = formatted(text)
    note = once[once.index('"""') + 3 : once.rindex('"""')]

    assert inspect.cleandoc(note) == inspect.cleandoc(re.sub(r"\r+\n", "\n", content))
    assert formatted(once) == once


def test_a_form_feed_is_no_white_space() -> None:
    assert [d.code for d in format_source(Source("f", 'agent\fa "A"\n'))[1]] == [
        "unexpected-character"
    ]


def test_a_file_with_syntax_errors_is_refused() -> None:
    source = Source("bad.pathway", 'element a "A": boolean\nelement b "B"\n')

    assert format_source(source) == (None, parse(source)[1])
    assert [d.code for d in format_source(source)[1]] == ["missing-colon"]


def test_a_long_file_takes_no_time() -> None:
    text = CANONICAL * 30
    formatted(CANONICAL)  # builds the parser
    start = time.process_time()
    once = formatted(text)
    taken = time.process_time() - start

    assert len(once.splitlines()) > 2000
    assert taken < 3  # about 0.5 s on one core; the limit leaves room for a busy machine


# --- the diff -------------------------------------------------------------------------------------


def test_diff_of_equal_texts_is_empty() -> None:
    assert diff_text(CANONICAL, CANONICAL, "a.pathway") == ""


def test_diff_shows_lines_and_a_missing_line_end() -> None:
    assert diff_text("a\nb\u2028\nc", "a\nB\u2028\nc\n", "x/a.pathway") == (
        "--- x/a.pathway\n+++ x/a.pathway\n@@ -1,3 +1,3 @@\n a\n"
        "-b\u2028\n-c\n\\ No newline at end of file\n+B\u2028\n+c\n"
    )


# --- any text that the grammar allows, in any layout ----------------------------------------------

NL, INDENT, DEDENT = "_NL", "_INDENT", "_DEDENT"

SAMPLES = {
    "KIND": ("recommend", "no-consensus"),
    "STATUS": ("needs_data",),
    "ACTION_KIND": ("agent", "service"),
    "BURDEN": ("low", "moderate"),
    "FIRST_MATCH": ("first match",),
    "ALL_THAT_APPLY": ("all that apply",),
    "ANY_OF": ("any of",),
    "RECOMMEND": ("recommend", "recommend against", "no consensus", "await research"),
    "RANK": ("preferred", "option"),
    "VERB": ("give", "do"),
    "QUANTIFIER": ("any", "every"),
    "THRESHOLD": ("at least", "at most", "exactly"),
    "PICK": ("latest",),
    "PERIOD": ("months", "days"),
    "A": ("a", "an"),
    "COMPARISON": ("<=", "=", "<"),
    "PRODUCT_OPERATOR": ("*", "/"),
    "NAME": ("x", "her2_status", "T1c", "b", "none"),
    "CODE": ("48676-1", "10324", "a.b:c_d"),
    "NUMBER": ("0", "24", "2016", "1.5"),
    "DATE": ("2016-05", "2020-12-31"),
    "UNIT": ("months", "%", "mg", "m[H2O]", "kg/m^2", "{score}"),
    "QUOTED_UNIT": ("'10*3/uL'", "'mg'"),
    "TEXT": ('"""A note."""', '"""\n    Two\n      lines # no comment  \n\n    """', '""""""'),
    "STRING": ('""', '"A  label"', '"# \\" ("', '"≥ 2 – ’"'),
}
ODD_NAMES = ("months", "option", "against", "any", "order", "service", "days")


@cache
def _rules() -> dict[str, list[list[tuple[str, bool]]]]:
    rules: dict[str, list[list[tuple[str, bool]]]] = {}
    for rule in pathway_parser().rules:
        expansion = [(symbol.name, symbol.is_term) for symbol in rule.expansion]
        rules.setdefault(rule.origin.name, []).append(expansion)
    return rules


@cache
def _costs() -> dict[str, int]:
    """The least number of tokens each rule takes."""
    costs: dict[str, int] = dict.fromkeys(_rules(), 10**6)
    changed = True
    while changed:
        changed = False
        for name, expansions in _rules().items():
            least = min(_cost(expansion, costs) for expansion in expansions)
            if least < costs[name]:
                costs[name], changed = least, True
    return costs


def _cost(expansion: list[tuple[str, bool]], costs: dict[str, int]) -> int:
    return sum(1 if is_terminal else costs[name] for name, is_terminal in expansion)


@cache
def _spelling(terminal: str) -> tuple[str, ...]:
    if terminal in SAMPLES:
        return SAMPLES[terminal]
    if terminal in (NL, INDENT, DEDENT):
        return (terminal,)
    return (str(pathway_parser().get_terminal(terminal).pattern.value),)


def random_declaration(random: Random) -> list[tuple[str, str]]:
    """Tokens (type and text) of a random declaration, block marks included."""
    tokens: list[tuple[str, str]] = []
    stack: list[tuple[str, bool]] = [("declaration", False)]
    budget = random.choice((10, 40, 120))
    while stack:
        name, is_terminal = stack.pop()
        if is_terminal:
            text = random.choice(_spelling(name))
            if name == "NAME" and random.random() < 0.02:
                text = random.choice(ODD_NAMES)
            tokens.append((name, text))
            continue
        expansions = _rules()[name]
        if len(tokens) + len(stack) > budget:
            least = min(_cost(e, _costs()) for e in expansions)
            expansions = [e for e in expansions if _cost(e, _costs()) == least]
        stack.extend(reversed(random.choice(expansions)))
    return tokens


def plain_layout(tokens: list[tuple[str, str]]) -> str:
    """One space between tokens, blocks at two spaces, nothing else."""
    return _laid_out(tokens, None)


def random_layout(tokens: list[tuple[str, str]], random: Random, *, free: bool = True) -> str:
    """Any layout; `free` also breaks lines inside brackets and adds comments and blank lines."""
    return _laid_out(tokens, random, free)


def _laid_out(tokens: list[tuple[str, str]], random: Random | None, free: bool = False) -> str:
    line_end = random.choice(("\n", "\r\n")) if random else "\n"
    widths = [0]
    out: list[str] = []
    depth = 0
    at_line_start = True

    def comments(chance: float) -> None:
        assert random is not None
        while free and random.random() < chance:
            out.append(random.choice(("", "", "   ", "# c", "#", '#  d ( """ ', " # e", "  #f")))
            if out[-1].startswith(" #"):
                out[-1] = " " * random.randrange(12) + out[-1]
            out.append(line_end)

    if random:
        comments(0.3)
    for kind, text in tokens:
        if kind == NL:
            if random:
                out.append(" " * random.choice((0, 0, 0, 2)))
                if free and random.random() < 0.2:
                    out.append(random.choice(("# t", "#t (  ", '  # "t" ')))
            out.append(line_end)
            if random:
                comments(0.3)
            at_line_start = True
            continue
        if kind == INDENT:
            widths.append(widths[-1] + (random.randint(1, 5) if random else 2))
            continue
        if kind == DEDENT:
            widths.pop()
            continue
        if at_line_start:
            out.append(" " * widths[-1])
        elif random is None:
            out.append(" ")
        elif free and depth and random.random() < 0.15:
            out.append(random.choice(("", " ", "  # in", "# in ) ")) + line_end)
            comments(0.3)
            out.append(" " * random.randint(1, 9))
        elif not (text[0].isalnum() or text[0] in "_%-.[{'") and kind not in ("ELLIPSIS", "UNIT"):
            out.append(random.choice(("", " ", "   ", "\t")))
        else:
            out.append(random.choice((" ", " ", "  ", "   ", "\t")))
        at_line_start = False
        if random and " " in text and kind in ("RECOMMEND", "THRESHOLD", "FIRST_MATCH", "ANY_OF"):
            text = text.replace(" ", random.choice((" ", "  ")))
        if kind == "TEXT":
            text = text.replace("\n", line_end)
        out.append(text)
        if kind in ("LPAR", "LSQB", "LBRACE"):
            depth += 1
        elif kind in ("RPAR", "RSQB", "RBRACE"):
            depth -= 1
    return "".join(out)


def shape(part: Tree[Token] | Token) -> Any:
    """A tree without places; layout inside a token counts only where the language counts it."""
    if isinstance(part, Token):
        text = str(part)
        if part.type == "TEXT":
            text = inspect.cleandoc(text[3:-3].replace("\r\n", "\n"))
        elif part.type not in ("STRING", "QUOTED_UNIT"):
            text = " ".join(text.split())
        return part.type, text
    return str(part.data), [shape(child) for child in part.children]


def shapes(text: str) -> list[Any] | None:
    file, diagnostics = parse(Source("test.pathway", text))
    return None if diagnostics else [shape(d) for d in file.declarations]


def assert_only_layout_changes(text: str) -> str:
    """Formats the text and checks every promise that holds whatever the text is."""
    once = formatted(text)
    assert shapes(once) == shapes(text)
    assert formatted(once) == once
    assert "".join(once.split()) == "".join(text.split())
    assert "\r" not in once
    assert "\n\n\n" not in once.replace('"""', "")
    assert once == "" or (once[0] not in "\n " and once.endswith("\n") and once[-2:] != "\n\n")
    return once


SEEDS = st.integers(0, 2**32)


@OFTEN
@given(SEEDS)
def test_any_declarations_in_any_layout_keep_their_tree_and_words(seed: int) -> None:
    random = Random(seed)
    tokens: list[tuple[str, str]] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        tokens += random_declaration(random)
    text = random_layout(tokens, random)
    assume(shapes(text) is not None)
    assert_only_layout_changes(text)


@OFTEN
@given(SEEDS)
def test_there_is_one_canonical_form(seed: int) -> None:
    random = Random(seed)
    tokens = random_declaration(random)
    plain = plain_layout(tokens)
    mixed = random_layout(tokens, random, free=False)
    assume(shapes(plain) is not None)
    assume(shapes(mixed) == shapes(plain))

    assert formatted(mixed) == formatted(plain)


@settings(OFTEN, max_examples=80)
@given(SEEDS, st.sampled_from(("\n", "\r\n")))
def test_white_space_changed_in_a_real_text_changes_nothing(seed: int, line_end: str) -> None:
    """Blocks further in, more spaces, blank lines and comments put in, Windows line ends."""
    random = Random(seed)
    changed: list[str] = []
    in_note = False
    for line in CANONICAL.splitlines():
        in_note ^= line.count('"""') % 2 == 1
        if in_note or '"""' in line:
            changed.append("    " + line if line else line)
            continue
        code, mark, comment = line.partition("  #")
        indentation = code[: len(code) - len(code.lstrip())] * 3
        words = code.split(" ") if '"' not in code and "'" not in code else [code.strip()]
        words = [w for w in words if w]
        spaced = "".join(w + " " * random.choice((1, 1, 2, 4)) for w in words)
        changed.append(f"{indentation}{spaced}{mark}{comment}")
        if random.random() < 0.2:
            changed.append(random.choice(("", "   ", "# new", " " * 7 + "# new")))
    text = line_end.join(changed)

    assert shapes(text) == shapes(CANONICAL)
    assert_only_layout_changes(text)
