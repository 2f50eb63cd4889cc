-- One row for each step from rows sent to households helped, as provinces publish it.
WITH files AS (
  SELECT CAST(coalesce(sum(f.rows_read), 0) AS BIGINT) AS rows_read, CAST(coalesce(sum(f.accepted), 0) AS BIGINT) AS facts
  FROM file_events f
  CROSS JOIN params p
  WHERE f.kind = 'taken' AND f.day BETWEEN p.from_day AND p.to_day
    AND (f.areas IS NULL OR f.areas = '*' OR strpos(concat(' ', f.areas), concat(' ', substr(p.area, 1, 6))) > 0)
), warned AS (
  SELECT count(*) AS warnings, count(DISTINCT w.household) AS households
  FROM warning_events w
  CROSS JOIN params p
  WHERE w.change IN ('opened', 'reopened') AND w.day BETWEEN p.from_day AND p.to_day AND starts_with(w.area, p.area)
), visited AS (
  SELECT count(*) AS visits, count(DISTINCT c.household) AS households,
    count(DISTINCT CASE WHEN c.truth IN ('T1', 'T2') THEN c.household END) AS true_households
  FROM case_events c
  CROSS JOIN params p
  WHERE c.action = 'record-visit' AND c.visited_on BETWEEN p.from_day AND p.to_day AND starts_with(c.area, p.area)
), closed AS (
  SELECT count(*) AS cases,
    CAST(coalesce(sum(CASE WHEN c.outcome IN ('helped-new', 'temporary-aid', 'charity') THEN 1 ELSE 0 END), 0) AS BIGINT) AS helped,
    CAST(coalesce(sum(CASE WHEN c.outcome = 'entitlement-delivered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS delivered
  FROM case_events c
  CROSS JOIN params p
  WHERE c.kind = 'closed' AND c.day BETWEEN p.from_day AND p.to_day AND starts_with(c.area, p.area)
), steps AS (
  SELECT 1 AS place, 'rows' AS step, rows_read AS amount FROM files
  UNION ALL SELECT 2, 'facts', facts FROM files
  UNION ALL SELECT 3, 'warnings', warnings FROM warned
  UNION ALL SELECT 4, 'households-warned', households FROM warned
  UNION ALL SELECT 5, 'visits', visits FROM visited
  UNION ALL SELECT 6, 'households-visited', households FROM visited
  UNION ALL SELECT 7, 'found-true', true_households FROM visited
  UNION ALL SELECT 8, 'cases-closed', cases FROM closed
  UNION ALL SELECT 9, 'helped', helped FROM closed
  UNION ALL SELECT 10, 'entitlements', delivered FROM closed
)
SELECT step, amount
FROM steps
ORDER BY place
