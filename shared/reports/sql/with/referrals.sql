-- The referrals sent in the period, how they were answered and ended, in working days of the area asked for.
WITH sent AS (
  SELECT c.number, c.day, c.case_id, c.household, c.area, c.grade, c.referral, c.department, c.measure, c.due
  FROM case_events c
  CROSS JOIN params p
  WHERE c.action = 'send-referral' AND c.day BETWEEN p.from_day AND p.to_day AND starts_with(c.area, p.area)
), replies AS (
  SELECT s.number, min(r.day) AS first_on, min_by(r.said, r.number) AS first_said, min(r.moment) AS first_at,
    max_by(r.code, CASE WHEN r.code IS NOT NULL THEN r.number END) AS code, CAST(sum(coalesce(r.fen, 0)) AS BIGINT) AS fen
  FROM sent s
  JOIN case_events r ON r.case_id = s.case_id AND r.referral = s.referral AND r.number > s.number
    AND r.action IN ('answer-referral', 'answer-by-file')
  GROUP BY s.number
), ends AS (
  SELECT s.number, min(r.day) AS ended_on,
    min_by(CASE WHEN r.action = 'recall-referral' THEN 'recalled' ELSE r.said END, r.number) AS ended_as
  FROM sent s
  JOIN case_events r ON r.case_id = s.case_id AND r.referral = s.referral AND r.number > s.number
    AND (r.action = 'recall-referral' OR (r.action IN ('answer-referral', 'answer-by-file') AND r.said IN ('done', 'refuse')))
  GROUP BY s.number
), silent AS (
  SELECT s.number, min(r.day) AS silent_on
  FROM sent s
  JOIN case_events r ON r.case_id = s.case_id AND r.referral = s.referral AND r.number > s.number
    AND r.action = 'raise-light' AND r.step = 'referral-answer' AND r.light IN ('red', 'county')
  GROUP BY s.number
), timed AS (
  SELECT s.*, a.first_on, a.first_said, a.first_at, a.code, a.fen, e.ended_on, coalesce(e.ended_as, 'open') AS state, q.silent_on,
    CASE WHEN a.first_at IS NOT NULL THEN a.first_at <= s.due WHEN q.silent_on IS NOT NULL THEN FALSE END AS in_time,
    w1.total - w0.total AS days_to_answer, w2.total - w0.total AS days_to_end
  FROM sent s
  LEFT JOIN replies a ON a.number = s.number
  LEFT JOIN ends e ON e.number = s.number
  LEFT JOIN silent q ON q.number = s.number
  LEFT JOIN work_days w0 ON w0.day = s.day
  LEFT JOIN work_days w1 ON w1.day = a.first_on
  LEFT JOIN work_days w2 ON w2.day = e.ended_on
)
