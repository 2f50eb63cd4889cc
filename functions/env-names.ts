/**
 * Names of the environment variables of the cloud functions, shared by the stacks that set them and the functions that
 * read them: renaming one breaks the compile, not the deployment.
 */
export const EnvName = {
  /** Name of the single table. */
  Table: 'TABLE_NAME',
  /** Bucket departments drop files into and fetch answers from. */
  ExchangeBucket: 'EXCHANGE_BUCKET',
  /** Write-once bucket of the event archive. */
  ArchiveBucket: 'ARCHIVE_BUCKET',
  FilesQueue: 'FILES_QUEUE_URL',
  UpdatesQueue: 'UPDATES_QUEUE_URL',
  AssessmentsQueue: 'ASSESSMENTS_QUEUE_URL',
  CasesQueue: 'CASES_QUEUE_URL',
  ReportsQueue: 'REPORTS_QUEUE_URL',
  FilesDeadLetters: 'FILES_DEAD_LETTERS_URL',
  UpdatesDeadLetters: 'UPDATES_DEAD_LETTERS_URL',
  AssessmentsDeadLetters: 'ASSESSMENTS_DEAD_LETTERS_URL',
  CasesDeadLetters: 'CASES_DEAD_LETTERS_URL',
  ReportsDeadLetters: 'REPORTS_DEAD_LETTERS_URL',
  /** The workflow that follows cases. */
  StateMachine: 'STATE_MACHINE_ARN',
  /** Id of the secret with the pseudonym and sealing keys. */
  KeysSecret: 'KEYS_SECRET_ID',
  /** Folder of the rule packs inside the function's code. */
  PacksDir: 'PACKS_DIR',
  /** JSON list of `{ prefix, packs }`: which packs an area runs. */
  AreaPacks: 'AREA_PACKS',
  /** File of the parameters of areas beside the function's code; absent where the deployment carries none. */
  Parameters: 'PARAMETERS_FILE',
  /** What the engine of reports may hold in memory, e.g. `2000MB`; the rest goes to temporary storage. */
  EngineMemory: 'ENGINE_MEMORY',
  /** File of the queries of reports beside the function's code. */
  Queries: 'QUERIES_FILE',
  /** Of trials only: the time it is, instead of the machine's (see trial-clock.ts). */
  TrialClock: 'TRIAL_CLOCK',
} as const;
