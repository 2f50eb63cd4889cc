-- One row for each referral sent in the period, with the department's answers in working days of the area asked for.
-- with: referrals
SELECT t.day AS sent_on, t.department, t.measure, t.case_id, t.referral, t.household, t.area, t.grade, t.due, t.first_on, t.first_said,
  t.in_time, t.days_to_answer, t.silent_on, t.state, t.ended_on, t.days_to_end, t.code, t.fen
FROM timed t
ORDER BY t.department, t.day, t.number
