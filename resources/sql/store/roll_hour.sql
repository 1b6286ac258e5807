-- One hour of minutes becomes one row a series and number. Series and numbers lead, since that is how minutes lie.
INSERT INTO hour (series, metric, at, n, low, high, last)
SELECT ends.series, ends.metric, {from}, ends.n, ends.low, ends.high, minute.last
FROM (
    SELECT m.series, m.metric, sum(m.n) AS n, min(m.low) AS low, max(m.high) AS high, max(m.at) AS newest
    FROM series AS s
    CROSS JOIN metric AS k
    CROSS JOIN minute AS m
    WHERE m.series = s.id AND m.metric = k.id AND m.at >= {from} AND m.at < {to}
    GROUP BY m.series, m.metric
) AS ends
JOIN minute ON minute.series = ends.series AND minute.metric = ends.metric AND minute.at = ends.newest
WHERE true
ON CONFLICT (series, metric, at) DO UPDATE SET
    n = {greatest}(hour.n, excluded.n),
    low = {least}(hour.low, excluded.low),
    high = {greatest}(hour.high, excluded.high),
    last = excluded.last;
