-- The reference's own table: what a queue needs at the least to hand a row to one taker. No key, no lease, no history.
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.job;
CREATE TABLE bench.job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'ready',
    attempt integer NOT NULL DEFAULT 0,
    run_at timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    ended_at timestamptz
);
CREATE INDEX job_ready ON bench.job (run_at, id) WHERE state = 'ready';
