-- One number of every series as it was looked at, of a span of time.
SELECT at, series, {column}
FROM raw
WHERE at >= ? AND at < ?
ORDER BY at;
