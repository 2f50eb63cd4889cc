-- One row for each visit that took place in the period, with what was found and decided on it.
-- Numbers are carried through the steps; words are fetched at the end, for a province has hundreds of thousands.
WITH visits AS (
  SELECT c.number, c.case_id, c.visited_on, c.area, lead(c.number) OVER (PARTITION BY c.case_id ORDER BY c.number) AS next_number
  FROM case_events c
  WHERE c.action = 'record-visit'
), wanted AS (
  SELECT v.number, v.case_id, coalesce(v.next_number, 9000000000000000) AS next_number
  FROM visits v
  CROSS JOIN params p
  WHERE v.visited_on BETWEEN p.from_day AND p.to_day AND starts_with(v.area, p.area)
), limits AS (
  SELECT number, max(due) AS due
  FROM case_clocks
  WHERE step = 'visit'
  GROUP BY number
), decided AS (
  SELECT v.number, min(d.number) AS decision
  FROM wanted v
  JOIN case_events d ON d.case_id = v.case_id AND d.action = 'decide' AND d.number > v.number AND d.number < v.next_number
  GROUP BY v.number
), decisions AS (
  SELECT x.number, d.said, d.actions, d.day, d.actor
  FROM decided x
  JOIN case_events d ON d.number = x.decision
)
SELECT
  v.visited_on, v.day AS submitted_on, v.case_id, v.household, v.area, v.category, v.grade, v.actor AS visitor, v.means, v.truth,
  v.needs, v.proposed, v.conflict, v.late,
  l.due,
  CASE WHEN l.due IS NULL THEN NULL ELSE v.moment <= l.due END AS in_time,
  d.said AS decision, d.actions, d.day AS decided_on, d.actor AS decider
FROM wanted w
JOIN case_events v ON v.number = w.number
LEFT JOIN limits l ON l.number = w.number
LEFT JOIN decisions d ON d.number = w.number
ORDER BY v.visited_on, v.number
