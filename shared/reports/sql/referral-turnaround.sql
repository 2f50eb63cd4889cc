-- One row for each department: the referrals sent to it in the period and how long it took, in working days.
-- with: referrals
SELECT t.department, count(*) AS sent,
  CAST(sum(CASE WHEN t.state = 'done' THEN 1 ELSE 0 END) AS BIGINT) AS done,
  CAST(sum(CASE WHEN t.state = 'refuse' THEN 1 ELSE 0 END) AS BIGINT) AS refused,
  CAST(sum(CASE WHEN t.state = 'recalled' THEN 1 ELSE 0 END) AS BIGINT) AS recalled,
  CAST(sum(CASE WHEN t.state = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS still_open,
  CAST(sum(CASE WHEN t.in_time THEN 1 ELSE 0 END) AS BIGINT) AS in_time,
  CAST(sum(CASE WHEN NOT t.in_time THEN 1 ELSE 0 END) AS BIGINT) AS late,
  CAST(sum(CASE WHEN t.in_time IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS not_yet_due,
  CAST(sum(t.days_to_answer) AS DOUBLE) / nullif(count(t.days_to_answer), 0) AS mean_days_to_answer,
  max(t.days_to_answer) AS most_days_to_answer,
  CAST(sum(t.days_to_end) AS DOUBLE) / nullif(count(t.days_to_end), 0) AS mean_days_to_end
FROM timed t
GROUP BY t.department
ORDER BY t.department
