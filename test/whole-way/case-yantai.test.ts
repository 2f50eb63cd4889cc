import { beforeAll, describe, vi } from 'vitest';
import { yantai } from '../../infra/local/case-stories/yantai.ts';
import type { Moments } from '../stories/moments.ts';
import { expectYantai } from '../stories/yantai.ts';
import { played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

let at: Moments;
beforeAll(async () => {
  ({ at } = await played(yantai));
});

describe('Yantai: in no register, over 90,000 yuan of bills in eleven months', () => expectYantai((moment) => at(moment)));
