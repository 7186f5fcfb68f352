"""From Graphviz' SVG to one that can live in a page: names, screen readers, dark mode.

Graphviz writes a stand-alone document in points, with node names as tooltips and with the same ids
in every drawing. `finish_svg` makes it a fragment with its own ids, a title and a description, and
a spoken label for each node. Colours are literal in the light drawing; a mapping from light to dark
colours gives the dark one (`darken`), or one that follows the reader's setting (`mode="auto"`).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

__all__ = [
    "finish_svg",
    "darken",
    "palette_style",
    "pair_palettes",
    "recolour_dot",
    "Mode",
]

Mode = Literal["light", "dark", "auto"]

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)

FONT_FALLBACKS = "Arial, 'Liberation Sans', Helvetica, sans-serif"
PIXELS_PER_POINT = 96 / 72
NAMED_COLOURS = {"white": "#ffffff", "black": "#000000"}


def finish_svg(
    svg: bytes | str,
    *,
    prefix: str,
    title: str,
    description: str,
    aria: Mapping[str, str],
    order: Sequence[str] = (),
    lang: str | None = None,
    mode: Mode = "light",
    palette: Mapping[str, str] | None = None,
    classes: Mapping[str, str] | None = None,
    links: Callable[[str], str] | None = None,
    inline: bool = False,
) -> str:
    """Make a Graphviz drawing fit for a page.

    `prefix` is put before every id, as it is, so that two drawings can share a page; the root gets
    the id `<prefix>svg`. Links to `#id` follow when the drawing has that id, and stay as they are
    when it has not (they lead to the page around). `aria` gives the spoken text of a node, edge,
    cluster or answer cell, by the `id` it has in DOT or by its name there. `order` lists nodes in
    the order in which the tab key visits them. `palette` maps light colours to dark ones and is
    used by the modes `dark` and `auto`. `classes` names answer cells and other cells with an id: they
    get that class, and their own id where Graphviz writes `a_<id>`. `links` says where a link to an
    id leads instead. `inline` makes an element of HTML, which needs no namespaces and has no tooltips.
    """
    root = ET.fromstring(svg)
    names = _take_titles(root)
    _separate_nested_links(root)
    _order_nodes(root, order, names)
    _normalise_presentation(root)
    if links is not None:
        _lead(root, links)
    spoken = _label(root, aria, names)
    _name_cells(root, classes or {})
    _prefix_ids(root, prefix)
    _describe(root, prefix, title, description, has_parts=spoken)
    _size_in_pixels(root)
    if lang:
        root.set("lang", lang)
        root.set(f"{{{XML}}}lang", lang)
    if palette and mode == "dark":
        _recolour(root, _normalised(palette))
    elif palette and mode == "auto":
        style = ET.Element(f"{{{SVG}}}style")
        style.text = _media(_rules(_normalised(palette), f"#{_css_name(prefix + 'svg')}"))
        style.tail = "\n"
        root.insert(2, style)
    return (_as_html(root) if inline else ET.tostring(root, encoding="unicode")) + "\n"


def darken(svg: bytes | str, palette: Mapping[str, str]) -> str:
    """The same drawing with the dark colour literally in place of each light one."""
    root = ET.fromstring(svg)
    _normalise_presentation(root)
    _recolour(root, _normalised(palette))
    return ET.tostring(root, encoding="unicode") + "\n"


def palette_style(light: Mapping[str, str], dark: Mapping[str, str], *, scope: str = "") -> str:
    """The CSS that turns drawings dark for readers who set it so; for a page's own style sheet.

    Both palettes are by role. `scope` is a selector put before each rule; without one the rules
    reach every SVG of the page.
    """
    return _media(_rules(_normalised(pair_palettes(light, dark)), scope))


def pair_palettes(light: Mapping[str, str], dark: Mapping[str, str]) -> dict[str, str]:
    """From two palettes by role to one mapping of light colours to dark ones.

    A colour carries no role in the drawing. Two roles that share a light colour but not a dark one
    cannot be told apart, which is a `ValueError`: change one of them by one digit.

    >>> pair_palettes({"card": "#FFFFFF"}, {"card": "#1C252E"})
    {'#ffffff': '#1c252e'}
    """
    pairs: dict[str, str] = {}
    for role, colour in light.items():
        source = _colour(colour)
        target = _colour(dark[role])
        if pairs.setdefault(source, target) != target:
            raise ValueError(
                f"`{role}` shares the light colour {source} with another role, "
                f"which becomes {pairs[source]} and not {target}"
            )
    return pairs


def recolour_dot(dot: str, mapping: Mapping[str, str]) -> str:
    """Replace colours in DOT text, for dark PNG and PDF. Only colour attributes are touched.

    >>> recolour_dot('a [fillcolor=white label=<<TD BGCOLOR="#FFFFFF">white</TD>>]',
    ...              {"#ffffff": "#1c252e"})
    'a [fillcolor="#1c252e" label=<<TD BGCOLOR="#1c252e">white</TD>>]'
    """
    colours = _normalised(mapping)

    def replace(found: re.Match[str]) -> str:
        parts = re.split(r"([:;])", found["value"].strip('"'))  # a gradient is a list of colours
        renewed = [colours.get(_colour(part), part) for part in parts]
        return found[0] if renewed == parts else f'{found["name"]}"{"".join(renewed)}"'

    return _DOT_COLOUR.sub(replace, dot)


_DOT_COLOUR = re.compile(
    r'(?P<name>\b(?:fill|font|bg|pen|label)?color\s*=\s*)(?P<value>"[^"]*"|[A-Za-z]+)',
    re.IGNORECASE,
)


# --- the steps of finish_svg, in order ---------------------------------------------------------


def _take_titles(root: ET.Element) -> dict[str, str]:
    """Remove the titles, which browsers show as tooltips; keep them as id -> name in DOT."""
    names: dict[str, str] = {}
    for group in list(root.iter(f"{{{SVG}}}g")):
        for child in list(group):
            if child.tag == f"{{{SVG}}}title":
                names[group.get("id", "")] = child.text or ""
                group.remove(child)
    return names


def _separate_nested_links(root: ET.Element) -> None:
    """Put links of answer cells beside the link of their node: a link in a link is not valid."""
    for group in root.iter(f"{{{SVG}}}g"):
        for position, outer in reversed(list(enumerate(group))):
            link = outer.find(f"{{{SVG}}}a")
            if link is None or outer.tag != f"{{{SVG}}}g":
                continue
            inner = [child for child in link if child.find(f"{{{SVG}}}a") is not None]
            for child in inner:
                link.remove(child)
            group[position + 1 : position + 1] = inner


def _order_nodes(root: ET.Element, order: Sequence[str], names: Mapping[str, str]) -> None:
    """Nodes change places among themselves, so edges stay below or above as they were."""
    if not order:
        return
    rank = {name: number for number, name in reversed(list(enumerate(order)))}
    graph = root.find(f"{{{SVG}}}g")
    if graph is None:
        return

    def place(node: ET.Element) -> int:
        identity = node.get("id", "")
        return rank.get(identity, rank.get(names.get(identity, ""), len(rank)))

    places = [number for number, child in enumerate(graph) if _kind(child) == "node"]
    nodes = sorted((graph[number] for number in places), key=place)
    for number, node in zip(places, nodes, strict=True):
        graph[number] = node


def _normalise_presentation(root: ET.Element) -> None:
    """Write every colour as lower-case hex and every font with what may stand in for it."""
    for element in root.iter():
        for attribute in ("fill", "stroke"):
            value = element.get(attribute)
            if value is not None:
                element.set(attribute, _colour(value))
        if element.tag == f"{{{SVG}}}text":
            if element.get("fill") is None:
                element.set("fill", "#000000")
            if element.get("font-family") in ("Arial", "Helvetica", "Helvetica,sans-Serif"):
                element.set("font-family", FONT_FALLBACKS)


def _label(root: ET.Element, aria: Mapping[str, str], names: Mapping[str, str]) -> bool:
    """Give spoken names to groups and links; say whether there are any."""
    found = False
    for group in root.iter(f"{{{SVG}}}g"):
        identity = group.get("id", "")
        link = group.find(f"{{{SVG}}}a")
        text = aria.get(identity) or aria.get(names.get(identity, ""))
        if text and _kind(group):
            group.set("role", "group")
            group.set("aria-label", text)
            found = True
        if link is None:
            continue
        found = True
        # Graphviz names the group around a link `a_` and the id of the node or cell.
        owner = identity.removeprefix("a_")
        tooltip = link.get(f"{{{XLINK}}}title", "")
        if tooltip.startswith("<"):  # no tooltip was given: it is the first tag of the label
            tooltip = ""
            del link.attrib[f"{{{XLINK}}}title"]
        spoken = aria.get(owner) or aria.get(names.get(owner, "")) or tooltip
        if spoken:
            link.set("aria-label", spoken)
    return found


def _name_cells(root: ET.Element, classes: Mapping[str, str]) -> None:
    for group in root.iter(f"{{{SVG}}}g"):
        owner = group.get("id", "").removeprefix("a_")
        if owner in classes and group.get("id") != owner:
            group.set("id", owner)
            group.set("class", classes[owner])


def _lead(root: ET.Element, links: Callable[[str], str]) -> None:
    """Links to an id lead where they should, to the page around the drawing or to another one."""
    for link in root.iter(f"{{{SVG}}}a"):
        target = link.get(f"{{{XLINK}}}href", "")
        if target.startswith("#"):
            del link.attrib[f"{{{XLINK}}}href"]
            link.set("href", links(target[1:]))


def _name_links_as_shown(root: ET.Element) -> None:
    """The name of a link holds what it shows, word by word, or who speaks to a browser misses it.

    It has the name of the group around it, too, which would be said twice.
    """
    for group in root.iter(f"{{{SVG}}}g"):
        link = group.find(f"{{{SVG}}}a")
        if link is None:
            continue
        if group.get("role") == "group":
            del group.attrib["role"], group.attrib["aria-label"]
        shown = " ".join("".join(t.itertext()) for t in link.iter(f"{{{SVG}}}text"))
        spoken = link.get("aria-label", "")
        if _plain(shown) not in _plain(spoken):
            kind = spoken.partition(":")[0]
            before = "" if shown.startswith(kind) else f"{kind}: "
            link.set("aria-label", f"{before}{shown}")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _as_html(root: ET.Element) -> str:
    """As a part of an HTML page, where the parser knows the namespaces by itself."""
    _name_links_as_shown(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        for name in [name for name in element.attrib if name.startswith("{")]:
            value = element.attrib.pop(name)
            if name == f"{{{XLINK}}}href":
                element.set("href", value)
    return ET.tostring(root, encoding="unicode")


def _prefix_ids(root: ET.Element, prefix: str) -> None:
    ids = {element.get("id", "") for element in root.iter() if element.get("id")}
    for element in root.iter():
        for attribute, value in list(element.attrib.items()):
            if attribute == "id":
                element.set("id", prefix + value)
            elif attribute == f"{{{XLINK}}}href":  # `href` leads to the page around
                if value.startswith("#") and value[1:] in ids:
                    element.set(attribute, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(attribute, value.replace("url(#", f"url(#{prefix}"))


def _describe(
    root: ET.Element, prefix: str, title: str, description: str, *, has_parts: bool
) -> None:
    # `img` hides everything inside from a screen reader, links too. It is right only for a
    # drawing without parts; the other role is from WAI-ARIA Graphics, with its fallback.
    root.set("id", f"{prefix}svg")
    root.set("role", "graphics-document document" if has_parts else "img")
    root.set("aria-labelledby", f"{prefix}svg-title")
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{prefix}svg-{tag}"})
        element.text = text
        element.tail = "\n"
        root.insert(position, element)
    if description:
        root.set("aria-describedby", f"{prefix}svg-desc")


def _size_in_pixels(root: ET.Element) -> None:
    for attribute in ("width", "height"):
        value = root.get(attribute, "")
        if value.endswith("pt"):
            pixels = float(value.removesuffix("pt")) * PIXELS_PER_POINT
            root.set(attribute, f"{pixels:.2f}".rstrip("0").rstrip("."))


# --- colours -----------------------------------------------------------------------------------


def _recolour(root: ET.Element, colours: Mapping[str, str]) -> None:
    for element in root.iter():
        for attribute in ("fill", "stroke"):
            value = element.get(attribute, "")
            if value in colours:
                element.set(attribute, colours[value])


def _rules(colours: Mapping[str, str], scope: str) -> Iterator[str]:
    before = f"{scope} " if scope else ""
    for light, dark in colours.items():
        for attribute in ("fill", "stroke"):
            yield f'{before}[{attribute}="{light}"]{{{attribute}:{dark}}}'


def _media(rules: Iterator[str]) -> str:
    lines = "\n".join(f"  {rule}" for rule in rules)
    return f"\n@media (prefers-color-scheme: dark) {{\n{lines}\n}}\n"


def _normalised(mapping: Mapping[str, str]) -> dict[str, str]:
    return {_colour(light): _colour(dark) for light, dark in mapping.items()}


def _colour(text: str) -> str:
    lower = text.strip().lower()
    if lower.startswith("#"):
        return lower
    return NAMED_COLOURS.get(lower, text)


def _css_name(text: str) -> str:
    """An id as CSS writes it: signs such as `.` are escaped."""
    return re.sub(r"([^\w-])", r"\\\1", text)


def _kind(group: ET.Element) -> str:
    """`node`, `edge`, `cluster`, `graph`, or nothing for a group without a class."""
    return group.get("class", "").split(" ")[0]
