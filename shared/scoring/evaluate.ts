import type { PersonKey } from '../facts/fact.ts';
import {
  type CompiledIndicator,
  type Frame,
  type Leaf,
  NO,
  type Node,
  RATIO_TO_NOTHING,
  type Row,
  type Run,
  UNKNOWN,
} from './compiled.ts';
import { comesBefore } from './evidence.ts';

function evaluateLeaf(run: Run, frame: Frame, leaf: Leaf, person: PersonKey | undefined): void {
  const { count, rows, uncertain } = leaf.tally;
  const within = frame.leaves[leaf.index];
  const open = uncertain || within?.open !== false;
  let low = 0;
  let counted = 0;
  let best: Row | undefined;
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    if (row === undefined || (person !== undefined && row.fact.person !== person)) continue;
    const amount = row.amount ?? 0;
    counted++;
    switch (leaf.kind) {
      case 'sum':
        low += amount;
        run.counted.push(row);
        break;
      // Rows come in order: of equals the first counts.
      case 'max':
        if (best === undefined || amount > low) [low, best] = [amount, row];
        break;
      case 'latest':
        if (best === undefined || comesBefore(best, row)) [low, best] = [amount, row];
        break;
      case 'count':
      case 'exists':
        low = leaf.kind === 'count' ? low + 1 : 1;
        run.counted.push(row);
    }
  }
  if (best !== undefined) run.counted.push(best);
  run.low = low;
  if (leaf.kind === 'exists') run.high = open ? 1 : low;
  else run.high = open ? Number.POSITIVE_INFINITY : low;
  run.partKnown = counted > 0 || within?.partKnown === true;
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
      run.low = ofLow <= 0 ? 0 : toHigh <= 0 ? RATIO_TO_NOTHING : ofLow / toHigh;
      if (ofHigh <= 0) run.high = 0;
      else if (toLow > 0) run.high = ofHigh / toLow;
      else run.high = toHigh <= 0 && Number.isFinite(ofHigh) ? RATIO_TO_NOTHING : Number.POSITIVE_INFINITY;
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
          run.counted.push(...tally.rows.slice(0, tally.count));
        }
      }
    }
  }
}

function touchesPersons(node: Node, into: Set<PersonKey>): void {
  if (node.kind === 'leaf') {
    const { rows, count } = node.leaf.tally;
    for (const row of rows.slice(0, count)) into.add(row.fact.person);
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
  let counted: Row[] = [];
  for (const person of persons) {
    run.counted = [];
    evaluateNode(run, frame, node, person);
    if (run.low > low) {
      low = run.low;
      counted = run.counted;
    }
    if (run.high > high) high = run.high;
    partKnown ||= run.partKnown;
  }
  run.low = low;
  run.high = high;
  run.partKnown = partKnown;
  run.counted = counted;
}

/** Works out the measure of an indicator for the household of the run, by its `per`. See `evaluateNode` for what it leaves. */
export function evaluateMeasure(run: Run, frame: Frame, indicator: CompiledIndicator): void {
  run.counted = [];
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
