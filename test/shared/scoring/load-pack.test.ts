import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { compilePack } from '../../../shared/scoring/compile.ts';
import { loadPack } from '../../../shared/scoring/load-pack.ts';
import { PackError } from '../../../shared/scoring/pack-error.ts';

/** A small valid pack with its indicator's lines replaceable. */
function packText(indicator: string, rest = ''): string {
  return `
id: test
version: "1"
family: entry
area: "41"
effectiveFrom: 2024-01-01
title: { zh: 测试, en: test }
grades:
  - { id: general, rank: 2, title: { zh: 一般, en: general }, from: 60, proposed: { zh: 试, en: trial } }
${rest}
indicators:
  - id: one
    title: { zh: 一, en: one }
    dimension: health
    proposed: { zh: 试, en: trial }
${indicator
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
}

const MEASURE = 'measure: { sum: medical-insurance/*, field: selfPaid, window: P12M }';

function fault(text: string): PackError {
  try {
    compilePack(loadPack(text, 'test.yaml'), catalog);
  } catch (error) {
    if (error instanceof PackError) return error;
    throw error;
  }
  throw new Error('the pack was taken');
}

function problem(text: string): { code: string; path: string | undefined; en: string | undefined; zh: string | undefined } {
  const error = fault(text);
  const first = error.problems[0];
  return { code: error.code, path: first?.path, en: first?.message.en, zh: first?.message.zh };
}

describe('loading a pack', () => {
  it('takes a whole pack, one trigger or a list of them', () => {
    const trigger = '{ from: 5000, grade: general, source: { ref: seed-001, evidence: B } }';
    expect(loadPack(packText(`${MEASURE}\ntrigger: ${trigger}`), 'x').indicators[0]?.triggers).toHaveLength(1);
    expect(loadPack(packText(`${MEASURE}\ntrigger: [${trigger}, ${trigger}]`), 'x').indicators[0]?.triggers).toHaveLength(2);
  });

  it('says where text is not YAML', () => {
    const error = fault('id: [');
    expect(error.code).toBe('pack-not-yaml');
    expect(error.where).toBe('test.yaml');
    expect(error.problems[0]?.path).toMatch(/^line \d+, column \d+$/);
  });

  it('refuses a number without a source or a reason, naming the line', () => {
    const found = problem(packText(`${MEASURE}\ntrigger: { from: 5000, grade: general }`));
    expect(found).toMatchObject({ code: 'pack-wrong-shape', path: 'indicators.0.trigger' });
    expect(found.en).toContain('exactly one of source or proposed');
    expect(found.zh).toContain('出处');
  });

  it('lists every fault at once, in both languages', () => {
    const error = fault(
      packText(`measure: { sum: medical-insurance/*, field: selfPaid, window: P12X }\nbands: [{ from: -1, points: x }]`),
    );
    expect(error.problems.length).toBeGreaterThanOrEqual(3);
    expect(error.problems.map((it) => it.path)).toContain('indicators.0.measure.window');
    expect(error.problems.map((it) => it.path)).toContain('indicators.0.bands.0.points');
    expect(error.problems.every((it) => it.message.zh.length > 0 && it.message.en.length > 0)).toBe(true);
  });

  it('points at a misspelt key inside the measure meant, not at the choice of measures', () => {
    expect(
      problem(packText('measure: { sum: medical-insurance/*, feild: selfPaid, window: P12M }\nbands: [{ from: 1, points: 1 }]')),
    ).toMatchObject({
      code: 'pack-wrong-shape',
      path: expect.stringMatching(/^indicators\.0\.measure/),
    });
  });

  it.each([
    ['an empty file', ''],
    ['a list', '- 1'],
    ['a bare word', 'hello'],
  ])('refuses %s', (_, text) => {
    expect(fault(text).code).toBe('pack-wrong-shape');
  });

  it('refuses the same indicator or grade twice', () => {
    const text = packText(`${MEASURE}\nbands: [{ from: 1, points: 1 }]`);
    const twice = `${text}${text.slice(text.indexOf('  - id: one'))}`;
    expect(problem(twice).en).toContain('indicator ids must differ');
  });
});

describe('compiling a pack', () => {
  it.each([
    [
      'an unknown feed',
      'measure: { count: medical-insurance/dentist, window: P1M }',
      'pack-unknown-feed',
      'indicators.0.measure.count',
    ],
    ['an unknown department', 'measure: { count: railways/*, window: P1M }', 'pack-unknown-feed', 'indicators.0.measure.count'],
    [
      'an unknown field',
      'measure: { sum: medical-insurance/*, field: selfPayed, window: P1M }',
      'pack-unknown-field',
      'indicators.0.measure.sum',
    ],
    [
      'a sum of words',
      'measure: { sum: medical-insurance/inpatient-settlement, field: hospital, window: P1M }',
      'pack-wrong-type',
      'indicators.0.measure.field',
    ],
    [
      'a sealed field in a filter',
      'measure: { count: medical-insurance/inpatient-settlement, where: { field: diagnosisCode, equals: I50 }, window: P1M }',
      'pack-unknown-field',
      'indicators.0.measure.where.field',
    ],
    [
      'a code that is not on the list',
      'measure: { count: housing/dilapidated-housing, where: { field: dangerLevel, equals: E }, window: current }',
      'pack-wrong-type',
      'indicators.0.measure.where',
    ],
    [
      'money added to a count',
      'measure: { add: [{ count: education/enrolment, window: current }, { sum: education/tuition-payment, field: tuition, window: P1Y }] }',
      'pack-wrong-type',
      'indicators.0.measure.add',
    ],
  ])('refuses %s', (_, measure, code, path) => {
    expect(problem(packText(`${measure}\nbands: [{ from: 1, points: 1 }]`))).toMatchObject({ code, path });
  });

  it('refuses an unknown grade and an unknown parameter', () => {
    const proposed = 'proposed: { zh: 试, en: trial }';
    expect(problem(packText(`${MEASURE}\ntrigger: { from: 1, grade: purple, ${proposed} }`)).code).toBe('pack-unknown-grade');
    expect(problem(packText(`${MEASURE}\ntrigger: { from: { param: income }, grade: general, ${proposed} }`)).code).toBe(
      'pack-unknown-parameter',
    );
  });

  it('refuses a yes/no question with a line, an amount without one, and a third decimal of a yuan', () => {
    const exists = 'measure: { exists: housing/dilapidated-housing, window: current }';
    expect(problem(packText(`${exists}\nbands: [{ from: 1, points: 1 }]`)).code).toBe('pack-wrong-type');
    expect(problem(packText(`${MEASURE}\nbands: [{ points: 1 }]`)).code).toBe('pack-wrong-type');
    expect(problem(packText(`${MEASURE}\nbands: [{ from: 0.001, points: 1 }]`)).code).toBe('pack-wrong-type');
  });

  it('takes of a department only the feeds that have the field', () => {
    const compiled = compilePack(loadPack(packText(`${MEASURE}\nbands: [{ from: 1, points: 1 }]`), 'x'), catalog);
    expect(compiled.leaves[0]?.feeds.map((i) => compiled.feeds[i]?.id)).toEqual([
      'medical-insurance/inpatient-settlement',
      'medical-insurance/outpatient-chronic-settlement',
    ]);
  });
});
