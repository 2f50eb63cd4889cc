-- One row for each time a warning was opened or came up again in the period, with what had become of it.
-- Engines disagree about whether max_by passes by what is not there, so it is said where something may not be.
WITH openings AS (
  SELECT w.number, w.warning, w.area, w.day, lead(w.number) OVER (PARTITION BY w.warning ORDER BY w.number) AS next_number
  FROM warning_events w
  WHERE w.change IN ('opened', 'reopened')
), wanted AS (
  SELECT o.number, o.warning, coalesce(o.next_number, 9000000000000000) AS next_number
  FROM openings o
  CROSS JOIN params p
  WHERE o.day BETWEEN p.from_day AND p.to_day AND starts_with(o.area, p.area)
), latest AS (
  SELECT o.number, max_by(w.change, w.number) AS change, max_by(w.day, w.number) AS day, max_by(w.grade, w.number) AS grade,
    max_by(w.outcome, CASE WHEN w.outcome IS NOT NULL THEN w.number END) AS outcome,
    max_by(w.reason, CASE WHEN w.reason IS NOT NULL THEN w.number END) AS reason
  FROM wanted o
  JOIN warning_events w ON w.warning = o.warning AND w.number >= o.number AND w.number < o.next_number
  GROUP BY o.number
), taken AS (
  SELECT o.number, min(c.number) AS case_number
  FROM wanted o
  JOIN case_events c ON c.warning = o.warning AND c.kind IN ('opened', 'joined') AND c.number > o.number
    AND c.number < o.next_number
  GROUP BY o.number
), visited AS (
  SELECT case_id, min(visited_on) AS visited_on, max_by(truth, number) AS truth
  FROM case_events
  WHERE action = 'record-visit'
  GROUP BY case_id
), cases AS (
  SELECT t.number, c.case_id, v.visited_on, v.truth
  FROM taken t
  JOIN case_events c ON c.number = t.case_number
  LEFT JOIN visited v ON v.case_id = c.case_id
)
SELECT
  o.warning, o.household, o.area, o.category, o.family, o.day AS opened_on, o.grade AS grade_then, l.grade AS grade_now,
  o.low, o.high, o.indicators, o.pack, o.pack_version,
  CASE WHEN l.change IN ('handled', 'withdrawn') THEN l.change ELSE 'open' END AS status,
  CASE WHEN l.change IN ('handled', 'withdrawn') THEN l.day END AS ended_on,
  l.reason AS withdrawn_for,
  t.case_id, t.visited_on, t.truth, l.outcome
FROM latest l
JOIN warning_events o ON o.number = l.number
LEFT JOIN cases t ON t.number = l.number
ORDER BY o.day, o.number
