-- The size of all databases this role may look into, in bytes. It walks the files: asked seldom.
-- Versions: 12 and newer.
-- Rights:   CONNECT on a database, or pg_read_all_stats (part of pg_monitor).
SELECT sum(pg_database_size(oid))::bigint
  FROM pg_database
 WHERE has_database_privilege(oid, 'CONNECT')
    OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
