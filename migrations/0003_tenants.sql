-- The bridge's own memory, first part: tenants, the Marketo subscriptions they use, and the ledger of calls.

CREATE SCHEMA sync;
COMMENT ON SCHEMA sync IS 'The bridge''s own memory: tenants, calls, cursors, links.';

-- 1. Tenants ----------------------------------------------------------------------------------------------------------

/*
 What the vendor counts by. Two tenants with one Marketo subscription (same Munchkin id) share its limits, so they share
 this row and its ledger. It outlives its tenants: the vendor does not forget today's calls when a tenant is removed.
*/
CREATE TABLE sync.subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    vendor text NOT NULL,
    account text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT subscriptions_vendor_account_key UNIQUE (vendor, account),
    CONSTRAINT subscriptions_vendor_check CHECK (vendor IN ('marketo', 'mazrica'))
);
COMMENT ON COLUMN sync.subscriptions.account IS 'Who pays: Marketo''s Munchkin id in small letters, or the whole host where there is none.';

CREATE TABLE sync.tenants (
    id bigint NOT NULL,
    name text NOT NULL,
    subscription_id bigint NOT NULL,
    endpoint text NOT NULL,
    client_id text NOT NULL,
    secret bytea NOT NULL,
    secret_key_id text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    auth_refused_at timestamptz,
    auth_probe_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_name_key UNIQUE (name),
    CONSTRAINT tenants_id_fkey FOREIGN KEY (id) REFERENCES jobs.tenant (id),
    CONSTRAINT tenants_subscription_fkey FOREIGN KEY (subscription_id) REFERENCES sync.subscriptions (id),
    CONSTRAINT tenants_name_check CHECK (name <> '' AND char_length(name) <= 200),
    CONSTRAINT tenants_settings_check CHECK (jsonb_typeof(settings) = 'object')
);
COMMENT ON TABLE sync.tenants IS 'A Mazrica company with its Marketo subscription. Read only for others.';
COMMENT ON COLUMN sync.tenants.secret IS 'The client secret under AES-GCM: nonce, ciphertext, tag.';
COMMENT ON COLUMN sync.tenants.secret_key_id IS 'Which master key opens it: the first 8 bytes of that key''s SHA-256.';
COMMENT ON COLUMN sync.tenants.settings IS 'What was set by hand, as {"key":"value"}; what is absent has its default.';
COMMENT ON COLUMN sync.tenants.started_at IS 'When the one full load was ordered; null until then.';
COMMENT ON COLUMN sync.tenants.auth_refused_at IS 'Since when Marketo refuses the credentials; a good answer or new credentials clear it.';
CREATE INDEX tenants_subscription_id_idx ON sync.tenants (subscription_id);

-- 2. The ledger of calls (promise 6) ----------------------------------------------------------------------------------

-- One row a subscription. Whoever wants to call locks it first; what was decided before is then plain to see.
CREATE TABLE sync.call_budgets (
    subscription_id bigint NOT NULL,
    calls_per_window integer NOT NULL,
    concurrent_calls integer NOT NULL,
    daily_limit integer NOT NULL,
    quota_zone text NOT NULL,
    -- The vendor's day, and the calls of it that were booked here.
    quota_day date,
    used integer NOT NULL DEFAULT 0,
    -- Of these, the calls of the lanes that have a share which they may not exceed.
    used_sweep integer NOT NULL DEFAULT 0,
    used_reconcile integer NOT NULL DEFAULT 0,
    used_backfill integer NOT NULL DEFAULT 0,
    -- What the vendor's usage page last said of this day, and how many calls had been booked here by then.
    usage_total integer,
    usage_ours integer,
    usage_used integer,
    usage_read_at timestamptz,
    usage_asked_at timestamptz,
    -- What the vendor had counted when it said "quota spent", if that was less than the limit that was set.
    learned_limit integer,
    learned_at timestamptz,
    -- "Quota spent": until when, how often a call after the reset met it again, what the vendor had counted then.
    spent_until timestamptz,
    spent_doubts integer NOT NULL DEFAULT 0,
    spent_total integer,
    usage_probe_at timestamptz,
    identity_probe_at timestamptz,
    -- "Window full" and "too many at once": others use this subscription too.
    shut_until timestamptz,
    window_cut_to integer,
    window_cut_at timestamptz,
    slots_cut_to integer,
    slots_cut_at timestamptz,
    -- A vendor in trouble.
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    upstream_since timestamptz,
    upstream_probe_at timestamptz,
    CONSTRAINT call_budgets_pkey PRIMARY KEY (subscription_id),
    CONSTRAINT call_budgets_subscription_fkey FOREIGN KEY (subscription_id) REFERENCES sync.subscriptions (id),
    CONSTRAINT call_budgets_limits_check CHECK (calls_per_window > 0 AND concurrent_calls > 0 AND daily_limit > 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE sync.call_budgets IS 'The limits of one subscription and what is known of its day.';

CREATE TABLE sync.calls (
    id bigint GENERATED ALWAYS AS IDENTITY,
    subscription_id bigint NOT NULL,
    tenant_id bigint,
    lane text NOT NULL,
    path text NOT NULL,
    booked_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL,
    ended_at timestamptz,
    occupies_until timestamptz NOT NULL,
    outcome text,
    vendor_code text,
    counted boolean NOT NULL DEFAULT true,
    CONSTRAINT calls_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sync.calls IS 'Every call that was allowed, booked before it left.';
COMMENT ON COLUMN sync.calls.tenant_id IS 'Whose credentials it went with; null for a test of credentials, which nothing that is known of stored ones may hold up.';
COMMENT ON COLUMN sync.calls.outcome IS 'How it ended; null while it runs. After `abandoned` or `lost` it may still run at the vendor, so it has no end but its lease''s.';
COMMENT ON COLUMN sync.calls.occupies_until IS 'Until when it may lie in one 20 s window, as the vendor sees it, with a call that leaves now.';
-- The calls that still count in the window; some hundred entries, whatever the length of the ledger.
CREATE INDEX calls_window_idx ON sync.calls (subscription_id, occupies_until);
-- The calls of a day, and the oldest ones for pruning.
CREATE INDEX calls_booked_at_idx ON sync.calls (subscription_id, booked_at);

/* How long after its end a call still counts: the vendor's window, and a little for clocks that don't tick alike. */
CREATE FUNCTION sync.call_window() RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN interval '20.1 seconds';

/* The start of the vendor's day after the one that `at` lies in. */
CREATE FUNCTION sync.quota_reset(at timestamptz, zone text) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN ((at AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone;

-- What the vendor counted on each of the last days, for the forecast of what other programs will use.
CREATE TABLE sync.usage_days (
    subscription_id bigint NOT NULL,
    day date NOT NULL,
    total integer NOT NULL,
    others integer NOT NULL,
    CONSTRAINT usage_days_pkey PRIMARY KEY (subscription_id, day)
);
COMMENT ON TABLE sync.usage_days IS 'The calls of each of the vendor''s days, of all programs and of those beside us; two weeks of them.';

/* The budget as it is at `t`: nothing is used yet of a day of which no call was booked. */
CREATE FUNCTION sync.budget_today(budget sync.call_budgets, t timestamptz) RETURNS sync.call_budgets LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF budget.quota_day IS DISTINCT FROM (t AT TIME ZONE budget.quota_zone)::date THEN
        budget.used := 0;
        budget.used_sweep := 0;
        budget.used_reconcile := 0;
        budget.used_backfill := 0;
    END IF;
    RETURN budget;
END
$$;

/* How many calls a day may have: what is set, or what the vendor turned out to allow. */
CREATE FUNCTION sync.calls_a_day(budget sync.call_budgets) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN least(budget.daily_limit, budget.learned_limit);

/* What other programs have used of the day that `t` lies in, as far as the usage page told. */
CREATE FUNCTION sync.others_used(budget sync.call_budgets, t timestamptz) RETURNS integer LANGUAGE sql STABLE
    RETURN CASE
        WHEN (budget.usage_read_at AT TIME ZONE budget.quota_zone)::date = (t AT TIME ZONE budget.quota_zone)::date
        THEN greatest(budget.usage_total - coalesce(budget.usage_ours, budget.usage_used, 0), 0)
        ELSE 0
    END;

/*
 What other programs will have used when the day turns (sync-algorithms 5.2): what they have, and for the rest of the day the greater of
 two guesses: as fast as so far today (an hour at least is looked at, so that one burst in the morning is no rate), or as on the same weekday a
 week ago and a fifth more.
*/
CREATE FUNCTION sync.others_forecast(budget sync.call_budgets, t timestamptz) RETURNS integer LANGUAGE sql STABLE
AS $$
    SELECT ceil(sofar.others + greatest(
        sofar.others * extract(epoch FROM span.ends - greatest(sofar.read_at, span.begins))
            / greatest(extract(epoch FROM sofar.read_at - span.begins), 3600),
        1.2 * coalesce(
            (
                SELECT usage_days.others FROM sync.usage_days
                WHERE usage_days.subscription_id = budget.subscription_id AND usage_days.day = span.day - 7
            ), 0
        ) * extract(epoch FROM span.ends - t) / extract(epoch FROM span.ends - span.begins),
        0
    ))::integer
    FROM (
        SELECT day, day::timestamp AT TIME ZONE budget.quota_zone AS begins, sync.quota_reset(t, budget.quota_zone) AS ends
        FROM (SELECT (t AT TIME ZONE budget.quota_zone)::date AS day) AS today
    ) AS span,
    LATERAL (SELECT sync.others_used(budget, t) AS others, coalesce(budget.usage_read_at, t) AS read_at) AS sofar
$$;

/* The part of the day's calls that is kept for a lane; what is left, the full load may have (sync-algorithms 5.2). */
CREATE FUNCTION sync.lane_reserve(lane text) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE lane
        WHEN 'control' THEN 0.01 WHEN 'interactive' THEN 0.04 WHEN 'push' THEN 0.20 WHEN 'hourly' THEN 0.20 WHEN 'sweep' THEN 0.05 ELSE 0
    END;

/* Our share of the day: the limit, less a twentieth, less what others will have used. */
CREATE FUNCTION sync.our_share(budget sync.call_budgets, t timestamptz) RETURNS double precision LANGUAGE sql STABLE
    RETURN greatest(0.95 * sync.calls_a_day(budget) - sync.others_forecast(budget, t), 0);

/*
 Until when a lane has to wait with its next call so that the more urgent ones have calls left (promise 7); null: it need not.

 What the other lanes are kept, half of our share at the start of the day, is set free evenly as the day goes by; so what pushes did not use is the full
 load's in the last hours. Besides, a full load stays below 60 % of our share until six hours before the day turns; re-reading what is most
 probably unchanged, and comparing both sides, stay below 15 % of it each, and rest when less than a fifth of all calls is left. Pushes and the hourly sync have two fifths of the limit whatever
 others use: should those calls not be there, the vendor will say so. Control and a person who waits are bounded by the limit alone.
*/
CREATE FUNCTION sync.lane_held(budget sync.call_budgets, lane text, t timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE
AS $$
DECLARE
    whole CONSTANT double precision := sync.calls_a_day(budget);
    others CONSTANT double precision := sync.others_used(budget, t);
    begins timestamptz;
    ends timestamptz;
    share double precision;
    kept double precision;
    held timestamptz;
BEGIN
    IF lane IN ('control', 'interactive') THEN
        RETURN NULL;
    END IF;
    begins := (t AT TIME ZONE budget.quota_zone)::date::timestamp AT TIME ZONE budget.quota_zone;
    ends := sync.quota_reset(t, budget.quota_zone);
    share := sync.our_share(budget, t);
    IF lane IN ('push', 'hourly') THEN
        share := greatest(share, 0.4 * whole);
    END IF;
    -- What is kept for the others at the start of the day; of it, what is left of the day is still kept.
    kept := (sync.lane_reserve('control') + sync.lane_reserve('interactive') + sync.lane_reserve('push') + sync.lane_reserve('hourly')
        + sync.lane_reserve('sweep') - sync.lane_reserve(lane)) * share;
    IF budget.used + 1 >= share THEN
        held := ends;
    ELSIF budget.used + 1 + kept * extract(epoch FROM ends - t) / extract(epoch FROM ends - begins) > share THEN
        -- Not for one call at a time: what a minute sets free goes together.
        held := greatest(ends - (share - budget.used - 1) / kept * (ends - begins), t + interval '60 seconds');
    END IF;
    IF lane = 'backfill' AND t < ends - interval '6 hours' AND budget.used_backfill + 1 > 0.6 * share THEN
        held := greatest(held, ends - interval '6 hours');
    ELSIF lane IN ('sweep', 'reconcile') AND (
        CASE lane WHEN 'sweep' THEN budget.used_sweep ELSE budget.used_reconcile END + 1 > 0.15 * share OR whole - budget.used - others < 0.2 * whole
    ) THEN
        held := ends;
    END IF;
    RETURN held;
END
$$;

/*
 In how many seconds a full load that needs so many more calls will have made them, if it takes `pace` seconds a call while nothing holds it.

 What may leave now goes at that pace. For more it waits until enough of the day is set free (see above), less what our own other calls take at the
 rate of today; and for what today does not have, for as many more days as it takes.
*/
CREATE FUNCTION sync.backfill_seconds(budget sync.call_budgets, calls bigint, pace double precision, t timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    begins CONSTANT timestamptz := (t AT TIME ZONE budget.quota_zone)::date::timestamp AT TIME ZONE budget.quota_zone;
    ends CONSTANT timestamptz := sync.quota_reset(t, budget.quota_zone);
    day CONSTANT double precision := extract(epoch FROM ends - begins);
    left_of_day CONSTANT double precision := extract(epoch FROM ends - t);
    used CONSTANT double precision := budget.used;
    used_backfill CONSTANT double precision := budget.used_backfill;
    share CONSTANT double precision := sync.our_share(budget, t);
    kept CONSTANT double precision := 0.5 * share;
    -- What our other lanes use of a day, by today's rate (an hour at least is looked at).
    others_of_ours CONSTANT double precision := least((used - used_backfill) / greatest(day - left_of_day, 3600) * day, share);
    now_free double precision;
    today_free double precision;
    a_day double precision;
    waits double precision;
BEGIN
    now_free := share - used - kept * left_of_day / day;
    IF left_of_day > 21600 THEN
        now_free := least(now_free, 0.6 * share - used_backfill);
    END IF;
    IF calls <= now_free THEN
        RETURN ceil(calls * pace);
    END IF;
    today_free := greatest(share - used - others_of_ours * left_of_day / day, 0);
    IF calls <= today_free AND kept > 0 THEN
        -- As much of the day has to be over as sets that many free.
        waits := left_of_day - greatest(share - used - calls, 0) / kept * day;
        IF left_of_day > 21600 AND calls > 0.6 * share - used_backfill THEN
            waits := greatest(waits, left_of_day - 21600);
        END IF;
        RETURN ceil(greatest(waits, calls * pace));
    END IF;
    a_day := share - others_of_ours;
    IF a_day < 1 THEN
        RETURN NULL;
    END IF;
    RETURN ceil(left_of_day + (calls - today_free) / a_day * day);
END
$$;

/*
 Opens the gates that were shut because of the vendor, of all tenants of a subscription: what held their calls back is over,
 or may be. One that is just being shut stays so; it is never shut for more than a minute at a time.
*/
CREATE FUNCTION sync.open_vendor_gates(subscription bigint) RETURNS void LANGUAGE sql
AS $$
    DELETE FROM jobs.gate USING (
        SELECT gate.tenant_id, gate.name
        FROM sync.tenants
        JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
        JOIN jobs.gate ON gate.tenant_id = tenants.id AND gate.name = subscriptions.vendor
        WHERE tenants.subscription_id = subscription
        -- Whoever calls this may hold the budget's row: it must not wait for one who holds a gate and wants the budget.
        FOR UPDATE OF gate SKIP LOCKED
    ) AS shut
    WHERE gate.tenant_id = shut.tenant_id AND gate.name = shut.name
$$;

/* Opens the gates that were shut because a lane had no calls left, of all tenants of a subscription: how many there are is another matter now. */
CREATE FUNCTION sync.open_lane_gates(subscription bigint) RETURNS void LANGUAGE sql
AS $$
    DELETE FROM jobs.gate USING (
        SELECT gate.tenant_id, gate.name
        FROM sync.tenants JOIN jobs.gate ON gate.tenant_id = tenants.id AND gate.name LIKE 'kind:%@%'
        WHERE tenants.subscription_id = subscription
        FOR UPDATE OF gate SKIP LOCKED
    ) AS shut
    WHERE gate.tenant_id = shut.tenant_id AND gate.name = shut.name
$$;

/*
 The limits follow the tenants' settings. Of two tenants with one subscription the more careful wins, and the older one's
 time zone. A removed tenant's last limits stay with the subscription. Whatever held calls back by the old settings or the old
 credentials is looked at anew.
*/
CREATE FUNCTION sync.fit_call_budget() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO sync.call_budgets (subscription_id, calls_per_window, concurrent_calls, daily_limit, quota_zone)
    SELECT tenants.subscription_id,
        min(coalesce(tenants.settings ->> 'calls-per-20s', '50')::integer),
        min(coalesce(tenants.settings ->> 'concurrent-calls', '5')::integer),
        min(coalesce(tenants.settings ->> 'daily-limit', '50000')::integer),
        (array_agg(coalesce(tenants.settings ->> 'quota-zone', 'America/Chicago') ORDER BY tenants.id))[1]
    FROM sync.tenants
    WHERE tenants.subscription_id IN (NEW.subscription_id, OLD.subscription_id)
    GROUP BY tenants.subscription_id
    ORDER BY tenants.subscription_id
    ON CONFLICT (subscription_id) DO UPDATE
        SET calls_per_window = excluded.calls_per_window, concurrent_calls = excluded.concurrent_calls,
            daily_limit = excluded.daily_limit, quota_zone = excluded.quota_zone,
            learned_limit = CASE WHEN call_budgets.daily_limit = excluded.daily_limit THEN call_budgets.learned_limit END;
    -- A zone that this server does not know is refused here, by whoever sets it, and not by every call from then on.
    PERFORM now() AT TIME ZONE call_budgets.quota_zone FROM sync.call_budgets
    WHERE call_budgets.subscription_id IN (NEW.subscription_id, OLD.subscription_id);
    PERFORM sync.open_vendor_gates(NEW.subscription_id);
    PERFORM sync.open_lane_gates(NEW.subscription_id);
    IF OLD.subscription_id IS DISTINCT FROM NEW.subscription_id THEN
        PERFORM sync.open_vendor_gates(OLD.subscription_id);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER fit_call_budget AFTER INSERT OR DELETE OR UPDATE OF settings, subscription_id, endpoint, client_id, secret ON sync.tenants
    FOR EACH ROW EXECUTE FUNCTION sync.fit_call_budget();

/*
 May a call leave now? Books it and returns its permit, or returns why not and when to ask again.

 The vendor counts arrivals in any 20 s, and all that is known of a call's arrival is that it lies between its booking
 and its end. So a call occupies the window from its booking until 20 s after its end, or after its lease's end if none
 is recorded; and a call is allowed only while fewer than the limit do. Were more than the limit to arrive within 20 s
 all the same, then at the booking of the last of them all the others would still have occupied it, as each ended
 later than 20 s before that moment: but then it would not have been allowed.

 The row is locked first and looked at by the clock *after* that, in statements of their own: what others booked
 meanwhile is then seen (in REPEATABLE READ it would not be, so that is refused). No transaction may stay open across the call.

 Identity counts against no limit of the vendor's, so it takes no place, no slot and no share of the day; but credentials that are
 refused, a vendor in trouble and a spent quota hold it back like everything else. Without a tenant, credentials are being
 tested: what is known of stored ones holds them back as little as they change it.

 Who reads much asks, by the way, how much others have used: every 250 calls, or after five minutes in which there were some.

 reason: `auth`, `upstream`, `quota`, `day`, `lane`, `window`, `concurrency`. `at` replaces the clock; for tests.
*/
CREATE FUNCTION sync.admit_call(
    subscription bigint, tenant bigint, lane text, path text, lease interval, at timestamptz DEFAULT NULL,
    OUT permit bigint, OUT wait_until timestamptz, OUT reason text
) LANGUAGE plpgsql
AS $$
DECLARE
    budget sync.call_budgets;
    auth_probe_at timestamptz;
    auth_refused boolean;
    upstream boolean;
    for_usage CONSTANT boolean := path LIKE '%/stats/usage.json';
    for_identity CONSTANT boolean := path LIKE '%/identity/%';
    today date;
    slots integer;
    places integer;
    running integer;
    looking integer;
    occupying integer;
    usage_known boolean;
    unknown_calls integer;
    asks_usage boolean;
    t timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'calls are admitted in READ COMMITTED transactions only' USING ERRCODE = 'active_sql_transaction';
    END IF;
    SELECT * INTO budget FROM sync.call_budgets WHERE call_budgets.subscription_id = subscription FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no subscription %', subscription USING ERRCODE = 'no_data_found';
    END IF;
    t := coalesce(at, clock_timestamp());

    -- Credentials that Marketo refuses: one try a minute.
    SELECT tenants.auth_refused_at IS NOT NULL, tenants.auth_probe_at INTO auth_refused, auth_probe_at
    FROM sync.tenants WHERE tenants.id = tenant;
    IF auth_refused AND t < auth_probe_at THEN
        wait_until := auth_probe_at; reason := 'auth';
        RETURN;
    END IF;

    -- A vendor in trouble: one try in 15 s.
    upstream := budget.upstream_since IS NOT NULL OR budget.failures > 1 AND t >= budget.failing_since + interval '60 seconds';
    IF upstream AND t < budget.upstream_probe_at THEN
        wait_until := budget.upstream_probe_at; reason := 'upstream';
        RETURN;
    END IF;

    -- The day. Its calls are counted anew when it turns, for the zone may have been set anew as well.
    today := (t AT TIME ZONE budget.quota_zone)::date;
    IF today IS DISTINCT FROM budget.quota_day THEN
        budget.quota_day := today;
        -- What was learned a week ago may have changed; the vendor says so again if not.
        IF budget.learned_at < t - interval '7 days' THEN
            budget.learned_limit := NULL;
        END IF;
        SELECT count(*), count(*) FILTER (WHERE calls.lane = 'sweep'), count(*) FILTER (WHERE calls.lane = 'reconcile'),
            count(*) FILTER (WHERE calls.lane = 'backfill')
        INTO budget.used, budget.used_sweep, budget.used_reconcile, budget.used_backfill
        FROM sync.calls
        WHERE calls.subscription_id = subscription AND calls.counted AND calls.booked_at >= today::timestamp AT TIME ZONE budget.quota_zone;
    END IF;
    IF budget.used >= sync.calls_a_day(budget) AND NOT for_identity THEN
        wait_until := sync.quota_reset(t, budget.quota_zone); reason := 'day';
        RETURN;
    ELSIF t < budget.spent_until THEN
        -- A careful look is allowed, at each of the two pages that are not refused then: one, and the next in five minutes.
        wait_until := CASE WHEN for_usage THEN budget.usage_probe_at WHEN for_identity THEN budget.identity_probe_at ELSE budget.spent_until END;
        IF t < wait_until THEN
            reason := 'quota';
            RETURN;
        END IF;
        budget.usage_probe_at := CASE WHEN for_usage THEN t + interval '5 minutes' ELSE budget.usage_probe_at END;
        budget.identity_probe_at := CASE WHEN for_identity THEN t + interval '5 minutes' ELSE budget.identity_probe_at END;
    END IF;
    IF NOT for_identity THEN
        -- Looked at again in five minutes at the latest: what others use is known better then.
        wait_until := sync.lane_held(budget, lane, t);
        IF wait_until IS NOT NULL THEN
            wait_until := least(wait_until, t + interval '5 minutes'); reason := 'lane';
            RETURN;
        END IF;
        IF t < budget.shut_until THEN
            wait_until := budget.shut_until; reason := 'window';
            RETURN;
        END IF;

        -- Never more rows than the limit; LIMIT has every plan walk the index, however the ledger grows.
        SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL AND lease_until > t),
            count(*) FILTER (WHERE ended_at IS NULL AND lease_until > t AND booked_at >= greatest(budget.spent_until, t - interval '30 seconds'))
        INTO occupying, running, looking
        FROM (
            SELECT calls.booked_at, calls.ended_at, calls.lease_until
            FROM sync.calls
            WHERE calls.subscription_id = subscription AND calls.occupies_until > t
            ORDER BY calls.occupies_until DESC LIMIT 1000
        ) AS recent;

        -- What a 615 or 606 took away comes back minute by minute.
        slots := least(budget.concurrent_calls, budget.slots_cut_to + floor(extract(epoch FROM t - budget.slots_cut_at) / 60)::integer);
        places := least(
            budget.calls_per_window,
            budget.window_cut_to + floor(budget.calls_per_window * extract(epoch FROM t - budget.window_cut_at) / 600)::integer
        );
        -- After "quota spent" the reset is believed when one call has met a good answer; the others wait for it, but not for what was under
        -- way before, nor for longer than 30 s: whoever made the call may be dead. The usage page answers in any case and shows nothing.
        IF t >= budget.spent_until AND NOT for_usage AND looking > 0 THEN
            wait_until := t + interval '1 second'; reason := 'quota';
            RETURN;
        ELSIF running >= slots THEN
            -- A call lasts some tenths of a second; that one ended is not announced.
            wait_until := t + interval '100 milliseconds'; reason := 'concurrency';
            RETURN;
        ELSIF occupying >= places THEN
            -- The moment at which the first place may come free. A call that still runs keeps its own for 20 s at least.
            SELECT least(recent.occupies_until, CASE WHEN ended_at IS NULL AND lease_until > t THEN t + sync.call_window() END)
            INTO wait_until
            FROM (
                SELECT calls.occupies_until, calls.ended_at, calls.lease_until
                FROM sync.calls
                WHERE calls.subscription_id = subscription AND calls.occupies_until > t
                ORDER BY calls.occupies_until DESC LIMIT 1000
            ) AS recent
            ORDER BY 1 OFFSET occupying - places LIMIT 1;
            reason := 'window';
            RETURN;
        END IF;
    END IF;

    reason := NULL;
    wait_until := NULL;
    usage_known := (budget.usage_read_at AT TIME ZONE budget.quota_zone)::date = today;
    unknown_calls := budget.used + 1 - CASE WHEN usage_known THEN coalesce(budget.usage_used, 0) ELSE 0 END;
    asks_usage := tenant IS NOT NULL AND NOT for_usage AND NOT for_identity
        AND (budget.usage_asked_at IS NULL OR t > budget.usage_asked_at + interval '1 minute')
        AND (unknown_calls >= 250 OR unknown_calls >= 25 AND t > budget.usage_read_at + interval '5 minutes');
    IF asks_usage THEN
        PERFORM jobs.enqueue('read-usage', '{}', tenants.name, unique_key => 'tenant') FROM sync.tenants WHERE tenants.id = tenant;
    END IF;
    INSERT INTO sync.calls (subscription_id, tenant_id, lane, path, booked_at, lease_until, occupies_until, counted)
    VALUES (
        subscription, tenant, lane, path, t, t + lease, CASE WHEN for_identity THEN t ELSE t + lease + sync.call_window() END, NOT for_identity
    )
    RETURNING calls.id INTO permit;
    UPDATE sync.call_budgets
    SET quota_day = budget.quota_day, learned_limit = budget.learned_limit, used = budget.used + CASE WHEN for_identity THEN 0 ELSE 1 END,
        used_sweep = budget.used_sweep + CASE WHEN NOT for_identity AND lane = 'sweep' THEN 1 ELSE 0 END,
        used_reconcile = budget.used_reconcile + CASE WHEN NOT for_identity AND lane = 'reconcile' THEN 1 ELSE 0 END,
        used_backfill = budget.used_backfill + CASE WHEN NOT for_identity AND lane = 'backfill' THEN 1 ELSE 0 END,
        usage_asked_at = CASE WHEN asks_usage THEN t ELSE budget.usage_asked_at END,
        usage_probe_at = budget.usage_probe_at, identity_probe_at = budget.identity_probe_at,
        upstream_since = CASE WHEN upstream THEN coalesce(budget.upstream_since, t) END,
        upstream_probe_at = CASE WHEN upstream THEN t + interval '15 seconds' ELSE budget.upstream_probe_at END
    WHERE call_budgets.subscription_id = subscription;
    IF auth_refused THEN
        -- Others lock the tenant first and the budget after it. Not to wait here keeps the two orders from meeting in a deadlock.
        UPDATE sync.tenants SET auth_probe_at = t + interval '60 seconds'
        WHERE tenants.id IN (SELECT held.id FROM sync.tenants AS held WHERE held.id = tenant FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
END
$$;

/*
 Records how a call ended; false if that was done before, and then nothing changes. The vendor's answer outranks the ledger, for everybody:

 `answered`        it did what was asked, or said what was wrong with a record; of identity: here is a token, and the call for which
                   it was fetched will show what that is worth
 `token_expired`   601, 602: the vendor lives, a new token is fetched
 `window_full`     606: nobody calls for 10 to 20 s; half the places, a tenth comes back each minute
 `too_many`        615: nobody calls for 1 to 20 s, by chance; half the slots, one comes back each minute; with one slot left half the places too
 `quota_spent`     607: nobody calls until the vendor's day turns, and then one call has to show that it did
 `upstream`        5xx, time-outs, 604, 608, 611, 713: ten in a row, or 60 s of them, and one call in 15 s is left
 `auth_refused`    the credentials are wrong: this tenant alone gets one try a minute
 `unsent`          it never left: its place is free again
 `lost`            its connection broke or was given up without an answer: as `upstream`, and its slot stays taken for three seconds more, to
                   the end of its lease at most, for the vendor may still be at work on it
 `abandoned`       nobody waited for its answer. It shows nothing, counts, and keeps its slot until its lease ends, for the vendor may
                   still be at work on it

 `counted` false: the vendor says that such an answer is not taken from the quota. `jitter`, 0 to 1, spreads the waits.
*/
CREATE FUNCTION sync.finish_call(
    permit bigint, outcome text, code text DEFAULT NULL, counted boolean DEFAULT true, jitter double precision DEFAULT random(),
    at timestamptz DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql
AS $$
DECLARE
    call sync.calls;
    budget sync.call_budgets;
    t timestamptz := coalesce(at, clock_timestamp());
    over timestamptz;
    for_usage boolean;
    for_identity boolean;
BEGIN
    IF outcome IS NULL OR outcome NOT IN
        ('answered', 'token_expired', 'window_full', 'too_many', 'quota_spent', 'upstream', 'lost', 'auth_refused', 'unsent', 'abandoned')
    THEN
        RAISE EXCEPTION 'a call can not end as "%"', outcome USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF outcome = 'abandoned' THEN
        UPDATE sync.calls SET outcome = 'abandoned', vendor_code = code WHERE calls.id = permit AND calls.outcome IS NULL;
        RETURN FOUND;
    END IF;
    IF outcome = 'unsent' THEN
        DELETE FROM sync.calls WHERE calls.id = permit AND calls.outcome IS NULL RETURNING * INTO call;
    ELSE
        -- What no limit counts was booked so, see above.
        -- A lost one has no end but its lease's, which comes soon.
        SELECT CASE finish_call.outcome WHEN 'lost' THEN greatest(t, least(t + interval '3 seconds', calls.lease_until)) ELSE t END INTO over
        FROM sync.calls WHERE calls.id = permit;
        UPDATE sync.calls
        SET ended_at = CASE WHEN finish_call.outcome <> 'lost' THEN t END, lease_until = least(calls.lease_until, over),
            occupies_until = CASE WHEN calls.counted THEN over + sync.call_window() ELSE calls.occupies_until END,
            outcome = finish_call.outcome, vendor_code = code, counted = calls.counted AND finish_call.counted
        WHERE calls.id = permit AND calls.outcome IS NULL
        RETURNING * INTO call;
    END IF;
    IF call.id IS NULL THEN
        RETURN false;
    END IF;
    for_usage := call.path LIKE '%/stats/usage.json';
    for_identity := call.path LIKE '%/identity/%';

    IF outcome = 'auth_refused' OR outcome = 'answered' AND NOT for_identity THEN
        UPDATE sync.tenants
        SET auth_refused_at = CASE WHEN outcome = 'auth_refused' THEN coalesce(tenants.auth_refused_at, t) END,
            auth_probe_at = CASE WHEN outcome = 'auth_refused' THEN t + interval '60 seconds' END
        WHERE tenants.id = call.tenant_id AND (outcome = 'auth_refused' OR tenants.auth_refused_at IS NOT NULL);
    ELSIF outcome IN ('token_expired', 'unsent', 'answered') THEN
        -- The one try of this minute was made with an old token, did not leave, or brought the token for it: it may be made at once.
        UPDATE sync.tenants SET auth_probe_at = t WHERE tenants.id = call.tenant_id AND tenants.auth_refused_at <= call.booked_at;
    END IF;

    -- The usual end touches the ledger alone; it waits for nobody.
    IF outcome = 'answered' AND (counted OR for_identity) AND NOT EXISTS (
        SELECT FROM sync.call_budgets
        WHERE call_budgets.subscription_id = call.subscription_id AND (call_budgets.failures > 0 OR call_budgets.spent_until IS NOT NULL)
    ) THEN
        -- Others that asked in vain while this call was under way have shut their gates; its good answer is news for them.
        IF NOT for_identity THEN
            PERFORM sync.open_vendor_gates(call.subscription_id);
        END IF;
        RETURN true;
    END IF;
    SELECT * INTO budget FROM sync.call_budgets WHERE call_budgets.subscription_id = call.subscription_id FOR NO KEY UPDATE;

    IF (NOT counted OR outcome = 'unsent') AND NOT for_identity AND budget.quota_day = (call.booked_at AT TIME ZONE budget.quota_zone)::date THEN
        budget.used := greatest(budget.used - 1, 0);
        budget.used_sweep := greatest(budget.used_sweep - CASE WHEN call.lane = 'sweep' THEN 1 ELSE 0 END, 0);
        budget.used_reconcile := greatest(budget.used_reconcile - CASE WHEN call.lane = 'reconcile' THEN 1 ELSE 0 END, 0);
        budget.used_backfill := greatest(budget.used_backfill - CASE WHEN call.lane = 'backfill' THEN 1 ELSE 0 END, 0);
    END IF;

    IF outcome IN ('upstream', 'lost') THEN
        budget.failures := budget.failures + 1;
        budget.failing_since := coalesce(budget.failing_since, t);
        IF budget.upstream_since IS NULL AND (
            budget.failures >= 10 OR budget.failures > 1 AND t >= budget.failing_since + interval '60 seconds'
        ) THEN
            budget.upstream_since := t;
            -- The first look comes soon, for most troubles are short.
            budget.upstream_probe_at := t + interval '3 seconds';
        END IF;
    ELSIF outcome = 'unsent' OR for_identity THEN
        -- No news of what the calls are for; if it was the one try of these 15 s, that may be made at once.
        IF call.booked_at >= budget.upstream_since THEN
            budget.upstream_probe_at := t;
        END IF;
    ELSE
        budget.failures := 0;
        budget.failing_since := NULL;
        budget.upstream_since := NULL;
        budget.upstream_probe_at := NULL;
    END IF;

    -- Of several calls that were under way together, the first to meet a limit tells the news; the others repeat it.
    IF outcome = 'window_full' THEN
        budget.shut_until := greatest(budget.shut_until, t + interval '10 seconds' * (1 + jitter));
        IF budget.window_cut_at IS NULL OR call.booked_at > budget.window_cut_at THEN
            budget.window_cut_to := greatest(1, least(
                budget.calls_per_window,
                budget.window_cut_to + floor(budget.calls_per_window * extract(epoch FROM t - budget.window_cut_at) / 600)::integer
            ) / 2);
            budget.window_cut_at := t;
        END IF;
    ELSIF outcome = 'too_many' THEN
        -- Others hold the slots: to ask at once would only spend calls.
        budget.shut_until := greatest(budget.shut_until, t + interval '1 second' * (1 + 19 * jitter));
        IF budget.slots_cut_to = 1 AND call.booked_at > budget.slots_cut_at AND t < budget.slots_cut_at + interval '60 seconds' THEN
            budget.window_cut_to := greatest(1, least(
                budget.calls_per_window,
                budget.window_cut_to + floor(budget.calls_per_window * extract(epoch FROM t - budget.window_cut_at) / 600)::integer
            ) / 2);
            budget.window_cut_at := t;
        END IF;
        IF budget.slots_cut_at IS NULL OR call.booked_at > budget.slots_cut_at THEN
            budget.slots_cut_to := greatest(1, least(
                budget.concurrent_calls, budget.slots_cut_to + floor(extract(epoch FROM t - budget.slots_cut_at) / 60)::integer
            ) / 2);
            budget.slots_cut_at := t;
        END IF;
    ELSIF outcome = 'quota_spent' THEN
        IF budget.spent_until IS NULL THEN
            budget.spent_until := sync.quota_reset(t, budget.quota_zone) + interval '30 seconds' + interval '270 seconds' * jitter;
            budget.spent_total := NULL;
            -- The usage page may be asked in five minutes; it says how much the vendor counted.
            budget.usage_probe_at := t + interval '5 minutes';
            budget.identity_probe_at := t + interval '5 minutes';
        ELSIF call.booked_at >= budget.spent_until THEN
            -- The day should have turned, and did not: the zone may be another. Ask again a few times, ever more seldom.
            budget.spent_doubts := budget.spent_doubts + 1;
            budget.spent_until := CASE
                WHEN budget.spent_doubts <= 5 THEN t + interval '5 minutes' * (budget.spent_doubts + jitter)
                ELSE sync.quota_reset(t, budget.quota_zone) + interval '30 seconds' + interval '270 seconds' * jitter
            END;
        END IF;
    ELSIF outcome = 'answered' AND counted AND NOT for_usage AND NOT for_identity AND call.booked_at >= budget.spent_until THEN
        -- The vendor's day has turned, by whatever zone: what was used of the one before says nothing of this one.
        budget.spent_until := NULL;
        budget.spent_doubts := 0;
        budget.spent_total := NULL;
        budget.usage_read_at := NULL;
        budget.used := least(budget.used, 1);
        budget.used_sweep := 0;
        budget.used_reconcile := 0;
        budget.used_backfill := 0;
    END IF;

    UPDATE sync.call_budgets
    SET used = budget.used, used_sweep = budget.used_sweep, used_reconcile = budget.used_reconcile,
        used_backfill = budget.used_backfill, failures = budget.failures, failing_since = budget.failing_since,
        upstream_since = budget.upstream_since, upstream_probe_at = budget.upstream_probe_at, shut_until = budget.shut_until,
        window_cut_to = budget.window_cut_to, window_cut_at = budget.window_cut_at,
        slots_cut_to = budget.slots_cut_to, slots_cut_at = budget.slots_cut_at,
        spent_until = budget.spent_until, spent_doubts = budget.spent_doubts, spent_total = budget.spent_total,
        usage_read_at = budget.usage_read_at,
        usage_probe_at = budget.usage_probe_at, identity_probe_at = budget.identity_probe_at
    WHERE call_budgets.subscription_id = call.subscription_id;
    IF outcome = 'answered' AND NOT for_identity AND budget.spent_until IS NULL THEN
        PERFORM sync.open_vendor_gates(call.subscription_id);
    END IF;
    RETURN true;
END
$$;

/*
 Keeps what the vendor's usage page says of today: all calls, and those of our own API user. A total that fell since
 "quota spent" tells that the vendor's day has turned, whatever we took for its time zone; then one call may try. A total that stands
 still short of the limit after "quota spent" is what the vendor allows: the limit is learned, for a week, or until more is seen or set.
*/
CREATE FUNCTION sync.note_usage(subscription bigint, total integer, ours integer, at timestamptz DEFAULT NULL) RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    t timestamptz := coalesce(at, clock_timestamp());
    has_turned boolean;
BEGIN
    SELECT t < spent_until AND total < spent_total INTO has_turned
    FROM sync.call_budgets WHERE call_budgets.subscription_id = subscription FOR NO KEY UPDATE;
    UPDATE sync.call_budgets
    SET usage_total = total, usage_ours = ours, usage_read_at = t,
        usage_used = CASE WHEN quota_day = (t AT TIME ZONE quota_zone)::date THEN used ELSE 0 END,
        learned_at = CASE WHEN t < spent_until AND has_turned IS NOT TRUE AND total BETWEEN 1 AND daily_limit - 1 THEN t ELSE learned_at END,
        learned_limit = CASE
            WHEN t < spent_until AND has_turned IS NOT TRUE AND total BETWEEN 1 AND daily_limit - 1 THEN total
            WHEN total > learned_limit THEN NULL
            ELSE learned_limit
        END,
        spent_until = CASE WHEN has_turned THEN t ELSE spent_until END,
        spent_total = CASE WHEN t < spent_until THEN greatest(total, spent_total) END
    WHERE call_budgets.subscription_id = subscription;
    INSERT INTO sync.usage_days AS known (subscription_id, day, total, others)
    SELECT call_budgets.subscription_id, (t AT TIME ZONE call_budgets.quota_zone)::date, note_usage.total, sync.others_used(call_budgets, t)
    FROM sync.call_budgets WHERE call_budgets.subscription_id = subscription
    ON CONFLICT ON CONSTRAINT usage_days_pkey DO UPDATE SET total = greatest(known.total, excluded.total), others = greatest(known.others, excluded.others);
    DELETE FROM sync.usage_days WHERE usage_days.subscription_id = subscription AND usage_days.day < t::date - 15;
    IF has_turned THEN
        PERFORM sync.open_vendor_gates(subscription);
    END IF;
END
$$;

/* A test has just shown that the credentials with this secret are good; false if that was not in doubt, or others are stored meanwhile. */
CREATE FUNCTION sync.credentials_proven(tenant bigint, proven bytea) RETURNS boolean LANGUAGE plpgsql
AS $$
DECLARE
    subscription bigint;
BEGIN
    UPDATE sync.tenants SET auth_refused_at = NULL, auth_probe_at = NULL
    WHERE tenants.id = tenant AND tenants.secret = proven AND tenants.auth_refused_at IS NOT NULL
    RETURNING tenants.subscription_id INTO subscription;
    IF subscription IS NULL THEN
        RETURN false;
    END IF;
    PERFORM sync.open_vendor_gates(subscription);
    RETURN true;
END
$$;

/* The operator knows better: a pause for quota or for a vendor in trouble ends now. The vendor's next answer is believed again. */
CREATE FUNCTION sync.lift_pause(subscription bigint) RETURNS boolean LANGUAGE plpgsql
AS $$
DECLARE
    was_paused boolean;
BEGIN
    UPDATE sync.call_budgets
    SET spent_until = NULL, spent_doubts = 0, spent_total = NULL, shut_until = NULL, learned_limit = NULL,
        failures = 0, failing_since = NULL, upstream_since = NULL, upstream_probe_at = NULL
    WHERE call_budgets.subscription_id = subscription
        AND (call_budgets.spent_until IS NOT NULL OR call_budgets.shut_until > clock_timestamp() OR call_budgets.failures > 0
            OR call_budgets.learned_limit IS NOT NULL);
    was_paused := FOUND;
    PERFORM sync.open_vendor_gates(subscription);
    PERFORM sync.open_lane_gates(subscription);
    RETURN was_paused;
END
$$;

/* Forgets up to `bite` calls that were booked longer ago than `keep`; call again while it returns that many. Today's are always kept. */
CREATE FUNCTION sync.prune_calls(keep interval DEFAULT '3 days', bite integer DEFAULT 1000) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    pruned bigint;
BEGIN
    WITH old AS MATERIALIZED (
        SELECT calls.id
        FROM sync.call_budgets CROSS JOIN LATERAL (
            SELECT id FROM sync.calls
            WHERE calls.subscription_id = call_budgets.subscription_id
                AND calls.booked_at < now() - greatest(keep, interval '26 hours') AND calls.occupies_until < now()
            ORDER BY calls.booked_at LIMIT bite FOR UPDATE SKIP LOCKED
        ) AS calls
        LIMIT bite
    )
    DELETE FROM sync.calls USING old WHERE calls.id = old.id;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END
$$;
