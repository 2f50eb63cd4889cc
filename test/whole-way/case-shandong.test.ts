import { beforeAll, describe, vi } from 'vitest';
import { shandong } from '../../infra/local/case-stories/shandong.ts';
import type { Moments } from '../stories/moments.ts';
import { expectShandong } from '../stories/shandong.ts';
import { played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

let at: Moments;
beforeAll(async () => {
  ({ at } = await played(shandong));
});

describe('Shandong: on the allowance, the head fit for light work, two daughters at university', () =>
  expectShandong((moment) => at(moment)));
