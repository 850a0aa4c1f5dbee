-- Why a job is not running, for whoever is called at night: one row, the one true reason, and the call that mends it.

/*
 The first of these that holds: it has ended; it runs; it is called off; it is due later; its tenant or its kind is held by an operator; a gate of its kind is
 shut for a while; another job with its key runs; no process takes jobs; none knows its kind or its version; it waits to run alone; others are before it.

 - Indexes: job_pkey, dead_pkey, history_id; gate_pkey; job_running_once; job_ready (a thousand rows at most), kind_pkey; workers are few.
*/
CREATE FUNCTION ops.why(job_id bigint, OUT id bigint, OUT tenant text, OUT kind text, OUT state text, OUT reason text, OUT until timestamptz, OUT suggestion text)
RETURNS SETOF record LANGUAGE plpgsql STABLE
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
            why.suggestion := 'start a worker';
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
    ELSIF FOUND THEN
        why.reason := format('its gate "%s" is shut for a while: %s', gate.name, gate.reason);
        why.until := gate.shut_until;
        why.suggestion := format('nothing to do: it opens by itself; if Marketo allows more by now: kakehashi flow resume %s', why.tenant);
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

    SELECT running.id INTO other FROM jobs.job AS running
    WHERE running.tenant_id = found_job.tenant_id AND running.kind = found_job.kind AND running.unique_key = found_job.unique_key
        AND running.state = 'running';
    IF FOUND THEN
        why.reason := format('job %s with the same key runs just now; this one follows', other);
        why.suggestion := format('SELECT * FROM ops.why(%s)', other);
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT * INTO known FROM jobs.kind AS policy WHERE policy.kind = found_job.kind;
    IF NOT EXISTS (SELECT FROM jobs.worker WHERE worker.seen_at > now() - interval '2 minutes') THEN
        why.reason := 'no process takes jobs';
        why.suggestion := 'start a worker';
    ELSIF known.kind IS NULL OR known.version < found_job.version THEN
        why.reason := format('no process knows the kind %s%s', found_job.kind,
            CASE WHEN known.kind IS NULL THEN '' ELSE format(' in the version %s; the newest known is %s', found_job.version, known.version) END);
        why.suggestion := format('start workers of the newer release, or SELECT ops.cancel_job(%s)', found_job.id);
    ELSIF found_job.state = 'suspect' THEN
        why.reason := format('a worker died with it %s times; it waits to run alone in a process', found_job.crashes);
        why.suggestion := format('nothing to do; or SELECT ops.bury_job(%s, ''its workers die with it'')', found_job.id);
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
        why.suggestion := 'start more workers, or wait';
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION ops.why IS 'Why a job is not running: the one true reason, until when, and the call that mends it.';
