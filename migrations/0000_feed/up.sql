-- The change feed. A change takes its number from the head of its shard as the last statement
-- before COMMIT, so numbers have no gaps and their order is the order of commits.

CREATE TABLE changes (
    shard BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (shard, seq)
)/*rowid*/;

CREATE TABLE feed_heads (
    shard BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
)/*rowid*/;

INSERT INTO feed_heads (shard, seq) VALUES
    (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0),
    (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (13, 0), (14, 0), (15, 0);
