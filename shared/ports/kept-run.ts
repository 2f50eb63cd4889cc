/** A piece of work that is gone on with in portions, as it was left. */
export interface KeptRun<Run> {
  load(): Promise<Run | undefined>;
  /** Writes down how far it came. RetryLaterError when somebody else goes on with it at the same time. */
  save(run: Run): Promise<void>;
}
