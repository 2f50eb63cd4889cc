import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { Stage } from '../stages.ts';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const ENGINE = '@duckdb/node-api';

/** Stops a package without name or version from making a layer that nobody can tell from another. */
const Package = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * The engine of reports as a layer: 70 MB of native library are past every budget of a bundle. Made of what is installed in
 * `node_modules`, which the lock pins, for the architecture of the stage; nothing is downloaded when a stage is deployed.
 */
export class EngineLayer extends Construct {
  readonly layer: LayerVersion;

  constructor(scope: Construct, id: string, stage: Pick<Stage, 'architecture'>) {
    super(scope, id);
    const native = nativePackage(stage.architecture);
    const packages = neededBy(ENGINE);
    this.layer = new LayerVersion(this, 'Layer', {
      description: `DuckDB ${packages[0]?.version ?? ''} for Node, ${stage.architecture}`,
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      compatibleArchitectures: [stage.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64],
      code: Code.fromAsset(modules, {
        assetHashType: AssetHashType.CUSTOM,
        assetHash: createHash('sha256')
          .update([...packages.map(({ name, version }) => `${name} ${version}`), native].join('\n'))
          .digest('hex'),
        bundling: {
          // Never asked: what the layer holds lies here already.
          image: DockerImage.fromRegistry('none'),
          local: {
            tryBundle(into) {
              for (const name of [...packages.map(({ name }) => name), installed(native, stage, packages[0]?.version)]) {
                cpSync(join(modules, name), join(into, 'nodejs/node_modules', name), {
                  recursive: true,
                  dereference: true,
                  filter: (path) => !/\.(d\.ts|md|map)$/.test(path),
                });
              }
              return true;
            },
          },
        },
      }),
    });
  }
}

/** Lambda's system is Amazon Linux, which has the GNU library. */
function nativePackage(architecture: Stage['architecture']): string {
  return `@duckdb/node-bindings-linux-${architecture === 'arm64' ? 'arm64' : 'x64'}`;
}

/** A package and everything it needs, itself first. */
function neededBy(name: string, found: z.output<typeof Package>[] = []): readonly z.output<typeof Package>[] {
  if (found.some((one) => one.name === name)) return found;
  const one = Package.parse(JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')));
  found.push(one);
  for (const needed of Object.keys(one.dependencies)) neededBy(needed, found);
  return found;
}

/** The package of the native library. Throws, saying what to do, when this machine has only its own architecture's. */
function installed(native: string, { architecture }: Pick<Stage, 'architecture'>, version = ''): string {
  if (existsSync(join(modules, native, 'package.json'))) return native;
  const install = `npm install --no-save --force ${native}@${version}`;
  const here = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  throw new Error(
    `没有安装 ${architecture} 架构的报表引擎（${native}）。请运行：${install}；或用 -c architecture=${here} 部署到本机架构。/ The engine of reports for ${architecture} (${native}) is not installed. Run: ${install}; or deploy for the architecture of this machine with -c architecture=${here}.`,
  );
}
