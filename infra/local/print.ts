/** Writes one line to standard output: answers only, progress goes to standard error. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: progress and complaints. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
