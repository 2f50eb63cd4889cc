import type { Fact } from '../facts/fact.ts';
import {
  type Amount,
  type Desk,
  type Frame,
  type FrameLeaf,
  NO,
  type Question,
  type Reader,
  type Row,
  type Run,
  type Truth,
  UNKNOWN,
  YES,
} from './compiled.ts';
import { comesBefore, evidenceOf } from './evidence.ts';
import { dateNumber } from './windows.ts';

/** What a fact contributes: undefined for one without the amount asked for. Deductions never push a charge below nothing. */
function amountOf({ only, plus, minus }: Amount, fields: Fact['fields']): number | undefined {
  if (only !== undefined) {
    const value = fields[only];
    return typeof value === 'number' ? value : undefined;
  }
  let charged = 0;
  let found = false;
  for (const name of plus) {
    const value = fields[name];
    if (typeof value !== 'number') continue;
    charged += value;
    found = true;
  }
  if (!found) return undefined;
  let net = charged;
  for (const name of minus) {
    const value = fields[name];
    if (typeof value === 'number') net -= value;
  }
  return charged > 0 && net < 0 ? 0 : net;
}

/** Whether a row of a complete list still stands: named in the latest list, gone from it, or perhaps in a refused row. */
function onLatestList(run: Run, asOfNumber: number, desk: Desk, fact: Fact): Truth {
  const end = dateNumber(fact.seq);
  // A list for the running month is labelled by its last day and may already be here.
  if (end > asOfNumber && Math.trunc(end / 100) !== Math.trunc(asOfNumber / 100)) return NO;
  let latest = desk.listEnd;
  if (latest === 0) {
    // No list is on record for this county: the newest one that names somebody of the household stands in for it.
    for (const other of run.facts) if (other.feed === fact.feed) latest = Math.max(latest, dateNumber(other.seq));
  }
  if (end >= latest) return YES;
  return end >= desk.completeEnd && desk.completeEnd !== latest ? UNKNOWN : NO;
}

/** Whether a fact holds on the as-of date. `from` is its first day as `dateNumber`. */
function holds(run: Run, asOfNumber: number, desk: Desk, fact: Fact, from: number): Truth {
  if (desk.holding === 'listed') return onLatestList(run, asOfNumber, desk, fact);
  if (from > asOfNumber || (fact.to !== undefined && dateNumber(fact.to) < asOfNumber)) return NO;
  return YES;
}

/** Lists are counted, not cut: cutting one gives its memory back, and every household would pay to take it again. */
function forget(run: Run): void {
  const { leaves, leafCount, questions, questionCount } = run;
  for (let i = 0; i < leafCount; i++) {
    const tally = leaves[i]?.tally;
    if (tally === undefined) continue;
    tally.touched = false;
    tally.low = 0;
    tally.count = 0;
    tally.best = undefined;
    tally.uncertain = false;
  }
  for (let i = 0; i < questionCount; i++) {
    const question = questions[i];
    if (question !== undefined) question.touched = false;
  }
  run.leafCount = 0;
  run.questionCount = 0;
  run.rowCount = 0;
}

/** Takes the next of the run's rows, or makes one more. */
function nextRow(run: Run, fact: Fact, day: number, amount: number | undefined): Row {
  const evidence: Row['evidence'] = [evidenceOf(fact, amount)];
  const row = run.rows[run.rowCount++];
  if (row === undefined) {
    const made: Row = { fact, day, amount, evidence };
    run.rows.push(made);
    return made;
  }
  row.fact = fact;
  row.day = day;
  row.amount = amount;
  row.evidence = evidence;
  return row;
}

/** Whether a row takes the place of the best so far: the latest one, or the highest, of equals the first. */
function outranks(latest: boolean, amount: number, row: Row, low: number, best: Row): boolean {
  if (latest) return comesBefore(best, row);
  return amount > low || (amount === low && comesBefore(row, best));
}

/** Counts a row in, keeping the rows in order. */
function count({ tally, sums, counts, latest }: Reader, row: Row, amount: number | undefined): void {
  const { rows, best } = tally;
  if (amount === undefined) tally.low = counts ? tally.low + 1 : 1;
  else if (sums) tally.low += amount;
  else if (best === undefined || outranks(latest, amount, row, tally.low, best)) {
    tally.low = amount;
    tally.best = row;
  }
  let place = tally.count++;
  for (; place > 0; place--) {
    const before = rows[place - 1];
    if (before === undefined || !comesBefore(row, before)) break;
    rows[place] = before;
  }
  rows[place] = row;
}

/** Notes that a question must be worked out for the household of the run. */
function touch(run: Run, question: Question): void {
  if (question.touched) return;
  question.touched = true;
  run.questions[run.questionCount++] = question;
}

function touchLeaf(run: Run, leaf: FrameLeaf): void {
  const { tally, touches } = leaf;
  tally.touched = true;
  run.leaves[run.leafCount++] = leaf;
  for (let i = 0; i < touches.length; i++) {
    const question = touches[i];
    if (question !== undefined) touch(run, question);
  }
}

/** Deals a fact to the leaves that read its feed, where it counts or may count. */
function dealFact(run: Run, asOfNumber: number, desk: Desk, fact: Fact): void {
  const { readers } = desk;
  const { fields } = fact;
  const from = dateNumber(fact.from);
  const held = desk.holding === undefined ? NO : holds(run, asOfNumber, desk, fact, from);
  // The day of a status that states none is that of the list it came with: by then it had begun, and perhaps long before.
  const begun = desk.since !== undefined && fields[desk.since] === undefined ? UNKNOWN : YES;
  // Readers that take the same amount stand side by side, and among them those that ask the same of the fields.
  let amountId = 0;
  let amount: number | undefined;
  let row: Row | undefined;
  let filterId = 0;
  let passes: Truth = YES;
  for (let i = 0; i < readers.length; i++) {
    const reader = readers[i];
    if (reader === undefined) continue;
    const within = reader.current ? held : from >= reader.start && from <= reader.end ? begun : NO;
    if (within === NO) continue;
    if (reader.filterId !== filterId) {
      filterId = reader.filterId;
      passes = reader.filter === undefined ? YES : reader.filter(fields);
    }
    if (passes === NO) continue;
    const { tally } = reader;
    if (within === UNKNOWN || passes === UNKNOWN) tally.uncertain = true;
    else {
      if (reader.amountId !== amountId) {
        amountId = reader.amountId;
        amount = reader.amount === undefined ? undefined : amountOf(reader.amount, fields);
        row = undefined;
      }
      if (amountId !== 0 && amount === 0 && !reader.latest) continue;
      // A row that does not state the amount asked for is no row of nothing.
      if (amountId !== 0 && amount === undefined) tally.uncertain = true;
      else {
        row ??= nextRow(run, fact, from, amount);
        count(reader, row, amount);
      }
    }
    if (!tally.touched) touchLeaf(run, reader.of);
  }
}

/**
 * Money that came back lessens what was paid and is no stay, nor the highest or latest bill. What came back of a row that has
 * not come may not even lessen other rows, for its own is in no sum.
 */
function dealRefund(run: Run, asOfNumber: number, desk: Desk, fact: Fact): void {
  if (fact.cameBack === 'of-unsent') return;
  dealFact(run, asOfNumber, { ...desk, readers: desk.readers.filter((reader) => reader.sums) }, fact);
}

/** Deals the facts of the run, each once, to the leaves that read its feed, adds up as it goes, and marks what they touch. */
export function dealFacts(run: Run, frame: Frame): void {
  forget(run);
  const { facts } = run;
  const { asOfNumber, desks, asked } = frame;
  for (let i = 0; i < facts.length; i++) {
    const fact = facts[i];
    const desk = fact === undefined ? undefined : desks[fact.feed];
    if (fact === undefined || desk === undefined) continue;
    if (fact.cameBack === undefined) dealFact(run, asOfNumber, desk, fact);
    else dealRefund(run, asOfNumber, desk, fact);
  }
  for (let i = 0; i < asked.length; i++) {
    const question = asked[i];
    if (question !== undefined) touch(run, question);
  }
}
