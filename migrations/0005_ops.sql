-- What operators see and call: the schema `ops` (CONTRACT 5). Views look at the other schemas; functions do what the
-- command line does too, and each says what it did.

CREATE SCHEMA IF NOT EXISTS ops;
COMMENT ON SCHEMA ops IS 'For operators: look at the views, call the functions.';

-- 1. Jobs -------------------------------------------------------------------------------------------------------------

CREATE VIEW ops.jobs AS
SELECT current.id, tenant.name AS tenant, current.kind, current.state, current.priority, current.attempt, current.max_attempts,
    current.run_at, current.created_at, current.last_error, current.payload, current.worker_id AS claimed_by, current.lease_until
FROM jobs.current
LEFT JOIN jobs.tenant ON tenant.id = current.tenant_id;
COMMENT ON VIEW ops.jobs IS 'Every job that has not ended well: waiting, running or dead.';

CREATE VIEW ops.queue_depth AS
SELECT tenant.name AS tenant, depth.kind, depth.ready, depth.scheduled, depth.running, depth.retrying, depth.dead,
    extract(epoch FROM now() - depth.oldest_ready_at)::bigint AS oldest_ready_seconds, depth.counted_at
FROM jobs.depth
LEFT JOIN jobs.tenant ON tenant.id = depth.tenant_id;
COMMENT ON VIEW ops.queue_depth IS 'How many jobs of each tenant and kind are in which state.';

-- Minutes that are over and were counted, where so many jobs end that counting an hour of them takes longer than a moment.
CREATE TABLE jobs.counted_minutes (
    minute timestamptz NOT NULL,
    tenant_id bigint NOT NULL,
    kind text NOT NULL,
    finished bigint NOT NULL,
    failed bigint NOT NULL,
    p50_ms bigint,
    p95_ms bigint,
    CONSTRAINT counted_minutes_pkey PRIMARY KEY (minute, tenant_id, kind)
);
COMMENT ON TABLE jobs.counted_minutes IS 'What ended in each of the last hour''s minutes, counted by a scheduler; empty while 50,000 jobs an hour or fewer end.';

/* From when on nobody has counted what ended: an hour ago at most. Carried by counted_minutes_pkey. */
CREATE FUNCTION jobs.uncounted_since() RETURNS timestamptz LANGUAGE sql STABLE
AS $$
    SELECT greatest(now() - interval '1 hour', max(counted_minutes.minute) + interval '1 minute') FROM jobs.counted_minutes
$$;

-- Carried by history_ended_at and the partition of the day. Grouped by number before the names are looked up; one sort gives both percentiles. date_bin and date_part
-- count in whole numbers and in doubles, where date_trunc looks into time zones and extract makes numerics of any length.
CREATE VIEW jobs.uncounted_minutes AS
SELECT minutes.minute, minutes.tenant_id, minutes.kind::text AS kind, minutes.finished, minutes.failed, round(minutes.quantiles[1])::bigint AS p50_ms,
    round(minutes.quantiles[2])::bigint AS p95_ms
FROM (
    SELECT ended.tenant_id, ended.kind, ended.minute,
        count(*) FILTER (WHERE NOT ended.failed) AS finished,
        count(*) FILTER (WHERE ended.failed) AS failed,
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ended.milliseconds) AS quantiles
    FROM (
        SELECT history.tenant_id, history.kind COLLATE "C" AS kind, date_bin('1 minute', history.ended_at, 'epoch') AS minute, false AS failed,
            1000 * date_part('epoch', history.ended_at - history.claimed_at) AS milliseconds
        FROM jobs.history
        WHERE history.ended_at >= (SELECT jobs.uncounted_since()) AND history.state = 'done'
        UNION ALL
        SELECT dead.tenant_id, dead.kind COLLATE "C", date_bin('1 minute', dead.ended_at, 'epoch'), true,
            1000 * date_part('epoch', dead.ended_at - dead.claimed_at)
        FROM jobs.dead
        WHERE dead.ended_at >= (SELECT jobs.uncounted_since())
    ) AS ended
    GROUP BY ended.tenant_id, ended.minute, ended.kind
) AS minutes;

/*
 Counts the minutes that are over, two minutes later, so that who is still ending a job is not missed; says how many rows that made. Of several processes one does.

 Carried by history_ended_at: it reads 50,001 rows of the last hour, and those that nobody has counted.
*/
CREATE FUNCTION jobs.count_minutes() RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('kakehashi jobs.count_minutes', 0)) THEN
        RETURN 0;
    ELSIF (SELECT count(*) <= 50000 FROM (SELECT FROM jobs.history WHERE ended_at > now() - interval '1 hour' LIMIT 50001) AS ended) THEN
        DELETE FROM jobs.counted_minutes;
        RETURN 0;
    END IF;
    DELETE FROM jobs.counted_minutes WHERE minute < now() - interval '61 minutes';
    INSERT INTO jobs.counted_minutes (minute, tenant_id, kind, finished, failed, p50_ms, p95_ms)
    SELECT minute, tenant_id, kind, finished, failed, p50_ms, p95_ms FROM jobs.uncounted_minutes
    WHERE minute < date_bin('1 minute', now() - interval '2 minutes', 'epoch')
    ON CONFLICT ON CONSTRAINT counted_minutes_pkey DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;

CREATE VIEW ops.throughput AS
SELECT tenant.name AS tenant, minutes.kind, minutes.minute, minutes.finished, minutes.failed, minutes.p50_ms, minutes.p95_ms
FROM (
    SELECT minute, tenant_id, kind, finished, failed, p50_ms, p95_ms FROM jobs.counted_minutes WHERE minute > now() - interval '1 hour'
    UNION ALL
    SELECT minute, tenant_id, kind, finished, failed, p50_ms, p95_ms FROM jobs.uncounted_minutes
) AS minutes
LEFT JOIN jobs.tenant ON tenant.id = minutes.tenant_id;
COMMENT ON VIEW ops.throughput IS 'How many jobs ended in each minute of the last hour, and how long they took.';

CREATE VIEW ops.workers AS
SELECT id, host, pid, version, running, seen_at FROM jobs.worker
-- Whoever died says no goodbye, and its row stays until a scheduler tidies up.
WHERE seen_at > now() - interval '2 minutes';
COMMENT ON VIEW ops.workers IS 'The processes that take jobs: those that gave a sign of life within two minutes.';

-- 2. Quota ------------------------------------------------------------------------------------------------------------

CREATE VIEW ops.quota AS
SELECT tenants.name AS tenant, subscriptions.vendor, budget.daily_limit AS limit_per_day, budget.used AS used_by_us, budget.others AS used_by_others,
    greatest(budget.daily_limit - budget.used - budget.others, 0) AS remaining, budget.resets_at,
    CASE
        WHEN budget.spent_until > now() THEN budget.spent_until
        WHEN budget.used >= budget.daily_limit THEN budget.resets_at
    END AS paused_until,
    budget.upstream_since, budget.upstream_probe_at,
    recent.calls_last_20_s, recent.running_now, budget.others_forecast, budget.our_share, budget.learned_limit
FROM sync.tenants
JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
JOIN LATERAL (
    SELECT sync.calls_a_day(row_of) AS daily_limit, row_of.learned_limit, row_of.spent_until, row_of.upstream_probe_at,
        sync.quota_reset(now(), row_of.quota_zone) AS resets_at,
        CASE WHEN row_of.quota_day = today.day THEN row_of.used ELSE 0 END AS used,
        sync.others_used(row_of, now()) AS others, sync.others_forecast(row_of, now()) AS others_forecast,
        floor(sync.our_share(row_of, now()))::bigint AS our_share,
        -- Also when the 60 s have passed without a further call.
        coalesce(row_of.upstream_since, CASE WHEN row_of.failures > 1 AND now() >= row_of.failing_since + interval '60 seconds'
            THEN row_of.failing_since + interval '60 seconds' END) AS upstream_since
    FROM sync.call_budgets AS row_of, LATERAL (SELECT (now() AT TIME ZONE row_of.quota_zone)::date AS day) AS today
    WHERE row_of.subscription_id = tenants.subscription_id
) AS budget ON true
JOIN LATERAL (
    SELECT count(*) FILTER (WHERE calls.booked_at > now() - interval '20 seconds') AS calls_last_20_s,
        count(*) FILTER (WHERE calls.ended_at IS NULL AND calls.lease_until > now()) AS running_now
    FROM sync.calls
    WHERE calls.subscription_id = tenants.subscription_id AND calls.occupies_until > now()
) AS recent ON true;
COMMENT ON VIEW ops.quota IS 'Calls used and left of the vendor''s day, and what holds calls back. Tenants with one subscription show the same numbers.';

CREATE VIEW ops.call_lanes AS
SELECT tenants.name AS tenant, subscriptions.vendor, lane.name AS lane,
    (
        SELECT count(*) FROM sync.calls
        WHERE calls.subscription_id = tenants.subscription_id AND calls.counted AND calls.lane = lane.name AND calls.booked_at >= today.begins
    ) AS used_today,
    floor(sync.lane_reserve(lane.name) * sync.our_share(call_budgets, now())
        * extract(epoch FROM today.ends - now()) / extract(epoch FROM today.ends - today.begins))::bigint AS kept,
    sync.lane_held(today.budget, lane.name, now()) AS held_until
FROM sync.tenants
JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
JOIN sync.call_budgets ON call_budgets.subscription_id = tenants.subscription_id
CROSS JOIN LATERAL (
    SELECT (now() AT TIME ZONE call_budgets.quota_zone)::date::timestamp AT TIME ZONE call_budgets.quota_zone AS begins,
        sync.quota_reset(now(), call_budgets.quota_zone) AS ends, sync.budget_today(call_budgets, now()) AS budget
) AS today
CROSS JOIN (VALUES (1, 'interactive'), (2, 'control'), (3, 'push'), (4, 'hourly'), (5, 'sweep'), (6, 'reconcile'), (7, 'backfill')) AS lane (place, name)
ORDER BY tenants.name, lane.place;
COMMENT ON VIEW ops.call_lanes IS 'What each sort of call has used of the vendor''s day, what is still kept for it, and until when it has to wait for more urgent ones.';

-- 3. Progress ---------------------------------------------------------------------------------------------------------

CREATE VIEW ops.sync_progress AS
SELECT tenants.name AS tenant,
    CASE
        WHEN gate.shut_until IS NOT NULL THEN 'paused_by_operator'
        WHEN tenants.auth_refused_at IS NOT NULL THEN 'paused_auth'
        WHEN quota.paused_until IS NOT NULL THEN 'paused_quota'
        WHEN quota.upstream_since IS NOT NULL THEN 'paused_upstream'
        WHEN full_load.state = 'running' OR sweep.started_at IS NOT NULL AND sweep.finished_at IS NULL OR work.runs THEN 'syncing'
        ELSE 'idle'
    END AS state,
    CASE
        WHEN gate.shut_until IS NOT NULL THEN nullif(gate.shut_until, 'infinity')
        WHEN tenants.auth_refused_at IS NOT NULL THEN tenants.auth_probe_at
        WHEN quota.paused_until IS NOT NULL THEN quota.paused_until
        WHEN quota.upstream_since IS NOT NULL THEN quota.upstream_probe_at
    END AS paused_until,
    CASE
        WHEN full_load.state = 'running' AND (full_load.planned_at IS NULL OR blocks.done < blocks.total) AND (
            sync.lane_held(today.budget, 'backfill', now()) IS NOT NULL
            OR EXISTS (
                SELECT FROM jobs.gate AS lane
                WHERE lane.tenant_id = tenants.id AND lane.name LIKE ANY (ARRAY['kind:fetch-lead-page@%', 'kind:start-full-load@%']) AND lane.shut_until > now()
            )
        ) THEN 'paused'
        ELSE coalesce(full_load.state, CASE WHEN tenants.started_at IS NULL THEN 'not_started' ELSE 'waiting' END)
    END AS full_load_state,
    blocks.done AS blocks_done, blocks.total AS blocks_total, blocks.leads_seen,
    CASE
        WHEN full_load.state = 'running' AND full_load.planned_at IS NOT NULL AND blocks.done > 0 THEN
            sync.backfill_seconds(
                today.budget, blocks.total - blocks.done, extract(epoch FROM now() - full_load.planned_at)::float8 / blocks.done, now())
    END AS eta_seconds,
    sweep.started_at AS sweep_started_at, sweep.finished_at AS sweep_finished_at, sweep.leads_changed,
    coalesce(depth.ready, 0) AS ready, coalesce(depth.scheduled, 0) AS scheduled, coalesce(depth.running, 0) AS running,
    coalesce(depth.retrying, 0) AS retrying, coalesce(depth.dead, 0) AS dead,
    (SELECT count(*) FROM sync.quarantine WHERE quarantine.tenant_id = tenants.id) AS quarantined,
    NOT EXISTS (SELECT FROM sync.runs WHERE runs.tenant_id = tenants.id AND runs.state = 'running')
        AND NOT work.runs AND NOT work.is_due AS settled
FROM sync.tenants
LEFT JOIN sync.call_budgets ON call_budgets.subscription_id = tenants.subscription_id
LEFT JOIN LATERAL (SELECT sync.budget_today(call_budgets, now()) AS budget) AS today ON true
LEFT JOIN jobs.gate ON gate.tenant_id = tenants.id AND gate.name = 'tenant' AND gate.shut_until > now()
LEFT JOIN ops.quota ON quota.tenant = tenants.name
LEFT JOIN LATERAL (
    SELECT runs.id, runs.state, runs.planned_at FROM sync.runs
    WHERE runs.tenant_id = tenants.id AND runs.kind = 'full' ORDER BY runs.id DESC LIMIT 1
) AS full_load ON true
LEFT JOIN LATERAL (
    SELECT runs.started_at, runs.finished_at, runs.leads_changed FROM sync.runs
    WHERE runs.tenant_id = tenants.id AND runs.kind = 'sweep' ORDER BY runs.id DESC LIMIT 1
) AS sweep ON true
JOIN LATERAL (
    -- While a load is under way its own blocks; afterwards all there are.
    SELECT count(*) AS total,
        count(*) FILTER (WHERE lead_blocks.wanted_at IS NULL OR full_load.state IS DISTINCT FROM 'running') AS done,
        coalesce(sum(lead_blocks.found) FILTER (WHERE lead_blocks.wanted_at IS NULL OR full_load.state IS DISTINCT FROM 'running'), 0) AS leads_seen
    FROM sync.lead_blocks
    WHERE lead_blocks.tenant_id = tenants.id AND (full_load.state IS DISTINCT FROM 'running' OR lead_blocks.run_id = full_load.id)
) AS blocks ON true
LEFT JOIN (
    SELECT depth.tenant_id, sum(depth.ready)::bigint AS ready, sum(depth.scheduled)::bigint AS scheduled, sum(depth.running)::bigint AS running,
        sum(depth.retrying)::bigint AS retrying, sum(depth.dead)::bigint AS dead
    FROM jobs.depth
    GROUP BY depth.tenant_id
) AS depth ON depth.tenant_id = tenants.id
-- Never from a count that may be some seconds old: job_running, job_ready, job_scheduled_tenant, job_suspect.
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM jobs.job WHERE job.tenant_id = tenants.id AND job.worker_id IS NOT NULL) AS runs,
        EXISTS (SELECT FROM jobs.job WHERE job.tenant_id = tenants.id AND job.state = 'ready')
        OR EXISTS (SELECT FROM jobs.job WHERE job.tenant_id = tenants.id AND job.state = 'scheduled' AND job.run_at <= now() + interval '60 seconds')
        OR EXISTS (SELECT FROM jobs.job WHERE job.tenant_id = tenants.id AND job.state = 'suspect' AND job.run_at <= now() + interval '60 seconds') AS is_due
) AS work;
COMMENT ON VIEW ops.sync_progress IS 'How each tenant''s sync stands; what `kakehashi status` prints.';

-- 4. What operators call ----------------------------------------------------------------------------------------------

/* The tenant with this name; whoever is no tenant of the sync is an error with a sentence. */
CREATE FUNCTION ops.tenant_id(tenant text) RETURNS bigint LANGUAGE plpgsql STABLE
AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT tenants.id INTO found_id FROM sync.tenants WHERE tenants.name = tenant;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'There is no tenant named "%".', coalesce(tenant, '') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found_id;
END
$$;

/* The kind of this name; whatever no process has ever told of, and nothing is called, is an error with a sentence. */
CREATE FUNCTION ops.kind(kind text) RETURNS text LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF kind IS NOT NULL AND NOT EXISTS (SELECT FROM jobs.kind AS known WHERE known.kind = $1)
        AND NOT EXISTS (SELECT FROM jobs.current WHERE current.kind = $1)
    THEN
        RAISE EXCEPTION 'There is no kind of job named "%"; there are %.', kind,
            coalesce((SELECT string_agg(known.kind, ', ' ORDER BY known.kind) FROM jobs.kind AS known), 'none yet, as no worker was ever started')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN kind;
END
$$;

CREATE FUNCTION ops.retry_job(id bigint) RETURNS text LANGUAGE sql AS $$ SELECT jobs.retry($1) $$;
COMMENT ON FUNCTION ops.retry_job IS 'Makes a retrying or dead job due now.';

CREATE FUNCTION ops.cancel_job(id bigint) RETURNS text LANGUAGE sql AS $$ SELECT jobs.cancel($1) $$;
COMMENT ON FUNCTION ops.cancel_job IS 'Calls a job off.';

CREATE FUNCTION ops.bury_job(id bigint, reason text) RETURNS text LANGUAGE sql AS $$ SELECT jobs.bury($1, $2) $$;
COMMENT ON FUNCTION ops.bury_job IS 'Lays a job aside as dead, with a reason.';

CREATE FUNCTION ops.pause(tenant text, kind text DEFAULT NULL) RETURNS text LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ops.tenant_id(tenant);
    RETURN jobs.pause(tenant, ops.kind(kind));
END
$$;
COMMENT ON FUNCTION ops.pause IS 'Holds a tenant''s jobs, or those of one kind, until ops.resume.';

CREATE FUNCTION ops.resume(tenant text, kind text DEFAULT NULL) RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
    of_tenant CONSTANT bigint := ops.tenant_id(tenant);
BEGIN
    -- What is held can be let go, whether or not the kind is still known.
    IF NOT EXISTS (SELECT FROM jobs.gate WHERE gate.tenant_id = of_tenant AND gate.name = 'kind:' || kind) THEN
        PERFORM ops.kind(kind);
    END IF;
    RETURN jobs.resume(tenant, kind);
END
$$;
COMMENT ON FUNCTION ops.resume IS 'Lets a tenant''s jobs, or those of one kind, go on.';

CREATE FUNCTION ops.retry_dead(tenant text DEFAULT NULL, kind text DEFAULT NULL) RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
    of_tenant CONSTANT bigint := CASE WHEN tenant IS NOT NULL THEN ops.tenant_id(tenant) END;
    job bigint;
    retried bigint := 0;
BEGIN
    PERFORM ops.kind(kind);
    FOR job IN
        SELECT dead.id FROM jobs.dead
        WHERE (of_tenant IS NULL OR dead.tenant_id = of_tenant) AND (retry_dead.kind IS NULL OR dead.kind = retry_dead.kind)
        ORDER BY dead.id
    LOOP
        PERFORM jobs.retry(job);
        retried := retried + 1;
    END LOOP;
    RETURN format('%s dead %s due now', retried, CASE WHEN retried = 1 THEN 'job is' ELSE 'jobs are' END);
END
$$;
COMMENT ON FUNCTION ops.retry_dead IS 'Makes every dead job due now, or those of a tenant or a kind.';

CREATE FUNCTION ops.sync_now(tenant text) RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
    of_tenant CONSTANT bigint := ops.tenant_id(tenant);
    job bigint;
BEGIN
    IF (SELECT tenants.started_at FROM sync.tenants WHERE tenants.id = of_tenant) IS NULL THEN
        RAISE EXCEPTION 'The tenant "%" is not started; kakehashi tenant start begins its full load.', tenant
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    job := jobs.enqueue('start-sweep', '{"asked": true}', tenant, unique_key => 'tenant');
    RETURN format('a sweep of tenant "%s" starts now (job %s)', tenant, job);
END
$$;
COMMENT ON FUNCTION ops.sync_now IS 'Starts a tenant''s hourly sweep now.';

CREATE FUNCTION ops.resync_lead(tenant text, lead_id bigint) RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
    job bigint;
BEGIN
    PERFORM ops.tenant_id(tenant);
    IF lead_id IS NULL OR lead_id NOT BETWEEN 1 AND 9007199254740992 THEN
        RAISE EXCEPTION 'A lead id is a whole number from 1 to 2^53.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    job := jobs.enqueue('refresh-lead', jsonb_build_object('lead', lead_id), tenant, unique_key => 'lead:' || lead_id);
    RETURN format('lead %s of tenant "%s" is read again now (job %s)', lead_id, tenant, job);
END
$$;
COMMENT ON FUNCTION ops.resync_lead IS 'Reads one lead again now.';

-- 5. Removing a tenant ------------------------------------------------------------------------------------------------
--
-- What the sync remembers of it goes, with its credentials and its jobs. Its records in crm are the team's own and stay,
-- its name keeps its number, and its subscription keeps the day's calls, since the vendor does not forget them either.
-- Lead ids mean something in one subscription only: set up again with the same one, the contacts are found by the ids that they
-- show; with another one, those ids are wiped first, lest they lead to other people.

/* Which subscription the lead ids in crm are of, for tenants that were removed. */
CREATE TABLE sync.former_subscriptions (
    former_tenant bigint NOT NULL,
    subscription_id bigint NOT NULL,
    CONSTRAINT former_subscriptions_pkey PRIMARY KEY (former_tenant)
);
COMMENT ON TABLE sync.former_subscriptions IS 'Of removed tenants: the subscription whose lead ids their contacts still show.';

CREATE FUNCTION sync.forget_other_leads() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    former bigint;
BEGIN
    DELETE FROM sync.former_subscriptions WHERE former_tenant = NEW.id RETURNING subscription_id INTO former;
    IF former <> NEW.subscription_id THEN
        PERFORM crm.write_as_sync();
        UPDATE crm.contacts SET lead_id = NULL, lead_score = NULL, acquisition_date = NULL
        WHERE contacts.tenant_id = NEW.id AND contacts.lead_id IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_other_leads AFTER INSERT ON sync.tenants FOR EACH ROW EXECUTE FUNCTION sync.forget_other_leads();

/* First step: nothing of the tenant is taken up any more, and should this end half-way, its load starts from the beginning. */
CREATE FUNCTION ops.begin_removal(tenant text) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    of_tenant CONSTANT bigint := ops.tenant_id(tenant);
BEGIN
    PERFORM jobs.shut_gate(of_tenant, 'tenant', 'infinity', 'the tenant is being removed');
    UPDATE sync.tenants SET started_at = NULL, updated_at = now() WHERE tenants.id = of_tenant;
    INSERT INTO sync.former_subscriptions (former_tenant, subscription_id)
    SELECT tenants.id, tenants.subscription_id FROM sync.tenants WHERE tenants.id = of_tenant
    ON CONFLICT (former_tenant) DO UPDATE SET subscription_id = excluded.subscription_id;
    RETURN of_tenant;
END
$$;

/* Then, until it returns 0: up to `bite` rows of each table, so that no statement takes long whatever the tenant's size. */
CREATE FUNCTION ops.remove_bite(tenant_id bigint, bite integer DEFAULT 5000) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    of_table regclass;
    gone bigint;
    total bigint := 0;
BEGIN
    FOR of_table IN
        SELECT pg_class.oid
        FROM pg_catalog.pg_class
        JOIN pg_catalog.pg_attribute ON pg_attribute.attrelid = pg_class.oid AND pg_attribute.attname = 'tenant_id' AND NOT pg_attribute.attisdropped
        WHERE pg_class.relkind = 'r'
            AND (
                pg_class.relnamespace = 'sync'::regnamespace AND pg_class.oid <> 'sync.calls'::regclass
                OR pg_class.oid IN ('jobs.job'::regclass, 'jobs.dead'::regclass)
            )
        -- The jobs first: whoever still runs one has then lost it, and can't write to the other tables any more.
        ORDER BY pg_class.oid NOT IN ('jobs.job'::regclass, 'jobs.dead'::regclass), pg_class.oid
    LOOP
        EXECUTE format('DELETE FROM %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %s WHERE tenant_id = $1 LIMIT $2))', of_table, of_table)
            USING tenant_id, bite;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    RETURN total;
END
$$;

/* At last: the tenant itself, and whatever came in meanwhile. */
CREATE FUNCTION ops.finish_removal(tenant_id bigint) RETURNS boolean LANGUAGE plpgsql
AS $$
DECLARE
    removed boolean;
BEGIN
    PERFORM ops.remove_bite(finish_removal.tenant_id, 1000000000);
    DELETE FROM sync.tenants WHERE tenants.id = finish_removal.tenant_id;
    removed := FOUND;
    DELETE FROM jobs.gate WHERE gate.tenant_id = finish_removal.tenant_id;
    RETURN removed;
END
$$;
