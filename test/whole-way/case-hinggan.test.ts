import { beforeAll, describe, vi } from 'vitest';
import { hinggan } from '../../infra/local/case-stories/hinggan.ts';
import { type Afterwards, afterHinggan, expectHinggan } from '../stories/hinggan.ts';
import type { Moments } from '../stories/moments.ts';
import { played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

let told: { readonly at: Moments; readonly seen: Afterwards };
beforeAll(async () => {
  told = await played(hinggan, afterHinggan);
});

describe('Hinggan: on the urban allowance, over 30,000 yuan of rigid spending in twelve months', () =>
  expectHinggan(
    (moment) => told.at(moment),
    () => told.seen,
  ));
