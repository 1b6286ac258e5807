-- The history store, version 1. Times are microseconds since 1970 UTC by the clock of the machine that watched.
-- Unknown is NULL, never 0. Words in braces differ between databases (see StoreDialect).

-- A file holds one cluster as a rule; one that could not be identified has an empty identifier.
CREATE TABLE cluster (
    id BIGINT NOT NULL PRIMARY KEY,
    system_identifier TEXT NOT NULL UNIQUE
);

-- What is measured over time: a node with the link that leads to it (kind node), or a slot on a node (kind slot).
CREATE TABLE series (
    id BIGINT NOT NULL PRIMARY KEY,
    cluster BIGINT NOT NULL REFERENCES cluster (id),
    kind TEXT NOT NULL,
    node TEXT NOT NULL,
    slot TEXT NOT NULL,
    UNIQUE (cluster, kind, node, slot)
);

-- The numbers of a series. `name` is the column of raw; a roll-up has a row for each.
CREATE TABLE metric (
    id SMALLINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL
);

-- Every look: when it was, and which rows of raw are its own, `rows` of them from the id `first` on. Looks are
-- appended, rolled up and dropped in one place of the file, and their time stands there once.
CREATE TABLE moment (
    at BIGINT NOT NULL PRIMARY KEY,
    first BIGINT NOT NULL,
    rows BIGINT NOT NULL
) {clustered};

-- What every look measured, a row a series. Ids grow.
CREATE TABLE raw (
    id {id} NOT NULL PRIMARY KEY,
    series BIGINT NOT NULL,
    link SMALLINT,          -- state of the link: 1 streaming, 2 catching up, 3 stalled, 4 broken
    lag SMALLINT,           -- 1 caught up, 2 replaying, 3 idle, 4 replay paused, 5 link stalled, 6 no receiver,
                            -- 7 disconnected, 8 unknown
    lagging SMALLINT,       -- 1: replaying, over the threshold
    lsn BIGINT,             -- bytes since the beginning of the WAL: current, or replayed by a standby
    received_lsn BIGINT,
    lag_bytes BIGINT,
    lag_us BIGINT,
    sent BIGINT,            -- bytes behind the upstream at each stage
    written BIGINT,
    flushed BIGINT,
    replayed BIGINT,
    wal_rate BIGINT,        -- bytes a second, written or received by the node
    link_rate BIGINT,       -- bytes a second, sent over the link
    retained BIGINT         -- bytes that the slot keeps
);

-- The two together, to be read.
CREATE VIEW sample AS
SELECT m.at, r.*
FROM moment AS m
JOIN raw AS r ON r.id >= m.first AND r.id < m.first + m.rows;

-- What raw becomes. `at` is where the minute or the hour begins; `n` is how many looks knew the number.
CREATE TABLE minute (
    series BIGINT NOT NULL,
    metric SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    n BIGINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (series, metric, at)
) {clustered};

CREATE TABLE hour (
    series BIGINT NOT NULL,
    metric SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    n BIGINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (series, metric, at)
) {clustered};

-- How far roll-ups and retention have come: minute_until, hour_until (rolled up before), minute_from, hour_from
-- (dropped before).
CREATE TABLE progress (
    name TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- What happened.
CREATE TABLE event (
    at BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    system_identifier TEXT NOT NULL,
    node TEXT NOT NULL,
    text TEXT NOT NULL,
    neutral SMALLINT NOT NULL,
    PRIMARY KEY (at, number)
) {clustered};

-- Whole looks, packed (see TopologyCodec): where the structure changed, and every few minutes. The numbers between
-- two of them are in raw.
CREATE TABLE look (
    at BIGINT NOT NULL PRIMARY KEY,
    turn SMALLINT NOT NULL, -- 1: something changed here
    bytes {blob} NOT NULL
);
