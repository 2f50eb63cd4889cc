-- One row for each department, kind of data and data period that ended in the period asked for.
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
  max(f.due) AS due,
  min(CASE WHEN f.kind = 'taken' THEN f.day END) <= max(f.due) AS in_time,
  CAST(coalesce(sum(w.sent), 0) AS BIGINT) AS found_wrong,
  CAST(coalesce(sum(w.answered), 0) AS BIGINT) AS answered
FROM files f
LEFT JOIN wrong w ON w.file = f.file AND f.kind = 'taken'
GROUP BY f.feed, f.period
ORDER BY f.feed, f.period
