"""Each mistake of meaning: its code and the exact text that is underlined."""

import pytest

from markdown_tests import PRELUDES
from pathway_compiler.driver import check_text

HEADER = 'guideline g "G":\n  version "1"\n  grading uspstf\n  entry p\n'
PRELUDE = (PRELUDES / "breast.pathway").read_text(encoding="utf-8")
END = 'pathway p "P":\n  end done "Done"\n'
BOOKKEEPING = {"missing-statement", "unused-statement", "unused-element"}


def findings(text: str, header: str = HEADER) -> list[tuple[str, str]]:
    """Code and underlined text of each finding, in order, without those about bookkeeping."""
    found = check_text(text + header + PRELUDE)
    return [(d.code, d.span.text) for d in found if d.code not in BOOKKEEPING]


def node(line: str) -> str:
    return f'pathway p "P":\n  {line}\n'


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "code", "underlined"),
    [
        ("fti", "unknown-name", "fti"),
        ("fit and prengant", "unknown-name", "prengant"),
        ("her2_status is postive", "unknown-value", "postive"),
        ("her2_status = postive", "unknown-value", "postive"),
        ("sites contains livre", "unknown-value", "livre"),
        ("sites contains any of (bone, livre)", "unknown-value", "livre"),
        ("her2_status", "not-a-condition", "her2_status"),
        ("age", "not-a-condition", "age"),
        ("sites", "not-a-condition", "sites"),
        ("prior_therapies", "not-a-condition", "prior_therapies"),
        ("diagnosis_date", "not-a-condition", "diagnosis_date"),
        ("fit and age", "not-a-condition", "age"),
        ("not age", "not-a-condition", "age"),
        ("at least 1 of (fit, age)", "not-a-condition", "age"),
        ("any t in prior_therapies where t.agent", "not-a-condition", "t.agent"),
        ("at least 3 of (fit, pregnant)", "out-of-range", "at least 3 of (fit, pregnant)"),
        ("at least 1.5 of (fit, pregnant)", "out-of-range", "at least 1.5 of (fit, pregnant)"),
        ("her2_status > positive", "not-ordered", ">"),
        ("her2_status = menopausal_status", "type-mismatch", "her2_status = menopausal_status"),
        ("her2_status = 3", "type-mismatch", "her2_status = 3"),
        ("fit = 3", "type-mismatch", "fit = 3"),
        ("fit < pregnant", "type-mismatch", "fit < pregnant"),
        ("sites = bone", "unknown-name", "bone"),
        ("fit is positive", "type-mismatch", "fit is positive"),
        ("age is positive", "type-mismatch", "age is positive"),
        ("her2_status is yes", "type-mismatch", "her2_status is yes"),
        ("her2_status contains positive", "type-mismatch", "her2_status contains positive"),
        ("her2_status is empty", "type-mismatch", "her2_status is empty"),
        ("her2_status bars taxane", "type-mismatch", "her2_status bars taxane"),
        ("sites bars taxane", "type-mismatch", "sites bars taxane"),
        ("sites union prior_agents contains bone", "type-mismatch", "sites union prior_agents"),
        ("number of fit > 0", "type-mismatch", "number of fit"),
        ("any t in fit where t.x", "type-mismatch", "fit"),
        ("(union of c.agnets for c in courses) contains taxane", "unknown-name", "agnets"),
        ("(union of c.agents for c in courses) contains taxan", "unknown-name", "taxan"),
        ("(union of c.agents for c in courses) contains mastectomy", "wrong-kind", "mastectomy"),
        ("(union of c.agents for c in sites) is empty", "type-mismatch", "sites"),
        ("(union of c.agents for c in courses where c.setting) is empty", "not-a-condition", "c.setting"),
        ("(union of c.started for c in courses) is empty", "type-mismatch", "c.started"),
        ("(union of d.agents for c in courses) is empty", "unknown-name", "d"),
        ("(union of c for c in courses) is empty", "type-mismatch", "c"),
        ("(union of sites for c in courses) is empty", "type-mismatch", "sites"),
        ("(union of fit.agents for fit in courses) is empty", "duplicate-name", "fit"),
        ("any c in courses where (union of c.agents for d in courses) is empty", "type-mismatch", "c.agents"),
        ("(union of c.agents for c in courses) contains bone", "unknown-name", "bone"),
        ("union of c.agents for c in courses", "not-a-condition", "union of c.agents for c in courses"),
        ("(union of c.agents for c in courses) union sites is empty", "type-mismatch", "(union of c.agents for c in courses) union sites"),
        ("fit.agent is taxane", "type-mismatch", "fit.agent"),
        ("age > 3", "bare-number", "3"),
        ("3 < age", "bare-number", "3"),
        ("age > involved_nodes", "bare-number", "involved_nodes"),
        ("age + 1 > 3 years", "bare-number", "1"),
        ("age > 3 cm", "unit-mismatch", "3 cm"),
        ("age > 30 days", "unit-mismatch", "30 days"),
        ("creatinine > 100 umol/L", "unit-mismatch", "100 umol/L"),
        ("tumour_size > 3 centimetres", "unknown-unit", "centimetres"),
        ("age > 121 years", "out-of-range", "121 years"),
        ("lvef < 0 % - 1 %", None, None),
        ("lvef > 100.5 %", "out-of-range", "100.5 %"),
        ("120.5 years < age", "out-of-range", "120.5 years"),
        ("involved_nodes > -1", "out-of-range", "-1"),
        ("diagnosis_date > 2019-02-30", "invalid-date", "2019-02-30"),
        ("diagnosis_date > 99", "invalid-date", "99"),
        ("diagnosis_date > 12 months", "type-mismatch", "diagnosis_date > 12 months"),
        ("diagnosis_date - relapse_date > 3 months", "date-order", "diagnosis_date - relapse_date"),
        ("diagnosis_date + 3 > relapse_date", "date-order", "3"),
        ("diagnosis_date + 1.5 months > relapse_date", "date-order", "1.5 months"),
        ("diagnosis_date + 3 cm > relapse_date", "date-order", "3 cm"),
        ("months between age and today > 3 months", "date-order", "age"),
        ("months between diagnosis_date and today > 3", "bare-number", "3"),
        ("months between diagnosis_date and today > 3 days", "unit-mismatch", "3 days"),
        ("fit + 1 > 2", "type-mismatch", "fit + 1"),
        ("-fit", "type-mismatch", "-fit"),
        ("tumour_size * tumour_size > 3 cm", "type-mismatch", "tumour_size * tumour_size"),
        ("3 / involved_nodes > 1", "possible-division-by-zero", "involved_nodes"),
        ("3 / 0 > 1", "possible-division-by-zero", "0"),
        ("3 / tumour_size > 1", "possible-division-by-zero", "tumour_size"),
        ("3 / creatinine > 1", "type-mismatch", "3 / creatinine"),
        ("any t in prior_therapies where t.agnet is taxane", "unknown-name", "agnet"),
        ("any t in prior_therapies where u.agent is taxane", "unknown-name", "u"),
        ("any fit in prior_therapies where yes", "duplicate-name", "fit"),
        ("any t in prior_therapies where t.agent is a mastectomy", "wrong-kind", "mastectomy"),
        ("any t in prior_therapies where t.agent is a taxan", "unknown-name", "taxan"),
        ("prior_agents contains taxan", "unknown-name", "taxan"),
        ("prior_agents contains mastectomy", "wrong-kind", "mastectomy"),
        ("not_tolerated bars mastectomy", "wrong-kind", "mastectomy"),
        ("(latest b in biopsies by site).er is positive", "missing-dating-field", "site"),
        ("(latest b in biopsies by takn).er is positive", "missing-dating-field", "takn"),
        ("(latest b in biopsies by taken)", "not-a-condition", "(latest b in biopsies by taken)"),
        ("yes", "constant-condition", "yes"),
        ("1 < 2", "constant-condition", "1 < 2"),
    ],
)  # fmt: skip
def test_mistake_in_a_condition_is_underlined(
    condition: str, code: str | None, underlined: str | None
) -> None:
    expected = [] if code is None else [(code, underlined)]
    assert findings(node(f'recommend a "A" when {condition}')) == expected


def test_a_suggestion_is_made_for_a_near_miss() -> None:
    found = check_text(node('recommend a "A" when her2_status is postive') + HEADER + PRELUDE)
    (error,) = [d for d in found if d.severity == "error"]
    assert error.help is not None
    assert "positive" in error.help


# --- declarations -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('element fit "Again": boolean\n', [("duplicate-name", "fit")]),
        ('define fit "Again": boolean = pregnant\n', [("duplicate-name", "fit")]),
        ('agent taxane "Again"\n', [("duplicate-name", "taxane")]),
        ('type ecog "Again":\n  x\ntype ecog "Once more":\n  ecog_2\n',
         [("duplicate-name", "ecog"), ("duplicate-name", "ecog")]),
        ('moment start_of_line "Again"\n', [("duplicate-name", "start_of_line")]),
        ('element x "X": quantity in furlongs\n', [("unknown-unit", "furlongs")]),
        ('element x "X": count from 9 to 1\n', [("invalid-range", "from 9 to 1")]),
        ('element x "X": set of count\n', [("type-mismatch", "set of count")]),
        ('element x "X": set of therapy\n', [("wrong-kind", "therapy")]),
        ('element x "X": list of site\n', [("wrong-kind", "site")]),
        ('element x "X": therapy\n', [("wrong-kind", "therapy")]),
        ('element x "X": sites\n', [("unknown-name", "sites")]),
        ('element x "X": one of a | b | a\n', [("duplicate-name", "a")]),
        ('element x "X": boolean\n  ask "A"\n  ask "B"\n', [("duplicate-item", 'ask "B"')]),
        ('element x "X": count\n  derive fit\n', [("type-mismatch", "fit")]),
        ('element x "X": count\n  derive age\n', [("type-mismatch", "age")]),
        ('type x "X":\n  a\n    b\n  b\n', [("duplicate-name", "b")]),
        ('record x "X":\n  a: boolean\n  a: date\n', [("duplicate-name", "a")]),
        ('record x "X" dated by a:\n  a: boolean\n', [("missing-dating-field", "a")]),
        ('record x "X" dated by b:\n  a: date\n', [("missing-dating-field", "b")]),
        ('record x "X":\n  a: list of biopsy\n', [("type-mismatch", "a")]),
        ('class x "X": paclitaxel, mastectomy\n', [("wrong-kind", "mastectomy")]),
        ('class x "X": paclitaxel, paclitaxel\n', [("duplicate-item", "paclitaxel")]),
        ('class x "X": paclitaxol\n', [("unknown-name", "paclitaxol")]),
        ('class x "X": x\n', [("circular-class", "x")]),
        # A circle behind a single action is a circle all the same.
        ('class x "X": paclitaxel, y\nclass y "Y": paclitaxel, x\n', [("circular-class", "x")]),
        ('class x "X": y\nclass y "Y": z\nclass z "Z": x\n', [("circular-class", "x")]),
        ('constraint "C": age\n', [("not-a-condition", "age")]),
        ('parameter x "X": count = 1.5\n', [("type-mismatch", "1.5")]),
        ('parameter x "X": quantity in % = 50\n', [("bare-number", "50")]),
        ('parameter x "X": quantity in % = 50 cm\n', [("unit-mismatch", "cm")]),
        ('parameter x "X": boolean = unknown\n', [("type-mismatch", "unknown")]),
        ('parameter x "X": count from 0 to 3 = 4\n', [("out-of-range", "4")]),
        ('parameter x "X": set of site = {bone}\n', [("type-mismatch", "{bone}")]),
        ('contraindication x "X": each of sites\n', [("type-mismatch", "sites")]),
        ('contraindication x "X": each of nothing\n', [("unknown-name", "nothing")]),
        ('contraindication x "X": paclitaxol when fit\n', [("unknown-name", "paclitaxol")]),
        ('contraindication x "X": paclitaxel when age\n', [("not-a-condition", "age")]),
        ('incompatible x "X": paclitaxel with nothing\n', [("unknown-name", "nothing")]),
        ('agent x "X"\n  authorised ema "E" when age\n', [("not-a-condition", "age")]),
        ('moment m "M"\nstatement s "S":\n  kind recommend\n  at n\n', [("unknown-name", "n")]),
        ('statement s "S":\n  evidence high A\n', [("missing-item", "s")]),
        ('statement s "S":\n  kind recommend\n  evidence hihg A\n', [("unknown-value", "hihg")]),
        ('statement s "S":\n  kind recommend\n  evidence high E\n', [("unknown-value", "E")]),
        ('statement s "S":\n  kind recommend\n  evidence low A\n',
         [("grade-not-allowed", "low A")]),
        ('statement s "S":\n  kind recommend\n  evidence grade A\n',
         [("incomplete-evidence", "grade A")]),
        ('statement s "S":\n  kind recommend\n  evidence from t\n', [("unknown-name", "t")]),
        ('statement s "S":\n  kind recommend\n  kind against\n', [("duplicate-item", "kind against")]),
        ('statement s "S":\n  kind recommend\n  lines 20-10\n', [("invalid-range", "20-10")]),
        ('grading other "O":\n  certainty high\n  grade A "a", certainty low\n',
         [("unknown-value", "low")]),
    ],
)  # fmt: skip
def test_mistake_in_a_declaration_is_underlined(text: str, expected: list[tuple[str, str]]) -> None:
    assert findings(text + END) == expected


# --- definitions and readings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('define x "X": boolean\n', [("missing-item", "x")]),
        ('define x "X": boolean = fit\n  yes when fit\n', [("duplicate-item", "yes when fit")]),
        ('define x "X": one of a | b\n  c when fit\n  b otherwise\n', [("unknown-value", "c")]),
        ('define x "X": boolean\n  a when fit\n  yes otherwise\n', [("type-mismatch", "a")]),
        ('define x "X": one of a | b\n  a otherwise\n  b when fit\n',
         [("misplaced-otherwise", "a otherwise")]),
        ('define x "X": boolean = x\n', [("circular-definition", "x")]),
        ('define x "X": boolean = y\ndefine y "Y": boolean = not x\n', [("circular-definition", "x")]),
        ('define x "X": boolean = age\n', [("not-a-condition", "age")]),
        ('define x "X": quantity in cm = 3\n', [("bare-number", "3")]),
        ('define x "X": count = tumour_size\n', [("type-mismatch", "tumour_size")]),
        ('reading x "X":\n  alternative a "A": fit\n', [("invalid-reading", "x")]),
        ('reading x "X":\n  chosen a "A": fit\n  chosen b "B": pregnant\n', [("invalid-reading", "x")]),
        ('reading x "X":\n  chosen a "A": fit\n  alternative a "B": pregnant\n', [("duplicate-name", "a")]),
        ('reading x "X":\n  chosen a "A": age\n', [("not-a-condition", "age")]),
        ('reading x "X":\n  chosen a "A": fit\n  alternative b "B": x\n', [("circular-definition", "x")]),
    ],
)  # fmt: skip
def test_mistake_in_a_definition_is_underlined(text: str, expected: list[tuple[str, str]]) -> None:
    assert findings(text + END) == expected


# --- pathways ---------------------------------------------------------------------------------------


def pathway(*lines: str) -> str:
    return 'pathway p "P":\n' + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (pathway('recommend a "A" -> b'), [("unknown-name", "b")]),
        (pathway('end a "A"', 'end a "B"'), [("duplicate-name", "a")]),
        (pathway('issue "Nothing yet"'), [("missing-start", "p")]),
        (pathway('standing s "S" -> e', 'end e "E"'), [("wrong-kind", "s")]),
        (pathway('decision d "D":', '  issue "I"'), [("missing-branch", "d")]),
        (pathway('decision d "D":', "  otherwise -> e", "  when fit -> e", 'end e "E"'),
         [("misplaced-otherwise", "otherwise -> e")]),
        (pathway('decision d "D":', "  otherwise -> e", "  otherwise -> e", 'end e "E"'),
         [("misplaced-otherwise", "otherwise -> e")]),
        (pathway('recommend a "A":', "  give mastectomy"), [("wrong-kind", "mastectomy")]),
        (pathway('recommend a "A":', "  do paclitaxel"), [("wrong-kind", "paclitaxel")]),
        (pathway('recommend a "A":', "  give paclitaxol"), [("unknown-name", "paclitaxol")]),
        (pathway('recommend a "A":', "  give paclitaxel if age"), [("not-a-condition", "age")]),
        (pathway('recommend a "A":', "  give paclitaxel 3 blobs"), [("unknown-unit", "blobs")]),
        (pathway('recommend a "A":', "  avoid nothing"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  from nothing"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  at nothing"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  at start_of_line", "  at start_of_line"),
         [("duplicate-item", "at start_of_line")]),
        (pathway('recommend a "A":', '  caution "C" when age'), [("not-a-condition", "age")]),
        (pathway('recommend a "A" unless age'), [("not-a-condition", "age")]),
        (pathway('recommend a "A":', "  overrides nothing"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  overrides nothing.a"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  overrides p.nothing"), [("unknown-name", "nothing")]),
        (pathway('recommend a "A":', "  overrides a"), [("circular-override", "a")]),
        (pathway('recommend a "A":', "  -> c", "  overrides c.two", 'choose c "C" any of:',
                 '  option one "One"'), [("unknown-name", "two")]),
        (pathway('recommend a "A":', "  -> b", "  overrides b.x", 'recommend b "B"'),
         [("unknown-name", "x")]),
        (pathway('choose c "C":', '  option a "A"'), [("rank-missing", "option")]),
        (pathway('choose c "C" any of:', '  preferred a "A"'), [("rank-missing", "preferred")]),
        (pathway('choose c "C" any of:', '  option a "A"', '  option a "B"'), [("duplicate-name", "a")]),
        (pathway('choose c "C" any of:', '  issue "I"'), [("missing-item", "c")]),
        (pathway("follow q"), [("unknown-name", "q")]),
        (pathway("follow q") + 'pathway q "Q" with x: boolean:\n  end e "E" when x\n'.replace(" when x", ""),
         [("missing-argument", "q")]),
        (pathway("follow q with y") + 'pathway q "Q":\n  end e "E"\n', [("unknown-name", "y")]),
        (pathway("follow q with n") + 'pathway q "Q" with n: count:\n  recommend e "E" when n > 1\n',
         [("missing-item", "n")]),
        (pathway("follow q with n = yes") + 'pathway q "Q" with n: count:\n  recommend e "E" when n > 1\n',
         [("type-mismatch", "yes")]),
        ('pathway p "P" with fit: boolean = no:\n  end e "E"\n', [("duplicate-name", "fit")]),
        (pathway('review r "R":', "  every 4 to 2 weeks", "  on fit -> r"),
         [("invalid-range", "every 4 to 2 weeks")]),
        (pathway('review r "R":', "  every 4 blobs", "  on fit -> r"), [("unknown-unit", "blobs")]),
        (pathway('review r "R":', "  every 4 weeks"), [("missing-branch", "r")]),
        (pathway('recommend a "A":', "  from no_mastectomy"), [("direction-mismatch", "a")]),
        (pathway('recommend against a "A":', "  from her2_dual_blockade"), [("direction-mismatch", "a")]),
    ],
)  # fmt: skip
def test_mistake_in_a_pathway_is_underlined(text: str, expected: list[tuple[str, str]]) -> None:
    assert findings(text) == expected


# --- the guideline, cases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", [("no-guideline", "")]),
        (HEADER.replace("entry p", "entry q"), [("unknown-name", "q")]),
        (HEADER.replace("uspstf", "other"), [("unknown-name", "other")]),
        (HEADER + '  version "2"\n', [("duplicate-item", 'version "2"')]),
        (HEADER + HEADER.replace("guideline g", "guideline h"), [("duplicate-name", "h")]),
    ],
)
def test_mistake_in_the_header_is_underlined(header: str, expected: list[tuple[str, str]]) -> None:
    found = [(code, text) for code, text in findings(END, header) if code != "missing-item"]
    assert found == expected


def test_a_guideline_of_several_pathways_names_its_entry() -> None:
    text = END + 'pathway q "Q":\n  end e "E"\n'
    assert findings(text, HEADER.replace("  entry p\n", "")) == [("missing-item", "g")]


CASE = (
    'parameter limit "L": count = 1\nreading about "A?":\n  chosen a "A": fit\ncase k "K":\n  {}\n'
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("recommends nothing", ("unknown-name", "nothing")),
        ("may recommend p.nothing", ("unknown-name", "p.nothing")),
        ("not nothing", ("unknown-name", "nothing")),
        ("waits at nothing", ("unknown-name", "nothing")),
        ("asks nothing", ("unknown-name", "nothing")),
        ("given nothing = yes", ("unknown-name", "nothing")),
        ("given fit = maybe", ("type-mismatch", "maybe")),
        ("given her2_status = postive", ("unknown-value", "postive")),
        ("given age = 54", ("bare-number", "54")),
        ("given age = 154 years", ("out-of-range", "154 years")),
        ("given sites = bone", ("type-mismatch", "bone")),
        ("given sites = {livre}", ("unknown-value", "livre")),
        ("given prior_agents = {mastectomy}", ("wrong-kind", "mastectomy")),
        ("given prior_therapies = [{agnet: paclitaxel}]", ("unknown-name", "agnet")),
        ("given prior_therapies = [{started: 2016, started: 2017}]", ("duplicate-item", "started")),
        ("given prior_therapies = [paclitaxel]", ("type-mismatch", "paclitaxel")),
        ("given diagnosis_date = 2019-02-30", ("invalid-date", "2019-02-30")),
        ('given fit = unknown "forgotten"', ("unknown-reason", '"forgotten"')),
        ("given limit = 2", ("wrong-kind", "limit")),
        ("given about = yes", ("wrong-kind", "about")),
        ("setting fit = yes", ("wrong-kind", "fit")),
        ("setting limit = yes", ("type-mismatch", "yes")),
        ("reading fit is a", ("wrong-kind", "fit")),
        ("reading about is b", ("unknown-value", "b")),
        ("pathway q", ("unknown-name", "q")),
        ("nothing is yes", ("unknown-name", "nothing")),
        ("as of 2019-03-02", ("duplicate-item", "as of 2019-03-02")),
    ],
)
def test_mistake_in_a_case_is_underlined(line: str, expected: tuple[str, str]) -> None:
    text = CASE.format(f"as of 2019-03-01\n  {line}")
    assert findings(text + END) == [expected]


def test_every_visit_of_a_case_says_its_full_day() -> None:
    assert [c for c, _ in findings(CASE.format("status complete") + END)] == ["missing-item"]
    assert findings(CASE.format("as of 2019-03") + END) == [("invalid-date", "as of 2019-03")]


# --- bookkeeping ------------------------------------------------------------------------------------


def test_what_nothing_uses_is_named_unless_an_issue_says_why() -> None:
    text = """element spare "Spare": boolean
element kept "Kept": boolean
  issue "Collected for later."
statement idle "Idle":
  kind recommend
  evidence high A
pathway p "P":
  recommend a "A"
"""
    found = {(d.code, d.span.text) for d in check_text(text + HEADER + PRELUDE)}
    assert ("unused-element", "spare") in found
    assert ("unused-element", "kept") not in found
    assert ("unused-statement", "idle") in found
    assert ("missing-statement", "a") in found


# --- many at once -----------------------------------------------------------------------------------


def test_all_mistakes_of_a_guideline_are_told_in_one_run_and_in_order() -> None:
    text = """define one "One": boolean = fti
define two "Two": boolean = her2_status is postive
element three "Three": quantity in furlongs
pathway p "P":
  decision d "D":
    when age > 3 -> a
    otherwise -> z
  recommend a "A":
    give paclitaxol
  end e "E"
"""
    assert findings(text) == [
        ("unknown-name", "fti"),
        ("unknown-value", "postive"),
        ("unknown-unit", "furlongs"),
        ("bare-number", "3"),
        ("unknown-name", "z"),
        ("unknown-name", "paclitaxol"),
    ]


def test_one_mistake_in_a_definition_causes_no_second_where_it_is_used() -> None:
    text = (
        'define one "One": boolean = fti\npathway p "P":\n  recommend a "A" when one and not one\n'
    )
    assert findings(text) == [("unknown-name", "fti")]


def test_an_underlined_stretch_ends_before_the_comment() -> None:
    text = pathway('decision d "D":', "  otherwise -> e  # never", "  when fit -> e", 'end e "E"')
    assert findings(text) == [("misplaced-otherwise", "otherwise -> e")]
    text = pathway(
        'decision d "D":', "  otherwise -> e", "  # never", "", "  when fit -> e", 'end e "E"'
    )
    assert findings(text) == [("misplaced-otherwise", "otherwise -> e")]


# --- depths -----------------------------------------------------------------------------------------


def overriding(size: int) -> str:
    names = ", ".join(f"r{n}" for n in range(size))
    rows = "".join(f'  recommend r{n} "R":\n    overrides r{n + 1}\n' for n in range(size - 1))
    return f'pathway p "P":\n  together t "T":\n    -> {names}\n{rows}  recommend r{size - 1} "R"\n'


def classes(size: int) -> str:
    rows = "".join(f'class c{n} "C": c{n - 1}\n' for n in range(1, size))
    return f'class c0 "C": paclitaxel\n{rows}{END}'


def values(size: int) -> str:
    return 'type deep "D":\n' + "".join(f"{' ' * (n + 1)}v{n}\n" for n in range(size)) + END


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (overriding(60), []),
        (overriding(70), [("nesting-too-deep", "r9")]),
        (classes(300), []),
        (classes(900), [("nesting-too-deep", "c300")]),
        (values(60), []),
        (values(900), [("nesting-too-deep", "v60")]),
    ],
)
def test_what_is_nested_too_deep_is_named_where_it_is_too_deep(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert [f for f in findings(text) if f[0] != "never-given"] == expected
