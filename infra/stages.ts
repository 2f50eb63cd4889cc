import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Instant, parseInstant } from '../shared/calendar/plain-date.ts';
import { type AreaPacks, DEFAULT_AREA_PACKS } from '../shared/scoring/pack-for-area.ts';

/** Where and how the platform is deployed. Everything that differs between deployments is here and nowhere else. */
export interface Stage {
  readonly name: 'test' | 'dev' | 'prod';
  /** True where the data is real: nothing can be deleted by a slip, and the archive cannot be shortened by anyone. */
  readonly keepsData: boolean;
  readonly architecture: 'arm64' | 'x86_64';
  readonly logRetention: RetentionDays;
  /** How long an archived event cannot be deleted, days. */
  readonly archiveLockDays: number;
  /** Whether every user must have a second factor. */
  readonly secondFactor: 'required' | 'optional';
  readonly signIn: SignIn;
  /** Most copies of a function that read one queue at the same time: what the table and departments' volumes need. */
  readonly workers: number;
  /** Who is told of alarms. */
  readonly alarmEmail?: string;
  /** Where operators find the runbook; alarms link to its sections. */
  readonly runbook: string;
  /** Which rule packs an area runs, by area code prefix. */
  readonly areaPacks: readonly AreaPacks[];
  /** File of the limits, amounts and holidays that areas set for themselves (`-c parameters=`, checked); else defaults hold. */
  readonly parameters?: string;
  /** A table restored from a backup that the stage works with instead of the one it made (docs/runbook.md, restoring the table). */
  readonly restoredTable?: RestoredTable;
  /** Of a trial: the time its functions take it to be (functions/trial-clock.ts). */
  readonly trialClock?: Instant;
}

/** By its name, and the ARN of its stream, which a restored table has only once it was switched on. */
export interface RestoredTable {
  readonly name: string;
  readonly streamArn: string;
}

/** Cognito, or any OpenID Connect issuer where Cognito is not offered (the China regions) or a government issuer exists. */
export type SignIn = { readonly kind: 'cognito' } | { readonly kind: 'oidc'; readonly issuer: string; readonly audience: string };

const base = {
  keepsData: false,
  architecture: 'arm64',
  logRetention: RetentionDays.ONE_MONTH,
  archiveLockDays: 1,
  secondFactor: 'optional',
  signIn: { kind: 'cognito' },
  workers: 10,
  runbook: 'docs/runbook.md',
  areaPacks: DEFAULT_AREA_PACKS,
} as const satisfies Omit<Stage, 'name'>;

const stages: Readonly<Record<Stage['name'], Stage>> = {
  test: { ...base, name: 'test' },
  dev: { ...base, name: 'dev' },
  prod: {
    ...base,
    name: 'prod',
    keepsData: true,
    // Network logs are kept six months at least: Cybersecurity Law §21(3).
    logRetention: RetentionDays.SIX_MONTHS,
    // Proposed: ten years; the law asks three for the records of automated decisions (PIPL §56).
    archiveLockDays: 3650,
    secondFactor: 'required',
    workers: 50,
  },
};

/** The stage of this name. Throws when there is none, naming those there are. */
export function stageOf(name: string): Stage {
  const stage = Object.values(stages).find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new Error(
      `没有名为 ${name} 的部署环境，可用：${Object.keys(stages).join('、')}。/ No stage ${name}; there are ${Object.keys(stages).join(', ')}.`,
    );
  }
  return stage;
}

/** Where a stage's own metrics are: stages share an account, and what one counts must not sound the alarms of another. */
export function metricNamespace({ name }: Stage): string {
  return `Aidwatch/${name}`;
}

/** The stage on trial, its clock at this moment. Throws where the data is real, and for what is no moment. */
export function withTrialClock(stage: Stage, trialClock: string): Stage {
  if (stage.keepsData) {
    throw new Error(
      `部署环境 ${stage.name} 存放真实数据，不能设置试验时钟 trial-clock。/ Stage ${stage.name} keeps real data and takes no trial-clock.`,
    );
  }
  const at = parseInstant(trialClock);
  if (at === undefined) {
    throw new Error(
      `trial-clock 应为 2024-01-15T01:00:00.000Z 这样的时刻，现为 ${trialClock}。/ trial-clock is ${trialClock}; expected an instant such as 2024-01-15T01:00:00.000Z.`,
    );
  }
  return { ...stage, trialClock: at };
}

/** The stage for another architecture than its own: the machine that deploys has the native engine of reports for its own only. */
export function withArchitecture(stage: Stage, architecture: string): Stage {
  if (architecture !== 'arm64' && architecture !== 'x86_64') {
    throw new Error(
      `architecture 应为 arm64 或 x86_64，现为 ${architecture}。/ architecture is ${architecture}; expected arm64 or x86_64.`,
    );
  }
  return { ...stage, architecture };
}
