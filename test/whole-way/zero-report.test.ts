import { describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { DepartmentDesk } from './department-desk.ts';
import { bill, HEADER, lines, NOW } from './far-county.ts';

vi.setConfig({ testTimeout: 120_000 });

const FEBRUARY = 'medical-insurance/inpatient-settlement/2024-02/住院结算.csv';
const MARCH = 'medical-insurance/inpatient-settlement/2024-03/住院结算.csv';
const OTHER = 'medical-insurance/inpatient-settlement/2024-03/住院结算2.csv';

describe('a department with nothing to report', () => {
  it('covers its counties by a table that says so, each in its own words, and is told so', async () => {
    const desk = await DepartmentDesk.open();
    try {
      const { code, of } = await desk.send(
        {
          [FEBRUARY]: lines(HEADER, bill(1, { 3: '2024/2/5' })),
          [MARCH]: lines(HEADER, '零报告 620521'),
          [OTHER]: lines(HEADER, '零报告 620522'),
        },
        NOW,
      );
      expect(code).toBe(0);
      const empty = { read: 0, accepted: 0, duplicate: 0, rejected: 0 };
      expect(of(MARCH)).toMatchObject({ status: 'accepted', rows: empty, errors: [], nothingFor: ['620521'] });
      expect(of(OTHER)).toMatchObject({ status: 'accepted', rows: empty, errors: [], nothingFor: ['620522'] });
      const receipt: unknown = JSON.parse((await desk.read(`receipts/${MARCH}.json`)).toString());
      expect(receipt).toMatchObject({ status: 'accepted', nothingFor: ['620521'] });

      const stores = openEmbedded(desk.dataDir);
      const deliveries = await stores.files.deliveries();
      stores.close();
      expect(deliveries.map(({ county, period, complete }) => `${county} ${period} ${complete}`).sort()).toEqual([
        '620521 2024-02 true',
        '620521 2024-03 true',
        '620522 2024-03 true',
      ]);
    } finally {
      await desk.close();
    }
  });
});
