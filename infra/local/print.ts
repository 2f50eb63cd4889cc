/** Writes one line to standard output: answers only, progress goes to standard error. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: progress and complaints. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Fen as yuan with two decimals and thousands separators. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(fen) / 100).toString();
  const cents = String(Math.abs(fen) % 100).padStart(2, '0');
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}
