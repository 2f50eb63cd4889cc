/**
 * Assesses households of five facts with 24 indicators (the Henan and Shandong packs together), full trace, on one core; in the
 * same run two general rule engines with the same lines, which are handed the sums ready-made and so are spared the harder half.
 *
 * Run: node bench/assess.bench.ts [--check]; --check fails when the rate is below the stored expectation.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';
import { monthOf, type Period, periodEnd } from '../shared/calendar/period.ts';
import { addDays, addMonths, type PlainDate, parsePlainDate } from '../shared/calendar/plain-date.ts';
import type { FeedId } from '../shared/catalog/feed.ts';
import { catalog } from '../shared/catalog/index.ts';
import { coverageOf } from '../shared/facts/coverage.ts';
import type { Fact, FileId, FileSequence, PersonKey } from '../shared/facts/fact.ts';
import type { HouseholdId } from '../shared/registry/household.ts';
import { assess } from '../shared/scoring/assess.ts';
import type { AssessmentInput } from '../shared/scoring/assessment.ts';
import { compilePack } from '../shared/scoring/compile.ts';
import { loadPack } from '../shared/scoring/load-pack.ts';
import type { RulePack } from '../shared/scoring/pack.ts';

const HOUSEHOLDS = 1024;
const FACTS = 5;
/** Many short rounds, the three engines in turn: whatever else the machine is doing slows all of them alike. */
const ROUNDS = 15;
const ROUND_MS = 200;

function read(name: string): RulePack {
  return loadPack(readFileSync(new URL(`../shared/scoring/packs/${name}.yaml`, import.meta.url), 'utf8'), name);
}

function joined(): RulePack {
  const [henan, shandong] = [read('henan-low-income'), read('shandong-low-income')];
  const others = shandong.indicators.map((it) => ({
    ...it,
    id: `shandong-${it.id}`,
    triggers: it.triggers.map((trigger) => ({ ...trigger, grade: 'urgent' })),
  }));
  return { ...henan, id: 'bench', indicators: [...henan.indicators, ...others] };
}

/** A small generator with a fixed seed: the same households every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

const asOf = parsePlainDate('2024-04-08') as PlainDate;
const next = random(20_240_408);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
const yuan = (most: number): number => Math.floor(next() * most) * 100;

const rows: readonly (() => [string, Fact['fields'], boolean])[] = [
  () => ['medical-insurance/inpatient-settlement', { selfPaid: yuan(20_000), totalCost: yuan(90_000) }, true],
  () => ['medical-insurance/inpatient-settlement', { selfPaid: yuan(6_000), totalCost: yuan(30_000) }, true],
  () => ['medical-insurance/outpatient-chronic-settlement', { selfPaid: yuan(900), totalCost: yuan(2_000) }, true],
  () => ['education/tuition-payment', { tuition: yuan(9_000), lodging: yuan(1_500), aidAmount: yuan(3_000) }, true],
  () => ['education/enrolment', { stage: pick(['primary', 'senior', 'undergraduate']) }, false],
  () => [
    'disabled-persons-federation/disability-certificate',
    { disabilityLevel: 1 + Math.floor(next() * 4), certificateStatus: 'valid' },
    true,
  ],
  () => ['human-resources/unemployment-registration', { monthlyBenefit: yuan(1_500) }, true],
  () => [
    'emergency-management/disaster-relief',
    { lossAmount: yuan(30_000), reliefAmount: yuan(5_000), houseDamage: 'general' },
    true,
  ],
  () => ['housing/dilapidated-housing', { dangerLevel: pick(['B', 'C', 'D']) }, true],
];

function makeHousehold(n: number): AssessmentInput {
  const person = n.toString(16).padStart(32, '0') as PersonKey;
  const facts = Array.from({ length: FACTS }, (_, i): Fact => {
    const [feed, fields, anyDay] = pick(rows)();
    const from = anyDay ? addDays(asOf, -Math.floor(next() * 420)) : (parsePlainDate('2024-03-31') as PlainDate);
    return {
      person,
      feed: feed as FeedId,
      file: 'a'.repeat(24) as FileId,
      seq: `${periodEnd(monthOf(from))}|1` as FileSequence,
      row: n * FACTS + i + 2,
      recordedAt: '2024-04-02T00:00:00.000Z' as Fact['recordedAt'],
      key: `k${n}-${i}`,
      from,
      fields,
    };
  });
  return {
    household: `H${n.toString(16).padStart(24, '0')}` as HouseholdId,
    area: `41112${n % 8}103201`,
    category: pick(['none', 'near-poor', 'minimum-living-allowance']),
    asOf,
    members: [
      {
        person,
        birth: '1970-01-01' as PlainDate,
        sex: 'female',
        membership: {
          household: '' as HouseholdId,
          basis: 'declared',
          relation: 'head',
          head: true,
          category: 'none',
          attributes: { residence: 'rural' },
        },
      },
    ],
    facts,
    coverage,
  };
}

const coverage = coverageOf(
  [...catalog.keys()].flatMap((feed) =>
    Array.from({ length: 13 }, (_, i) => ({
      feed,
      county: '*',
      period: addMonths(asOf, -1 - i).slice(0, 7) as Period,
      complete: true,
      file: 'a'.repeat(24) as FileId,
    })),
  ),
);
const pack = joined();
const compiled = compilePack(pack, catalog);
const households = Array.from({ length: HOUSEHOLDS }, (_, n) => makeHousehold(n));

/** Processor time of all threads since `used`: what one core would have done, whatever else the machine is doing. */
function cpuSeconds(used: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1e6;
}

function median(rates: number[]): number {
  return rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
}

/** Does a few households and says how many. */
type Run = () => number | Promise<number>;

/** Households per second of processor time in one round. */
async function rateOf(engine: Run): Promise<number> {
  const start = performance.now();
  const used = process.cpuUsage();
  let done = 0;
  while (performance.now() - start < ROUND_MS) done += await engine();
  return done / cpuSeconds(used);
}

/** Every band and trigger of the pack as plain numbers in fen, counts, or 1 for yes. */
const lines = pack.indicators.flatMap((indicator, i) =>
  [...indicator.bands, ...indicator.triggers].map((step) => {
    const given = step.from ?? step.over ?? 1;
    const scale = compiled.indicators[i]?.unit === 'fen' ? 100 : 1;
    return {
      fact: indicator.id.replaceAll('-', '_'),
      line: (typeof given === 'number' ? given : 1) * scale,
      points: 'points' in step ? step.points : 0,
      grade: 'grade' in step ? step.grade : null,
    };
  }),
);

function aidwatch(): Run {
  return () => {
    let hits = 0;
    for (const input of households) if (assess(compiled, input).grade !== null) hits++;
    if (hits === 0) throw new Error('the bench assesses nothing: no household reached a grade');
    return households.length;
  };
}

/** A peer is handed the sums ready-made. */
function peer(evaluate: (values: Record<string, number>) => Promise<unknown>): Run {
  const inputs = households
    .slice(0, 512)
    .map((input) =>
      Object.fromEntries(assess(compiled, input).results.map((it) => [it.indicator.replaceAll('-', '_'), it.value ?? 0])),
    );
  let done = 0;
  return async () => {
    await evaluate(inputs[done++ % inputs.length] ?? {});
    return 1;
  };
}

function jsonRulesEngine(): (values: Record<string, number>) => Promise<unknown> {
  const engine = new Engine();
  for (const { fact, line, points, grade } of lines) {
    engine.addRule({
      conditions: { all: [{ fact, operator: 'greaterThanInclusive', value: line }] },
      event: { type: fact, params: { points, grade } },
    });
  }
  return (values) => engine.run(values);
}

function zenEngine(): (values: Record<string, number>) => Promise<unknown> {
  const facts = [...new Set(lines.map((it) => it.fact))];
  const expressions = facts.map((fact) => ({
    id: fact,
    key: `${fact}_points`,
    value: lines
      .filter((it) => it.fact === fact)
      .toSorted((a, b) => b.line - a.line)
      .reduceRight((otherwise, it) => `${fact} >= ${it.line} ? ${it.points} : (${otherwise})`, '0'),
  }));
  const decision = new ZenEngine().createDecision({
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'points', name: 'points', type: 'expressionNode', position: { x: 1, y: 0 }, content: { expressions } },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'points', type: 'edge' },
      { id: 'b', sourceId: 'points', targetId: 'out', type: 'edge' },
    ],
  });
  return (values) => decision.evaluate(values, { trace: true });
}

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const [ourRun, rulesRun, zenRun] = [aidwatch(), peer(jsonRulesEngine()), peer(zenEngine())];
const rounds: { ours: number; rules: number; zen: number }[] = [];
// The first two rounds let the engines warm up.
for (let round = -2; round < ROUNDS; round++) {
  const rates = { ours: await rateOf(ourRun), rules: await rateOf(rulesRun), zen: await rateOf(zenRun) };
  if (round >= 0) rounds.push(rates);
}
const ours = median(rounds.map((it) => it.ours));
const rules = median(rounds.map((it) => it.rules));
const zen = median(rounds.map((it) => it.zen));
const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en-US').padStart(12)}/s`;
console.log(
  `assess: ${pack.indicators.length} indicators, ${FACTS} facts, full trace, per second of processor time, Node ${process.version}`,
);
console.log(`  aidwatch            ${perSecond(ours)}   windows, sums, freshness, bands, evidence`);
console.log(`  json-rules-engine   ${perSecond(rules)}   ${lines.length} lines over ready-made sums`);
console.log(`  zen-engine          ${perSecond(zen)}   ${lines.length} lines over ready-made sums, trace on`);

if (options.check) {
  const stored: unknown = JSON.parse(readFileSync(new URL('expectations.json', import.meta.url), 'utf8'));
  const { assess: expected } = stored as {
    assess: { householdsPerSecond: number; minShareOnBusyMachine: number; minTimesPeer: number };
  };
  const timesPeer = median(rounds.map((it) => it.ours / Math.max(it.rules, it.zen)));
  const least = expected.householdsPerSecond * expected.minShareOnBusyMachine;
  console.log(
    `  ${Math.round((ours / expected.householdsPerSecond) * 100)} % of the budget of ${expected.householdsPerSecond}/s`,
  );
  const failures = [
    ...(ours < least ? [`${Math.round(ours)} households/s, expected at least ${least}`] : []),
    ...(timesPeer < expected.minTimesPeer
      ? [`${timesPeer.toFixed(1)} times the faster peer, expected ${expected.minTimesPeer}`]
      : []),
  ];
  for (const failure of failures) console.error(`assess is slower than stored: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
