"""What an author sees: her edits, her errors, and the page where she left it."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from pathway_compiler.serve.preview import Preview
from serving import Served

if TYPE_CHECKING:
    from conftest import Window
else:
    Window = object

QUESTION = "A year of monthly treatment?"


def test_an_edit_shows_in_the_drawing(window: Window) -> None:
    window.open()
    drawing = window.page.locator(".canvas svg")
    expect(drawing).to_contain_text(QUESTION)
    window.served.edit(QUESTION, "Treated for a year?")
    expect(drawing).to_contain_text("Treated for a year?")
    expect(window.page.locator(".preview-panel")).to_be_hidden()


def test_an_error_is_told_with_everything_over_the_last_good_drawing_until_it_is_mended(
    window: Window,
) -> None:
    window.open()
    page = window.page
    window.served.edit("when months_monthly_antiresorptive", "when months_monthly_anti")
    panel = page.get_by_role("region", name="1 error in the text")
    expect(panel).to_be_visible()
    expect(panel.locator(".preview-code")).to_have_text("unknown-name")
    expect(panel.locator(".preview-sentence")).to_have_text(
        "there is no data element, definition, reading or parameter called months_monthly_anti"
    )
    expect(panel.locator(".preview-place")).to_have_text("bone.pathway line 48, column 10")
    expect(panel.locator(".preview-excerpt mark")).to_have_text("months_monthly_anti")
    expect(panel.locator(".preview-help")).to_contain_text("did you mean")
    expect(page.locator(".canvas svg")).to_contain_text(QUESTION)
    expect(page.locator(".preview-status")).to_have_text("1 error")
    window.served.mend()
    expect(page.locator(".preview-panel")).to_be_hidden()
    expect(page.locator(".preview-spoken")).to_have_text("The errors are mended.")


def test_a_page_opened_while_there_are_errors_shows_them_too(window: Window) -> None:
    window.served.edit("12 months", "12 moths")
    window.served.until(lambda state: state.stale)
    window.open()
    expect(window.page.get_by_role("region", name="2 errors in the text")).to_be_visible()
    expect(window.page.locator(".canvas svg")).to_contain_text(QUESTION)


def test_what_the_proof_finds_comes_over_the_text_as_it_is(window: Window) -> None:
    window.open()
    window.served.edit(
        'otherwise "Not yet"', 'when months_monthly_antiresorptive < 11 months "Less"'
    )
    expect(window.page.get_by_role("region", name="1 error, found by the proof")).to_be_visible()
    expect(window.page.locator(".preview-code")).to_have_text("decision-gap")
    expect(window.page.locator(".canvas svg")).to_contain_text("Less")


def test_the_place_on_the_page_is_kept(window: Window) -> None:
    window.page.set_viewport_size({"width": 500, "height": 400})
    window.open()
    page = window.page
    page.get_by_role("button", name="Show all steps").click()
    page.get_by_role("button", name="Larger").click()
    page.get_by_role("button", name="Larger").click()
    page.evaluate(
        "document.querySelector('.canvas').scrollTo({left: 120, top: 60, behavior: 'instant'})"
    )
    page.evaluate("window.scrollTo({top: 900, behavior: 'instant'})")
    before = page.evaluate(_WHERE)
    assert before["top"] == 900
    assert before["left"] == 120
    window.served.edit("Every month, as before", "Each month, as ever")
    window.until_it_says("Each month")
    after = page.evaluate(_WHERE)
    assert after == before


_WHERE = """() => {
  const canvas = document.querySelector(".canvas");
  const step = document.getElementById("monthly").getBoundingClientRect().top;
  return { top: scrollY, step: Math.round(step), left: canvas.scrollLeft, down: canvas.scrollTop,
           width: canvas.querySelector("svg").style.width, all: document.querySelector("[data-all]").ariaPressed };
}"""


def test_what_is_looked_at_stays_where_it_is_when_something_grows_above_it(window: Window) -> None:
    window.open()
    page = window.page
    page.get_by_role("button", name="Show all steps").click()
    top = "() => document.getElementById('interval').getBoundingClientRect().top"
    page.evaluate(
        "document.getElementById('interval').scrollIntoView({block: 'start', behavior: 'instant'})"
    )
    before = page.evaluate(top)
    assert before < 100
    window.served.edit(
        "Add an osteoclast inhibitor", " ".join(["Add a medicine with a long name,"] * 40)
    )
    window.until_it_says("with a long name")
    assert abs(page.evaluate(top) - before) <= 1


def test_an_open_step_stays_open_and_focus_stays_where_it_was(window: Window) -> None:
    window.open("pathways/bone.html#interval.as_before")
    page = window.page
    page.locator("#theme-switch").focus()
    window.served.edit("Every month, as before", "Each month, as ever")
    window.until_it_says("Each month")
    expect(page.locator("#interval")).to_be_visible()
    expect(page.locator("#monthly")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "theme-switch"
    assert page.url.endswith("#interval.as_before")


def test_a_filter_of_a_table_is_kept(window: Window) -> None:
    window.open("statements.html")
    page = window.page
    kind = page.locator("form[data-filters] select").last
    value = kind.locator("option").nth(1).get_attribute("value")
    kind.select_option(value)
    rows = page.locator("table.sortable tbody tr:visible").count()
    window.served.edit("Add an osteoclast inhibitor", "Give an osteoclast inhibitor")
    window.until_it_says("Give an osteoclast")
    expect(kind).to_have_value(value or "")
    assert page.locator("table.sortable tbody tr:visible").count() == rows


def test_a_page_that_did_not_change_is_not_loaded_again(window: Window) -> None:
    window.open("agents.html")
    window.page.evaluate("window.marked = true")
    window.served.edit(QUESTION, "Treated for a year?")
    window.served.until_proved()
    window.until("/proved/.test(document.querySelector('.preview-status').textContent)")
    assert window.page.evaluate("window.marked")


def test_a_page_that_is_gone_stays_and_says_so_and_comes_back(window: Window) -> None:
    window.may_be_missing = True
    window.open()
    window.served.edit("pathway bone ", "pathway skeleton ")
    status = window.page.locator(".preview-status")
    expect(status).to_have_text("The guideline no longer has this page")
    expect(window.page.locator(".canvas svg")).to_contain_text(QUESTION)
    window.served.mend()
    expect(status).to_contain_text("no findings")


def test_a_page_that_is_not_there_yet_becomes_that_page(window: Window) -> None:
    window.may_be_missing = True
    window.open("pathways/skeleton.html")
    expect(window.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    window.served.edit("pathway bone ", "pathway skeleton ")
    expect(window.page.locator(".canvas svg")).to_contain_text(QUESTION)


def test_a_closed_panel_stays_closed_until_the_errors_are_mended(window: Window) -> None:
    window.open()
    page = window.page
    panel = page.locator(".preview-panel")
    window.served.edit("12 months", "12 moths")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    window.served.edit("12 moths", "12 mths")
    expect(page.locator(".preview-status")).to_have_text("2 errors")
    window.served.until(lambda state: "mths" in str([d.message for d in state.findings]))
    expect(panel).to_be_hidden()
    page.locator(".preview-status").focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "preview-title"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "preview-status"
    window.served.mend()
    expect(page.locator(".preview-status")).to_contain_text("no findings")
    window.served.edit("12 months", "12 moths")
    expect(panel).to_be_visible()


def test_warnings_are_listed_when_asked_for(window: Window) -> None:
    window.open()
    window.served.edit(
        "statement longer_interval ",
        'statement idle "Nobody needs this":\n  section "x"\n  kind recommend\n\nstatement longer_interval ',
    )
    status = window.page.locator(".preview-status")
    expect(status).to_contain_text("1 warning")
    expect(window.page.locator(".preview-panel")).to_be_hidden()
    status.click()
    expect(window.page.locator(".preview-finding .preview-code")).to_have_text("unused-statement")


def test_warnings_wait_while_there_are_errors(window: Window) -> None:
    window.open()
    window.served.edit(
        "statement longer_interval ",
        'statement idle "Nobody needs this":\n  section "x"\n  kind recommend\n'
        "  evidence high A\n\nstatement longer_interval ",
    )
    window.served.until_shown()
    window.served.edit("12 months", "12 moths")
    panel = window.page.locator(".preview-panel")
    expect(panel.locator(".preview-finding:visible")).to_have_count(2)
    for code in panel.locator(".preview-finding:visible .preview-code").all_text_contents():
        assert code == "unknown-unit"


def test_answers_in_the_walkthrough_stay_given(window: Window) -> None:
    window.open("walkthrough.html")
    page = window.page
    expect(page.get_by_role("heading", name="No answers yet")).to_be_visible()
    page.get_by_role("button", name="Unknown").first.click()
    expect(page.get_by_role("heading", name="No answers yet")).to_be_hidden()
    link = _but_for_the_hash_of_the_text(page.url)
    window.served.edit("Every month, as before", "Each month, as ever")
    window.until_it_says("Each month")
    expect(page.get_by_role("heading", name="No answers yet")).to_be_hidden()
    assert _but_for_the_hash_of_the_text(page.url) == link


def _but_for_the_hash_of_the_text(link: str) -> str:
    return re.sub(r"text=[0-9a-f]+", "", link)


def test_text_of_the_author_is_only_ever_text(window: Window) -> None:
    window.open()
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7*7 }}\u202e"
    window.served.edit(f'"{QUESTION}":', f'"{hostile}" oops:')
    panel = window.page.locator(".preview-panel")
    expect(panel).to_be_visible()
    expect(panel.locator(".preview-excerpt").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert panel.locator("img, script").count() == 0
    assert "\u202e" not in (panel.text_content() or "")


def test_a_page_that_nobody_sees_holds_no_connection(window: Window) -> None:
    window.open()
    page = window.page
    page.evaluate(_HIDDEN, True)
    window.served.edit("12 months", "12 moths")
    window.served.until(lambda state: state.stale)
    page.wait_for_timeout(300)
    expect(page.locator(".preview-panel")).to_be_hidden()
    page.evaluate(_HIDDEN, False)
    expect(page.locator(".preview-panel")).to_be_visible()


_HIDDEN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_panel_is_not_printed(window: Window) -> None:
    window.open()
    window.served.edit("12 months", "12 moths")
    expect(window.page.locator(".preview-panel")).to_be_visible()
    window.page.emulate_media(media="print")
    expect(window.page.locator(".preview-panel")).to_be_hidden()
    expect(window.page.locator(".preview-status")).to_be_hidden()


def test_ten_pages_are_open_at_once(window: Window) -> None:
    # Hidden pages hold no connection; headless Chromium calls every page visible, so six is the limit here.
    window.open()
    others = [window.page.context.new_page() for _ in range(4)]
    for page in others:
        page.goto(window.served.preview.url)
        expect(page.locator(".preview-status")).to_contain_text("no findings")


def test_the_server_ends_and_comes_back(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    port = int(served.host.split(":")[1])
    page.goto(served.preview.url + "pathways/bone.html")
    status = page.locator(".preview-status")
    expect(status).to_contain_text("no findings")
    served.preview.__exit__(None, None, None)
    expect(status).to_contain_text("Not connected")
    served.edit(QUESTION, "Treated for a year?")
    with Preview(served.folder, port=port):
        expect(page.locator(".canvas svg")).to_contain_text("Treated for a year?", timeout=15_000)
        expect(status).to_contain_text("no findings", timeout=15_000)
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_can_be_read_in_both_themes(
    browser: Browser, served: Served, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    served.edit("12 months", "12 moths")
    served.until(lambda state: state.stale)
    page.goto(served.preview.url)
    expect(page.locator(".preview-panel")).to_be_visible()
    colours = page.evaluate(
        "() => ['.preview-panel', '.preview-code', '.preview-title', '.preview-excerpt', '.preview-status']"
        ".map(s => [getComputedStyle(document.querySelector(s)).color,"
        " getComputedStyle(document.querySelector(s).closest('.preview-panel, .preview-status')).backgroundColor])"
    )
    for text, ground in colours:
        assert _contrast(_rgb(text), _rgb(ground)) >= 4.5, (text, ground)
    context.close()


def _rgb(colour: str) -> list[float]:
    return [float(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(", ")]


def _contrast(one: list[float], other: list[float]) -> float:
    def luminance(colour: list[float]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
