-- Why a job is not running, and which jobs a person should look at, for whoever is called at night: the one true reason, and the call that mends it.
--
-- A suggestion can be executed as it stands: SQL begins with SELECT, a line for the shell with the name of the program (kakehashi, worker). What stands behind
-- the comment mark is for the person who reads it. Where waiting is right it says "nothing to do".

/* A text as one word of a line for the shell, whatever is in it. */
CREATE FUNCTION ops.shell_word(word text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN word ~ '^[A-Za-z0-9_./:@%+=,-]+$' THEN word ELSE '''' || replace(word, '''', '''\''''') || '''' END;
COMMENT ON FUNCTION ops.shell_word IS 'A text as one word of a line for the shell; what suggestions are made with.';

/*
 The first of these that holds: it has ended (and what it wrote is not in Marketo); it runs; its tenant or its kind is held by an operator; Marketo
 lets nobody call; a gate of its kind is shut for a while; it is due later; a session holds its row; another job with its key runs; no process takes jobs;
 none knows its kind or its version; it waits to run alone; others are before it.

 - Indexes: job_pkey, dead_pkey, history_id; pushes_pkey; gate_pkey; tenants_pkey and what ops.quota reads of one; job_running_once; job_ready (a
   thousand rows at most), kind_pkey; workers are few.
*/
CREATE FUNCTION ops.why(job_id bigint, OUT id bigint, OUT tenant text, OUT kind text, OUT state text, OUT reason text, OUT until timestamptz, OUT suggestion text)
RETURNS SETOF record LANGUAGE plpgsql STABLE ROWS 1
AS $$
#variable_conflict use_column
DECLARE
    found_job jobs.job;
    corpse jobs.dead;
    past jobs.history;
    gate jobs.gate;
    known jobs.kind;
    other bigint;
    ahead bigint;
    unwritten text;
    holder record;
    vendor record;
BEGIN
    SELECT * INTO found_job FROM jobs.job WHERE job.id = why.job_id;
    IF NOT FOUND THEN
        SELECT * INTO corpse FROM jobs.dead WHERE dead.id = why.job_id;
        IF FOUND THEN
            RETURN QUERY SELECT corpse.id, owner.name, corpse.kind, 'dead'::text, 'dead: ' || corpse.reason, NULL::timestamptz,
                format('SELECT ops.retry_job(%s)', corpse.id)
            FROM (SELECT (SELECT tenant.name FROM jobs.tenant WHERE tenant.id = corpse.tenant_id) AS name) AS owner;
            RETURN;
        END IF;
        SELECT * INTO past FROM jobs.history WHERE history.id = why.job_id LIMIT 1;
        IF FOUND THEN
            SELECT string_agg(format('%s (%s)', pushes.field, pushes.reason), ', ' ORDER BY pushes.field) INTO unwritten
            FROM sync.pushes
            WHERE past.state = 'done' AND past.kind LIKE 'push-%' AND pushes.tenant_id = past.tenant_id
                AND pushes.contact_id = (past.payload ->> 'contact')::bigint AND pushes.state = 'parked';
            IF unwritten IS NOT NULL THEN
                RETURN QUERY SELECT past.id, owner.name, past.kind, past.state, 'done, but Marketo has no place for what it wrote: ' || unwritten,
                    NULL::timestamptz,
                    format('kakehashi sync %s --wait && kakehashi reconcile %s --repair # once the field is there', ops.shell_word(owner.name),
                        ops.shell_word(owner.name))
                FROM (SELECT (SELECT tenant.name FROM jobs.tenant WHERE tenant.id = past.tenant_id) AS name) AS owner;
                RETURN;
            END IF;
            RETURN QUERY SELECT past.id, owner.name, past.kind, past.state,
                format('it has ended as %s at %s%s', past.state, past.ended_at, coalesce(': ' || past.reason, '')), NULL::timestamptz, 'nothing to do'::text
            FROM (SELECT (SELECT tenant.name FROM jobs.tenant WHERE tenant.id = past.tenant_id) AS name) AS owner;
            RETURN;
        END IF;
        RAISE EXCEPTION 'There is no job %.', why.job_id USING ERRCODE = 'no_data_found';
    END IF;

    why.id := found_job.id;
    why.kind := found_job.kind;
    why.state := jobs.visible_state(found_job.state, found_job.attempt, found_job.crashes);
    SELECT owner.name INTO why.tenant FROM jobs.tenant AS owner WHERE owner.id = found_job.tenant_id;

    IF found_job.state = 'running' THEN
        why.until := found_job.lease_until;
        IF found_job.cancel_reason IS NOT NULL THEN
            why.reason := 'it runs, and is called off: ' || found_job.cancel_reason;
            why.suggestion := 'nothing to do';
        ELSIF found_job.lease_until < now() THEN
            why.reason := 'its worker is gone; another takes it over';
            why.suggestion := 'worker # start one: it takes the job over by itself';
        ELSE
            why.reason := format('it runs since %s', found_job.claimed_at);
            why.suggestion := format('SELECT ops.cancel_job(%s)', found_job.id);
        END IF;
        RETURN NEXT;
        RETURN;
    END IF;

    -- An operator's hand comes first: what is held does not run when its time comes either.
    SELECT * INTO gate FROM jobs.gate
    WHERE gate.tenant_id = found_job.tenant_id AND gate.shut_until > now()
        AND gate.name IN (
            'tenant', 'kind:' || found_job.kind, format('kind:%s@%s', found_job.kind, found_job.priority),
            (SELECT policy.gate FROM jobs.kind AS policy WHERE policy.kind = found_job.kind)
        )
    ORDER BY gate.shut_until DESC, gate.name DESC LIMIT 1;
    IF FOUND AND gate.shut_until = 'infinity' THEN
        why.reason := CASE gate.name WHEN 'tenant' THEN 'its tenant is held: ' ELSE 'its kind is held: ' END || gate.reason;
        why.suggestion := format('SELECT ops.resume(%L%s)', why.tenant, CASE gate.name WHEN 'tenant' THEN '' ELSE format(', %L', why.kind) END);
        RETURN NEXT;
        RETURN;
    END IF;

    -- Then Marketo, for kinds that call it: whether the job has met it already or not.
    SELECT * INTO known FROM jobs.kind AS policy WHERE policy.kind = found_job.kind;
    SELECT tenants.name, tenants.endpoint, tenants.client_id, tenants.auth_refused_at, tenants.auth_probe_at, quota.paused_until, quota.upstream_since,
        quota.upstream_probe_at
    INTO vendor
    FROM sync.tenants LEFT JOIN ops.quota ON quota.tenant = tenants.name
    WHERE tenants.id = found_job.tenant_id AND known.gate IS NOT NULL;
    IF vendor.auth_refused_at IS NOT NULL THEN
        why.reason := format('Marketo refuses the credentials of its tenant since %s', vendor.auth_refused_at);
        why.until := vendor.auth_probe_at;
        why.suggestion := format('kakehashi tenant add %s --endpoint %s --client-id %s --client-secret-file - # then type the secret that is right',
            ops.shell_word(vendor.name), ops.shell_word(vendor.endpoint), ops.shell_word(vendor.client_id));
    ELSIF vendor.paused_until IS NOT NULL THEN
        why.reason := 'Marketo''s calls of the day are used up';
        why.until := vendor.paused_until;
        why.suggestion := format('kakehashi flow resume %s # if there are more by now; else it goes on by itself', ops.shell_word(vendor.name));
    ELSIF vendor.upstream_since IS NOT NULL THEN
        why.reason := format('Marketo is in trouble since %s', vendor.upstream_since);
        why.until := vendor.upstream_probe_at;
        why.suggestion := format('kakehashi flow resume %s # if it is well again; else it goes on by itself', ops.shell_word(vendor.name));
    ELSIF gate.shut_until IS NOT NULL THEN
        why.reason := format('its gate "%s" is shut for a while: %s', gate.name, gate.reason);
        why.until := gate.shut_until;
        why.suggestion := format('kakehashi flow resume %s # if Marketo allows more by now; else it goes on by itself', ops.shell_word(why.tenant));
    END IF;
    IF why.reason IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;

    IF found_job.state = 'scheduled' AND found_job.run_at > now() THEN
        why.reason := 'it is due later' || coalesce(': ' || coalesce(found_job.errors -> -1 ->> 'error', found_job.note), '');
        why.until := found_job.run_at;
        why.suggestion := format('SELECT ops.retry_job(%s)', found_job.id);
        RETURN NEXT;
        RETURN;
    END IF;

    -- A claim passes over a row that somebody has locked. What holds it for less than a moment is a process of ours.
    SELECT activity.pid, activity.xact_start INTO holder
    FROM jobs.job AS held
    JOIN pg_catalog.pg_locks AS locks ON locks.locktype = 'transactionid' AND locks.transactionid = held.xmax AND locks.granted
    JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = locks.pid
    WHERE held.id = found_job.id AND activity.xact_start < now() - interval '5 seconds' LIMIT 1;
    IF FOUND THEN
        why.reason := format('session %s holds its row in a transaction that is open since %s', holder.pid, holder.xact_start);
        why.suggestion := format('SELECT pg_terminate_backend(%s)', holder.pid);
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT running.id INTO other FROM jobs.job AS running
    WHERE running.tenant_id = found_job.tenant_id AND running.kind = found_job.kind AND running.unique_key = found_job.unique_key
        AND running.state = 'running';
    IF FOUND THEN
        why.reason := format('job %s with the same key runs just now; this one follows', other);
        SELECT of_other.suggestion INTO why.suggestion FROM ops.why(other) AS of_other;
        RETURN NEXT;
        RETURN;
    END IF;

    IF NOT EXISTS (SELECT FROM jobs.worker WHERE worker.seen_at > now() - interval '2 minutes') THEN
        why.reason := 'no process takes jobs';
        why.suggestion := 'worker # start one';
    ELSIF known.kind IS NULL THEN
        why.reason := format('no process knows the kind %s', found_job.kind);
        why.suggestion := format('SELECT ops.cancel_job(%s) -- unless workers of a newer release are about to start', found_job.id);
    ELSIF known.version < found_job.version THEN
        why.reason := format('no process knows the kind %s in the version %s; the newest known is %s', found_job.kind, found_job.version, known.version);
        why.suggestion := 'worker # start those of the newer release';
    ELSIF found_job.state = 'suspect' THEN
        why.reason := format('a worker died with it %s times; it waits to run alone in a process', found_job.crashes);
        why.suggestion := format('SELECT ops.bury_job(%s, ''its workers die with it'') -- or wait for its turn', found_job.id);
    ELSE
        SELECT count(*) INTO ahead
        FROM (
            SELECT FROM jobs.job AS before
            WHERE before.tenant_id = found_job.tenant_id AND before.state = 'ready' AND before.priority = found_job.priority AND before.kind = found_job.kind
                AND (before.run_at, before.id) < (found_job.run_at, found_job.id)
            LIMIT 1000
        ) AS earlier;
        why.reason := CASE ahead WHEN 0 THEN 'it is next of its kind; all places are taken' WHEN 1000 THEN 'at least 1000 of its kind are before it'
            ELSE format('%s of its kind are before it', ahead) END;
        why.suggestion := 'worker # start one more, or wait';
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION ops.why IS 'Why a job is not running: the one true reason, until when, and the call that mends it, to be executed as it stands.';

/*
 Of the jobs that wait in one line (tenant, priority, kind, version) the ten oldest stand for all: what holds the first holds the others. So the answer does
 not grow with the queue.

 - Indexes: dead_pkey; job_running; job_retrying; job_ready, jumped in from line to line; job_scheduled; job_suspect. And what ops.why reads, once a line.
*/
CREATE VIEW ops.stuck_jobs AS
WITH RECURSIVE line AS (
    (
        SELECT job.tenant_id, job.priority, job.kind, job.version FROM jobs.job
        WHERE job.state = 'ready' ORDER BY job.tenant_id, job.priority, job.kind, job.version LIMIT 1
    )
    UNION ALL
    SELECT following.tenant_id, following.priority, following.kind, following.version
    FROM line
    CROSS JOIN LATERAL (
        SELECT job.tenant_id, job.priority, job.kind, job.version FROM jobs.job
        WHERE job.state = 'ready' AND (job.tenant_id, job.priority, job.kind, job.version) > (line.tenant_id, line.priority, line.kind, line.version)
        ORDER BY job.tenant_id, job.priority, job.kind, job.version LIMIT 1
    ) AS following
),
stuck AS (
    SELECT dead.id, 'dead' AS reason, format('SELECT ops.retry_job(%s)', dead.id) AS suggestion FROM jobs.dead
    UNION ALL
    SELECT job.id, 'lease_expired', 'worker # start one: it takes the job over by itself' FROM jobs.job
    WHERE job.worker_id IS NOT NULL AND job.state = 'running' AND job.lease_until < now() - interval '5 seconds'
    UNION ALL
    SELECT job.id, 'running_long', format('SELECT ops.cancel_job(%s)', job.id) FROM jobs.job
    WHERE job.worker_id IS NOT NULL AND job.state = 'running' AND job.lease_until >= now() - interval '5 seconds' AND job.claimed_at < now() - interval '10 minutes'
    UNION ALL
    SELECT job.id, 'retrying_long', format('SELECT ops.retry_job(%s)', job.id) FROM jobs.job
    WHERE job.state <> 'running' AND (job.attempt > 0 OR job.crashes > 0) AND job.created_at < now() - interval '1 hour'
    UNION ALL
    SELECT waiting.id, 'waiting_long', first_of_all.suggestion
    FROM line
    CROSS JOIN LATERAL (
        SELECT array_agg(oldest.id ORDER BY oldest.place) AS ids
        FROM (
            SELECT job.id, row_number() OVER (ORDER BY job.run_at, job.id) AS place FROM jobs.job
            WHERE job.state = 'ready' AND job.tenant_id = line.tenant_id AND job.priority = line.priority AND job.kind = line.kind AND job.version = line.version
                AND job.run_at < now() - interval '10 minutes'
            ORDER BY job.run_at, job.id LIMIT 10
        ) AS oldest
    ) AS head
    CROSS JOIN LATERAL (SELECT why.suggestion FROM ops.why(head.ids[1]) AS why WHERE head.ids IS NOT NULL) AS first_of_all
    CROSS JOIN LATERAL unnest(head.ids) AS waiting (id)
    UNION ALL
    -- Due for so long, and nobody has even moved them to the ready ones.
    SELECT due.id, 'waiting_long', why.suggestion
    FROM (
        (SELECT job.id FROM jobs.job WHERE job.state = 'scheduled' AND job.run_at < now() - interval '10 minutes' ORDER BY job.run_at, job.id LIMIT 10)
        UNION ALL
        (SELECT job.id FROM jobs.job WHERE job.state = 'suspect' AND job.run_at < now() - interval '10 minutes' ORDER BY job.run_at, job.id LIMIT 10)
    ) AS due
    CROSS JOIN LATERAL ops.why(due.id) AS why
)
SELECT jobs.id, jobs.tenant, jobs.kind, jobs.state, jobs.priority, jobs.attempt, jobs.max_attempts, jobs.run_at, jobs.created_at, jobs.last_error,
    jobs.payload, jobs.claimed_by, jobs.lease_until, first_reason.reason, first_reason.suggestion
FROM (SELECT DISTINCT ON (stuck.id) stuck.id, stuck.reason, stuck.suggestion FROM stuck ORDER BY stuck.id, stuck.reason) AS first_reason
CROSS JOIN LATERAL (SELECT * FROM ops.jobs WHERE jobs.id = first_reason.id) AS jobs;
COMMENT ON VIEW ops.stuck_jobs IS
    'Jobs that a person should look at, why, and the call that mends it; of a line of waiting jobs the ten oldest, as what holds the first holds all.';
