#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Run by the primary's entrypoint, once: the role and the slot of the standby, and something to replicate.
set -e
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'replicator-secret';
SELECT pg_create_physical_replication_slot('standby_slot');
CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL, placed timestamptz NOT NULL DEFAULT now());
INSERT INTO orders SELECT n, 'customer ' || n % 997 FROM generate_series(1, 50004) n;
SQL
echo 'host replication replicator all scram-sha-256' >>"$PGDATA/pg_hba.conf"
