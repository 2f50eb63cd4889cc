-- One row for each help given in the period: given within a case, or told by the department it was asked of.
WITH answers AS (
  SELECT c.*
  FROM case_events c
  WHERE c.action IN ('answer-referral', 'answer-by-file') AND c.said IN ('done', 'part-done')
), helps AS (
  SELECT a.number, a.given_on, a.case_id, a.household, a.area, a.category, a.department, a.measure, a.fen, a.rhythm, a.referral,
    'recorded' AS told_by, a.actor, a.aid
  FROM case_aids a
  UNION ALL
  SELECT r.number, r.day AS given_on, r.case_id, r.household, r.area, r.category, r.department, r.measure, r.fen, r.rhythm, r.referral,
    'department' AS told_by, r.actor, r.said AS aid
  FROM answers r
  LEFT JOIN (SELECT DISTINCT case_id, referral FROM case_aids WHERE referral IS NOT NULL) t
    ON t.case_id = r.case_id AND t.referral = r.referral
  WHERE t.case_id IS NULL
)
SELECT h.given_on, h.case_id, h.household, h.area, h.category, h.department, h.measure, h.fen, h.rhythm, h.told_by, h.referral,
  h.actor AS recorded_by
FROM helps h
CROSS JOIN params p
WHERE h.given_on BETWEEN p.from_day AND p.to_day AND starts_with(h.area, p.area)
ORDER BY h.given_on, h.number, h.aid
