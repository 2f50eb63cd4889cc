import type { State, StateMachine } from '../shared/casework/workflow-definition.ts';

/** The definition as a Mermaid state diagram. */
export function workflowDiagram(machine: StateMachine): string {
  return ['stateDiagram-v2', ...linesOf(machine, '  ')].join('\n');
}

function linesOf({ StartAt, States }: StateMachine, indent: string): string[] {
  const lines = [`[*] --> ${StartAt}`, ...Object.entries(States).flatMap(([name, state]) => linesOfState(name, state))];
  return lines.map((line) => `${indent}${line}`);
}

function linesOfState(name: string, state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [
        ...(state.Resource.endsWith('.waitForTaskToken') ? [`${name}: ⏳ ${name}`] : []),
        `${name} --> ${state.Next}`,
        ...(state.Catch ?? []).map((catcher) => `${name} --> ${catcher.Next}: time`),
      ];
    case 'Choice':
      return [
        `state ${name} <<choice>>`,
        ...state.Choices.map((rule) => `${name} --> ${rule.Next}: ${wordsOf(rule)}`),
        `${name} --> ${state.Default}: else`,
      ];
    case 'Map':
      return [
        `state "${name}: one branch per referral" as ${name} {`,
        ...linesOf(state.ItemProcessor, '  '),
        '}',
        `${name} --> ${state.Next}`,
      ];
    case 'Succeed':
    case 'Fail':
      return [`${name} --> [*]`];
  }
}

function wordsOf(rule: object): string {
  const text = JSON.stringify(rule);
  return /"StringEquals":"([a-z-]+)"/.exec(text)?.[1] ?? 'open';
}
