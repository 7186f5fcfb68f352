"""Laying out DOT gives the same drawing everywhere, with either Graphviz."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pathway_compiler.render import layout
from pathway_compiler.render.fonts import cache_folder, font_folder, fontconfig_file
from pathway_compiler.render.layout import (
    LayoutEngine,
    LayoutFailed,
    LayoutUnavailable,
    available_engines,
    best_engine,
    lay_out,
    lay_out_many,
)

ENGINES = available_engines()

CARD = """digraph her2 {
  node [fontname="Arial" fontsize=12];
  decision [id="decision" shape=plain href="#decision" label=<<TABLE BORDER="0" CELLBORDER="1">
    <TR><TD COLSPAN="2">Fast progression on or after adjuvant trastuzumab?</TD></TR>
    <TR><TD PORT="a_yes" HREF="#yes" TOOLTIP="Yes"><B>Yes</B></TD>
        <TD PORT="a_no" HREF="#no" TOOLTIP="No"><B>No</B></TD></TR></TABLE>>];
  card [id="card" shape=box label="Trastuzumab + pertuzumab ≥ 6 months"];
  decision:a_yes:s -> card:n [id="e.yes"];
}"""


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> LayoutEngine:
    found: LayoutEngine = request.param
    return found


class TestDrawing:
    @pytest.mark.parametrize(
        ("format", "start"),
        [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("json", b"{")],
    )
    def test_each_format_is_what_it_says(
        self, engine: LayoutEngine, format: layout.Format, start: bytes
    ) -> None:
        assert lay_out(CARD, format, engine=engine).startswith(start)

    def test_the_same_dot_gives_the_same_bytes(self, engine: LayoutEngine) -> None:
        formats: list[layout.Format] = ["svg", "png", "pdf", "json"]
        first = lay_out_many([CARD], formats, engine=engine)
        again = lay_out_many(["digraph { other }", CARD], formats, engine=engine)

        assert again.drawings[1] == first.drawings[0]

    def test_links_in_a_label_are_numbered_from_nought_in_each_node(
        self, engine: LayoutEngine
    ) -> None:
        lay_out(CARD, "svg", engine=engine)
        svg = lay_out(CARD, "svg", engine=engine).decode()

        assert re.findall(r'<g id="(a_decision[^"]*)"', svg) == [
            "a_decision",
            "a_decision_0",
            "a_decision_1",
        ]

    def test_a_node_whose_name_ends_in_a_number_keeps_its_link(self, engine: LayoutEngine) -> None:
        dot = 'digraph { x [id="r" href="#r"] y [id="r_7" href="#r_7"] }'

        assert 'id="a_r_7"' in lay_out(dot, "svg", engine=engine).decode()

    def test_two_engines_agree_on_what_is_there(self) -> None:
        texts = {
            tuple(re.findall(r">([^<>\n]+)</text>", lay_out(CARD, "svg", engine=each).decode()))
            for each in ENGINES
        }

        assert len(texts) == 1

    def test_no_graphs_give_no_drawings(self) -> None:
        assert lay_out_many([]).drawings == ()

    def test_a_correct_graph_gives_no_warnings(self, engine: LayoutEngine) -> None:
        assert lay_out_many([CARD], engine=engine).warnings == ()

    def test_a_warning_says_where(self, engine: LayoutEngine) -> None:
        (warning,) = lay_out_many(["digraph { a:nowhere -> b }"], engine=engine).warnings

        assert "nowhere" in warning

    def test_nothing_reaches_the_terminal(
        self, engine: LayoutEngine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        lay_out("digraph { a:nowhere -> b }", "svg", engine=engine)

        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize(
        ("dot", "words"),
        [
            ("digraph { a -> ", "syntax error"),
            ("digraph { a [label=<<B>x & y</B>>] }", "not well-formed"),
            ("", "no graph|Invalid Input"),
        ],
        ids=["unfinished", "unescaped", "empty"],
    )
    def test_a_broken_graph_is_refused(self, engine: LayoutEngine, dot: str, words: str) -> None:
        with pytest.raises(LayoutFailed, match=words):
            lay_out(dot, "svg", engine=engine)

    def test_the_environment_is_left_as_it_was(self, engine: LayoutEngine) -> None:
        before = dict(os.environ)
        lay_out(CARD, "svg", engine=engine)

        assert dict(os.environ) == before


class TestPdf:
    def test_it_holds_no_time_of_day(self, engine: LayoutEngine) -> None:
        pdf = lay_out(CARD, "pdf", engine=engine)

        assert not re.search(rb"/CreationDate \(D:(?!1970)", pdf)

    def test_it_holds_text_in_the_bundled_font(self, engine: LayoutEngine, tmp_path: Path) -> None:
        if not shutil.which("pdftotext"):
            pytest.skip("needs poppler-utils")
        file = tmp_path / "card.pdf"
        file.write_bytes(lay_out(CARD, "pdf", engine=engine))

        text = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, check=True, encoding="utf-8"
        ).stdout
        fonts = subprocess.run(
            ["pdffonts", str(file)], capture_output=True, check=True, encoding="utf-8"
        ).stdout

        assert "Trastuzumab + pertuzumab ≥ 6 months" in text
        assert {"LiberationSans", "LiberationSans-Bold"} == {
            line.split()[0].partition("+")[2] for line in fonts.splitlines()[2:]
        }


class TestEngines:
    def test_the_wheel_has_one(self) -> None:
        (embedded,) = [engine for engine in ENGINES if engine.name == "pygraphviz"]

        assert embedded.path is None
        assert embedded.is_recent

    def test_a_recent_program_comes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        program = LayoutEngine("graphviz-dot", "12.2.1", "/somewhere/dot")
        monkeypatch.delenv("PATHWAY_LAYOUT", raising=False)
        monkeypatch.setattr(layout, "_program", lambda: program)

        assert best_engine() == program

    def test_an_old_program_comes_after_the_wheel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old = LayoutEngine("graphviz-dot", "2.43.0", "/somewhere/dot")
        monkeypatch.delenv("PATHWAY_LAYOUT", raising=False)
        monkeypatch.setattr(layout, "_program", lambda: old)

        assert best_engine().name == "pygraphviz"

        monkeypatch.setattr(layout, "_embedded", lambda: None)

        assert best_engine() == old

    def test_the_variable_decides(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old = LayoutEngine("graphviz-dot", "2.43.0", "/somewhere/dot")
        monkeypatch.setattr(layout, "_program", lambda: old)

        monkeypatch.setenv("PATHWAY_LAYOUT", "dot")
        assert best_engine() == old

        monkeypatch.setenv("PATHWAY_LAYOUT", "pygraphviz")
        assert best_engine().name == "pygraphviz"

    @pytest.mark.parametrize("wanted", ["", "dot", "pygraphviz"])
    def test_without_any_the_message_says_how_to_get_one(
        self, monkeypatch: pytest.MonkeyPatch, wanted: str
    ) -> None:
        monkeypatch.setenv("PATHWAY_LAYOUT", wanted)
        monkeypatch.setattr(layout, "_program", lambda: None)
        monkeypatch.setattr(layout, "_embedded", lambda: None)

        with pytest.raises(LayoutUnavailable, match="pip install pygraphviz"):
            best_engine()

    def test_an_unknown_wish_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATHWAY_LAYOUT", "neato")

        with pytest.raises(LayoutUnavailable, match="`neato`"):
            best_engine()

    def test_a_program_that_is_no_graphviz_does_not_count(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        fake = tmp_path / "dot"
        fake.write_text("#!/bin/sh\necho something else\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

        assert "graphviz-dot" not in {engine.name for engine in available_engines()}


# Draws on a machine that has no fonts: no system folders, no home, an empty cache.
ELSEWHERE = """
import json, sys
from pathway_compiler.render import fonts, layout
fonts.system_font_folders = lambda: ()
if sys.argv[2] == "without ours":
    import pathlib
    fonts.font_folder = lambda: pathlib.Path("/nonexistent")
engine = {e.name: e for e in layout.available_engines()}[sys.argv[1]]
print(layout.lay_out(sys.stdin.read(), "svg", engine=engine).decode())
"""


class TestFonts:
    def test_a_machine_without_fonts_draws_the_same(
        self, engine: LayoutEngine, tmp_path: Path
    ) -> None:
        assert (
            _draw_elsewhere(engine, "with ours", tmp_path)
            == lay_out(CARD, "svg", engine=engine).decode()
        )

    def test_the_bundled_fonts_are_what_makes_it_so(
        self, engine: LayoutEngine, tmp_path: Path
    ) -> None:
        assert _size(_draw_elsewhere(engine, "without ours", tmp_path)) != _size(
            lay_out(CARD, "svg", engine=engine).decode()
        )

    def test_arial_and_unknown_families_are_one_font(self, engine: LayoutEngine) -> None:
        drawings = {
            family: json.loads(
                lay_out(
                    f'digraph {{ a [fontname="{family}" label="Ki-67 %"] }}', "json", engine=engine
                )
            )["objects"][0]["width"]
            for family in ("Arial", "sans-serif", "Liberation Sans", "No Such Font")
        }

        assert len(set(drawings.values())) == 1, drawings

    def test_the_fontconfig_file_is_written_once(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATHWAY_CACHE", str(tmp_path / "a <b> & c"))
        first = fontconfig_file()
        stamp = first.stat().st_mtime_ns

        assert fontconfig_file() == first
        assert first.stat().st_mtime_ns == stamp
        assert first.parent == cache_folder() == tmp_path / "a <b> & c"
        assert "a &lt;b&gt; &amp; c" in first.read_text(encoding="utf-8")

    def test_a_cache_that_cannot_be_made_is_replaced(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setenv("PATHWAY_CACHE", str(tmp_path / "file" / "cache"))
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))

        assert cache_folder().parent == tmp_path

    def test_the_licence_lies_beside_the_fonts(self) -> None:
        assert "SIL OPEN FONT LICENSE" in (font_folder() / "OFL.txt").read_text(encoding="utf-8")


def _draw_elsewhere(engine: LayoutEngine, fonts: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, engine.name, fonts],
        input=CARD,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PATHWAY_CACHE": str(folder / "cache"),
            "PYTHONPATH": str(Path(layout.__file__).parents[2]),
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


def _size(svg: str) -> tuple[str, ...]:
    found = re.search(r'<svg width="([^"]+)" height="([^"]+)"', svg)
    assert found
    return found.groups()
