-- One row for each visit that took place in the period, with what was found and decided on it.
WITH visits AS (
  SELECT c.*, lead(c.number) OVER (PARTITION BY c.case_id ORDER BY c.number) AS next_number
  FROM case_events c
  WHERE c.action = 'record-visit'
), wanted AS (
  SELECT v.*
  FROM visits v
  CROSS JOIN params p
  WHERE v.visited_on BETWEEN p.from_day AND p.to_day AND starts_with(v.area, p.area)
), limits AS (
  SELECT number, max(due) AS due
  FROM case_clocks
  WHERE step = 'visit'
  GROUP BY number
), decided AS (
  SELECT v.number, min_by(d.said, d.number) AS said, min_by(d.actions, CASE WHEN d.actions IS NOT NULL THEN d.number END) AS actions, min_by(d.day, d.number) AS day,
    min_by(d.actor, d.number) AS actor
  FROM wanted v
  JOIN case_events d ON d.case_id = v.case_id AND d.action = 'decide' AND d.number > v.number
    AND d.number < coalesce(v.next_number, 9000000000000000)
  GROUP BY v.number
)
SELECT
  v.visited_on, v.day AS submitted_on, v.case_id, v.household, v.area, v.category, v.grade, v.actor AS visitor, v.means, v.truth,
  v.needs, v.proposed, v.conflict, v.late,
  l.due,
  CASE WHEN l.due IS NULL THEN NULL ELSE v.moment <= l.due END AS in_time,
  d.said AS decision, d.actions, d.day AS decided_on, d.actor AS decider
FROM wanted v
LEFT JOIN limits l ON l.number = v.number
LEFT JOIN decided d ON d.number = v.number
ORDER BY v.visited_on, v.number
