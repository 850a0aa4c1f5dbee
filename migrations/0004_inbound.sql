-- The inbound half of the bridge's memory: what was read from Marketo, whose contact it became, and why.
--
-- Events are hints, the lead read is the truth: `sync.lead_mirror` holds each lead as it was last read, and
-- `observed_at`, the database's clock from *before* that read was sent, decides which of two reads is the newer one.
-- `tenant_id` leads every key. The large tables have no foreign key to the tenant, since each insert would lock that
-- one row; a tenant's removal empties every table here by its `tenant_id` (0005).

-- 1. Runs: one full load, one hourly sweep, or one reading of all blocks anew ------------------------------------------------------------------------

CREATE TABLE sync.runs (
    tenant_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'running',
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Full load: how far the search for the highest lead is, in the words of the worker.
    plan text,
    -- Full load: the token of the low watermark is stored and the blocks are known.
    planned_at timestamptz,
    -- Full load: every block has its job.
    queued_at timestamptz,
    -- The region above the newest known lead was last found empty.
    probed_at timestamptz,
    finished_at timestamptz,
    -- Sweep: the next one became due while this one ran, and starts at once when it is done (R11).
    again boolean NOT NULL DEFAULT false,
    leads_changed bigint NOT NULL DEFAULT 0,
    CONSTRAINT runs_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT runs_kind_check CHECK (kind IN ('full', 'sweep', 'reread')),
    CONSTRAINT runs_state_check CHECK (state IN ('running', 'done', 'cancelled')),
    CONSTRAINT runs_finished_check CHECK ((state = 'running') = (finished_at IS NULL))
);
COMMENT ON TABLE sync.runs IS 'A full load, an hourly sweep, or a reading of all known blocks anew: when it began, how far it is, when it was done.';
-- No overlap (R11): a tenant has at most one running run of a kind, whoever tries to start another.
CREATE UNIQUE INDEX runs_running_idx ON sync.runs (tenant_id, kind) WHERE state = 'running';
CREATE INDEX runs_last_idx ON sync.runs (tenant_id, kind, id DESC);

-- 2. Blocks of 300 consecutive lead ids -----------------------------------------------------------------------------

CREATE TABLE sync.lead_blocks (
    tenant_id bigint NOT NULL,
    block_no bigint NOT NULL,
    run_id bigint,
    -- Since when a read of this block is wanted; null once one that was sent later has been stored.
    wanted_at timestamptz,
    queued_at timestamptz,
    scanned_at timestamptz,
    found integer NOT NULL DEFAULT 0,
    CONSTRAINT lead_blocks_pkey PRIMARY KEY (tenant_id, block_no)
);
COMMENT ON TABLE sync.lead_blocks IS 'The id space of a tenant''s leads in blocks of 300: when each was last read, and how many leads it held.';
CREATE INDEX lead_blocks_run_idx ON sync.lead_blocks (tenant_id, run_id, block_no);
CREATE INDEX lead_blocks_wanted_idx ON sync.lead_blocks (tenant_id, block_no) WHERE wanted_at IS NOT NULL;

-- How far each id was looked at, for leads of which no feed tells: each id up to `looked_to` was read after it was given, or is one of the blocks
-- that a run wants. The ids above `before_to` are looked at once more by the next run, for a lead may have been in the writing at the first look.
CREATE TABLE sync.frontiers (
    tenant_id bigint NOT NULL,
    run_id bigint NOT NULL,
    before_to bigint NOT NULL,
    looked_to bigint NOT NULL,
    CONSTRAINT frontiers_pkey PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE sync.frontiers IS 'Up to which lead id every id was looked at, by which run, and up to which before that run.';

-- 3. Where each change feed was left --------------------------------------------------------------------------------

CREATE TABLE sync.cursors (
    tenant_id bigint NOT NULL,
    stream text NOT NULL,
    token text NOT NULL,
    -- Rises with each page; whoever moves the cursor names the number that it read (fencing).
    token_seq bigint NOT NULL DEFAULT 0,
    since_at timestamptz NOT NULL,
    last_page_at timestamptz,
    last_activity_at timestamptz,
    -- When it last brought a record.
    last_record_at timestamptz,
    -- Pages without a record since the last one with some; a feed that only turns in circles is noticed by it.
    empty_pages integer NOT NULL DEFAULT 0,
    CONSTRAINT cursors_pkey PRIMARY KEY (tenant_id, stream),
    CONSTRAINT cursors_stream_check CHECK (stream IN ('activities', 'leadchanges', 'deletedleads'))
);
COMMENT ON TABLE sync.cursors IS 'The paging token of each change feed, as Marketo gave it; it is continued, never made anew while it works.';

-- Which activities the feeds have told of already: what a second look further back brings anew is then plain to see. Kept for three days, as the
-- longest usual look goes back 26 hours; it saves work and nothing hangs on it.
CREATE TABLE sync.seen_activities (
    tenant_id bigint NOT NULL,
    guid text COLLATE "C" NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seen_activities_pkey PRIMARY KEY (tenant_id, guid)
);
COMMENT ON TABLE sync.seen_activities IS 'Marketo''s keys of the activities that were read in the last three days.';
CREATE INDEX seen_activities_seen_at_idx ON sync.seen_activities USING brin (seen_at);

-- Stretches of time of which a feed can no longer tell, because nobody asked for longer than Marketo keeps its records. All leads are read anew then.
CREATE TABLE sync.feed_gaps (
    tenant_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    stream text NOT NULL,
    from_at timestamptz NOT NULL,
    to_at timestamptz NOT NULL,
    run_id bigint NOT NULL,
    closed_at timestamptz,
    CONSTRAINT feed_gaps_pkey PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE sync.feed_gaps IS 'From when to when a feed can''t tell what changed, and when all leads had been read anew because of it.';
-- A feed has one open gap at most; a sweep that finds it again changes nothing.
CREATE UNIQUE INDEX feed_gaps_open_idx ON sync.feed_gaps (tenant_id, stream) WHERE closed_at IS NULL;
CREATE INDEX feed_gaps_run_idx ON sync.feed_gaps (tenant_id, run_id) WHERE closed_at IS NULL;

-- 4. Leads as last read -----------------------------------------------------------------------------------------------

CREATE TABLE sync.lead_mirror (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    observed_at timestamptz NOT NULL,
    email text,
    first_name text,
    last_name text,
    company text,
    phone text,
    main_phone text,
    mobile_phone text,
    title text,
    department text,
    lead_score bigint,
    acquisition_date timestamptz,
    created_at timestamptz,
    updated_at timestamptz,
    -- Characters that can't be stored (U+0000) were dropped from one of the texts.
    cleaned boolean NOT NULL DEFAULT false,
    -- A short form of everything that matters of a lead: equal exactly if nothing changed. `updated_at` is no part of it, for
    -- it moves with fields that nobody here looks at.
    snapshot bigint NOT NULL GENERATED ALWAYS AS (
        hashtextextended(
            coalesce(email, '') || E'\x1f' || coalesce(first_name, '') || E'\x1f' || coalesce(last_name, '') || E'\x1f'
                || coalesce(company, '') || E'\x1f' || coalesce(phone, '') || E'\x1f' || coalesce(main_phone, '') || E'\x1f'
                || coalesce(mobile_phone, '') || E'\x1f' || coalesce(title, '') || E'\x1f' || coalesce(department, '') || E'\x1f'
                || coalesce(lead_score::text, '') || E'\x1f'
                || coalesce(extract(epoch FROM acquisition_date AT TIME ZONE 'UTC')::text, ''),
            0
        )
    ) STORED,
    CONSTRAINT lead_mirror_pkey PRIMARY KEY (tenant_id, lead_id)
) WITH (fillfactor = 85);
-- Looked for by its key alone: statistics on the rest would only cost the time to make them.
ALTER TABLE sync.lead_mirror
    ALTER email SET STATISTICS 0, ALTER first_name SET STATISTICS 0, ALTER last_name SET STATISTICS 0, ALTER company SET STATISTICS 0,
    ALTER phone SET STATISTICS 0, ALTER main_phone SET STATISTICS 0, ALTER mobile_phone SET STATISTICS 0, ALTER title SET STATISTICS 0,
    ALTER department SET STATISTICS 0, ALTER lead_score SET STATISTICS 0, ALTER acquisition_date SET STATISTICS 0,
    ALTER created_at SET STATISTICS 0, ALTER updated_at SET STATISTICS 0, ALTER cleaned SET STATISTICS 0;
COMMENT ON TABLE sync.lead_mirror IS 'Each lead as it was last read from Marketo. An older read never overwrites a newer one.';

-- Ids which a read did not bring although they were known: deleted, merged into another, or not to be seen any more.
CREATE TABLE sync.lost_leads (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    state text NOT NULL,
    winner_id bigint,
    since timestamptz NOT NULL DEFAULT now(),
    -- How often a lead that is `missing` without a word was looked for.
    checks integer NOT NULL DEFAULT 0,
    CONSTRAINT lost_leads_pkey PRIMARY KEY (tenant_id, lead_id),
    CONSTRAINT lost_leads_state_check CHECK (state IN ('deleted', 'merged', 'missing')),
    CONSTRAINT lost_leads_winner_check CHECK ((state = 'merged') = (winner_id IS NOT NULL) AND winner_id IS DISTINCT FROM lead_id)
);
COMMENT ON TABLE sync.lost_leads IS 'Leads that Marketo no longer shows, and why: deleted, merged (into winner_id), or missing without a word.';
CREATE INDEX lost_leads_winner_idx ON sync.lost_leads (tenant_id, winner_id) WHERE winner_id IS NOT NULL;

-- 5. Whose contact a lead is --------------------------------------------------------------------------------------------

-- The order of what happens on the Mazrica side (0006).
CREATE SEQUENCE sync.event_seq AS bigint;

CREATE TABLE sync.lead_links (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    -- The lead whose id, score and acquisition date the contact shows: of several the one with the lowest id (D4).
    is_primary boolean NOT NULL,
    state text NOT NULL DEFAULT 'active',
    rule text NOT NULL,
    -- The read that was last applied, and what it held.
    observed_at timestamptz NOT NULL,
    snapshot bigint NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    -- What a user edited before is not sent to this lead: a lead that was there is linked, not overwritten (R58).
    baseline_seq bigint NOT NULL DEFAULT nextval('sync.event_seq'),
    CONSTRAINT lead_links_pkey PRIMARY KEY (tenant_id, lead_id, contact_id),
    CONSTRAINT lead_links_state_check CHECK (state IN ('active', 'lead_deleted', 'contact_deleted', 'merged'))
) WITH (fillfactor = 85);
COMMENT ON TABLE sync.lead_links IS 'Which lead belongs to which contact; a link of a deleted lead or contact stays, marked so.';
CREATE INDEX lead_links_contact_idx ON sync.lead_links (tenant_id, contact_id, lead_id);

CREATE TABLE sync.quarantine (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    reason text NOT NULL,
    value text,
    since timestamptz NOT NULL DEFAULT now(),
    observed_at timestamptz NOT NULL,
    snapshot bigint NOT NULL,
    CONSTRAINT quarantine_pkey PRIMARY KEY (tenant_id, lead_id)
);
COMMENT ON TABLE sync.quarantine IS 'Leads that can''t be registered (R65), with the reason; a lead leaves it by itself once it is mended in Marketo.';

-- 6. Accounts -----------------------------------------------------------------------------------------------------------

-- Which account was made for which key, so that none is made twice even if nothing else leads to it any more.
CREATE TABLE sync.account_keys (
    tenant_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    account_id bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_keys_pkey PRIMARY KEY (tenant_id, key)
);
COMMENT ON TABLE sync.account_keys IS 'The account that the sync made for an account key: one a key.';

-- Contacts that wait for their account; `resolve-account` takes all of one key together.
CREATE TABLE sync.account_waits (
    tenant_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_waits_pkey PRIMARY KEY (tenant_id, contact_id)
);
COMMENT ON TABLE sync.account_waits IS 'Contacts that have no account yet, and the key by which one is looked for.';
CREATE INDEX account_waits_key_idx ON sync.account_waits (tenant_id, key, lead_id);

-- 7. What happened, for `explain`, and what a person may want to look at --------------------------------------------------

CREATE TABLE sync.audit (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    tenant_id bigint NOT NULL,
    lead_id bigint,
    contact_id bigint,
    account_id bigint,
    -- contact_created, contact_linked, contact_updated, account_created, account_linked, lead_quarantined, lead_healed, lead_deleted,
    -- lead_merged, lead_held_back, lead_not_accessible, activity_unreadable …
    what text NOT NULL,
    old jsonb,
    new jsonb,
    -- The rule that decided it: lead_id, email, created, domain, name_and_phone …
    rule text,
    run_id bigint,
    job_id bigint,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sync.audit IS 'What the sync changed: before, after, by which rule, in which run and job. Pruned by age.';
CREATE INDEX audit_lead_idx ON sync.audit (tenant_id, lead_id, at);
CREATE INDEX audit_contact_idx ON sync.audit (tenant_id, contact_id, at);
CREATE INDEX audit_at_idx ON sync.audit USING brin (at);

CREATE TABLE sync.notes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id bigint NOT NULL,
    kind text NOT NULL,
    lead_id bigint,
    contact_id bigint,
    text text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notes_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sync.notes IS 'Something a person may want to look at: possible_duplicate, email_conflict, lead_deleted, text_cleaned, field_missing …';
-- The same note about the same record is written once.
CREATE UNIQUE INDEX notes_once_idx ON sync.notes (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0));

-- The fields that play a role here, by what the subscription calls them; null: it has none.
CREATE TABLE sync.lead_fields (
    tenant_id bigint NOT NULL,
    read_at timestamptz NOT NULL,
    acquisition_date text,
    phase text,
    status text,
    -- Why nothing is sent to the field: field_missing, field_read_only; null: it is.
    phase_fault text,
    status_fault text,
    -- How many characters it holds.
    phase_length integer,
    status_length integer,
    CONSTRAINT lead_fields_pkey PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE sync.lead_fields IS 'What describe last told of the lead fields that the sync uses; read anew at the start of each sweep.';

CREATE SCHEMA IF NOT EXISTS ops;

CREATE VIEW ops.quarantine AS
SELECT tenant.name AS tenant, quarantine.lead_id, quarantine.reason, quarantine.value, quarantine.since
FROM sync.quarantine
JOIN jobs.tenant ON tenant.id = quarantine.tenant_id;
COMMENT ON VIEW ops.quarantine IS 'Leads that can''t be registered, each with its reason.';

CREATE VIEW ops.notes AS
SELECT tenant.name AS tenant, notes.kind, notes.contact_id, notes.lead_id, notes.text, notes.since
FROM sync.notes
JOIN jobs.tenant ON tenant.id = notes.tenant_id;
COMMENT ON VIEW ops.notes IS 'Something a person may want to look at.';

CREATE VIEW ops.feed_gaps AS
SELECT tenant.name AS tenant, feed_gaps.stream, feed_gaps.from_at, feed_gaps.to_at, feed_gaps.closed_at
FROM sync.feed_gaps
JOIN jobs.tenant ON tenant.id = feed_gaps.tenant_id;
COMMENT ON VIEW ops.feed_gaps IS 'Stretches of time of which a change feed can no longer tell; closed once all leads were read anew.';

-- 8. Deleted and restored contacts, merged leads -------------------------------------------------------------------------

/* A deleted contact's links are marked (R62, D9); a restored one's come back to life and their leads are brought up to date. */
CREATE FUNCTION sync.follow_deletion() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    lead bigint;
BEGIN
    IF TG_OP = 'DELETE' OR NEW.deleted_at IS NOT NULL THEN
        UPDATE sync.lead_links SET state = 'contact_deleted'
        WHERE lead_links.tenant_id = OLD.tenant_id AND lead_links.contact_id = OLD.id AND lead_links.state = 'active';
        RETURN NULL;
    END IF;
    FOR lead IN
        UPDATE sync.lead_links SET state = 'active', snapshot = 0
        WHERE lead_links.tenant_id = NEW.tenant_id AND lead_links.contact_id = NEW.id AND lead_links.state = 'contact_deleted'
        RETURNING lead_links.lead_id
    LOOP
        PERFORM jobs.enqueue(
            'upsert-contact', jsonb_build_object('lead', lead),
            (SELECT tenant.name FROM jobs.tenant WHERE tenant.id = NEW.tenant_id),
            unique_key => 'lead:' || lead
        );
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER follow_deletion_by_update AFTER UPDATE OF deleted_at ON crm.contacts FOR EACH ROW
    WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)) EXECUTE FUNCTION sync.follow_deletion();
CREATE TRIGGER follow_deletion_by_delete AFTER DELETE ON crm.contacts FOR EACH ROW
    WHEN (OLD.lead_id IS NOT NULL) EXECUTE FUNCTION sync.follow_deletion();

/*
 Leads that Marketo merged: losers[i] went up in winners[i]. The losers' links move to the winner; a contact that showed a
 loser's id shows the winner's from then on. If the winner has a contact of its own, both contacts stay, both hold the
 winner, and a note says that one of them may be too many. Of a contact that a user deleted the link moves too, still marked
 so: whom the user deleted does not come back as the winner (D9). A loser's fate "merged" outranks "deleted", whichever came first.
 Returns the winners, which have to be read again.
*/
CREATE FUNCTION sync.merge_leads(tenant bigint, losers bigint[], winners bigint[], job bigint) RETURNS SETOF bigint LANGUAGE plpgsql
AS $$
DECLARE
    of_run CONSTANT bigint := (SELECT (of_job.payload ->> 'run')::bigint FROM jobs.job AS of_job WHERE of_job.id = merge_leads.job);
    loser bigint;
    named bigint;
    winner bigint;
    shown bigint;
    link record;
BEGIN
    PERFORM crm.write_as_sync();
    -- The contacts before their links, as one does who deletes a contact.
    PERFORM FROM crm.contacts
    WHERE contacts.tenant_id = tenant
        AND contacts.id = ANY (ARRAY(SELECT lead_links.contact_id FROM sync.lead_links WHERE lead_links.tenant_id = tenant AND lead_links.lead_id = ANY (losers)))
    ORDER BY contacts.id
    FOR NO KEY UPDATE;
    FOR loser, named IN SELECT * FROM unnest(losers, winners) LOOP
        -- The end of the chain; chains are kept one link long.
        winner := coalesce(
            (
                SELECT lost_leads.winner_id FROM sync.lost_leads
                WHERE lost_leads.tenant_id = tenant AND lost_leads.lead_id = named AND lost_leads.state = 'merged'
            ),
            named
        );
        CONTINUE WHEN winner = loser;
        INSERT INTO sync.lost_leads AS lost (tenant_id, lead_id, state, winner_id) VALUES (tenant, loser, 'merged', winner)
        ON CONFLICT (tenant_id, lead_id) DO UPDATE SET state = 'merged', winner_id = excluded.winner_id, since = excluded.since;
        UPDATE sync.lost_leads SET winner_id = winner
        WHERE lost_leads.tenant_id = tenant AND lost_leads.winner_id = loser AND lost_leads.lead_id <> winner;
        DELETE FROM sync.quarantine WHERE quarantine.tenant_id = tenant AND quarantine.lead_id = loser;

        FOR link IN
            WITH moved AS (
                UPDATE sync.lead_links SET state = 'merged', is_primary = false
                WHERE lead_links.tenant_id = tenant AND lead_links.lead_id = loser AND lead_links.state <> 'merged'
                RETURNING lead_links.contact_id, lead_links.baseline_seq
            )
            SELECT moved.contact_id, moved.baseline_seq,
                EXISTS (
                    SELECT FROM crm.contacts
                    WHERE contacts.tenant_id = tenant AND contacts.id = moved.contact_id AND contacts.deleted_at IS NULL
                ) AS is_alive
            FROM moved
            ORDER BY moved.contact_id
        LOOP
            INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot, baseline_seq)
            VALUES (
                tenant, winner, link.contact_id, false,
                CASE
                    -- The feeds keep no order among each other: the winner's end may be known before the merge is.
                    WHEN EXISTS (
                        SELECT FROM sync.lost_leads
                        WHERE lost_leads.tenant_id = tenant AND lost_leads.lead_id = winner AND lost_leads.state = 'deleted'
                    ) THEN 'lead_deleted'
                    WHEN link.is_alive THEN 'active'
                    ELSE 'contact_deleted'
                END,
                'merge', 'epoch', 0, link.baseline_seq
            )
            ON CONFLICT (tenant_id, lead_id, contact_id) DO NOTHING;
            -- Of the leads that are left it shows the lowest (D4), which need not be the winner; that one has to be read again.
            shown := coalesce(
                (
                    SELECT min(lead_links.lead_id) FROM sync.lead_links
                    WHERE lead_links.tenant_id = tenant AND lead_links.contact_id = link.contact_id AND lead_links.state = 'active'
                ),
                winner
            );
            UPDATE crm.contacts SET lead_id = shown
            WHERE contacts.tenant_id = tenant AND contacts.id = link.contact_id AND contacts.lead_id = loser;
            UPDATE sync.lead_links SET is_primary = true, observed_at = 'epoch', snapshot = 0
            FROM crm.contacts
            WHERE lead_links.tenant_id = tenant AND lead_links.lead_id = shown AND lead_links.contact_id = link.contact_id AND NOT lead_links.is_primary
                AND contacts.tenant_id = tenant AND contacts.id = link.contact_id AND contacts.lead_id = shown;
            RETURN NEXT shown;
            INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, old, new, rule, run_id, job_id)
            VALUES (tenant, winner, link.contact_id, 'lead_merged', jsonb_build_object('lead_id', loser), jsonb_build_object('lead_id', winner),
                'merge', of_run, job);
            IF NOT link.is_alive THEN
                -- A winner that was read before its merge was known has a contact of its own: a person may want that one deleted too.
                INSERT INTO sync.notes (tenant_id, kind, lead_id, contact_id, text)
                SELECT tenant, 'possible_duplicate', winner, lead_links.contact_id,
                    format('Leads %s and %s were merged in Marketo; contact %s of the first was deleted here, contact %s of the other is there.',
                        loser, winner, link.contact_id, lead_links.contact_id)
                FROM sync.lead_links
                WHERE lead_links.tenant_id = tenant AND lead_links.lead_id = winner AND lead_links.state = 'active'
                ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO NOTHING;
            ELSIF EXISTS (
                SELECT FROM sync.lead_links
                WHERE lead_links.tenant_id = tenant AND lead_links.lead_id = winner AND lead_links.state = 'active'
                    AND lead_links.contact_id <> link.contact_id
            ) THEN
                INSERT INTO sync.notes (tenant_id, kind, lead_id, contact_id, text)
                VALUES (tenant, 'possible_duplicate', winner, link.contact_id,
                    format('Leads %s and %s were merged in Marketo; contact %s may be a duplicate.', loser, winner, link.contact_id))
                ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO NOTHING;
            END IF;
        END LOOP;
        RETURN NEXT winner;
    END LOOP;
END
$$;

/* Leads that were held back for want of an e-mail address are looked at again as soon as the owner wants them registered (D10). */
CREATE FUNCTION sync.follow_settings() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    -- In turn with the batches that are applied: what one of them lists by the old setting, it has listed then, and the next goes by the new one.
    PERFORM pg_advisory_xact_lock(hashtextextended('kakehashi.contacts', NEW.id));
    PERFORM jobs.enqueue(
        'upsert-contact', jsonb_build_object('lead', quarantine.lead_id), NEW.name, unique_key => 'lead:' || quarantine.lead_id
    )
    FROM sync.quarantine
    WHERE quarantine.tenant_id = NEW.id AND quarantine.reason = 'email_missing'
    ORDER BY quarantine.lead_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER follow_settings AFTER UPDATE OF settings ON sync.tenants FOR EACH ROW
    WHEN (OLD.settings ->> 'leads-without-email' IS DISTINCT FROM NEW.settings ->> 'leads-without-email')
    EXECUTE FUNCTION sync.follow_settings();

-- 9. Reading all anew ----------------------------------------------------------------------------------------------------

/*
 Has every block up to the highest known lead read anew, and returns the run that does it: the full load that is under way, if `joins_full_load` says
 so (it may have read some of them too early), else one of its own. When a block was last read stays written down until it is read again.
*/
CREATE FUNCTION sync.begin_reread(of_tenant bigint, joins_full_load boolean) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    of_run bigint;
    named CONSTANT text := (SELECT tenant.name FROM jobs.tenant WHERE tenant.id = of_tenant);
BEGIN
    IF joins_full_load THEN
        SELECT runs.id INTO of_run FROM sync.runs WHERE runs.tenant_id = of_tenant AND runs.kind = 'full' AND runs.state = 'running';
    END IF;
    IF of_run IS NULL THEN
        INSERT INTO sync.runs AS begun (tenant_id, kind, planned_at, probed_at) VALUES (of_tenant, 'reread', clock_timestamp(), clock_timestamp())
        ON CONFLICT (tenant_id, kind) WHERE state = 'running' DO UPDATE SET again = false
        RETURNING begun.id INTO of_run;
    END IF;
    UPDATE sync.runs SET queued_at = NULL WHERE runs.tenant_id = of_tenant AND runs.id = of_run;
    INSERT INTO sync.lead_blocks (tenant_id, block_no, run_id, wanted_at)
    SELECT of_tenant, block_no, of_run, clock_timestamp()
    FROM generate_series(0, greatest(
        (SELECT max(lead_blocks.block_no) FROM sync.lead_blocks WHERE lead_blocks.tenant_id = of_tenant),
        (SELECT (max(lead_mirror.lead_id) - 1) / 300 FROM sync.lead_mirror WHERE lead_mirror.tenant_id = of_tenant),
        -1
    )) AS block_no
    ON CONFLICT ON CONSTRAINT lead_blocks_pkey DO UPDATE SET run_id = excluded.run_id, wanted_at = excluded.wanted_at, queued_at = NULL;
    PERFORM jobs.enqueue('start-full-load', jsonb_build_object('run', of_run), named, unique_key => 'run:' || of_run);
    PERFORM jobs.enqueue('finish-run', jsonb_build_object('run', of_run), named, clock_timestamp() + interval '500 milliseconds', 'run:' || of_run);
    RETURN of_run;
END
$$;

-- 10. Statistics -----------------------------------------------------------------------------------------------------------

/*
 Has PostgreSQL look anew at the tables that a full load or an import fills, once they have trebled. In the first minutes autovacuum
 has not been there yet: a planner which believes the tables to be empty walks a whole tenant for each account that is looked for.
 Goes by the size of the files, as the server may count changes ten seconds late; and by that count, as a file may have grown by what was not committed yet.
*/
CREATE FUNCTION sync.refresh_statistics() RETURNS integer LANGUAGE plpgsql
AS $$
DECLARE
    grown regclass;
    refreshed integer := 0;
BEGIN
    FOR grown IN
        SELECT relation.oid
        FROM pg_class AS relation
        JOIN pg_namespace AS room ON room.oid = relation.relnamespace
        WHERE (room.nspname, relation.relname) IN (
                ('crm', 'accounts'), ('crm', 'contacts'), ('crm', 'deals'), ('crm', 'actions'), ('crm', 'action_contacts'),
                ('sync', 'account_keys'), ('sync', 'account_waits'), ('sync', 'lead_links'), ('sync', 'lead_mirror'), ('sync', 'contact_events'),
                ('sync', 'desired_values'), ('sync', 'pushes')
            )
            AND (
                pg_relation_size(relation.oid) / current_setting('block_size')::integer > 16 + 3 * relation.relpages
                OR pg_stat_get_mod_since_analyze(relation.oid) > 500 + 2 * greatest(relation.reltuples, 0)
            )
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
        refreshed := refreshed + 1;
    END LOOP;
    RETURN refreshed;
END
$$;
COMMENT ON FUNCTION sync.refresh_statistics() IS 'Analyzes the tables of the sync that have trebled since the last time; answers how many.';
