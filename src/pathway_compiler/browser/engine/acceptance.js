"use strict";
/**
 * Whether a patient's data can be: constraints, and facts entered both ways that do not agree;
 * `engine/acceptance.py` in JavaScript.
 */
(function (engine) {
  const { Interval, Rational, compare } = engine.numbers;
  const { PartialDate, compareDates, startsBefore } = engine.dates;
  const { Unknown } = engine.truth;
  const { Records, SetValue, sameValue, shown } = engine.values;
  const { isA } = engine.guideline;
  const { computedValue, evaluateCondition, factsBehind, observedValue } = engine.expressions;
  const { describeFact, describeValue, factType } = engine.describe;
  const { diagnostic } = engine.mistakes;
  const { say } = engine.text;

  /**
   * What is impossible about the patient's data; empty when they can be run. A constraint refuses data only
   * when it is certainly broken. At a later visit, facts are compared that belong to that visit or last.
   * @param {Environment} environment
   * @param {WaitingPoint[]} waiting
   * @returns {Diagnostic[]}
   */
  function accept(environment, waiting) {
    const seen = environmentOfVisit(environment, waiting);
    return [...brokenConstraints(seen), ...conflicts(seen)];
  }

  /** What is read at this visit as a whole: the facts since the last one, and lasting ones. */
  function environmentOfVisit(environment, waiting) {
    const days = waiting.map(({ since }) => since).filter((since) => since !== null);
    if (days.length === 0) return environment;
    return environment.after(days.reduce((latest, day) => (startsBefore(latest, day) ? day : latest)));
  }

  function brokenConstraints(environment) {
    const { guideline, patient } = environment;
    return guideline.constraints
      .filter((constraint) => evaluateCondition(constraint.if, environment) === false)
      .map((constraint) => {
        const facts = factsBehind([constraint.if], environment);
        const told = facts.map(([name, value]) => describeFact(name, value, guideline)).join("; ");
        const message = say("patient `%(id)s` cannot be: %(rule)s (%(facts)s)", {
          id: patient.id,
          rule: constraint.label,
          facts: told,
        });
        const help = say("correct the data; the guideline holds that always: %(condition)s", {
          condition: constraint.text,
        });
        return diagnostic("data-constraint", message, { help });
      });
  }

  function conflicts(environment) {
    const { guideline, patient } = environment;
    const problems = [];
    for (const name of patient.facts.keys()) {
      const computed = computedValue(name, environment);
      const observed = observedValue(name, environment);
      const type = factType(guideline, name);
      if (computed === null || agree(observed, computed, type, guideline)) continue;
      const { label } = guideline.definitions.get(name) ?? guideline.elements.get(name);
      const told = (value) => describeValue(shown(value), type, guideline);
      const message = say(
        "patient `%(id)s`: %(fact)s is entered as %(entered)s, and follows from other data as %(computed)s",
        { id: patient.id, fact: label, entered: told(observed), computed: told(computed) },
      );
      const help = say("correct one of them, or leave out the entered value");
      const related = [{ text: say("worked out here"), place: null }];
      problems.push(diagnostic("data-conflict", message, { help, related, path: ["facts", name] }));
    }
    return problems;
  }

  /** Whether two values can be of one patient: one may be less precise than the other. */
  function agree(observed, computed, type, guideline) {
    if (observed instanceof Unknown || computed instanceof Unknown) return true;
    if (observed instanceof Rational && computed instanceof Interval) {
      return compare("=", observed, computed) !== false;
    }
    if (observed instanceof PartialDate && computed instanceof PartialDate) {
      return compareDates("=", observed, computed) !== false;
    }
    if (typeof observed === "string" && typeof computed === "string") {
      if (type?.is !== "enum") return isA(guideline, observed, computed) || isA(guideline, computed, observed);
      const { above } = type.enum;
      return above.get(computed).has(observed) || above.get(observed).has(computed);
    }
    if (observed instanceof SetValue && computed instanceof SetValue) {
      const inner = type?.is === "set" ? type.of : null;
      const holds = (whole, part) =>
        !whole.complete || part.items.every((a) => whole.items.some((b) => agree(a, b, inner, guideline)));
      return holds(observed, computed) && holds(computed, observed);
    }
    if (observed instanceof Records && computed instanceof Records) return sameRecords(observed, computed);
    return sameValue(observed, computed);
  }

  function sameRecords(left, right) {
    return (
      sameValue(left.complete, right.complete) &&
      left.items.length === right.items.length &&
      sameValue(shown(left), shown(right)) &&
      left.items.every(([, truth], place) => sameValue(truth, right.items[place][1]))
    );
  }

  engine.acceptance = Object.freeze({ accept });
})((globalThis.PathwayEngine ??= {}));
