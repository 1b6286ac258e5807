-- Settings that matter for replication, sizes in bytes, times in milliseconds.
-- Versions: 12 and newer; a name that a version does not know is simply not there.
-- Rights:   pg_monitor for data_directory, hba_file, config_file, unix_socket_directories and primary_conninfo.
-- Asked after connecting and whenever the configuration was loaded again.
-- A command may carry a secret, so of archive_command only its presence leaves the server.
SELECT name,
       CASE
           WHEN name IN ('archive_command', 'archive_library', 'restore_command')
               THEN CASE WHEN coalesce(setting, '') IN ('', '(disabled)') THEN '' ELSE '(set)' END
           WHEN setting = '-1' THEN setting
           WHEN unit = 'B' THEN setting
           WHEN unit = 'kB' THEN (setting::bigint * 1024)::text
           WHEN unit = '8kB' THEN (setting::bigint * 8192)::text
           WHEN unit = 'MB' THEN (setting::bigint * 1048576)::text
           WHEN unit = 's' THEN (setting::bigint * 1000)::text
           WHEN unit = 'min' THEN (setting::bigint * 60000)::text
           ELSE setting
       END
  FROM pg_settings
 WHERE name IN ('max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions',
                'max_locks_per_transaction', 'max_replication_slots', 'wal_level', 'hot_standby', 'wal_keep_size',
                'wal_keep_segments', 'max_slot_wal_keep_size', 'wal_segment_size', 'synchronous_standby_names',
                'synchronous_commit', 'archive_mode', 'archive_command', 'archive_library', 'restore_command',
                'data_checksums', 'wal_log_hints', 'full_page_writes', 'wal_sender_timeout', 'wal_receiver_timeout',
                'wal_receiver_status_interval', 'listen_addresses', 'port', 'unix_socket_directories', 'cluster_name',
                'primary_slot_name', 'primary_conninfo', 'recovery_min_apply_delay', 'recovery_target_timeline',
                'hot_standby_feedback', 'server_encoding', 'data_directory', 'hba_file', 'config_file', 'ssl',
                'idle_replication_slot_timeout', 'sync_replication_slots', 'password_encryption', 'fsync',
                'max_standby_streaming_delay', 'max_wal_size')
