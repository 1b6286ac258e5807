-- One series of one look. The same moment again (a clock that was set back) is the newer one's.
INSERT INTO raw (at, series, link, lag, lagging, lsn, received_lsn,
    lag_bytes, lag_us, sent, written, flushed, replayed, wal_rate, link_rate, retained)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (at, series) DO UPDATE SET
    link = excluded.link, lag = excluded.lag, lagging = excluded.lagging, lsn = excluded.lsn,
    received_lsn = excluded.received_lsn, lag_bytes = excluded.lag_bytes, lag_us = excluded.lag_us,
    sent = excluded.sent, written = excluded.written, flushed = excluded.flushed, replayed = excluded.replayed,
    wal_rate = excluded.wal_rate, link_rate = excluded.link_rate, retained = excluded.retained;
