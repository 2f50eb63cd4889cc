-- One row for each person, day and reason for which somebody should ask why data was read.
WITH places AS (
  SELECT household, max_by(area, number) AS area
  FROM household_places
  GROUP BY household
), looks AS (
  SELECT r.number, r.moment, r.day, r.time, r.actor, r.action, h.household, l.area
  FROM read_events r
  JOIN read_households h ON h.number = r.number
  LEFT JOIN places l ON l.household = h.household
  CROSS JOIN params p
  WHERE r.day BETWEEN p.from_day AND p.to_day AND starts_with(coalesce(l.area, ''), p.area)
), opened AS (
  SELECT household, number AS opened_number, lead(number) OVER (PARTITION BY household ORDER BY number) AS next_number
  FROM case_events
  WHERE kind = 'opened'
), spans AS (
  SELECT o.household, o.opened_number, min(c.number) AS closed_number
  FROM opened o
  LEFT JOIN case_events c ON c.household = o.household AND c.kind = 'closed' AND c.number > o.opened_number
    AND c.number < coalesce(o.next_number, 9000000000000000)
  GROUP BY o.household, o.opened_number
), without_case AS (
  SELECT k.*
  FROM looks k
  LEFT JOIN spans s ON s.household = k.household AND s.opened_number < k.number AND k.number < coalesce(s.closed_number, 9000000000000000)
  WHERE s.household IS NULL AND k.action IN ('household.read', 'warnings.read', 'search.exact', 'cases.read')
), usual AS (
  SELECT actor, substr(area, 1, 6) AS county, count(*) AS times, sum(count(*)) OVER (PARTITION BY actor) AS all_times
  FROM looks
  WHERE area IS NOT NULL
  GROUP BY actor, substr(area, 1, 6)
), marked AS (
  SELECT day, actor, 'no-case' AS reason, number, moment, household FROM without_case
  UNION ALL
  SELECT k.day, k.actor, 'out-of-hours', k.number, k.moment, k.household
  FROM looks k
  LEFT JOIN work_days w ON w.day = k.day
  WHERE k.time < '07:00' OR k.time >= '21:00' OR NOT coalesce(w.working, TRUE)
  UNION ALL
  SELECT k.day, k.actor, 'outside-usual-area', k.number, k.moment, k.household
  FROM looks k
  JOIN usual u ON u.actor = k.actor AND u.county = substr(k.area, 1, 6)
  WHERE u.all_times >= 20 AND u.times * 20 < u.all_times
  UNION ALL
  SELECT k.day, k.actor, 'bulk', k.number, k.moment, k.household
  FROM looks k
  JOIN (SELECT day, actor FROM looks GROUP BY day, actor HAVING count(DISTINCT household) > 200) b ON b.day = k.day AND b.actor = k.actor
)
SELECT day, actor, reason, count(DISTINCT number) AS reads, count(DISTINCT household) AS households, min(moment) AS first_at,
  max(moment) AS last_at, min(number) AS first_event
FROM marked
GROUP BY day, actor, reason
ORDER BY day, actor, reason
