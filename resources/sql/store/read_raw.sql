-- One number of every series as it was looked at, of a span of time.
SELECT at, series, {column}
FROM sample
WHERE at >= ? AND at < ?
ORDER BY at;
