import { describe, expect, it } from 'vitest';
import { EMPTY_CHAIN, eventText, extendChain, lineOf } from '../../../shared/audit/chain.ts';
import type { DomainEvent } from '../../../shared/audit/event.ts';
import type { TallyStore } from '../../../shared/ports/tally-store.ts';
import { countArchived } from '../../../shared/reports/count-archived.ts';
import { areaAbove, COUNTED_EVENTS, talliesOf } from '../../../shared/reports/tallies.ts';
import { archiveOfLines } from '../../builders/archive.ts';
import { done, told, warned } from '../../builders/reporting.ts';

const TOWNSHIP = ['', '41', '4111', '411122', '411122104'];

function named(event: DomainEvent): Readonly<Record<string, number>> {
  return Object.fromEntries(talliesOf(event).map(({ name, amount }) => [name, amount]));
}

describe('what an event adds to the counts', () => {
  it('is for its township and every area it lies in', () => {
    expect(talliesOf(warned('opened', '2024-03-04', 1))).toEqual([
      { areas: TOWNSHIP, month: '2024-03', name: 'warnings/general', amount: 1 },
    ]);
    const village = warned('opened', '2024-03-04', 1, { area: '411122104207' });
    expect(talliesOf(village)[0]?.areas).toEqual(TOWNSHIP);
    expect(talliesOf(warned('opened', '2024-03-04', 1, { area: '' }))[0]?.areas).toEqual(['']);
  });

  it('belongs to the month in China', () => {
    expect(talliesOf(warned('withdrawn', '2024-04-01 00:30', 1))[0]).toMatchObject({
      name: 'warnings-withdrawn',
      month: '2024-04',
    });
  });

  it('counts the visit in the month it took place, and whether it was found true', () => {
    const visit = done('record-visit', '2024-04-02', 1, { truth: 'T2', visited: '2024-03-30T02:00:00.000Z' });
    expect(talliesOf(visit).map(({ name, month }) => [name, month])).toEqual([
      ['visits/made', '2024-03'],
      ['visits/found-true', '2024-03'],
    ]);
    expect(named(done('record-visit', '2024-04-02', 1, { truth: 'T5', visited: '2024-04-01T02:00:00.000Z' }))).toEqual({
      'visits/made': 1,
    });
  });

  it.each([
    ['1000-01-01T00:00:00.000Z', 'a phone that lost its time'],
    ['9999-12-31T23:00:00.000Z', 'beyond the calendar'],
  ])('counts a visit dated %s, %s, in the month it was written down', (visited) => {
    const visit = done('record-visit', '2024-04-02', 1, { truth: 'T5', visited });
    expect(talliesOf(visit).map(({ name, month }) => [name, month])).toEqual([['visits/made', '2024-04']]);
  });

  it('counts help dated beyond the calendar in the month it was written down', () => {
    const given = [['A1', 'civil-affairs', 'temporary-aid', 3_000_00, 'once', '9999-12-31', '']];
    const tallies = talliesOf(done('decide', '2024-03-01', 1, { given }));
    expect(tallies.map(({ name, month, amount }) => [name, month, amount])).toEqual([
      ['help/times', '2024-03', 1],
      ['help/fen', '2024-03', 300_000],
    ]);
  });

  it('counts help by the month it was given, with its fen, and things asked of departments', () => {
    const given = [
      ['A1', 'civil-affairs', 'temporary-aid', 3_000_00, 'once', '2024-02-28', ''],
      ['A2', 'medical-insurance', 'medical-aid', '', 'once', '2024-03-01', 'R1'],
    ];
    const asked = [
      ['R1', 'medical-insurance', 'medical-aid'],
      ['R2', 'education', 'school-aid'],
    ];
    const tallies = talliesOf(done('decide', '2024-03-01', 1, { asked, given }));
    expect(tallies.map(({ name, month, amount }) => [name, month, amount])).toEqual([
      ['referrals/sent', '2024-03', 1],
      ['referrals/sent', '2024-03', 1],
      ['help/times', '2024-02', 1],
      ['help/fen', '2024-02', 300_000],
      ['help/times', '2024-03', 1],
      ['help/fen', '2024-03', 0],
    ]);
  });

  it('counts limits that ended, in time or late', () => {
    const stopped = [
      ['visit', '', '2024-03-01T00:00:00.000Z', '2024-03-11T16:00:00.000Z'],
      ['referral-answer', 'R1', '2024-03-01T00:00:00.000Z', '2024-03-05T16:00:00.000Z'],
    ];
    expect(named(done('record-visit', '2024-03-07', 1, { stopped }))).toEqual({
      'limits/visit/in-time': 1,
      'limits/referral-answer/late': 1,
    });
  });

  it('counts a closed case by outcome, and for each rule its warnings hit', () => {
    const closed = told(
      'case.closed',
      '2024-03-08',
      { case: 'C1', household: 'H1' },
      {
        area: '411122104',
        indicators: 'medical-self-paid-12m disability-new',
        outcome: 'helped-new',
      },
    );
    expect(named(closed)).toEqual({
      'closed/helped-new': 1,
      'rules/medical-self-paid-12m/helped-new': 1,
      'rules/disability-new/helped-new': 1,
    });
  });

  it('counts a file once for every area above its counties, and its rows', () => {
    const data = { accepted: 90, areas: '411122 411123 370602', due: '2024-04-10', duplicate: 0, read: 100, rejected: 10 };
    const taken = told('file.taken', '2024-04-11', { file: 'F1' }, data);
    expect(named(taken)).toEqual({ 'files/late': 1, 'rows/read': 100, 'rows/accepted': 90, 'rows/rejected': 10 });
    expect(talliesOf(taken)[0]?.areas).toEqual(['', '41', '4111', '411122', '411123', '37', '3706', '370602']);
    expect(named(told('file.taken', '2024-04-10', { file: 'F1' }, data))).toHaveProperty('files/in-time', 1);
    const everywhere = told('file.taken', '2024-04-10', { file: 'F1' }, { ...data, areas: '*', due: null });
    expect(talliesOf(everywhere)[0]).toMatchObject({ name: 'files/in-time', areas: [''] });
    expect(named(told('file.refused', '2024-04-10', { file: 'F2' }, { read: 0 }))).toEqual({ 'files/refused': 1 });
  });

  it('is nothing for a read, and such events are known by their text', () => {
    const read = told('data.read', '2024-03-01', { household: 'H1' }, { action: 'household.read' });
    expect(talliesOf(read)).toEqual([]);
    expect(COUNTED_EVENTS.test(eventText(read))).toBe(false);
    const sly = told('data.read', '2024-03-01', { household: 'H1' }, { action: '"type":"case.closed"}' });
    expect(COUNTED_EVENTS.test(eventText(sly))).toBe(false);
    for (const event of [
      warned('opened', '2024-03-04', 1),
      done('decide', '2024-03-04', 1),
      told('file.taken', '2024-03-04', {}, {}),
    ]) {
      expect(COUNTED_EVENTS.test(eventText(event))).toBe(true);
    }
  });

  it('knows the area above', () => {
    expect(['411122104', '411122', '4111', '41', ''].map(areaAbove)).toEqual(['411122', '4111', '41', '', undefined]);
  });
});

/** Counts in memory, as the contract of stores has it. */
class Tallies implements TallyStore {
  upTo = 0;
  visits = 0;
  readonly added: number[] = [];
  countedUpTo = async () => this.upTo;
  of = async () => [];
  below = async () => [];
  add: TallyStore['add'] = async (tallies, upTo) => {
    for (const { number, name } of tallies) if (number > this.upTo && name === 'visits/made') this.visits += 1;
    this.upTo = upTo;
    this.added.push(upTo);
  };
}

describe('counting what was archived', () => {
  const visited = (n: number) => done('record-visit', '2024-03-05', n, { truth: 'T1', visited: '2024-03-05T02:00:00.000Z' });
  const entries = extendChain(EMPTY_CHAIN, [1, 2, 3, 4, 5, 6].map(visited));
  const archive = archiveOfLines(entries.map(lineOf));

  it('takes what is new in hand and reads no archive', async () => {
    const tallies = new Tallies();
    const closed = { parts: () => Promise.reject(new Error('not to be read')) as never };
    await countArchived({ archive: closed, tallies }, entries.slice(0, 2));
    await countArchived({ archive: closed, tallies }, entries.slice(0, 2));
    await countArchived({ archive: closed, tallies }, entries.slice(1, 4));
    await countArchived({ archive: closed, tallies }, []);
    expect(tallies).toMatchObject({ upTo: 4, visits: 4, added: [2, 4] });
  });

  it('goes through the archive where something in between was not counted', async () => {
    const tallies = new Tallies();
    await countArchived({ archive, tallies }, entries.slice(0, 1));
    await countArchived({ archive, tallies }, entries.slice(4));
    expect(tallies).toMatchObject({ upTo: 6, visits: 6 });
  });

  it('counts an archive of the time before there were counts', async () => {
    const tallies = new Tallies();
    await countArchived({ archive, tallies }, entries.slice(5));
    expect(tallies).toMatchObject({ upTo: 6, visits: 6 });
  });
});
