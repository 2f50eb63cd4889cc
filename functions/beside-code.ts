import { resolve } from 'node:path';

/** The path of something that was deployed beside the function's code. */
export function besideCode(name: string): string {
  return resolve(process.env['LAMBDA_TASK_ROOT'] ?? '.', name);
}
