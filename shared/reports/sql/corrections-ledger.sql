-- One row for each row called wrong in the period, and for each warning a correction took back.
WITH sent AS (
  SELECT c.*
  FROM correction_events c
  CROSS JOIN params p
  WHERE c.kind = 'sent' AND c.day BETWEEN p.from_day AND p.to_day AND starts_with(coalesce(c.area, ''), p.area)
), answered AS (
  SELECT c.correction, max(c.day) AS answered_on, max_by(c.answer, c.number) AS answer,
    nullif(max_by(coalesce(c.reason, ''), c.number), '') AS reason,
    max_by(c.late, CASE WHEN c.late IS NOT NULL THEN c.number END) AS late
  FROM correction_events c
  WHERE c.kind = 'answered' AND c.answer <> 'passed-on'
  GROUP BY c.correction
), lines AS (
  SELECT s.day AS told_on, 'notice' AS what, s.number, s.correction, s.case_id, s.household, s.area, s.department, s.feed, s.file,
    s.file_row, s.field, s.found, s.due, a.answer, a.reason, a.answered_on, NOT a.late AS in_time
  FROM sent s
  LEFT JOIN answered a ON a.correction = s.correction
  UNION ALL
  SELECT w.day, 'warning-withdrawn', w.number, w.warning, NULL, w.household, w.area, NULL, NULL, NULL, NULL, NULL, w.reason, NULL, NULL,
    NULL, NULL, NULL
  FROM warning_events w
  CROSS JOIN params p
  WHERE w.change = 'withdrawn' AND w.reason IN ('reason-taken-back', 'household-superseded')
    AND w.day BETWEEN p.from_day AND p.to_day AND starts_with(w.area, p.area)
)
SELECT told_on, what, correction, case_id, household, area, department, feed, file, file_row, field, found, due, answer, reason,
  answered_on, in_time
FROM lines
ORDER BY told_on, number
