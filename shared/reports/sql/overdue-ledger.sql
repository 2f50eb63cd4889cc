-- One row for each limit that ran out in the period, with the highest light reached and when the step was done after all.
WITH lights AS (
  SELECT c.case_id, c.household, c.area, c.grade, c.step, coalesce(c.referral, '') AS referral, c.number, c.day, c.light
  FROM case_events c
  WHERE c.action = 'raise-light' AND c.light IN ('red', 'county')
), first_red AS (
  SELECT l.case_id, l.step, l.referral, min(l.number) AS number, min(l.day) AS overdue_on, max_by(l.light, l.number) AS light,
    max_by(l.household, l.number) AS household, max_by(l.area, l.number) AS area, max_by(l.grade, l.number) AS grade
  FROM lights l
  GROUP BY l.case_id, l.step, l.referral
), done AS (
  SELECT r.case_id, r.step, r.referral, min(k.day) AS done_on
  FROM first_red r
  JOIN case_clocks k ON k.case_id = r.case_id AND k.step = r.step AND coalesce(k.referral, '') = r.referral AND k.number > r.number
  GROUP BY r.case_id, r.step, r.referral
)
SELECT r.overdue_on, r.case_id, r.household, r.area, r.grade, r.step, nullif(r.referral, '') AS referral, r.light, d.done_on,
  w1.total - w0.total AS days_over
FROM first_red r
CROSS JOIN params p
LEFT JOIN done d ON d.case_id = r.case_id AND d.step = r.step AND d.referral = r.referral
LEFT JOIN work_days w0 ON w0.day = r.overdue_on
LEFT JOIN work_days w1 ON w1.day = d.done_on
WHERE r.overdue_on BETWEEN p.from_day AND p.to_day AND starts_with(r.area, p.area)
ORDER BY r.overdue_on, r.number, r.step
