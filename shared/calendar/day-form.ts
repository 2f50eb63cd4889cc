import * as z from 'zod';
import type { PlainDate } from './plain-date.ts';

/** A day as people state it, of the years the platform counts in: beyond them neither limits nor working days can be told. */
export const dayForm = z.iso
  .date()
  .regex(/^20/)
  .transform((value) => value as PlainDate);
