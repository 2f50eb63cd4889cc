import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledParameters } from '../../functions/bundled-parameters.ts';
import { DEFAULTS_ONLY } from '../../shared/casework/parameters.ts';
import { ParametersError } from '../../shared/casework/parameters-file.ts';

describe('the parameters deployed beside the code', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aidwatch-beside-'));
    vi.stubEnv('LAMBDA_TASK_ROOT', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('are the defaults where the deployment carries none', () => {
    expect(bundledParameters(undefined)).toBe(DEFAULTS_ONLY);
  });

  it('are read from beside the code, money in fen', () => {
    const row = { area: '411122', from: '2026-01-01', basis: '某县〔2026〕1号', name: 'living-standard-month', value: 510 };
    writeFileSync(join(folder, 'parameters.json'), JSON.stringify({ amounts: [row] }));
    expect(bundledParameters('parameters.json').amounts).toMatchObject([{ area: '411122', value: 51_000 }]);
  });

  it('stop the function at its start when they cannot be used', () => {
    writeFileSync(join(folder, 'parameters.json'), '{"amounts": 5}');
    expect(() => bundledParameters('parameters.json')).toThrow(ParametersError);
  });
});
