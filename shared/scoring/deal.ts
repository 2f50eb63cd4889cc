import type { Fact } from '../facts/fact.ts';
import { type CompiledPack, type Frame, type Leaf, NO, type Reader, type Run, type Truth, UNKNOWN, YES } from './compiled.ts';
import { compareFacts } from './evidence.ts';
import { dateNumber } from './windows.ts';

/** What a row contributes: undefined for a row without the amount asked for. Deductions never push a charge below nothing. */
function amountOf(leaf: Leaf, fields: Fact['fields']): number | undefined {
  if (leaf.only !== undefined) {
    const value = fields[leaf.only];
    return typeof value === 'number' ? value : undefined;
  }
  let charged = 0;
  let found = false;
  for (const name of leaf.plus) {
    const value = fields[name];
    if (typeof value !== 'number') continue;
    charged += value;
    found = true;
  }
  if (!found) return undefined;
  let net = charged;
  for (const name of leaf.minus) {
    const value = fields[name];
    if (typeof value === 'number') net -= value;
  }
  return charged > 0 && net < 0 ? 0 : net;
}

/** Whether a row of a complete list still stands: named in the latest list, gone from it, or perhaps in a refused row. */
function onLatestList(run: Run, frame: Frame, feed: number, fact: Fact): Truth {
  const end = dateNumber(fact.seq);
  const { asOfNumber } = frame;
  // A list for the running month is labelled by its last day and may already be here.
  if (end > asOfNumber && Math.trunc(end / 100) !== Math.trunc(asOfNumber / 100)) return NO;
  const complete = frame.completeEnd[feed] ?? 0;
  let latest = frame.listEnd[feed] ?? 0;
  if (latest === 0) {
    // No list is on record for this county: the newest one that names somebody of the household stands in for it.
    for (const other of run.facts) if (other.feed === fact.feed) latest = Math.max(latest, dateNumber(other.seq));
  }
  if (end >= latest) return YES;
  return end >= complete && complete !== latest ? UNKNOWN : NO;
}

/** `from` is the fact's first day as `dateNumber`. */
function rowCounts(run: Run, frame: Frame, reader: Reader, feed: number, fact: Fact, from: number): Truth {
  const { filter } = reader.leaf;
  let answer: Truth = YES;
  if (reader.mode === 'list') {
    answer = onLatestList(run, frame, feed, fact);
    if (answer === NO) return NO;
  } else {
    if (from < reader.start || from > reader.end) return NO;
    if (reader.mode === 'holds' && fact.to !== undefined && dateNumber(fact.to) < frame.asOfNumber) return NO;
  }
  if (filter === undefined) return answer;
  const passes = filter(fact.fields);
  return passes === YES ? answer : passes;
}

/** Lists are counted, not cut: cutting one gives its memory back, and every household would pay to take it again. */
function forget(run: Run): void {
  const { touchedLeaves, touchedCount } = run;
  for (let i = 0; i < touchedCount; i++) {
    const tally = touchedLeaves[i]?.tally;
    if (tally === undefined) continue;
    tally.touched = false;
    tally.low = 0;
    tally.count = 0;
    tally.best = undefined;
    tally.onePerson = true;
    tally.uncertain = false;
    tally.evidence = undefined;
  }
  run.touchedCount = 0;
  run.epoch = run.epoch === 0x7fffffff ? 1 : run.epoch + 1;
}

/** Whether a row takes the place of the best so far: the latest one, or the highest, of equals the first. */
function outranks(kind: Leaf['kind'], amount: number, fact: Fact, low: number, best: Fact): boolean {
  if (kind === 'latest') return compareFacts(fact, best) > 0;
  return amount > low || (amount === low && compareFacts(fact, best) < 0);
}

/** `amount` is undefined where the leaf asks for none. */
function count(leaf: Leaf, fact: Fact, amount: number | undefined): void {
  const { tally } = leaf;
  const { best } = tally;
  const { kind } = leaf;
  if (amount === undefined) tally.low = kind === 'count' ? tally.low + 1 : 1;
  else if (kind === 'sum') tally.low += amount;
  else if (best === undefined || outranks(kind, amount, fact, tally.low, best)) {
    tally.low = amount;
    tally.best = fact;
  }
  if (tally.count > 0 && tally.facts[0]?.person !== fact.person) tally.onePerson = false;
  tally.facts[tally.count] = fact;
  tally.amounts[tally.count] = amount;
  tally.count++;
}

/** Deals each fact of the run once to the leaves that read its feed, adds up as it goes, and marks the indicators touched. */
export function dealFacts(compiled: CompiledPack, run: Run, frame: Frame): void {
  forget(run);
  const { epoch, touched, facts } = run;
  const { feedPlace } = compiled;
  for (let i = 0; i < facts.length; i++) {
    const fact = facts[i];
    const feed = fact === undefined ? undefined : feedPlace[fact.feed];
    const readers = feed === undefined ? undefined : frame.readers[feed];
    if (fact === undefined || feed === undefined || readers === undefined) continue;
    const from = dateNumber(fact.from);
    // Readers that take the same amount stand side by side.
    let amountId = -1;
    let amount: number | undefined;
    for (let j = 0; j < readers.length; j++) {
      const reader = readers[j];
      if (reader === undefined) continue;
      const counts = rowCounts(run, frame, reader, feed, fact, from);
      if (counts === NO) continue;
      const { leaf, touches } = reader;
      const { tally } = leaf;
      if (counts === UNKNOWN) tally.uncertain = true;
      else if (leaf.plus.length > 0) {
        if (leaf.amountId !== amountId) {
          amount = amountOf(leaf, fact.fields);
          amountId = leaf.amountId;
        }
        if (amount === undefined || (amount === 0 && leaf.kind !== 'latest')) continue;
        count(leaf, fact, amount);
      } else count(leaf, fact, undefined);
      if (tally.touched) continue;
      tally.touched = true;
      run.touchedLeaves[run.touchedCount++] = leaf;
      for (let k = 0; k < touches.length; k++) touched[touches[k] ?? 0] = epoch;
    }
  }
}
