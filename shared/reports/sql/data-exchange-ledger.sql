-- One row for each department, kind of data and data period that ended in the period asked for, and one for each month nothing
-- came for: months follow each other from the first one taken on, and are missing once files come after the day they were due.
WITH files AS (
  SELECT f.*
  FROM file_events f
  CROSS JOIN params p
  WHERE f.dated BETWEEN p.from_day AND p.to_day
    AND (f.areas IS NULL OR f.areas = '*' OR strpos(concat(' ', f.areas), concat(' ', substr(p.area, 1, 6))) > 0)
), wrong AS (
  SELECT c.file, count(*) AS sent, count(a.correction) AS answered
  FROM correction_events c
  LEFT JOIN (SELECT DISTINCT correction FROM correction_events WHERE kind = 'answered' AND answer <> 'passed-on') a
    ON a.correction = c.correction
  WHERE c.kind = 'sent'
  GROUP BY c.file
), monthly AS (
  SELECT t.feed, min(substr(t.period, 1, 7)) AS first_period, max(substr(t.due, 9, 2)) AS due_day
  FROM file_events t
  CROSS JOIN params p
  WHERE t.kind = 'taken' AND t.due IS NOT NULL
    AND (t.areas = '*' OR strpos(concat(' ', t.areas), concat(' ', substr(p.area, 1, 6))) > 0)
  GROUP BY t.feed
), months AS (
  SELECT m.period, substr(min(n.day), 1, 8) AS next_month
  FROM (SELECT substr(d.day, 1, 7) AS period, max(d.day) AS ended FROM work_days d GROUP BY substr(d.day, 1, 7)) m
  CROSS JOIN params p
  JOIN work_days n ON n.day > m.ended
  WHERE m.ended BETWEEN p.from_day AND p.to_day
  GROUP BY m.period
), missing AS (
  SELECT k.feed, m.period, concat(m.next_month, k.due_day) AS due
  FROM monthly k
  JOIN months m ON m.period > k.first_period
  WHERE concat(m.next_month, k.due_day) < (SELECT max(day) FROM file_events)
    AND NOT EXISTS (SELECT 1 FROM files f WHERE f.kind = 'taken' AND f.feed = k.feed AND substr(f.period, 1, 7) = m.period)
)
SELECT
  substr(f.feed, 1, strpos(f.feed, '/') - 1) AS department, f.feed, f.period,
  CAST(sum(CASE WHEN f.kind = 'taken' THEN 1 ELSE 0 END) AS BIGINT) AS taken,
  CAST(sum(CASE WHEN f.kind = 'refused' THEN 1 ELSE 0 END) AS BIGINT) AS refused,
  CAST(sum(CASE WHEN f.kind = 'duplicate' THEN 1 ELSE 0 END) AS BIGINT) AS repeated,
  CAST(sum(f.rows_read) AS BIGINT) AS rows_read,
  CAST(sum(f.accepted) AS BIGINT) AS accepted,
  CAST(sum(f.duplicate) AS BIGINT) AS duplicate,
  CAST(sum(f.rejected) AS BIGINT) AS rejected,
  min(CASE WHEN f.kind = 'taken' THEN f.day END) AS first_taken_on,
  max(CASE WHEN f.kind = 'taken' THEN f.day END) AS last_taken_on,
  coalesce(max(f.due), max(x.due)) AS due,
  min(CASE WHEN f.kind = 'taken' THEN f.day END) <= max(f.due) AS in_time,
  max(x.due) IS NOT NULL AS missing,
  CAST(coalesce(sum(w.sent), 0) AS BIGINT) AS found_wrong,
  CAST(coalesce(sum(w.answered), 0) AS BIGINT) AS answered
FROM files f
LEFT JOIN wrong w ON w.file = f.file AND f.kind = 'taken'
LEFT JOIN missing x ON x.feed = f.feed AND x.period = f.period
GROUP BY f.feed, f.period
UNION ALL
SELECT substr(x.feed, 1, strpos(x.feed, '/') - 1), x.feed, x.period, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, x.due, NULL, TRUE, 0, 0
FROM missing x
WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.feed = x.feed AND f.period = x.period)
ORDER BY feed, period
