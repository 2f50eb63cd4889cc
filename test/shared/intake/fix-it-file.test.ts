import { describe, expect, it } from 'vitest';
import { FixItFile } from '../../../shared/intake/fix-it-file.ts';
import type { RejectedRow } from '../../../shared/intake/row-outcome.ts';
import type { FileLayout } from '../../../shared/intake/source-record.ts';
import type { ObjectStore } from '../../../shared/ports/object-store.ts';

const layout: FileLayout = {
  encoding: 'utf-8',
  byteOrderMark: false,
  delimiter: ',',
  newline: '\n',
  leading: [['姓名', '金额']],
  headerIndex: 0,
  added: [],
};

function refused(row: number): RejectedRow {
  const message = { zh: '金额不是数字', en: 'the amount is not a number' };
  return { row, cells: ['王建国', 'x'], errors: [{ row, column: '金额', code: 'MONEY_NOT_A_NUMBER', message }] };
}

/** A store of which only `write` is used; `failing` throws after the first bytes. */
function store(written: Map<string, string>, failing = false): ObjectStore {
  return {
    info: async () => undefined,
    read: async function* () {},
    list: async function* () {},
    write: async (key, body) => {
      let text = '';
      for await (const bytes of body as AsyncIterable<Uint8Array>) {
        if (failing) throw new Error('the disk is full');
        text += Buffer.from(bytes).toString();
      }
      written.set(key, text);
    },
  };
}

describe('FixItFile', () => {
  it('writes nothing when no row is refused', async () => {
    const written = new Map<string, string>();
    expect(await new FixItFile(store(written), 'a/b/2024-03/c.csv').close()).toBeNull();
    expect(written.size).toBe(0);
  });

  it('writes refused rows batch by batch under the header with reasons', async () => {
    const written = new Map<string, string>();
    const file = new FixItFile(store(written), 'a/b/2024-03/c.csv');
    await file.add([refused(2)], layout);
    await file.add([refused(5), refused(9)], layout);
    expect(await file.close()).toBe('rejects/a/b/2024-03/c.csv');
    expect(written.get('rejects/a/b/2024-03/c.csv')).toBe(
      '姓名,金额,行号,退回原因\n王建国,x,2,金额：金额不是数字\n王建国,x,5,金额：金额不是数字\n王建国,x,9,金额：金额不是数字\n',
    );
  });

  it.each([
    ['c.xlsx', 'c.xlsx'],
    ['C.XLSX', 'C.XLSX'],
    ['c.csv', 'c.csv.xlsx'],
  ])('answers a workbook sent as %s by the workbook %s', async (sent, answered) => {
    const file = new FixItFile(store(new Map()), `a/b/2024-03/${sent}`);
    await file.add([refused(2)], { ...layout, encoding: 'xlsx' });
    expect(await file.close()).toBe(`rejects/a/b/2024-03/${answered}`);
  });

  it('gives a workbook up too when its file cannot be read to its end', async () => {
    const written = new Map<string, string>();
    const file = new FixItFile(store(written), 'a/b/2024-03/c.xlsx');
    await file.add([refused(2)], { ...layout, encoding: 'xlsx' });
    await file.abandon();
    expect(written.size).toBe(0);
  });

  it('passes a failure of the store on instead of waiting for ever', async () => {
    const file = new FixItFile(store(new Map(), true), 'a/b/2024-03/c.csv');
    await expect(file.add([refused(2)], layout)).rejects.toThrow('the disk is full');
    await expect(file.close()).rejects.toThrow('the disk is full');
  });

  it('is given up when the file it answers cannot be read to its end: nothing is written and the store is let go', async () => {
    const written = new Map<string, string>();
    const file = new FixItFile(store(written), 'a/b/2024-03/c.csv');
    await file.add([refused(2)], layout);
    await file.abandon();
    expect(written.size).toBe(0);
    await expect(file.close()).rejects.toThrow('could not be read to its end');
  });

  it('is given up although no row was refused', async () => {
    const file = new FixItFile(store(new Map()), 'a/b/2024-03/c.csv');
    await expect(file.abandon()).resolves.toBeUndefined();
  });
});
