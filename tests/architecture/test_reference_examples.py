"""Every example of the language reference is checked, and every construct appears in it."""

import re

import pytest

from markdown_tests import (
    REPOSITORY,
    Block,
    blocks,
    errors,
    evaluations,
    expression_problems,
    findings,
    guideline_text,
)
from pathway_compiler.semantics.scope import CONDITION_WORDS
from pathway_compiler.syntax.grammar import grammar_text, keywords

REFERENCE = REPOSITORY / "dsl" / "reference.md"
TEXT = REFERENCE.read_text(encoding="utf-8")
EXAMPLES = [b for b in blocks(TEXT) if b.language == "pathway"]
EXPRESSIONS = [b for b in blocks(TEXT) if b.language == "eval"]


def _at(block: Block) -> str:
    return f"line-{block.line}"


@pytest.mark.parametrize("example", EXAMPLES, ids=_at)
def test_example_is_checked(example: Block) -> None:
    found = errors(findings(guideline_text(example)))
    if example.error is not None:
        assert {d.code for d in found} == {example.error}
        return
    problems = [
        f"reference.md:{example.line + d.span.line - 1}: {d.code}: {d.message}" for d in found
    ]
    assert not problems


@pytest.mark.parametrize("block", EXPRESSIONS, ids=_at)
def test_expressions_have_the_value_that_is_shown(block: Block) -> None:
    assert not expression_problems(block)


def test_every_expression_example_says_its_value() -> None:
    assert sum(len(evaluations(block).expressions) for block in EXPRESSIONS) >= 60


def test_words_listed_are_the_words_of_the_grammar() -> None:
    listed = re.search(r"<!-- words -->(.*?)<!-- /words -->", TEXT, re.DOTALL)
    assert listed is not None
    words = re.findall(r"`(\w+)`", listed[1])
    assert words == sorted(words)
    assert set(words) == keywords()


def test_words_that_name_no_fact_are_listed() -> None:
    sentence = re.search(r"begins a condition: (.*?)\. The words are", TEXT, re.DOTALL)
    assert sentence is not None
    assert set(re.findall(r"`(\w+)`", sentence[1])) == CONDITION_WORDS


def _in_examples() -> str:
    return "\n".join(b.text for b in blocks(TEXT))


def test_every_word_of_the_grammar_is_used_in_an_example() -> None:
    used = set(re.findall(r"\w+", _in_examples()))
    assert keywords() <= used


def test_every_word_that_the_grammar_reads_by_a_pattern_is_mentioned() -> None:
    patterns = re.findall(r"^[A-Z_]+\.3: /\(([^/]*)\)\(\?!", grammar_text(), re.MULTILINE)
    assert patterns
    words = {re.sub(r"\[[^]]*\]\+", " ", w) for p in patterns for w in p.split("|")}
    words = {"an" if w == "an?" else w for w in words}
    missing = {w for w in words if f"`{w}`" not in TEXT}
    assert not missing


@pytest.mark.parametrize(
    "declaration",
    "".join(re.findall(r"^declaration: ([\s\S]*?)\n\n", grammar_text(), re.MULTILINE))
    .replace("|", " ")
    .split(),
)
def test_every_declaration_has_a_heading_of_its_own(declaration: str) -> None:
    words = {
        "type_declaration": ["type"],
        "action": ["agent", "procedure", "investigation", "service"],
        "action_class": ["class"],
    }
    for word in words.get(declaration, [declaration]):
        assert re.search(rf"^### .*`{word}`", TEXT, re.MULTILINE), f"no heading for `{word}`"


NODES = [
    "decision",
    "recommend",
    "choose",
    "standing",
    "together",
    "follow",
    "review",
    "end",
    "outside",
]


@pytest.mark.parametrize("node", NODES)
def test_every_node_has_a_heading_of_its_own(node: str) -> None:
    items = re.search(r"^\?pathway_item:([\s\S]*?)\n\n", grammar_text(), re.MULTILINE)
    assert items is not None
    assert re.search(rf"\b{node}\b", items[1])
    assert re.search(rf"^### .*`{node}`", TEXT, re.MULTILINE), f"no heading for `{node}`"


def test_no_node_kind_is_forgotten_by_this_test() -> None:
    from typing import get_args

    from pathway_compiler.model.pathway import Node

    kinds = {cls.__name__.lower() for cls in get_args(Node)}
    assert kinds == set(NODES)


def test_every_grammar_rule_is_used_in_some_example() -> None:
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.syntax.parser import parse
    from pathway_compiler.syntax.tree import SyntaxNode

    used: set[str] = set()
    texts = [guideline_text(b) for b in EXAMPLES] + [evaluations(b).guideline for b in EXPRESSIONS]
    for text in texts:
        parsed, _ = parse(Source("example", text))
        waiting: list[SyntaxNode] = list(parsed.declarations)
        while waiting:
            node = waiting.pop()
            used.add(node.kind)
            waiting.extend(node.nodes())
    grammar = re.sub(r"//.*", "", grammar_text())
    rules = set(re.findall(r"->\s*(\w+)", grammar))
    rules |= set(re.findall(r"^([a-z]\w*):", grammar, re.MULTILINE))
    rules -= {"start", "declaration", "expression_text"}  # where reading begins
    assert sorted(rules - used) == []
