import { type AssistanceSources, guardOver } from '../shared/assistance/household-assistance.ts';
import { type CaseRules, caseRulesUnder, gradesUnder } from '../shared/casework/case-rules.ts';
import type { CaseworkParameters } from '../shared/casework/parameters.ts';
import type { ActingDeps } from '../shared/casework/perform-action.ts';
import type { StepDeps } from '../shared/casework/run-step.ts';
import { type KnowledgeDeps, stepKnowledge } from '../shared/casework/step-knowledge.ts';
import type { CompiledPack } from '../shared/scoring/compiled.ts';
import { type AssessDeps, assessHouseholds } from '../shared/warnings/assess-households.ts';

/** What the casework is computed with: one composition for API, workflow steps and commands, so that all say the same. */
export interface Casework {
  readonly rules: CaseRules;
  readonly guard: ActingDeps['guard'];
  readonly packsFor: (area: string) => readonly CompiledPack[];
  readonly parameters: CaseworkParameters;
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** What it is put together from. */
export interface CaseworkSources extends AssistanceSources {
  readonly packsFor: (area: string) => readonly CompiledPack[];
  readonly parameters: CaseworkParameters;
  readonly pause: (attempt: number) => Promise<void>;
}

/** The casework of a deployment under its parameters and packs. */
export function caseworkOf(sources: CaseworkSources): Casework {
  const { packsFor, parameters, pause } = sources;
  return {
    rules: caseRulesUnder(parameters, gradesUnder(packsFor)),
    guard: (found, asked) => guardOver(sources, found, asked),
    packsFor,
    parameters,
    pause,
  };
}

/** What the workflow's steps must know, with the household assessed anew before it is looked at after help. */
export function stepsOf(deps: KnowledgeDeps & AssessDeps): Pick<StepDeps, 'proposals' | 'visitor' | 'look'> {
  const knowledge = stepKnowledge(deps);
  return {
    ...knowledge,
    async look(found) {
      await assessHouseholds(deps, [found.household]);
      return knowledge.look(found);
    },
  };
}
