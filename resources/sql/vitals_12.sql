-- What changes slowly: archiving, queries that recovery cancelled, the oldest transaction
--           that holds vacuum back, the oldest unfrozen row.
-- Versions: 12 to 15.
-- Rights:   pg_monitor to see other users' transactions. Works on a primary and on a standby; reads only.
-- One row. Lists come as JSON arrays, their columns in the order written here; times are microseconds since 1970.
-- Asked every few seconds only: it walks through every session.
SELECT (SELECT json_build_array(a.archived_count, a.failed_count,
                                (extract(epoch FROM a.last_archived_time) * 1000000)::bigint,
                                (extract(epoch FROM a.last_failed_time) * 1000000)::bigint,
                                a.last_failed_wal)
          FROM pg_stat_archiver a) AS archiver,
       (SELECT json_build_object('tablespace', sum(c.confl_tablespace), 'lock', sum(c.confl_lock),
                                 'snapshot', sum(c.confl_snapshot), 'bufferpin', sum(c.confl_bufferpin),
                                 'deadlock', sum(c.confl_deadlock))
          FROM pg_stat_database_conflicts c) AS conflicts,
       -- Ours is a client backend too, and it is always open while we look.
       (SELECT json_build_array(t.pid, (extract(epoch FROM clock_timestamp() - t.xact_start) * 1000000)::bigint,
                                greatest(age(t.backend_xmin), age(t.backend_xid)), t.state, t.application_name,
                                t.datname)
          FROM pg_stat_activity t
         WHERE t.backend_type = 'client backend' AND t.pid <> pg_backend_pid() AND t.xact_start IS NOT NULL
           AND (t.backend_xmin IS NOT NULL OR t.backend_xid IS NOT NULL)
         ORDER BY t.xact_start, t.pid
         LIMIT 1) AS transaction,
       (SELECT json_build_array(age(d.datfrozenxid), d.datname)
          FROM pg_database d
         ORDER BY age(d.datfrozenxid) DESC, d.datname
         LIMIT 1) AS frozen
