"""A finished SVG can share a page, be read aloud, and turn dark."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from pathway_compiler.render.layout import lay_out
from pathway_compiler.render.svg import (
    darken,
    finish_svg,
    pair_palettes,
    palette_style,
    recolour_dot,
)

DOT = """digraph her2 {
  graph [bgcolor="white" fontname="Arial"];
  node [fontname="Arial" fontsize=12 fontcolor="#1B2733" color="#7A8896"];
  subgraph cluster_first { id="first"; label="First line"; fillcolor="#F5F7F9"; style=filled;
    d_er [id="er" class="decision" shape=plain href="#er" tooltip="ER?" label=<
      <TABLE BORDER="0" CELLBORDER="1"><TR><TD COLSPAN="2" BGCOLOR="#E6F0FA">ER positive?</TD></TR>
      <TR><TD PORT="a_yes" HREF="#er.yes" TOOLTIP="ER positive? = Yes">Yes</TD>
          <TD PORT="a_no" ID="er_no" HREF="#er.no" TOOLTIP="ER positive? = No">No</TD>
      </TR></TABLE>>];
    r_et [id="et" shape=box style=filled fillcolor="#FFFFFF" label="Endocrine & more"];
    r_ct [id="ct" shape=box label="Chemotherapy"];
    d_er:a_yes -> r_et [id="e.er.yes"];
    d_er:a_no -> r_ct [id="e.er.no"];
  }
}"""

PALETTE = {"#FFFFFF": "#1C252E", "#1b2733": "#E6EDF3", "black": "#E6EDF3"}

NAMESPACES = {"s": "http://www.w3.org/2000/svg"}
HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def drawing() -> bytes:
    return lay_out(DOT, "svg")


def finish(drawing: bytes, **changes: object) -> str:
    arguments: dict[str, object] = {
        "prefix": "p1-",
        "title": "HER2 <positive>",
        "description": "What to give & when",
        "aria": {"er": "Decision: ER positive?", "r_et": "Recommendation: endocrine therapy"},
    }
    return finish_svg(drawing, **(arguments | changes))  # type: ignore[arg-type]


def element(svg: str, identity: str) -> ET.Element:
    (found,) = [each for each in ET.fromstring(svg).iter() if each.get("id") == identity]
    return found


class TestFragment:
    def test_it_has_no_prolog_and_no_comments(self, drawing: bytes) -> None:
        svg = finish(drawing)

        assert svg.startswith("<svg ")
        assert "<!" not in svg
        assert "<?" not in svg

    def test_every_id_has_the_prefix_and_occurs_once(self, drawing: bytes) -> None:
        ids = re.findall(r' id="([^"]*)"', finish(drawing))

        assert all(identity.startswith("p1-") for identity in ids)
        assert len(ids) == len(set(ids))

    def test_two_drawings_share_no_id(self, drawing: bytes) -> None:
        first, second = finish(drawing), finish(drawing, prefix="p2-")

        assert not set(re.findall(r' id="([^"]*)"', first)) & set(
            re.findall(r' id="([^"]*)"', second)
        )

    def test_links_inside_follow_their_target_and_others_stay(self, drawing: bytes) -> None:
        links = [link.get(HREF) for link in ET.fromstring(finish(drawing)).iter() if link.get(HREF)]

        assert links == ["#p1-er", "#er.yes", "#er.no"]

    def test_a_link_is_never_inside_a_link(self, drawing: bytes) -> None:
        root = ET.fromstring(finish(drawing))

        assert len(root.findall(".//s:a", NAMESPACES)) == 3
        assert not root.findall(".//s:a//s:a", NAMESPACES)

    def test_sizes_are_in_pixels(self, drawing: bytes) -> None:
        points = float(re.search(rb'width="(\d+)pt"', drawing)[1])  # type: ignore[index]
        root = ET.fromstring(finish(drawing))

        assert float(root.get("width", "")) == pytest.approx(points * 96 / 72, abs=0.01)
        assert root.get("viewBox", "").split()[2] == f"{points:.2f}"

    def test_it_is_the_same_each_time(self, drawing: bytes) -> None:
        assert finish(drawing) == finish(drawing.decode())

    def test_gradients_follow_the_prefix(self) -> None:
        svg = finish(lay_out('digraph { a [style=filled fillcolor="red:blue"] }', "svg"))

        (name,) = re.findall(r"url\(#([^)]*)\)", svg)
        assert f'id="{name}"' in svg


class TestReading:
    def test_the_root_has_a_title_and_a_description(self, drawing: bytes) -> None:
        root = ET.fromstring(finish(drawing, lang="es"))

        assert root.findtext("s:title", namespaces=NAMESPACES) == "HER2 <positive>"
        assert root.findtext("s:desc", namespaces=NAMESPACES) == "What to give & when"
        assert root.get("aria-labelledby") == "p1-svg-title"
        assert root.get("aria-describedby") == "p1-svg-desc"
        assert root.get("lang") == "es"

    def test_no_other_titles_are_left(self, drawing: bytes) -> None:
        assert finish(drawing).count("<title") == 1

    def test_nodes_are_labelled_by_id_or_by_name(self, drawing: bytes) -> None:
        svg = finish(drawing)

        assert element(svg, "p1-er").get("aria-label") == "Decision: ER positive?"
        assert element(svg, "p1-et").get("aria-label") == "Recommendation: endocrine therapy"
        assert element(svg, "p1-et").get("role") == "group"
        assert element(svg, "p1-ct").get("role") is None

    def test_links_are_labelled_by_node_cell_or_tooltip(self, drawing: bytes) -> None:
        svg = finish(drawing, aria={"er": "Decision", "er_no": "Answer no"})
        labels = [
            link.get("aria-label") for link in ET.fromstring(svg).findall(".//s:a", NAMESPACES)
        ]

        assert labels == ["Decision", "ER positive? = Yes", "Answer no"]

    def test_a_drawing_with_parts_does_not_hide_them(self, drawing: bytes) -> None:
        assert ET.fromstring(finish(drawing)).get("role") == "graphics-document document"

    def test_a_drawing_without_parts_is_an_image(self) -> None:
        svg = finish(lay_out("digraph { a -> b }", "svg"), aria={})

        assert ET.fromstring(svg).get("role") == "img"

    def test_nodes_come_in_the_order_given(self, drawing: bytes) -> None:
        def nodes(svg: str) -> list[str]:
            return re.findall(r'<g id="p1-([^"]*)" class="node', svg)

        assert nodes(finish(drawing, order=["ct", "er", "r_et"])) == ["ct", "er", "et"]
        assert nodes(finish(drawing, order=["et"]))[0] == "et"
        assert sorted(nodes(finish(drawing, order=["nobody"]))) == ["ct", "er", "et"]


class TestDark:
    def test_light_keeps_the_colours(self, drawing: bytes) -> None:
        svg = finish(drawing, palette=PALETTE)

        assert "<style" not in svg
        assert "#1b2733" in svg

    def test_dark_has_the_other_colours_literally(self, drawing: bytes) -> None:
        svg = finish(drawing, palette=PALETTE, mode="dark")

        assert "<style" not in svg
        assert "#1b2733" not in svg
        assert "#ffffff" not in svg
        assert 'fill="#1c252e"' in svg

    def test_darken_does_the_same_to_a_raw_drawing(self, drawing: bytes) -> None:
        svg = darken(drawing, PALETTE)

        assert "#1b2733" not in svg
        assert 'fill="white"' not in svg

    def test_auto_follows_the_reader_within_its_own_drawing(self, drawing: bytes) -> None:
        svg = finish(drawing, palette=PALETTE, mode="auto", prefix="a.b-")
        style = ET.fromstring(svg).findtext("s:style", namespaces=NAMESPACES) or ""

        assert "@media (prefers-color-scheme: dark)" in style
        assert '#a\\.b-svg [fill="#ffffff"]{fill:#1c252e}' in style
        assert '#a\\.b-svg [stroke="#1b2733"]{stroke:#e6edf3}' in style

    def test_text_without_a_colour_turns_too(self) -> None:
        svg = finish(lay_out("digraph { a }", "svg"), palette=PALETTE, mode="dark")

        assert re.search(r'<text [^>]*fill="#e6edf3"', svg)

    def test_palettes_by_role_make_one_style_sheet(self) -> None:
        css = palette_style({"card": "white"}, {"card": "#1C252E"}, scope=".diagram")

        assert '.diagram [fill="#ffffff"]{fill:#1c252e}' in css

    def test_roles_that_cannot_be_told_apart_are_refused(self) -> None:
        with pytest.raises(ValueError, match="`start` shares"):
            pair_palettes(
                {"card": "#FFFFFF", "start": "white"}, {"card": "#1C252E", "start": "#FFFFFF"}
            )

    @pytest.mark.parametrize(
        ("dot", "expected"),
        [
            ('a [color="#FFFFFF"]', 'a [color="#1c252e"]'),
            ("a [fillcolor=white]", 'a [fillcolor="#1c252e"]'),
            ('a [fillcolor="white:#FFFFFF;0.5"]', 'a [fillcolor="#1c252e:#1c252e;0.5"]'),
            ('<TD BGCOLOR="white" COLOR="#123456">', '<TD BGCOLOR="#1c252e" COLOR="#123456">'),
            ('a [label="#ffffff" href="#ffffff"]', 'a [label="#ffffff" href="#ffffff"]'),
            ('a [color="#00695C"]', 'a [color="#00695C"]'),
        ],
    )
    def test_dot_is_recoloured_in_colour_attributes_only(self, dot: str, expected: str) -> None:
        assert recolour_dot(dot, PALETTE) == expected

    def test_recoloured_dot_still_draws(self) -> None:
        svg = lay_out(recolour_dot(DOT, PALETTE), "svg").decode()

        assert "#1b2733" not in svg
