import type { Bilingual } from '../catalog/feed.ts';

/** What is wrong with a rule pack, by what its author must look at. */
export type PackErrorCode =
  | 'pack-not-yaml'
  | 'pack-wrong-shape'
  | 'pack-unknown-feed'
  | 'pack-unknown-field'
  | 'pack-wrong-type'
  | 'pack-unknown-grade'
  | 'pack-unknown-parameter';

/** One fault: where in the pack (`indicators.2.measure.field`), and what was expected there. */
export interface PackProblem {
  readonly path: string;
  readonly message: Bilingual;
}

/** A rule pack that cannot be used. Nothing of it takes effect; `problems` lists every fault found, not only the first. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly code: PackErrorCode;
  readonly where: string;
  readonly problems: readonly PackProblem[];

  constructor(code: PackErrorCode, where: string, problems: readonly PackProblem[]) {
    const lines = problems.map((problem) => `  ${problem.path || '.'}: ${problem.message.zh} / ${problem.message.en}`);
    super(`规则包 ${where} 不能使用 / rule pack ${where} cannot be used (${code})\n${lines.join('\n')}`);
    this.code = code;
    this.where = where;
    this.problems = problems;
  }
}
