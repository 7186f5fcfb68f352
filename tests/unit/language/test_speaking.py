"""Our own words: English as it stands in the source, other languages by their catalogue."""

import asyncio
import threading
from fractions import Fraction

import pytest

from pathway_compiler.datatypes.units import Unit
from pathway_compiler.language import (
    alternatives,
    enumeration,
    gettext,
    interface,
    ngettext,
    pgettext,
    speaking,
    spoken,
    spoken_by,
)
from pathway_compiler.language import catalogue as catalogues
from pathway_compiler.model.describe import describe_number


class TestSpeaking:
    def test_english_is_spoken_unless_something_else_is_asked_for(self) -> None:
        assert spoken() == "en"
        assert (
            gettext("only if: %(condition)s", condition="50 % or more") == "only if: 50 % or more"
        )

    def test_a_block_speaks_its_language_and_leaves_it(self) -> None:
        with speaking("es"):
            assert spoken() == "es"
            assert gettext("no option is left") == "no queda ninguna opción"
            with speaking("en"):
                assert gettext("no option is left") == "no option is left"
            assert spoken() == "es"
        assert spoken() == "en"

    @pytest.mark.parametrize("language", ["es", "es-ES", "es_MX", "ES"])
    def test_regions_speak_the_language(self, language: str) -> None:
        assert spoken_by(language) == "es"

    @pytest.mark.parametrize("language", ["fr", "", "../../etc", "en-GB"])
    def test_without_a_catalogue_english_is_spoken(self, language: str) -> None:
        with speaking(language):
            assert spoken() == "en"
            assert gettext("no option is left") == "no option is left"

    def test_a_language_is_that_of_its_thread(self) -> None:
        heard: list[str] = []
        with speaking("es"):
            thread = threading.Thread(target=lambda: heard.append(spoken()))
            thread.start()
            thread.join()
        assert heard == ["en"]

    def test_tasks_at_the_same_time_do_not_mix(self) -> None:
        async def say(language: str) -> str:
            with speaking(language):
                await asyncio.sleep(0)
                return gettext("no option is left")

        async def both() -> list[str]:
            return list(await asyncio.gather(say("es"), say("en")))

        assert asyncio.run(both()) == ["no queda ninguna opción", "no option is left"]

    def test_a_message_is_said_by_its_context(self) -> None:
        with speaking("es"):
            assert pgettext("value", "no") == "no"
            assert pgettext("result", "for") == "a favor"

    def test_interface_gives_the_translations_that_templates_install(self) -> None:
        assert interface("es").gettext("no option is left") == "no queda ninguna opción"
        assert interface("fr").gettext("no option is left") == "no option is left"


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "english", "spanish"),
        [
            (1, "1 month", "1 mes"),
            (2, "2 months", "2 meses"),
            (0, "0 months", "0 meses"),
            (Fraction(1, 2), "0.5 months", "0.5 meses"),
            (Fraction(25, 2), "12.5 months", "12.5 meses"),
        ],
    )
    def test_plurals_and_the_decimal_point(
        self, number: int | Fraction, english: str, spanish: str
    ) -> None:
        assert describe_number(number, Unit("mo")) == english
        with speaking("es"):
            assert describe_number(number, Unit("mo")) == spanish

    def test_units_of_measure_are_the_same_everywhere(self) -> None:
        with speaking("es"):
            assert describe_number(Fraction(5, 2), Unit("mg/kg")) == "2.5 mg/kg"

    def test_counts(self) -> None:
        one, many = "%(number)s decision", "%(number)s decisions"
        with speaking("es"):
            assert ngettext(one, many, 1) == "1 decisión"
            assert ngettext(one, many, 0) == "0 decisiones"


class TestJoining:
    def test_english(self) -> None:
        assert enumeration(["a", "b", "c"]) == "a and b and c"
        assert alternatives(["docetaxel", "paclitaxel"]) == "docetaxel or paclitaxel"
        assert enumeration([]) == ""

    @pytest.mark.parametrize(
        ("parts", "said"),
        [
            (["docetaxel", "paclitaxel"], "docetaxel o paclitaxel"),
            (["cisplatino", "oxaliplatino"], "cisplatino u oxaliplatino"),
            (["cirugía", "(hormonoterapia)"], "cirugía u (hormonoterapia)"),
        ],
    )
    def test_spanish_or(self, parts: list[str], said: str) -> None:
        with speaking("es"):
            assert alternatives(parts) == said

    @pytest.mark.parametrize(
        ("parts", "said"),
        [
            (["cirugía", "radioterapia"], "cirugía y radioterapia"),
            (["cirugía", "inmunoterapia"], "cirugía e inmunoterapia"),
            (["ácido fólico", "hierro"], "ácido fólico y hierro"),
            (["radio", "hidratación"], "radio e hidratación"),
        ],
    )
    def test_spanish_and(self, parts: list[str], said: str) -> None:
        with speaking("es"):
            assert enumeration(parts) == said


class TestSlipsInACatalogue:
    @pytest.mark.parametrize("translation", ["solo %(otro)s", "solo %(condition)d", "100 %", "%"])
    def test_a_broken_placeholder_costs_the_translation_only(
        self, translation: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = interface("es")
        monkeypatch.setattr(words, "gettext", lambda message: translation)
        with speaking("es"):
            assert gettext("only if: %(condition)s", condition="x") == "only if: x"

    def test_values_are_never_read_as_placeholders(self) -> None:
        with speaking("es"):
            said = gettext("only if: %(condition)s", condition="%(condition)s {0} 5 %")
        assert said == "únicamente si: %(condition)s {0} 5 %"

    def test_the_catalogue_comes_with_the_package(self) -> None:
        assert all(catalogues.path_of(each).is_file() for each in catalogues.LANGUAGES[1:])
