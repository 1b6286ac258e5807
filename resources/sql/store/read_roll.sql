-- One number of one series, rolled up, of a span of time.
SELECT at, n, low, high, last
FROM {table}
WHERE series = ? AND metric = ? AND at >= ? AND at < ?
ORDER BY at;
