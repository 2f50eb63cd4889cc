import { beforeAll, describe, vi } from 'vitest';
import { huangshi } from '../../infra/local/case-stories/huangshi.ts';
import { expectHuangshi } from '../stories/huangshi.ts';
import type { Moments } from '../stories/moments.ts';
import { played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

let at: Moments;
beforeAll(async () => {
  ({ at } = await played(huangshi));
});

describe('Huangshi: the father telephones, a girl with leukaemia, a signed commitment', () =>
  expectHuangshi((moment) => at(moment)));
