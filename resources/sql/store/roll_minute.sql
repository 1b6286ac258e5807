-- One minute of raw becomes one row a series, for the number {column}. Rolled up again (a clock was set back, and the
-- minute came twice) it only widens: no spike is lost.
INSERT INTO minute (series, metric, at, n, low, high, last)
SELECT ends.series, {metric}, {from}, ends.n, ends.low, ends.high, raw.{column}
FROM (
    SELECT series, count({column}) AS n, min({column}) AS low, max({column}) AS high, max(id) AS newest
    FROM sample
    WHERE at >= {from} AND at < {to} AND {column} IS NOT NULL
    GROUP BY series
) AS ends
JOIN raw ON raw.id = ends.newest
WHERE true
ON CONFLICT (series, metric, at) DO UPDATE SET
    n = {greatest}(minute.n, excluded.n),
    low = {least}(minute.low, excluded.low),
    high = {greatest}(minute.high, excluded.high),
    last = excluded.last;
