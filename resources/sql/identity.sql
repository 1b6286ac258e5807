-- Who a server is: asked once for each connection.
-- Versions: 12 and newer.
-- Rights:   none needed. can_monitor tells whether the role has pg_monitor (or is a superuser): without it,
--           other sessions' rows come back with a pid and names only.
--           A pooler is found out by its process id: it makes up one of its own for each client.
SELECT current_setting('server_version_num')::int,
       (SELECT system_identifier::text FROM pg_control_system()),
       pg_has_role(current_user, 'pg_monitor', 'USAGE'),
       (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint,
       pg_backend_pid(),
       inet_server_addr()::text,
       inet_server_port()
