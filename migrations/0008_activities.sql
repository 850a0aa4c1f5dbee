-- What leads did on the web and with mails, as long as somebody may be looking at it: view only, never part of crm (R17–R19, R31).

CREATE TABLE sync.activity_reads (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    read_at timestamptz NOT NULL,
    -- False when the five calls of a click did not reach the end.
    is_whole boolean NOT NULL,
    -- A list, the latest first.
    activities jsonb NOT NULL,
    CONSTRAINT activity_reads_pkey PRIMARY KEY (tenant_id, lead_id)
);
COMMENT ON TABLE sync.activity_reads IS 'Web and mail activities of leads that somebody looked at, kept for five minutes.';
CREATE INDEX activity_reads_age_idx ON sync.activity_reads (read_at);
