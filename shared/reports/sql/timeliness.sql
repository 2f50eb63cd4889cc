-- One row for each step and grade: the limits that ended in the period, kept or not.
SELECT k.step, k.grade, count(*) AS ended,
  CAST(sum(CASE WHEN k.stopped <= k.due THEN 1 ELSE 0 END) AS BIGINT) AS in_time,
  CAST(sum(CASE WHEN k.stopped > k.due THEN 1 ELSE 0 END) AS BIGINT) AS late
FROM case_clocks k
CROSS JOIN params p
WHERE k.day BETWEEN p.from_day AND p.to_day AND starts_with(k.area, p.area)
GROUP BY k.step, k.grade
ORDER BY k.step, k.grade
