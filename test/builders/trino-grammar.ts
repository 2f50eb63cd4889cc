import { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';

const trino = new TrinoSQL();

/** What Trino's grammar, which is that of Athena's engine 3, has against a statement; nothing when it is well formed. */
export function faultsInTrino(statement: string): readonly string[] {
  return trino.validate(`${statement};`).map(({ startLine, startColumn, message }) => `${startLine}:${startColumn} ${message}`);
}
