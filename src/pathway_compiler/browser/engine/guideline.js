"use strict";
/**
 * A guideline as the engine uses it, from a document `pathway-compiled/1`: tables by name, and graphs.
 */
(function (engine) {
  const { fromDocument } = engine.numbers;
  const { valueFromDocument } = engine.values;

  const FORMAT = "pathway-compiled/1";

  /** The node that stands for entering a pathway. */
  const START = "(start)";

  /** Where a node of an expression may hold other expressions, in the order of the text. */
  const PARTS = ["record", "operand", "subject", "left", "right", "list", "item", "where", "start", "end"];

  /**
   * @typedef {object} Guideline
   * @property {object} header name, title, version, content_hash, grading, entry …
   * @property {Map<string, string>} words the engine's own sentences in the guideline's language
   * @property {Map<string, object>} elements and so on, each by name in the order of the text
   * @property {Map<string, Graph>} pathways
   */

  /**
   * @typedef {object} Graph
   * @property {string} name
   * @property {object[]} nodes in the order of the text
   * @property {Map<string, object>} byName
   * @property {string[]} order
   * @property {Map<string, object[]>} incoming
   * @property {Map<string, object[]>} outgoing
   */

  /**
   * Make a guideline of a document; throws a plain Error when it is of another format.
   * @returns {Guideline}
   */
  function load(document) {
    if (document?.format !== FORMAT) {
      throw new Error(`this is no document of the format ${FORMAT}`);
    }
    const enums = tableOf(document.enums, enumeration);
    const reader = new Reader(enums);
    const guideline = {
      header: document.guideline,
      words: new Map(Object.entries(document.words ?? {})),
      enums,
      gradings: tableOf(document.gradings, (grading) => ({
        ...grading,
        grades: new Map(Object.entries(grading.grades)),
      })),
      statements: tableOf(document.statements, (statement) => statement),
      records: tableOf(document.records, (record) => ({
        ...record,
        fields: new Map(record.fields.map((f) => [f.name, { ...f, type: reader.type(f.type) }])),
      })),
      actions: tableOf(document.actions, (action) => ({
        ...action,
        classes: new Set(action.classes),
        authorisations: (action.authorisations ?? []).map((a) => ({
          ...a,
          condition: reader.condition(a.condition),
        })),
      })),
      classes: tableOf(document.classes, (class_) => ({
        ...class_,
        classes: new Set(class_.classes),
        actions: class_.actions ?? [],
      })),
      elements: tableOf(document.elements, (element) => reader.element(element)),
      definitions: tableOf(document.definitions, (definition) => reader.definition(definition)),
      readings: tableOf(document.readings, (reading) => reader.reading(reading)),
      parameters: tableOf(document.parameters, (parameter) => ({
        ...parameter,
        type: reader.type(parameter.type),
        default: valueFromDocument(parameter.default),
      })),
      constraints: document.constraints.map((constraint) => ({
        ...constraint,
        if: reader.expression(constraint.if),
      })),
      contraindications: tableOf(document.contraindications, (contraindication) => ({
        ...contraindication,
        actions: contraindication.actions ?? [],
        condition: reader.condition(contraindication.condition),
      })),
      incompatibilities: tableOf(document.incompatibilities, (incompatibility) => incompatibility),
      slots: tableOf(document.slots, (slot) => slot),
      pathways: tableOf(document.pathways, (pathway, name) => reader.graph(pathway, name)),
    };
    return Object.freeze(guideline);
  }

  /** A table of the document by name, each row made into what the engine uses. */
  function tableOf(rows, made) {
    return new Map(Object.entries(rows).map(([name, row]) => [name, { ...made(row, name), name }]));
  }

  /** A closed list of values, each with those that contain it and its place in the order. */
  function enumeration(list, id) {
    const values = new Map(list.values.map((value) => [value.name, value]));
    const ancestors = (name) => {
      const chain = [];
      for (let value = values.get(name); value !== undefined; value = values.get(value.parent)) {
        chain.push(value.name);
      }
      return chain;
    };
    const parents = new Set(list.values.map((value) => value.parent));
    const leaves = list.values.filter((value) => !parents.has(value.name)).map((value) => value.name);
    const above = new Map([...values.keys()].map((name) => [name, new Set(ancestors(name))]));
    return {
      id,
      declared: list.name ?? null,
      values,
      above,
      leaves,
      leavesWithin: (name) => leaves.filter((leaf) => above.get(leaf).has(name)),
    };
  }

  /** Reads the parts of a document that refer to its lists of values. */
  class Reader {
    constructor(enums) {
      this.enums = enums;
    }

    type(type) {
      const found = { ...type };
      if (type.low !== undefined) found.low = fromDocument(type.low);
      if (type.high !== undefined) found.high = fromDocument(type.high);
      if (type.is === "enum") found.enum = this.enums.get(type.enum);
      if (type.is === "set") found.of = this.type(type.of);
      return Object.freeze(found);
    }

    condition(condition) {
      return condition === undefined ? null : { ...condition, if: this.expression(condition.if) };
    }

    expression(node) {
      const found = { ...node };
      if (node.op === "value") found.value = valueFromDocument(node.value);
      if (node.enum !== undefined) found.enum = this.enums.get(node.enum);
      for (const part of PARTS) if (node[part] !== undefined) found[part] = this.expression(node[part]);
      if (node.operands !== undefined) found.operands = node.operands.map((o) => this.expression(o));
      return Object.freeze(found);
    }

    element(element) {
      const found = { ...element, type: this.type(element.type), lasting: element.lasting === true };
      if (element.typical !== undefined) found.typical = valueFromDocument(element.typical);
      found.derive = element.derive === undefined ? null : this.expression(element.derive);
      return found;
    }

    definition(definition) {
      return {
        ...definition,
        type: this.type(definition.type),
        expression: definition.expression === undefined ? null : this.expression(definition.expression),
        rows: (definition.rows ?? []).map((row) => ({
          value: valueFromDocument(row.value),
          if: row.if === undefined ? null : this.expression(row.if),
        })),
      };
    }

    reading(reading) {
      return {
        ...reading,
        type: this.type(reading.type),
        alternatives: new Map(
          reading.alternatives.map((a) => [a.name, { ...a, expression: this.expression(a.expression) }]),
        ),
      };
    }

    graph(pathway, name) {
      const nodes = pathway.nodes.map((node) => this.node(node));
      const byName = new Map(nodes.map((node) => [node.name, node]));
      const incoming = new Map(pathway.order.map((node) => [node, []]));
      const outgoing = new Map(pathway.order.map((node) => [node, []]));
      for (const edge of pathway.edges) {
        incoming.get(edge.to).push(edge);
        outgoing.get(edge.from).push(edge);
      }
      return {
        name,
        label: pathway.label,
        parameters: (pathway.parameters ?? []).map((parameter) => ({
          ...parameter,
          default: parameter.default === undefined ? null : valueFromDocument(parameter.default),
        })),
        applies: this.condition(pathway.applies),
        nodes,
        byName,
        order: pathway.order,
        edges: pathway.edges,
        joins: new Map(Object.entries(pathway.joins ?? {})),
        incoming,
        outgoing,
        kind: (node) => byName.get(node)?.kind ?? "start",
        labelOf: (node) => byName.get(node)?.label ?? (byName.has(node) ? "" : pathway.label),
      };
    }

    node(node) {
      const found = { ...node, label: node.label ?? "", statements: node.statements ?? [] };
      if (node.branches !== undefined) {
        found.branches = node.branches.map((branch) => ({
          ...branch,
          label: branch.label ?? "",
          targets: branch.targets ?? [],
          condition: this.condition(branch.condition),
        }));
      }
      if (["recommend", "standing", "choose"].includes(node.kind)) {
        found.eligibility = this.eligibility(node.eligibility);
        found.course = this.course(node.course);
        found.moment = node.moment ?? null;
      }
      if (node.kind === "choose") {
        found.options = (node.options ?? []).map((option) => ({
          ...option,
          statements: option.statements ?? [],
          eligibility: this.eligibility(option.eligibility),
          course: this.course(option.course),
        }));
      }
      if (node.kind === "follow") {
        const told = Object.entries(node.arguments ?? {});
        found.arguments = told.map(([name, value]) => [name, valueFromDocument(value)]);
        found.adding = node.adding === undefined ? null : this.regimen(node.adding);
      }
      return found;
    }

    eligibility(eligibility = {}) {
      const conditions = (list = []) => list.map((condition) => this.condition(condition));
      return {
        when: conditions(eligibility.when),
        unless: conditions(eligibility.unless),
        onlyIf: conditions(eligibility.only_if),
      };
    }

    course(course = {}) {
      return {
        lines: (course.lines ?? []).map((line) => ({ ...line, regimen: this.regimen(line.regimen) })),
        avoids: course.avoids ?? [],
        cautions: (course.cautions ?? []).map((caution) => ({
          ...caution,
          condition: this.condition(caution.condition),
        })),
        overrides: course.overrides ?? [],
      };
    }

    regimen(regimen) {
      return {
        ...regimen,
        condition: this.condition(regimen.condition),
        parts: (regimen.parts ?? []).map((part) => this.regimen(part)),
      };
    }
  }

  // --- actions -----------------------------------------------------------------------------------------

  /** @param {Guideline} guideline @param {string} name */
  function actionOrClass(guideline, name) {
    return guideline.actions.get(name) ?? guideline.classes.get(name);
  }

  /** Whether an action or class is the other one or belongs to it. */
  function isA(guideline, name, wanted) {
    return name === wanted || (actionOrClass(guideline, name)?.classes.has(wanted) ?? false);
  }

  /** The single actions of a class, in the order of the text; of an action, itself. */
  function singleActions(guideline, name) {
    if (guideline.actions.has(name)) return [name];
    return guideline.classes.get(name)?.actions ?? [];
  }

  function actionLabel(guideline, name) {
    return actionOrClass(guideline, name)?.label ?? name;
  }

  // --- facts -------------------------------------------------------------------------------------------

  /** The element, definition, reading or parameter of a name. */
  function declared(guideline, name) {
    return (
      guideline.elements.get(name) ??
      guideline.definitions.get(name) ??
      guideline.readings.get(name) ??
      guideline.parameters.get(name)
    );
  }

  /** The expressions directly within one, in the order of the text. */
  function children(expression) {
    const found = expression.operands ? [...expression.operands] : [];
    for (const part of PARTS) if (expression[part] !== undefined) found.push(expression[part]);
    return found;
  }

  engine.guideline = Object.freeze({
    FORMAT,
    START,
    actionLabel,
    actionOrClass,
    children,
    declared,
    isA,
    load,
    singleActions,
  });
})((globalThis.PathwayEngine ??= {}));
