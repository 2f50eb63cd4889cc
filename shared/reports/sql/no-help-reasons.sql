-- One row for each indicator and kind of data behind a warning: how the cases closed in the period ended.
WITH closed AS (
  SELECT c.number, c.case_id, c.outcome
  FROM case_events c
  CROSS JOIN params p
  WHERE c.kind = 'closed' AND c.day BETWEEN p.from_day AND p.to_day AND starts_with(c.area, p.area)
), linked AS (
  SELECT DISTINCT x.case_id, x.outcome, c.warning
  FROM closed x
  JOIN case_events c ON c.case_id = x.case_id AND c.warning IS NOT NULL AND c.number <= x.number
), latest AS (
  SELECT w.warning, max(w.number) AS number
  FROM warning_events w
  WHERE w.change <> 'handled' AND w.change <> 'withdrawn'
  GROUP BY w.warning
), causes AS (
  SELECT DISTINCT l.case_id, l.outcome, f.indicator, f.feed
  FROM linked l
  JOIN latest t ON t.warning = l.warning
  JOIN warning_feeds f ON f.number = t.number
)
SELECT indicator, feed,
  CAST(sum(CASE WHEN outcome IN ('helped-new', 'temporary-aid', 'charity', 'entitlement-delivered') THEN 1 ELSE 0 END) AS BIGINT) AS helped,
  CAST(sum(CASE WHEN outcome = 'already-covered' THEN 1 ELSE 0 END) AS BIGINT) AS already_covered,
  CAST(sum(CASE WHEN outcome = 'policy-explained' THEN 1 ELSE 0 END) AS BIGINT) AS policy_explained,
  CAST(sum(CASE WHEN outcome = 'not-in-need' THEN 1 ELSE 0 END) AS BIGINT) AS not_in_need,
  CAST(sum(CASE WHEN outcome = 'data-wrong' THEN 1 ELSE 0 END) AS BIGINT) AS data_wrong,
  CAST(sum(CASE WHEN outcome IN ('moved', 'dead', 'not-found') THEN 1 ELSE 0 END) AS BIGINT) AS gone,
  CAST(sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS BIGINT) AS declined,
  count(*) AS closed
FROM causes
GROUP BY indicator, feed
ORDER BY indicator, feed
