-- One row for each time somebody read or searched personal data, or pulled a report of it.
WITH places AS (
  SELECT household, max_by(area, number) AS area
  FROM household_places
  GROUP BY household
), shown AS (
  SELECT h.number
  FROM read_households h
  JOIN places l ON l.household = h.household
  CROSS JOIN params p
  WHERE starts_with(l.area, p.area)
  GROUP BY h.number
), looks AS (
  SELECT r.number, r.moment, r.day, r.actor, r.action, r.purpose, r.case_id, r.households, r.found, NULL AS refused
  FROM read_events r
  CROSS JOIN params p
  WHERE p.area = '' OR r.number IN (SELECT number FROM shown)
  UNION ALL
  SELECT e.number, e.moment, e.day, e.actor, concat('report ', e.report), e.purpose, NULL, '', e.row_count, e.refusal
  FROM report_events e
  CROSS JOIN params p
  WHERE starts_with(coalesce(e.area, ''), p.area)
)
SELECT k.moment, k.actor, k.action, k.purpose, k.case_id, k.households, k.found, k.refused, k.number AS event
FROM looks k
CROSS JOIN params p
WHERE k.day BETWEEN p.from_day AND p.to_day
ORDER BY k.number
