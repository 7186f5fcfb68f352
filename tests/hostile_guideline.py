"""A guideline all of whose texts try to be something else than text."""

from __future__ import annotations

__all__ = ["ATTACK", "LONG", "TURNED", "hostile_text"]

ATTACK = (
    "</script></style></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)> "
    "\"quoted\" 'single' & &lt; &#60; {{ 7*7 }} {% raise %} ${7*7} <!-- --> ]]> \\ %(name)s `code` "
    "javascript:alert(3)"
)
TURNED = "left\u202eright\u202c \u200bwith\u200f marks"
"""Marks of direction, which would show another text than is written."""
LONG = "Wort" * 2500


def hostile_text() -> str:
    """Every kind of text of the language, each an attack."""
    bad = _quoted(f"{ATTACK} {TURNED}")
    return f'''
guideline hostile {bad}:
  """
  {ATTACK} {TURNED}

  {ATTACK}
  """
  version {_quoted("1<b>")}
  publisher {bad}
  source {bad}
  grading scheme
  entry first

grading scheme {bad}:
  certainty high {bad}
  grade A {bad}, certainty high

statement one {bad}:
  kind recommend
  section {bad}
  lines 1-2
  evidence high A [1]
  issue {bad}

element fit {bad}: boolean
  ask {bad}
  hint {bad}
  issue {bad}
element state {bad}: one of good {bad} | poor {_quoted("poor " + ATTACK)}
element barred {bad}: set of agent

agent drug {bad}: rxnorm 1
  synonym {_quoted("synonym " + ATTACK)}
  authorised ema {bad}
class drugs {bad}: drug
contraindication recorded {bad}: each of barred

constraint {bad}: fit or not fit

define good_state {bad}: boolean = state is good
  issue {bad}
reading how {bad}:
  chosen widely {bad}: fit
  alternative narrowly {bad}: fit and good_state

pathway first {bad}:
  issue {bad}
  decision question {bad}:
    when how {bad} -> treat
    otherwise {bad} -> choice

  recommend treat {bad}:
    from one
    when good_state
    give drug
    caution {bad}
    issue {bad}
    -> long

  choose choice {bad} any of:
    option left {bad}:
      from one
      give drug
      caution {bad} when good_state
      issue {bad}
    -> long

  end long {_quoted(LONG)}

case attack {bad}:
  as of 2020-01-01
  given fit = yes
  given state = good
  given barred = {{}}
  recommends treat
'''


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
