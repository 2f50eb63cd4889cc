import type { Fact, PersonKey } from '../facts/fact.ts';
import { type CompiledIndicator, type Frame, type Leaf, NO, type Node, type Run, UNKNOWN } from './compiled.ts';
import { compareFacts } from './evidence.ts';

/** A ratio whose denominator is known to be nothing: larger than any line a pack can sensibly hold. */
const RATIO_WITHOUT_DENOMINATOR = 1_000_000;

function keep(run: Run, fact: Fact, amount: number | undefined): void {
  run.evidenceFacts.push(fact);
  run.evidenceAmounts.push(amount);
}

function evaluateLeaf(run: Run, frame: Frame, leaf: Leaf, person: PersonKey | undefined): void {
  const { count, facts, amounts } = leaf.tally;
  const open = leaf.tally.uncertain || (frame.leafMissing[leaf.index]?.length ?? 0) > 0;
  let low = 0;
  let counted = 0;
  let best: Fact | undefined;
  for (let i = 0; i < count; i++) {
    const fact = facts[i];
    if (fact === undefined || (person !== undefined && fact.person !== person)) continue;
    const amount = amounts[i] ?? 0;
    counted++;
    switch (leaf.kind) {
      case 'sum':
        low += amount;
        keep(run, fact, amount);
        break;
      case 'max':
        if (best === undefined || amount > low || (amount === low && compareFacts(fact, best) < 0)) [low, best] = [amount, fact];
        break;
      case 'latest':
        if (best === undefined || compareFacts(fact, best) > 0) [low, best] = [amount, fact];
        break;
      case 'count':
      case 'exists':
        low = leaf.kind === 'count' ? low + 1 : 1;
        keep(run, fact, undefined);
    }
  }
  if (best !== undefined) keep(run, best, low);
  run.low = low;
  if (leaf.kind === 'exists') run.high = open ? 1 : low;
  else run.high = open ? Number.POSITIVE_INFINITY : low;
  run.partKnown = counted > 0 || frame.leafPartKnown[leaf.index] === true;
  if (run.high !== run.low) run.openLeaves.push(leaf);
}

/**
 * Works a measure out for the whole household, or for one person of it. Leaves the bounds in `run.low` and `run.high`, adds
 * the rows that counted and the leaves that stayed open to the run.
 */
function evaluateNode(run: Run, frame: Frame, node: Node, person: PersonKey | undefined): void {
  switch (node.kind) {
    case 'leaf':
      evaluateLeaf(run, frame, node.leaf, person);
      return;
    case 'add': {
      let low = 0;
      let high = 0;
      let partKnown = false;
      for (const part of node.parts) {
        evaluateNode(run, frame, part, person);
        low += run.low;
        high += run.high;
        partKnown ||= run.partKnown;
      }
      run.low = low;
      run.high = high;
      run.partKnown = partKnown;
      return;
    }
    case 'ratio': {
      evaluateNode(run, frame, node.of, person);
      const { low: ofLow, high: ofHigh, partKnown } = run;
      evaluateNode(run, frame, node.to, person);
      const { low: toLow, high: toHigh } = run;
      run.low = ofLow <= 0 ? 0 : toHigh <= 0 ? RATIO_WITHOUT_DENOMINATOR : ofLow / toHigh;
      if (ofHigh <= 0) run.high = 0;
      else if (toLow > 0) run.high = ofHigh / toLow;
      else run.high = toHigh <= 0 && Number.isFinite(ofHigh) ? RATIO_WITHOUT_DENOMINATOR : Number.POSITIVE_INFINITY;
      run.partKnown = partKnown && run.partKnown;
      return;
    }
    case 'holds': {
      const truth = node.test(run);
      run.low = truth === NO || truth === UNKNOWN ? 0 : 1;
      run.high = truth === NO ? 0 : 1;
      run.partKnown = truth !== UNKNOWN;
      if (truth === UNKNOWN) {
        for (const leaf of node.leaves) run.openLeaves.push(leaf);
      } else {
        for (const { tally } of node.shown) {
          for (const fact of tally.facts.slice(0, tally.count)) keep(run, fact, undefined);
        }
      }
    }
  }
}

function touchesPersons(node: Node, into: Set<PersonKey>): void {
  if (node.kind === 'leaf') {
    const { facts, count } = node.leaf.tally;
    for (const fact of facts.slice(0, count)) into.add(fact.person);
  } else if (node.kind === 'add') for (const part of node.parts) touchesPersons(part, into);
  else if (node.kind === 'ratio') {
    touchesPersons(node.of, into);
    touchesPersons(node.to, into);
  }
}

const NOBODY = '' as PersonKey;

function evaluatePersons(run: Run, frame: Frame, node: Node, persons: readonly PersonKey[]): void {
  // Nobody's share is what a person without any fact has: nothing, or unknown.
  evaluateNode(run, frame, node, NOBODY);
  let { low, high, partKnown } = run;
  let facts: Fact[] = [];
  let amounts: (number | undefined)[] = [];
  for (const person of persons) {
    run.evidenceFacts = [];
    run.evidenceAmounts = [];
    evaluateNode(run, frame, node, person);
    if (run.low > low) {
      low = run.low;
      facts = run.evidenceFacts;
      amounts = run.evidenceAmounts;
    }
    if (run.high > high) high = run.high;
    partKnown ||= run.partKnown;
  }
  run.low = low;
  run.high = high;
  run.partKnown = partKnown;
  run.evidenceFacts = facts;
  run.evidenceAmounts = amounts;
}

/** Works out the measure of an indicator for the household of the run, by its `per`. See `evaluateNode` for what it leaves. */
export function evaluateMeasure(run: Run, frame: Frame, indicator: CompiledIndicator): void {
  run.evidenceFacts = [];
  run.evidenceAmounts = [];
  run.openLeaves = [];
  if (indicator.per === 'household') {
    evaluateNode(run, frame, indicator.node, undefined);
    return;
  }
  const persons = new Set<PersonKey>();
  if (indicator.per === 'person') touchesPersons(indicator.node, persons);
  else for (const member of run.members) if (member.membership.head) persons.add(member.person);
  evaluatePersons(run, frame, indicator.node, [...persons].sort());
  if (indicator.per === 'head' && persons.size === 0 && run.facts.length > 0) {
    // Nobody is known to be the head, so whether these facts are the head's is open.
    run.high = indicator.unit === 'yes-no' ? 1 : Number.POSITIVE_INFINITY;
  }
}
