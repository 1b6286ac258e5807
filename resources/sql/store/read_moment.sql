-- Everything that one look measured.
SELECT c.system_identifier, s.kind, s.node, s.slot,
    r.link, r.lag, r.lagging, r.lsn, r.received_lsn,
    r.lag_bytes, r.lag_us, r.sent, r.written, r.flushed, r.replayed, r.wal_rate, r.link_rate, r.retained
FROM sample AS r
JOIN series AS s ON s.id = r.series
JOIN cluster AS c ON c.id = s.cluster
WHERE r.at = ?;
