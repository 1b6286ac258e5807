-- One look at a server: where it is in the WAL, who receives from it, its slots, its running base backups.
-- Versions: 12.
-- Rights:   pg_monitor for complete rows. Works on a primary and on a standby; reads only.
-- One row. Lists come as JSON arrays, their columns in the order written here; times are microseconds since 1970.
SELECT pg_is_in_recovery() AS in_recovery,
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS server_time,
       (extract(epoch FROM pg_conf_load_time()) * 1000000)::bigint AS configuration_time,
       -- The timeline in the name of the current WAL file is right at once after a promotion; the one of the last
       -- checkpoint is not. A standby knows it from its receiver, else from how far it must recover.
       CASE WHEN pg_is_in_recovery()
            THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver),
                          (SELECT greatest(c.timeline_id, r.min_recovery_end_timeline)
                             FROM pg_control_checkpoint() c, pg_control_recovery() r))
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
       END AS timeline,
       CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn()::text END AS current_lsn,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()::text END AS received_lsn,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS replayed_lsn,
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS replay_paused,
       (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000000)::bigint AS last_replay,
       (SELECT json_build_array(w.pid, w.status, w.received_lsn, w.received_lsn, w.received_tli,
                                (extract(epoch FROM w.last_msg_send_time) * 1000000)::bigint,
                                (extract(epoch FROM w.last_msg_receipt_time) * 1000000)::bigint,
                                w.slot_name, w.sender_host, w.sender_port, w.conninfo)
          FROM pg_stat_wal_receiver w) AS receiver,
       (SELECT json_agg(json_build_array(r.pid, r.usename, r.application_name, host(r.client_addr), r.client_port,
                                         r.state, r.sent_lsn, r.write_lsn, r.flush_lsn, r.replay_lsn,
                                         extract(epoch FROM r.write_lag), extract(epoch FROM r.flush_lag),
                                         extract(epoch FROM r.replay_lag), r.sync_state,
                                         (extract(epoch FROM r.reply_time) * 1000000)::bigint,
                                         (extract(epoch FROM r.backend_start) * 1000000)::bigint,
                                         age(r.backend_xmin))
                        ORDER BY r.pid)
          FROM pg_stat_replication r) AS senders,
       (SELECT json_agg(json_build_array(s.slot_name, s.slot_type = 'logical', s.temporary, s.active, s.active_pid,
                                         s.restart_lsn, NULL, NULL, NULL,
                                         greatest(age(s.xmin), age(s.catalog_xmin)))
                        ORDER BY s.slot_name)
          FROM pg_replication_slots s) AS slots,
       NULL::json AS backups
