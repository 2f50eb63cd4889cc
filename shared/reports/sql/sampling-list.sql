-- Cases closed in the period, drawn by lot: the same seed draws the same cases, and who knows the seed can check the draw.
WITH closed AS (
  SELECT c.case_id, c.household, c.area, c.grade, c.source, c.outcome, c.day AS closed_on, c.visits, c.referrals, c.number
  FROM case_events c
  CROSS JOIN params p
  WHERE c.kind = 'closed' AND c.day BETWEEN p.from_day AND p.to_day AND starts_with(c.area, p.area)
), drawn AS (
  SELECT c.*, text_sha256(concat(p.seed, ':', c.case_id)) AS lot,
    row_number() OVER (ORDER BY text_sha256(concat(p.seed, ':', c.case_id)), c.number) AS place,
    count(*) OVER (PARTITION BY p.seed) AS out_of, p.sample
  FROM closed c
  CROSS JOIN params p
)
SELECT place, out_of, case_id, household, area, grade, source, outcome, closed_on, visits, referrals, lot
FROM drawn
WHERE place <= sample
ORDER BY place
