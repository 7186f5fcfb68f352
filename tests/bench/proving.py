"""A large guideline for proofs: about 300 nodes, 80 elements, conditions of four facts each."""

from random import Random

__all__ = ["many_conditions"]

ELEMENTS = 80
AGENTS = 40
GIVEN = 30
"""The first agents are given by some recommendation; the rest are only ever avoided."""


def many_conditions(pathways: int = 12, decisions: int = 8, seed: int = 1) -> str:
    """Pathways side by side, each a row of decisions; no two recommendations contradict each other."""
    random = Random(seed)
    lines = ['guideline proofs "Proofs":', '  version "1"', "  entry main", ""]
    lines += [_element(number) for number in range(ELEMENTS)]
    lines += [f'agent agent_{number} "Agent {number}"' for number in range(AGENTS)]
    lines += [
        'element contraindicated "Contraindicated": set of agent',
        'contraindication listed "Listed": each of contraindicated',
        'pathway main "Main":',
        '  together all_of_them "All of them":',
        "    -> " + ", ".join(f"follow_{p}" for p in range(pathways)),
        *(f'  follow p{p} as follow_{p} "Part {p}"' for p in range(pathways)),
    ]
    for pathway in range(pathways):
        lines += [
            f'pathway p{pathway} "Part {pathway}":',
            f"  applies when {_condition(random, 1)}",
        ]
        for decision in range(decisions):
            after = f"d{decision + 1}" if decision + 1 < decisions else "finished"
            given = [f"agent_{random.randrange(GIVEN)}" for _ in range(3)]
            lines += [
                f'  decision d{decision} "Decision {decision}" first match:',
                f"    when {_condition(random, 2)} -> give{decision}",
                f"    when {_condition(random, 2)} -> {after}",
                f"    otherwise -> avoid{decision}",
                f'  recommend give{decision} "Give {decision}":',
                f"    give {given[0]} + ({given[1]} | {given[2]})",
                f"    -> {after}",
                f'  recommend avoid{decision} "Avoid {decision}":',
                f"    avoid agent_{GIVEN + random.randrange(AGENTS - GIVEN)}",
                f"    -> {after}",
            ]
        lines.append('  end finished "Finished"')
    return "\n".join(lines) + "\n"


def _element(number: int) -> str:
    types = (
        "boolean",
        f"one of a{number} | b{number} | c{number} | d{number}",
        "count from 0 to 50",
        "quantity in % from 0 to 100",
    )
    return f'element e{number} "Element {number}": {types[number % 4]}'


def _condition(random: Random, depth: int) -> str:
    if depth > 0:
        word = random.choice(("and", "or"))
        both = f"({_condition(random, depth - 1)} {word} {_condition(random, depth - 1)})"
        return both if random.random() < 0.7 else f"not {both}"
    number = random.randrange(ELEMENTS)
    match number % 4:
        case 0:
            return f"e{number}"
        case 1:
            return f"e{number} is {random.choice('ac')}{number}"
        case 2:
            return f"e{number} {random.choice(('<', '>='))} {random.randrange(1, 50)}"
        case _:
            return f"e{number} {random.choice(('<=', '>'))} {random.randrange(1, 100)} %"
