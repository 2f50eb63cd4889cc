import { beforeAll, describe, vi } from 'vitest';
import { henan } from '../../infra/local/case-stories/henan.ts';
import { expectHenan } from '../stories/henan.ts';
import type { Moments } from '../stories/moments.ts';
import { played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

let at: Moments;
beforeAll(async () => {
  ({ at } = await played(henan));
});

describe('Henan: a near-poor household, the mother with heart failure', () => expectHenan((moment) => at(moment)));
