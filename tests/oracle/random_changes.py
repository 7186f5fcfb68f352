"""Two versions of a random guideline that differ in one small thing, or in nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from oracle.plans import (
    Agent,
    Compare,
    Joined,
    Label,
    Not,
    Pathway,
    Plan,
    RandomGuideline,
    Target,
    Test,
    Threshold,
    guideline_of,
)
from oracle.random_guidelines import plans

__all__ = ["Change", "ChangeKind", "changes"]

ChangeKind = Literal["threshold", "condition", "target", "agent", "label", "nothing"]


@dataclass(frozen=True)
class Change:
    """A guideline before and after a change; both have the same elements, values and settings."""

    kind: ChangeKind
    old: RandomGuideline
    new: RandomGuideline


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A limit moved, a condition negated, an arrow led elsewhere, an agent exchanged, a label changed."""
    plan = draw(plans())
    found = {kind: list(_changed(plan, kind)) for kind in get_args(ChangeKind)}
    kind = draw(st.sampled_from([kind for kind in found if found[kind]]))
    return Change(kind, guideline_of(plan), guideline_of(draw(st.sampled_from(found[kind]))))


def _changed(plan: Plan, kind: ChangeKind) -> Iterator[Plan]:
    """The plan with one change of a kind, in each way that leaves every node reached."""
    if kind == "nothing":
        yield plan
    body = replace(plan, elements=())
    for path, part in _parts(body):
        for other in _others(plan, body, path, part, kind):
            changed = replace(_put(body, path, other), elements=plan.elements)
            if kind != "target" or all(map(_all_reached, changed.pathways)):
                yield changed


Path = tuple[int | str, ...]


def _others(plan: Plan, body: Plan, path: Path, part: Any, kind: ChangeKind) -> list[Any]:
    """What can stand in the place of a part."""
    match kind, part:
        case "threshold", Compare():
            return [replace(part, at=at) for at in range(len(part.limits)) if at != part.at]
        case "condition", Test() | Compare() | Not() | Joined() | Threshold():
            return [Not(part)]
        case "agent", Agent():
            return [Agent(name) for name in (*plan.agents, "xy") if name != part.name]
        case "label", Label():
            return [Label(part.text + " again")]
        case "target", Target():
            nodes = plan.pathways[int(path[1])].nodes[int(path[3]) + 1 :]
            beside = _at(body, path[:-1])
            later = [Target(node.name) for node in nodes if "standing" not in node.words]
            return [target for target in later if target not in beside]
    return []


def _parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every record within a plan, with the way to it."""
    if is_dataclass(value):
        yield path, value
        for field in fields(value):
            yield from _parts(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _parts(item, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def _put(value: Any, path: Path, part: Any) -> Any:
    """The plan with another part at a place."""
    if not path:
        return part
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], _put(value[step], rest, part), *value[step + 1 :])
    return replace(value, **{step: _put(getattr(value, step), rest, part)})


def _all_reached(pathway: Pathway) -> bool:
    leads = {
        node.name: [t.name for t in (*node.targets, *(t for b in node.branches for t in b.targets))]
        for node in pathway.nodes
    }
    waiting, reached = [pathway.nodes[0].name], set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += leads[name]
    return reached == {n.name for n in pathway.nodes if "standing" not in n.words}
