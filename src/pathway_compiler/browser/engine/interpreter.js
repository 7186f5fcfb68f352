"use strict";
/**
 * One pass over each pathway's graph in topological order, with a full trace; `engine/interpreter.py` in
 * JavaScript. Every node of a visit has an activation, true, false or unknown; an edge passes it on under the
 * guard of its branch; where the routes of an exhaustive decision meet again, the decision's own counts.
 */
(function (engine) {
  const { startsBefore } = engine.dates;
  const { Unknown, and, not, or } = engine.truth;
  const { START } = engine.guideline;
  const { evaluateCondition, factsBehind } = engine.expressions;
  const { draftRecommendations, optionDoubts } = engine.drafts;
  const { entriesOf, wayOf, whyNotReached } = engine.whyNot;
  const { together } = engine.describe;
  const { say } = engine.text;

  const RECOMMENDING = new Set(["recommend", "standing", "choose"]);

  /**
   * @typedef {object} WaitingPoint where a patient waits between visits
   * @property {string} pathway
   * @property {?string} node a review, or null for the start
   * @property {string[]} via
   * @property {?PartialDate} since
   */

  /**
   * @typedef {object} Instance a pathway as it is followed in this visit
   * @property {Graph} graph
   * @property {Environment} environment
   * @property {string[]} via
   * @property {?object} adding
   * @property {object[]} route
   * @property {object[]} because
   */

  /** What has been found so far in one run. */
  class Run {
    /** @param {Guideline} guideline @param {Environment} environment */
    constructor(guideline, environment) {
      this.guideline = guideline;
      this.environment = environment;
      this.trace = [];
      this.drafts = [];
      this.reviews = [];
      this.outside = [];
      this.ends = [];
      this.waiting = [];
      this.doubts = [];
      this.applies = false;
      /** Each pathway that was entered, with the way to it, once. */
      this.entered = new Map();
    }

    // --- where a visit begins --------------------------------------------------------------------------

    /** Go on from where the patient waits. @param {WaitingPoint} point @param {string} entry */
    begin(point, entry) {
      const instance = this.instance(point, entry);
      if (point.node === null) {
        const start = this.appliesTo(instance);
        this.applies = or([this.applies, start]);
        const settled = this.visit(instance, new Map([[START, start]]));
        this.enclosingStanding(point, entry);
        if (!settled) this.waiting.push(point);
        return;
      }
      this.applies = true;
      this.resume(point, entry, instance);
    }

    /** Read the answers of a review at which an earlier visit ended. */
    resume(point, entry, instance) {
      const { graph, environment } = instance;
      const node = graph.byName.get(point.node);
      const id = `${graph.name}.${node.name}`;
      const seeds = new Map();
      const branches = node.branches.map((branch) => {
        const truth = evaluateCondition(branch.condition.if, environment);
        for (const target of branch.targets) seeds.set(target, or([seeds.get(target) ?? false, truth]));
        return branchTrace(branch, truth, truth);
      });
      const facts = factsOf(node, environment);
      this.trace.push({
        pathway: graph.name,
        node: node.name,
        kind: "review",
        label: node.label,
        activation: true,
        branches,
        facts,
        via: point.via,
      });
      this.doubt(graph, node.name, true, branches.map((b) => b.condition));
      const answers = branches.filter((b) => b.condition === true);
      const began = {
        ...instance,
        route: [{ node: id, answer: answers.map((b) => b.label).join(" / ") }],
        because: answers.map((b) => ({ node: id, question: node.label, answer: b.label, facts })),
      };
      const settled = this.visit(began, seeds, true);
      this.enclosingStanding(point, entry);
      const left = answers.length > 0;
      if (!left || !settled) this.waiting.push(point);
      if (!left) this.reviews.push(reviewOutcome(node, instance, "given", point.since));
    }

    /** The pathway of a waiting point with what it is told and what is added on the way to it. */
    instance(point, entry) {
      const graph = this.guideline.pathways.get(point.via.length > 0 ? entry : point.pathway);
      const environment = told(this.environment.after(point.since), graph, []);
      let instance = { graph, environment, via: [], adding: null, route: [], because: [] };
      for (const name of point.via) {
        instance = this.followed(instance, instance.graph.byName.get(name), [], []);
      }
      return instance;
    }

    /** What stands in the pathways that led to a place still holds while the patient waits there. */
    enclosingStanding(point, entry) {
      for (let length = 0; length < point.via.length; length += 1) {
        const via = point.via.slice(0, length);
        const outer = this.instance({ pathway: entry, node: null, via, since: point.since }, entry);
        if (!this.entered.has(placeKey(outer))) this.visit(outer, new Map(), true);
      }
    }

    /** @param {Instance} instance @returns {Truth} */
    appliesTo({ graph, environment }) {
      return graph.applies === null ? true : evaluateCondition(graph.applies.if, environment);
    }

    /** @returns {Instance} */
    followed(instance, node, route, because) {
      const graph = this.guideline.pathways.get(node.pathway);
      let { adding } = instance;
      if (node.adding !== null) adding = adding === null ? node.adding : together(adding, node.adding);
      const environment = told(instance.environment, graph, node.arguments);
      return { graph, environment, via: [...instance.via, node.name], adding, route, because };
    }

    // --- one pathway -----------------------------------------------------------------------------------

    /**
     * Activate the nodes of one pathway in order; says whether nothing was left unknown.
     * @param {Instance} instance
     * @param {Map<string, Truth>} seeds
     * @param {boolean} standing whether what stands in the pathway holds anyway
     */
    visit(instance, seeds, standing = false) {
      const { graph } = instance;
      this.entered.set(placeKey(instance), { via: instance.via, name: graph.name });
      const activation = new Map();
      const passed = new Map();
      let settled = true;
      if (seeds.get(START) instanceof Unknown) this.doubt(graph, START, true, [seeds.get(START)]);
      for (const name of graph.order) {
        const node = graph.byName.get(name) ?? null;
        const arriving = graph.incoming
          .get(name)
          .filter((edge) => passed.has(edge))
          .map((edge) => passed.get(edge));
        if (seeds.has(name)) arriving.push(seeds.get(name));
        arriving.push(...(graph.joins.get(name) ?? []).map((decision) => activation.get(decision)));
        if (standing && node?.kind === "standing") arriving.push(true);
        const active = or(arriving);
        activation.set(name, active);
        const guards = this.enter(instance, name, node, active, activation, passed, standing);
        if ([active, ...guards].some((truth) => truth instanceof Unknown)) settled = false;
      }
      this.recommend(instance, activation, passed);
      return settled;
    }

    /** Pass the activation of a node on, and note what it says; the guards of its answers. */
    enter(instance, name, node, active, activation, passed, resumed) {
      const { graph, environment, via } = instance;
      let branches = [];
      let facts = [];
      if (active !== false && node?.kind === "decision") {
        branches = this.answers(node, instance, active);
        facts = factsOf(node, environment);
        const taken = new Map(branches.map((branch) => [branch.name, branch.taken]));
        for (const edge of graph.outgoing.get(name)) passed.set(edge, taken.get(edge.branch));
        this.doubt(graph, name, active === true, branches.map((b) => b.taken));
        const covered = or(branches.map((b) => b.condition));
        if (active === true && covered === false && node.decision !== "all that apply") {
          const text = say("no answer of “%(question)s” fits this patient", { question: node.label });
          this.outside.push({ text, truth: true });
        }
      } else if (active !== false && node?.kind !== "review") {
        for (const edge of graph.outgoing.get(name)) passed.set(edge, active);
      }
      if (node !== null || !resumed) {
        const label = graph.labelOf(name);
        const kind = graph.kind(name);
        this.trace.push({ pathway: graph.name, node: name, kind, label, activation: active, branches, facts, via });
      }
      if (active === false) return [];
      switch (node?.kind) {
        case "follow":
          this.follow(instance, node, active, passed);
          break;
        case "review":
          this.reviews.push(reviewOutcome(node, instance, active === true ? "given" : "possible", null));
          if (active === true) {
            this.waiting.push({ pathway: graph.name, node: name, via, since: this.environment.asOf });
          }
          break;
        case "outside":
          this.outside.push({ text: node.label, truth: active });
          break;
        case "end":
          if (active === true) this.ends.push(node.label);
          break;
        default:
      }
      return branches.map((b) => b.taken);
    }

    /** The answers of a decision, each with its own condition and whether the route takes it. */
    answers(node, { environment }, active) {
      const conditions = node.branches.map(({ condition }) =>
        condition === null ? null : evaluateCondition(condition.if, environment),
      );
      return node.branches.map((branch, place) => {
        const condition = conditions[place];
        let guard = condition;
        if (condition === null) guard = not(or(conditions.filter((c) => c !== null)));
        else if (node.decision === "first match") {
          const before = conditions.slice(0, place).filter((c) => c !== null);
          guard = and([condition, not(or(before))]);
        }
        return branchTrace(branch, condition ?? guard, and([active, guard]));
      });
    }

    follow(instance, node, active, passed) {
      const { route, because } = this.way(instance, node.name, passed);
      const inner = this.followed(instance, node, route, because);
      const applies = this.appliesTo(inner);
      if (applies instanceof Unknown) this.doubt(instance.graph, node.name, active === true, [applies]);
      const start = and([active, applies]);
      if (!this.visit(inner, new Map([[START, start]])) && active === true) {
        const { graph, via, environment } = inner;
        this.waiting.push({ pathway: graph.name, node: null, via, since: environment.since });
      }
    }

    /** Remember what is missing at a place, and the recommendations that wait for it. */
    doubt(graph, node, now, truths) {
      for (const truth of truths) {
        if (truth instanceof Unknown) this.doubts.push({ unknown: truth, now, pathway: graph.name, node });
      }
    }

    recommend(instance, activation, passed) {
      const { graph, via } = instance;
      const entries = entriesOf(graph, via, this.trace);
      for (const node of graph.nodes) {
        if (!RECOMMENDING.has(node.kind)) continue;
        const active = activation.get(node.name);
        const place = { pathway: graph.name, node, via, route: [], because: [], notReached: [] };
        if (active === false) place.notReached = whyNotReached(graph, node.name, entries);
        else Object.assign(place, this.way(instance, node.name, passed));
        const drafts = draftRecommendations(place, active, instance.environment, instance.adding);
        if (active !== false) {
          for (const draft of drafts) {
            this.doubt(graph, node.name, active === true, [draft.own, ...optionDoubts(draft)]);
          }
        }
        this.drafts.push(...drafts);
      }
    }

    /** The route to a node, as certain as there is one, and the answers on it. */
    way(instance, name, passed) {
      const { graph, environment } = instance;
      const steps = [{ node: `${graph.name}.${name}`, answer: "" }];
      const because = [];
      let current = name;
      for (;;) {
        const edges = graph.incoming.get(current).filter((edge) => (passed.get(edge) ?? false) !== false);
        const edge = edges.find((e) => passed.get(e) === true) ?? edges[0];
        if (edge === undefined || edge.from === START) break;
        const id = `${graph.name}.${edge.from}`;
        const answer = edge.kind === "branch" ? (edge.label ?? "") : "";
        steps.push({ node: id, answer });
        if (edge.kind === "branch") {
          const decision = graph.byName.get(edge.from);
          const facts = factsOfBranch(decision, edge.branch, environment);
          because.push({ node: id, question: decision.label, answer, facts });
        }
        current = edge.from;
      }
      if (graph.applies !== null && instance.route.length === 0) {
        const facts = factsBehind([graph.applies.if], environment);
        because.push({ node: graph.name, question: graph.label, answer: graph.applies.text, facts });
      }
      return {
        route: [...instance.route, ...steps.reverse()],
        because: [...instance.because, ...because.reverse()],
      };
    }
  }

  /** The environment within a pathway that is told these arguments. */
  function told(environment, graph, given) {
    const defaults = graph.parameters.filter((p) => p.default !== null).map((p) => [p.name, p.default]);
    return environment.withTold(new Map([...defaults, ...given]));
  }

  function placeKey({ graph, via }) {
    return `${graph.name}:${wayOf(via)}`;
  }

  function branchTrace(branch, condition, taken) {
    return { name: branch.name, label: branch.label, condition, taken, targets: branch.targets };
  }

  function factsOf(node, environment) {
    const conditions = node.branches.filter((b) => b.condition !== null).map((b) => b.condition.if);
    return factsBehind(conditions, environment);
  }

  /** The facts an answer rests on; `otherwise` rests on those of all other answers. */
  function factsOfBranch(node, name, environment) {
    const branch = node.branches.find((b) => b.name === name);
    if (branch.condition === null) return factsOf(node, environment);
    return factsBehind([branch.condition.if], environment);
  }

  function reviewOutcome(node, { graph, via }, certainty, since) {
    const id = `${graph.name}.${node.name}`;
    return { id, title: node.label, certainty, every: node.every ?? null, via, since };
  }

  /** Each waiting point once, since the earliest day; none below a start that is run again anyway. */
  function withoutRepeats(points) {
    const starts = points.filter((p) => p.node === null).map((p) => p.via);
    const kept = new Map();
    for (const point of points) {
      if (point.node === null && starts.some((via) => leadsTo(via, point.via))) continue;
      const key = JSON.stringify([point.pathway, point.node, point.via]);
      const earlier = kept.get(key);
      if (earlier === undefined || begunBefore(point, earlier)) kept.set(key, point);
    }
    return [...kept.values()];
  }

  function leadsTo(outer, inner) {
    return outer.length < inner.length && outer.every((name, place) => name === inner[place]);
  }

  function begunBefore(point, other) {
    if (point.since === null || other.since === null) return point.since === null && other.since !== null;
    return startsBefore(point.since, other.since);
  }

  /**
   * What a run over the graph finds, before it is summed up.
   * @param {Guideline} guideline
   * @param {Environment} environment
   * @param {string} pathway
   * @param {WaitingPoint[]} waiting where an earlier visit ended; without them the run begins at the start
   */
  function interpret(guideline, environment, pathway, waiting) {
    const run = new Run(guideline, environment);
    const points = waiting.length > 0 ? waiting : [{ pathway, node: null, via: [], since: null }];
    for (const point of points) run.begin(point, pathway);
    const { trace, drafts, reviews, outside, ends, doubts, applies } = run;
    const entered = [...run.entered.values()];
    const left = withoutRepeats(run.waiting);
    return { pathway, trace, drafts, reviews, outside, ends, doubts, applies, entered, waiting: left };
  }

  engine.interpreter = Object.freeze({ RECOMMENDING, interpret });
})((globalThis.PathwayEngine ??= {}));
