-- One row for each time a warning was opened or came up again in the period, with what had become of it.
WITH openings AS (
  SELECT
    w.number, w.warning, w.household, w.area, w.family, w.category, w.grade, w.day, w.low, w.high, w.pack, w.pack_version, w.indicators,
    lead(w.number) OVER (PARTITION BY w.warning ORDER BY w.number) AS next_number
  FROM warning_events w
  WHERE w.change IN ('opened', 'reopened')
), wanted AS (
  SELECT o.*
  FROM openings o
  CROSS JOIN params p
  WHERE o.day BETWEEN p.from_day AND p.to_day AND starts_with(o.area, p.area)
), latest AS (
  SELECT o.number, max_by(w.change, w.number) AS change, max_by(w.day, w.number) AS day, max_by(w.grade, w.number) AS grade,
    max_by(w.outcome, w.number) AS outcome, max_by(w.reason, w.number) AS reason
  FROM wanted o
  JOIN warning_events w ON w.warning = o.warning AND w.number >= o.number AND w.number < coalesce(o.next_number, 9000000000000000)
  GROUP BY o.number
), taken AS (
  SELECT o.number, min_by(c.case_id, c.number) AS case_id
  FROM wanted o
  JOIN case_events c ON c.warning = o.warning AND c.kind IN ('opened', 'joined') AND c.number > o.number
    AND c.number < coalesce(o.next_number, 9000000000000000)
  GROUP BY o.number
), visited AS (
  SELECT case_id, min(visited_on) AS visited_on, max_by(truth, number) AS truth
  FROM case_events
  WHERE action = 'record-visit'
  GROUP BY case_id
)
SELECT
  o.warning, o.household, o.area, o.category, o.family, o.day AS opened_on, o.grade AS grade_then, l.grade AS grade_now,
  o.low, o.high, o.indicators, o.pack, o.pack_version,
  CASE WHEN l.change IN ('handled', 'withdrawn') THEN l.change ELSE 'open' END AS status,
  CASE WHEN l.change IN ('handled', 'withdrawn') THEN l.day END AS ended_on,
  l.reason AS withdrawn_for,
  t.case_id, v.visited_on, v.truth, l.outcome
FROM wanted o
JOIN latest l ON l.number = o.number
LEFT JOIN taken t ON t.number = o.number
LEFT JOIN visited v ON v.case_id = t.case_id
ORDER BY o.day, o.number
