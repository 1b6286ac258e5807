-- One series of one look.
INSERT INTO raw (id, series, link, lag, lagging, lsn, received_lsn,
    lag_bytes, lag_us, sent, written, flushed, replayed, wal_rate, link_rate, retained)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
