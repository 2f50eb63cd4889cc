import type { Fact } from '../facts/fact.ts';
import { type CompiledPack, type Frame, type Leaf, NO, type Run, type Truth, UNKNOWN, YES } from './compiled.ts';
import { compareFacts } from './evidence.ts';

/** What a row contributes: NaN for a row without the amount asked for. Deductions never push a charge below nothing. */
function amountOf(leaf: Leaf, fields: Fact['fields']): number {
  let charged = 0;
  let found = false;
  for (const name of leaf.plus) {
    const value = fields[name];
    if (typeof value !== 'number') continue;
    charged += value;
    found = true;
  }
  if (!found) return Number.NaN;
  if (leaf.minus.length === 0) return charged;
  let net = charged;
  for (const name of leaf.minus) {
    const value = fields[name];
    if (typeof value === 'number') net -= value;
  }
  return charged > 0 && net < 0 ? 0 : net;
}

/** Whether a row of a complete list still stands: named in the latest list, gone from it, or perhaps in a refused row. */
function onLatestList(run: Run, frame: Frame, feed: number, fact: Fact): Truth {
  const end = fact.seq.slice(0, 10);
  const asOf = frame.asOf;
  // A list for the running month is labelled by its last day and may already be here.
  if (end > asOf && end.slice(0, 7) !== asOf.slice(0, 7)) return NO;
  let latest = frame.listEnd[feed] ?? '';
  if (latest === '') {
    // No list is on record for this county: the newest one that names somebody of the household stands in for it.
    for (const other of run.facts) {
      if (other.feed === fact.feed && other.seq.slice(0, 10) > latest) latest = other.seq.slice(0, 10);
    }
  }
  if (end >= latest) return YES;
  return end >= (frame.completeEnd[feed] ?? '') && frame.completeEnd[feed] !== latest ? UNKNOWN : NO;
}

function rowCounts(run: Run, frame: Frame, compiled: CompiledPack, leaf: Leaf, feed: number, fact: Fact): Truth {
  let answer: Truth = YES;
  if (!leaf.current) {
    if (fact.from < (frame.windowStart[leaf.window] ?? '') || fact.from > (frame.windowEnd[leaf.window] ?? '')) return NO;
  } else if (compiled.feeds[feed]?.kind === 'snapshot') {
    answer = onLatestList(run, frame, feed, fact);
    if (answer === NO) return NO;
  } else if (fact.from > frame.asOf || (fact.to !== undefined && fact.to < frame.asOf)) return NO;
  if (leaf.filter === undefined) return answer;
  const passes = leaf.filter(fact.fields);
  return passes === YES ? answer : passes;
}

function forget(run: Run): void {
  for (const index of run.touchedLeaves) {
    const facts = run.leafFacts[index];
    const amounts = run.leafAmounts[index];
    if (facts !== undefined) facts.length = 0;
    if (amounts !== undefined) amounts.length = 0;
    run.leafLow[index] = 0;
    run.leafUncertain[index] = false;
    run.leafEvidence[index] = undefined;
  }
  run.touchedLeaves.length = 0;
  run.epoch = run.epoch === 0x7fffffff ? 1 : run.epoch + 1;
}

function count(run: Run, leaf: Leaf, fact: Fact, amount: number): void {
  const { index } = leaf;
  const facts = run.leafFacts[index];
  const amounts = run.leafAmounts[index];
  if (facts === undefined || amounts === undefined) return;
  switch (leaf.kind) {
    case 'sum':
      run.leafLow[index] = (run.leafLow[index] ?? 0) + amount;
      break;
    case 'count':
      run.leafLow[index] = facts.length + 1;
      break;
    case 'exists':
      run.leafLow[index] = 1;
      break;
    case 'max':
      if (facts.length === 0 || amount > (run.leafLow[index] ?? 0)) run.leafLow[index] = amount;
      break;
    case 'latest':
      if (facts.every((other) => compareFacts(fact, other) > 0)) run.leafLow[index] = amount;
  }
  facts.push(fact);
  amounts.push(amount);
}

/** Deals each fact of the run once to the leaves that read its feed, adds up as it goes, and marks the indicators touched. */
export function dealFacts(compiled: CompiledPack, run: Run, frame: Frame): void {
  forget(run);
  const { epoch, touched } = run;
  for (const fact of run.facts) {
    const feed = compiled.feedIndex.get(fact.feed);
    if (feed === undefined) continue;
    for (const leaf of compiled.readers[feed] ?? []) {
      const counts = rowCounts(run, frame, compiled, leaf, feed, fact);
      if (counts === NO) continue;
      const { index } = leaf;
      if (counts === UNKNOWN) run.leafUncertain[index] = true;
      else if (leaf.plus.length > 0) {
        const amount = amountOf(leaf, fact.fields);
        if (Number.isNaN(amount) || (amount === 0 && leaf.kind !== 'latest')) continue;
        count(run, leaf, fact, amount);
      } else count(run, leaf, fact, Number.NaN);
      run.touchedLeaves.push(index);
      for (const indicator of compiled.touches[index] ?? []) touched[indicator] = epoch;
    }
  }
}
