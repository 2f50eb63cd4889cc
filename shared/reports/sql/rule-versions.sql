-- One row for each rule pack and version that was at work in the period.
WITH used AS (
  SELECT a.pack, a.pack_version, a.family, min(a.day) AS first_on, max(a.day) AS last_on, count(DISTINCT a.household) AS households
  FROM assessments a
  CROSS JOIN params p
  WHERE a.day BETWEEN p.from_day AND p.to_day AND starts_with(a.area, p.area)
  GROUP BY a.pack, a.pack_version, a.family
), opened AS (
  SELECT w.pack, w.pack_version, count(*) AS warnings
  FROM warning_events w
  CROSS JOIN params p
  WHERE w.change IN ('opened', 'reopened') AND w.day BETWEEN p.from_day AND p.to_day AND starts_with(w.area, p.area)
  GROUP BY w.pack, w.pack_version
)
SELECT u.pack, u.pack_version, u.family, u.first_on, u.last_on, u.households, coalesce(o.warnings, 0) AS warnings
FROM used u
LEFT JOIN opened o ON o.pack = u.pack AND o.pack_version = u.pack_version
ORDER BY u.pack, u.pack_version, u.family
