"""A small guideline with every construct of the language that readers see."""

__all__ = ["EVERYTHING"]

EVERYTHING = """
guideline whole "Everything":
  grading scheme
  entry first

grading scheme "A scheme":
  certainty high "High" | low "Low"
  grade A "Offer", certainty high
  grade C "Perhaps", certainty low

statement one "The first statement":
  kind recommend
  section "Treatment"
  lines 3-5
  evidence high A [2, 7]
statement two "Covered by the first":
  kind option
  evidence from one
statement three "Not encoded":
  kind principle
  evidence none [7]
  accept unused "Only background"

element fit "Fit": boolean
  ask "Is she fit?"
  hint "WHO 0 or 1"
element size "Size": quantity in cm from 0 to 20
element stage "Stage": stages
element barred "Contraindications": set of agent
parameter offer "Offer chemotherapy": boolean = yes

type stages "Stages" ordered:
  i "I"
  ii "II"

agent one_drug "Trastuzumab": rxnorm 224905
  synonym "Herceptin"
  authorised ema "For the fit" when fit
agent other_drug "Perjéta"
class both "Antibodies": one_drug, other_drug
contraindication recorded "Recorded": each of barred
incompatible never_both "Never both": one_drug with other_drug

constraint "No size below zero: <none>": size >= 0 cm

define large "Large": boolean = size > 5 cm
define category "Category": one of kind_a "A" | kind_b "B"
  kind_a when fit
  kind_b when not fit
reading how "How is fit meant?":
  chosen widely "Widely": fit
  alternative narrowly "Narrowly": fit and large

pathway first "First pathway":
  from two
  decision question "Is she fit?":
    when how and offer "Yes" -> treat
    otherwise "No" -> choice

  recommend treat "Treat":
    from one
    when size >= 1 cm
    give one_drug
    caution "Careful" when large
    -> on

  choose choice "Choose" any of:
    option left "Left":
      from two
      give other_drug
    option right "Right":
      unless stage is ii
      give one_drug
    -> on

  follow second as on

pathway second "Second pathway":
  applies when category is kind_a or category is kind_b
  review next "Later?":
    every 2 to 4 cycles
    on fit "Goes on" -> stop
    on not fit "Ends" -> stop
  end stop "Stop"

slot only_one "At most one": first.treat, first.choice

case fit_one "A fit patient":
  as of 2020-01-01
  given fit = yes
  given size = 2 cm
  given barred = {}
  given stage = i
  recommends treat
case wrong "An expectation that fails":
  as of 2020-01-01
  given fit = yes
  given size = 2 cm
  given barred = {}
  given stage = i
  not treat
"""
