import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EngineLayer } from '../../../infra/constructs/engine-layer.ts';

const own = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const other = own === 'arm64' ? 'x86_64' : 'arm64';

/** The folder that would be sent as the layer. */
function staged(architecture: 'arm64' | 'x86_64'): string {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-layer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const app = new App({ outdir: folder });
  new EngineLayer(new Stack(app, 'Reports'), 'Engine', { architecture });
  app.synth();
  const [asset = ''] = readdirSync(folder).filter((name) => name.startsWith('asset.'));
  return join(folder, asset);
}

describe('the engine of reports as a layer', () => {
  it('answers a query with nothing but the layer on the path, as a function has it', () => {
    const layer = staged(own);
    const script = `
      const { DuckDBInstance } = require('@duckdb/node-api');
      DuckDBInstance.create(':memory:')
        .then((instance) => instance.connect())
        .then((connection) => connection.runAndReadAll("SELECT json_extract_string('{\\"a\\": 41}', '$.a')::INT + 1"))
        .then((reader) => console.log(reader.getRowsJS()[0][0]));`;
    const said = execFileSync(process.execPath, ['-e', script], {
      cwd: tmpdir(),
      env: { NODE_PATH: join(layer, 'nodejs/node_modules') },
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('42');
  });

  it('holds what is needed at run time and no declarations or manuals', () => {
    const names = readdirSync(staged(own), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /\.(d\.ts|md|map)$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('libduckdb.so'))).toHaveLength(1);
  });

  it('is refused for a processor whose engine is not installed, with the way to install it', () => {
    // Whoever has installed the other one too can build both.
    const installed = readdirSync(new URL('../../../node_modules/@duckdb', import.meta.url));
    const name = `node-bindings-linux-${other === 'arm64' ? 'arm64' : 'x64'}`;
    if (installed.includes(name)) {
      expect(readdirSync(staged(other))).toEqual(['nodejs']);
      return;
    }
    expect(() => staged(other)).toThrow(
      new RegExp(
        `没有安装 ${other}.*npm install --no-save --force @duckdb/${name}@\\d.*-c architecture=${own}.*is not installed\\. Run: `,
      ),
    );
  });
});
