/**
 * The schema, step by step. A step that has shipped is never edited; a change is a new step at the end.
 *
 * Tables of people and households are kept in the order of arrival and found by a 52-bit integer taken from the key
 * (`shortKey`), because random 32-digit keys as the clustering key make every insert dirty a page of its own: 300,000
 * chunks took 15 s clustered by key, 7 s with a unique text index, 3 s like this. The whole key is compared as well,
 * so two keys that share the integer are told apart.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE files (
    arrival INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    feed TEXT NOT NULL,
    seq TEXT NOT NULL,
    body TEXT NOT NULL,
    receipt TEXT
  );
  CREATE INDEX files_by_feed ON files (feed, arrival);
  CREATE TABLE claims (
    feed TEXT NOT NULL, period TEXT NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL,
    PRIMARY KEY (feed, period, sha256)
  ) WITHOUT ROWID;
  CREATE TABLE known_rows (
    file TEXT NOT NULL, part TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (file, part)
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (
    file TEXT NOT NULL, feed TEXT NOT NULL, county TEXT NOT NULL, period TEXT NOT NULL, complete INTEGER NOT NULL,
    PRIMARY KEY (file, feed, county, period)
  ) WITHOUT ROWID;

  CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    feed TEXT NOT NULL, seq TEXT NOT NULL, file TEXT NOT NULL, recorded_at TEXT NOT NULL,
    UNIQUE (feed, seq, file, recorded_at)
  );
  CREATE TABLE facts (
    id INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    person TEXT NOT NULL, origin INTEGER NOT NULL, first_row INTEGER NOT NULL,
    birth TEXT NOT NULL, sex TEXT NOT NULL,
    rows TEXT NOT NULL
  );
  CREATE INDEX facts_by_person ON facts (short);

  CREATE TABLE persons (
    id INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    person TEXT NOT NULL,
    version INTEGER NOT NULL,
    ever TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX persons_by_person ON persons (short);
  CREATE TABLE placements (
    household TEXT NOT NULL, person TEXT NOT NULL,
    PRIMARY KEY (household, person)
  ) WITHOUT ROWID;

  CREATE TABLE standings (
    id INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    household TEXT NOT NULL, family TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX standings_by_household ON standings (short);
  CREATE TABLE warnings (
    standing INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    area TEXT NOT NULL, status TEXT NOT NULL, grade TEXT NOT NULL, family TEXT NOT NULL,
    rank INTEGER NOT NULL, urgency REAL NOT NULL, opened TEXT NOT NULL
  );
  CREATE INDEX warnings_by_status ON warnings (status, rank, urgency, opened, id, area, family, grade);
  CREATE INDEX warnings_by_rank ON warnings (rank, urgency, opened, id, area, family, grade);
  CREATE INDEX warnings_by_area ON warnings (area);
  CREATE TABLE past_warnings (
    id TEXT PRIMARY KEY,
    household TEXT NOT NULL, opened TEXT NOT NULL, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX past_by_household ON past_warnings (household, opened, id);

  CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    person TEXT NOT NULL, name_key TEXT NOT NULL, seq TEXT NOT NULL, sealed TEXT NOT NULL
  );
  CREATE INDEX identities_by_person ON identities (short);
  CREATE INDEX identities_by_name ON identities (name_key);

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    key TEXT,
    visible_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    taken_back INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    body TEXT
  );
  CREATE INDEX messages_by_time ON messages (queue, visible_at);
  CREATE UNIQUE INDEX messages_by_key ON messages (queue, key) WHERE key IS NOT NULL;
  CREATE TABLE large_bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL
  );
  CREATE INDEX dead_letters_by_queue ON dead_letters (queue, id);

  CREATE TABLE events (seq INTEGER PRIMARY KEY, list TEXT NOT NULL);
  CREATE TABLE event_ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE chain (
    only INTEGER PRIMARY KEY CHECK (only = 1), head TEXT NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL
  );
  `,
  `
  ALTER TABLE messages ADD COLUMN share INTEGER NOT NULL DEFAULT 0;
  DROP INDEX messages_by_time;
  CREATE INDEX messages_by_turn ON messages (queue, share, visible_at);
  `,
  `
  ALTER TABLE placements ADD COLUMN until TEXT;
  CREATE INDEX standings_by_name ON standings (household);
  `,
  `
  CREATE TABLE cases (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    household TEXT NOT NULL, ordinal INTEGER NOT NULL,
    version INTEGER NOT NULL,
    open INTEGER NOT NULL,
    area TEXT NOT NULL, stage TEXT NOT NULL, assignee TEXT,
    rank INTEGER NOT NULL, due TEXT NOT NULL, light INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX cases_by_household ON cases (household, ordinal);
  CREATE UNIQUE INDEX one_open_case ON cases (household) WHERE open = 1;
  CREATE INDEX cases_by_due ON cases (due, id, open, area, stage, assignee, light);
  CREATE INDEX cases_by_urgency ON cases (rank, due, id, open, area, stage, assignee, light);
  CREATE INDEX cases_by_area ON cases (area, open, stage, assignee, light, rank, due, id);
  CREATE INDEX cases_by_assignee ON cases (assignee, due) WHERE assignee IS NOT NULL;
  CREATE TABLE case_inboxes (department TEXT NOT NULL, case_row INTEGER NOT NULL, PRIMARY KEY (department, case_row)) WITHOUT ROWID;
  CREATE INDEX inboxes_by_case ON case_inboxes (case_row);
  CREATE TABLE case_counts (
    broad INTEGER NOT NULL, area TEXT NOT NULL, stage TEXT NOT NULL, light INTEGER NOT NULL, assignee TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (broad, area, stage, light, assignee)
  ) WITHOUT ROWID;
  CREATE TABLE staff (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE workflow_definitions (version TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE case_runs (
    id INTEGER PRIMARY KEY,
    of_case TEXT NOT NULL, run INTEGER NOT NULL,
    definition TEXT NOT NULL,
    state TEXT NOT NULL,
    due_ms INTEGER,
    stirred INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    UNIQUE (of_case, run)
  );
  CREATE INDEX case_runs_due ON case_runs (due_ms, id) WHERE due_ms IS NOT NULL;
  CREATE INDEX case_runs_stuck ON case_runs (id) WHERE state = 'stuck';
  CREATE TABLE run_results (
    run INTEGER NOT NULL, task TEXT NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (run, task)
  ) WITHOUT ROWID;
  CREATE TABLE run_waits (
    run INTEGER NOT NULL, task TEXT NOT NULL, wake_at INTEGER NOT NULL,
    PRIMARY KEY (run, task)
  ) WITHOUT ROWID;
  CREATE INDEX run_waits_by_time ON run_waits (wake_at);
  `,
  `
  ALTER TABLE persons RENAME TO persons_before;
  DROP INDEX persons_by_person;
  CREATE TABLE persons (
    id INTEGER PRIMARY KEY,
    short INTEGER NOT NULL,
    person TEXT NOT NULL,
    birth TEXT NOT NULL, sex TEXT NOT NULL,
    version INTEGER NOT NULL,
    memberships TEXT NOT NULL,
    past TEXT
  );
  INSERT INTO persons (id, short, person, birth, sex, version, memberships, past)
    SELECT id, short, person, body ->> 'birth', body ->> 'sex', version,
           (SELECT json_group_array(json_array(m.value ->> 'household', m.value ->> 'basis', m.value ->> 'from', m.value ->> 'to',
                     m.value ->> 'relation', json(m.value -> 'head'), m.value ->> 'category',
                     json((SELECT coalesce(json_group_array(json_array(a.key, json((m.value -> 'attributes') -> a.key))
                             ORDER BY a.key), '[]')
                        FROM json_each(m.value -> 'attributes') AS a)))
                   ORDER BY m.key)
              FROM json_each(body -> 'memberships') AS m),
           (SELECT nullif(json_group_array(e.value), '[]') FROM json_each(ever) AS e
             WHERE e.value NOT IN (SELECT m.value ->> 'household' FROM json_each(body -> 'memberships') AS m))
      FROM persons_before;
  DROP TABLE persons_before;
  CREATE INDEX persons_by_person ON persons (short);

  ALTER TABLE placements RENAME TO placements_before;
  CREATE TABLE placements (
    household BLOB NOT NULL, person INTEGER NOT NULL, until TEXT,
    PRIMARY KEY (household, person)
  ) WITHOUT ROWID;
  INSERT INTO placements (household, person, until)
    SELECT unhex(substr(household, 2)), persons.id, until
      FROM placements_before JOIN persons ON persons.person = placements_before.person;
  DROP TABLE placements_before;

  ALTER TABLE standings RENAME TO standings_before;
  DROP INDEX standings_by_household;
  DROP INDEX standings_by_name;
  CREATE TABLE standings (
    id INTEGER PRIMARY KEY,
    household BLOB NOT NULL, family TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  INSERT INTO standings (id, household, family, version, body)
    SELECT id, unhex(substr(household, 2)), family, version, body FROM standings_before;
  DROP TABLE standings_before;
  CREATE UNIQUE INDEX standings_by_household ON standings (household, family);
  `,
  `
  CREATE TABLE corrections (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    of_case TEXT NOT NULL, department TEXT NOT NULL, area TEXT NOT NULL,
    version INTEGER NOT NULL, awaiting INTEGER NOT NULL, due TEXT NOT NULL, sent TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX corrections_by_case ON corrections (of_case, sent, id);
  CREATE INDEX corrections_by_department ON corrections (department, sent, id, area, awaiting, due);
  CREATE INDEX corrections_by_time ON corrections (sent, id, area, awaiting, due);
  `,
  `
  CREATE TABLE reads (id INTEGER PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX reads_by_time ON reads (at);
  CREATE TABLE household_reads (
    household BLOB NOT NULL, at TEXT NOT NULL, read INTEGER NOT NULL,
    PRIMARY KEY (household, at, read)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit_findings (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL, area TEXT NOT NULL, department TEXT, state TEXT NOT NULL, raised TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX audit_findings_by_time ON audit_findings (raised, id, state, area, department);
  `,
  `
  CREATE TABLE report_jobs (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    question TEXT NOT NULL, run INTEGER NOT NULL, version INTEGER NOT NULL, kept_since TEXT,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX report_jobs_by_question ON report_jobs (question, run);
  CREATE INDEX report_jobs_kept ON report_jobs (kept_since, id) WHERE kept_since IS NOT NULL;
  CREATE TABLE report_pulls (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL, asked TEXT NOT NULL, job TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX report_pulls_by_owner ON report_pulls (owner, asked, id);
  `,
  `
  CREATE TABLE tallies (
    area TEXT NOT NULL, month TEXT NOT NULL, above TEXT, counts TEXT NOT NULL,
    PRIMARY KEY (area, month)
  ) WITHOUT ROWID;
  CREATE INDEX tallies_by_above ON tallies (above, month, area);
  CREATE TABLE tallied (only INTEGER PRIMARY KEY CHECK (only = 1), up_to INTEGER NOT NULL);
  `,
  `
  ALTER TABLE facts ADD COLUMN deleted TEXT;
  `,
  `
  CREATE TABLE verified_days (day TEXT PRIMARY KEY, root TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE periods (
    period TEXT NOT NULL, area TEXT NOT NULL, version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (period, area)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE placements_waiting (
    id INTEGER PRIMARY KEY,
    household BLOB NOT NULL, person INTEGER NOT NULL, until TEXT
  );
  `,
  `
  CREATE TABLE words_of_before (only INTEGER PRIMARY KEY CHECK (only = 1));
  INSERT INTO words_of_before SELECT 1
   WHERE EXISTS (SELECT 1 FROM cases) OR EXISTS (SELECT 1 FROM corrections) OR EXISTS (SELECT 1 FROM audit_findings);
  `,
];
