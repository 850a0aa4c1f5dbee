-- Who keeps old rows alive and where the room goes; and what every column and function of `ops` is, so that \d+ is the manual.

CREATE VIEW ops.horizon AS
SELECT holder.what, holder.pid, holder.application, holder.since, age(holder.xmin) AS transactions_behind,
    (SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_catalog.pg_stat_user_tables WHERE schemaname IN ('jobs', 'sync', 'crm')) AS dead_rows,
    holder.suggestion
FROM (
    SELECT CASE WHEN activity.state LIKE 'idle in transaction%' THEN 'idle_in_transaction' ELSE 'transaction' END AS what, activity.pid,
        activity.application_name AS application, activity.xact_start AS since, coalesce(activity.backend_xmin, activity.backend_xid) AS xmin,
        format('SELECT pg_terminate_backend(%s)', activity.pid) AS suggestion
    FROM pg_catalog.pg_stat_activity AS activity
    WHERE activity.datname = current_database() AND activity.pid <> pg_backend_pid() AND coalesce(activity.backend_xmin, activity.backend_xid) IS NOT NULL
    UNION ALL
    SELECT 'prepared_transaction', NULL, prepared.gid, prepared.prepared, prepared.transaction, format('ROLLBACK PREPARED %L', prepared.gid)
    FROM pg_catalog.pg_prepared_xacts AS prepared WHERE prepared.database = current_database()
    UNION ALL
    SELECT 'replication_slot', slots.active_pid, slots.slot_name, NULL, coalesce(slots.xmin, slots.catalog_xmin),
        format('SELECT pg_drop_replication_slot(%L)', slots.slot_name)
    FROM pg_catalog.pg_replication_slots AS slots WHERE coalesce(slots.xmin, slots.catalog_xmin) IS NOT NULL
) AS holder
ORDER BY age(holder.xmin) DESC;
COMMENT ON VIEW ops.horizon IS 'Who keeps dead rows from being cleared away, the one that costs most first; a queue slows down behind a transaction that stays open.';
COMMENT ON COLUMN ops.horizon.what IS 'idle_in_transaction, transaction, prepared_transaction or replication_slot.';
COMMENT ON COLUMN ops.horizon.pid IS 'The server process; null where there is none.';
COMMENT ON COLUMN ops.horizon.application IS 'What the session, the prepared transaction or the slot calls itself.';
COMMENT ON COLUMN ops.horizon.since IS 'When its transaction began; null for a slot.';
COMMENT ON COLUMN ops.horizon.transactions_behind IS 'How many transactions have begun since: rows that died in them can''t be cleared away.';
COMMENT ON COLUMN ops.horizon.dead_rows IS 'Dead rows in jobs, sync and crm together, whoever holds them.';
COMMENT ON COLUMN ops.horizon.suggestion IS 'The call that lets go; look first at who it is.';

CREATE VIEW ops.storage AS
SELECT tables.schemaname::text AS schema, tables.relname::text AS name, pg_total_relation_size(tables.relid) AS bytes,
    pg_indexes_size(tables.relid) AS index_bytes, tables.n_live_tup AS live_rows, tables.n_dead_tup AS dead_rows,
    greatest(tables.last_vacuum, tables.last_autovacuum) AS vacuumed_at, greatest(tables.last_analyze, tables.last_autoanalyze) AS analyzed_at,
    (SELECT pg_inherits.inhparent::regclass::text FROM pg_catalog.pg_inherits WHERE pg_inherits.inhrelid = tables.relid) AS partition_of
FROM pg_catalog.pg_stat_user_tables AS tables
WHERE tables.schemaname IN ('jobs', 'sync', 'crm')
ORDER BY pg_total_relation_size(tables.relid) DESC;
COMMENT ON VIEW ops.storage IS 'How large each table is, the largest first, and how many dead rows it carries.';
COMMENT ON COLUMN ops.storage.schema IS 'jobs (the queue), sync (what the sync knows) or crm (the team''s records).';
COMMENT ON COLUMN ops.storage.name IS 'The table, or a partition of it.';
COMMENT ON COLUMN ops.storage.bytes IS 'All it takes on disk, indexes included.';
COMMENT ON COLUMN ops.storage.index_bytes IS 'What of that the indexes take.';
COMMENT ON COLUMN ops.storage.live_rows IS 'About how many rows it has.';
COMMENT ON COLUMN ops.storage.dead_rows IS 'About how many dead rows wait to be cleared away; ops.horizon says who keeps them.';
COMMENT ON COLUMN ops.storage.vacuumed_at IS 'When it was last cleared; null: never since the server''s statistics began.';
COMMENT ON COLUMN ops.storage.analyzed_at IS 'When the planner last looked at it.';
COMMENT ON COLUMN ops.storage.partition_of IS 'The table that it is a part of; null for a whole one.';

COMMENT ON COLUMN ops.jobs.id IS 'The job''s number, which every function here takes.';
COMMENT ON COLUMN ops.jobs.tenant IS 'Whose it is; null for a job of the whole fleet.';
COMMENT ON COLUMN ops.jobs.kind IS 'What is to be done: fetch-lead-page, upsert-contact, push-phase and so on.';
COMMENT ON COLUMN ops.jobs.state IS 'ready (due now or later, see run_at), running, retrying or dead.';
COMMENT ON COLUMN ops.jobs.priority IS 'The smaller, the earlier.';
COMMENT ON COLUMN ops.jobs.attempt IS 'How often it was tried; waiting for the quota does not count.';
COMMENT ON COLUMN ops.jobs.max_attempts IS 'After so many tries it is dead.';
COMMENT ON COLUMN ops.jobs.run_at IS 'When it is, or was, due.';
COMMENT ON COLUMN ops.jobs.created_at IS 'When it was put into the queue.';
COMMENT ON COLUMN ops.jobs.last_error IS 'Why its last try did not end well; null when there was none.';
COMMENT ON COLUMN ops.jobs.payload IS 'What it is about: ids, never personal data or secrets.';
COMMENT ON COLUMN ops.jobs.claimed_by IS 'The worker that holds it, as in ops.workers; null unless it runs.';
COMMENT ON COLUMN ops.jobs.lease_until IS 'Until when that worker holds it without a sign of life.';

COMMENT ON COLUMN ops.queue_depth.tenant IS 'Whose jobs; null for jobs of the whole fleet.';
COMMENT ON COLUMN ops.queue_depth.kind IS 'What is to be done.';
COMMENT ON COLUMN ops.queue_depth.ready IS 'Due now.';
COMMENT ON COLUMN ops.queue_depth.scheduled IS 'Due later.';
COMMENT ON COLUMN ops.queue_depth.running IS 'Held by a worker.';
COMMENT ON COLUMN ops.queue_depth.retrying IS 'Failed, and waiting for another try.';
COMMENT ON COLUMN ops.queue_depth.dead IS 'Given up; see ops.stuck_jobs.';
COMMENT ON COLUMN ops.queue_depth.oldest_ready_seconds IS 'For how long the oldest of the ready ones has been due; null without one.';

COMMENT ON COLUMN ops.queue_depth.counted_at IS 'When it was counted, for a queue of more than 100,000 jobs; null: just now.';

COMMENT ON COLUMN ops.throughput.tenant IS 'Whose jobs; null for jobs of the whole fleet.';
COMMENT ON COLUMN ops.throughput.kind IS 'What was done.';
COMMENT ON COLUMN ops.throughput.minute IS 'The minute in which they ended.';
COMMENT ON COLUMN ops.throughput.finished IS 'How many ended well.';
COMMENT ON COLUMN ops.throughput.failed IS 'How many were given up.';
COMMENT ON COLUMN ops.throughput.p50_ms IS 'Half of them took no longer, in milliseconds from being taken to their end.';
COMMENT ON COLUMN ops.throughput.p95_ms IS '95 of 100 took no longer, in milliseconds.';

COMMENT ON COLUMN ops.workers.id IS 'The process, new with each start; ops.jobs.claimed_by names it.';
COMMENT ON COLUMN ops.workers.host IS 'The machine or container.';
COMMENT ON COLUMN ops.workers.pid IS 'Its process number there.';
COMMENT ON COLUMN ops.workers.version IS 'The release it runs.';
COMMENT ON COLUMN ops.workers.running IS 'How many jobs, or batches of them, it has in hand.';
COMMENT ON COLUMN ops.workers.seen_at IS 'Its last sign of life.';

COMMENT ON COLUMN ops.quota.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.quota.vendor IS 'Whose calls: marketo.';
COMMENT ON COLUMN ops.quota.limit_per_day IS 'Calls of the day: the setting daily-limit, or less if Marketo has shown that there are fewer.';
COMMENT ON COLUMN ops.quota.used_by_us IS 'Calls booked here since the day turned.';
COMMENT ON COLUMN ops.quota.used_by_others IS 'Calls of other programs, as Marketo''s usage page last told.';
COMMENT ON COLUMN ops.quota.remaining IS 'What is left for everybody.';
COMMENT ON COLUMN ops.quota.resets_at IS 'When Marketo''s day turns (midnight in quota-zone).';
COMMENT ON COLUMN ops.quota.paused_until IS 'Calls are spent until then; null: they are not.';
COMMENT ON COLUMN ops.quota.upstream_since IS 'Since when Marketo is in trouble; null: it is not.';
COMMENT ON COLUMN ops.quota.upstream_probe_at IS 'When it is next asked whether it is back.';
COMMENT ON COLUMN ops.quota.calls_last_20_s IS 'Calls booked in the last 20 seconds; Marketo allows 100.';
COMMENT ON COLUMN ops.quota.running_now IS 'Calls under way; Marketo allows 10.';
COMMENT ON COLUMN ops.quota.others_forecast IS 'What other programs will probably have used when the day turns.';
COMMENT ON COLUMN ops.quota.our_share IS 'What the sync plans to use of the day.';
COMMENT ON COLUMN ops.quota.learned_limit IS 'The limit that Marketo has shown by refusing; null: none was met.';

COMMENT ON COLUMN ops.call_lanes.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.call_lanes.vendor IS 'Whose calls: marketo.';
COMMENT ON COLUMN ops.call_lanes.lane IS 'What calls are for, the most urgent first: interactive, control, push, hourly, sweep, reconcile, backfill (the full load).';
COMMENT ON COLUMN ops.call_lanes.used_today IS 'Calls of this sort since the day turned.';
COMMENT ON COLUMN ops.call_lanes.kept IS 'Calls that are still kept for it today.';
COMMENT ON COLUMN ops.call_lanes.held_until IS 'Until when it waits for more urgent ones; null: it does not.';

COMMENT ON COLUMN ops.sync_progress.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.sync_progress.state IS 'idle, syncing, paused_quota, paused_upstream, paused_auth or paused_by_operator.';
COMMENT ON COLUMN ops.sync_progress.paused_until IS 'When a paused one goes on by itself; null: not paused, or until somebody resumes it.';
COMMENT ON COLUMN ops.sync_progress.full_load_state IS 'not_started, waiting, running, paused (for more urgent work), done or cancelled.';
COMMENT ON COLUMN ops.sync_progress.blocks_done IS 'Blocks of 300 lead ids that were read.';
COMMENT ON COLUMN ops.sync_progress.blocks_total IS 'Blocks there are.';
COMMENT ON COLUMN ops.sync_progress.leads_seen IS 'Leads found in the blocks that were read.';
COMMENT ON COLUMN ops.sync_progress.eta_seconds IS 'How long the full load will probably still take at this budget; null when that can''t be said.';
COMMENT ON COLUMN ops.sync_progress.sweep_started_at IS 'When the latest hourly sync began.';
COMMENT ON COLUMN ops.sync_progress.sweep_finished_at IS 'When it was done; null while it runs.';
COMMENT ON COLUMN ops.sync_progress.leads_changed IS 'Leads whose contacts it changed.';
COMMENT ON COLUMN ops.sync_progress.ready IS 'Jobs due now.';
COMMENT ON COLUMN ops.sync_progress.scheduled IS 'Jobs due later.';
COMMENT ON COLUMN ops.sync_progress.running IS 'Jobs that a worker holds.';
COMMENT ON COLUMN ops.sync_progress.retrying IS 'Jobs that failed and wait for another try.';
COMMENT ON COLUMN ops.sync_progress.dead IS 'Jobs that were given up.';
COMMENT ON COLUMN ops.sync_progress.quarantined IS 'Leads that can''t be registered; see ops.quarantine.';
COMMENT ON COLUMN ops.sync_progress.settled IS 'Nothing is under way or due within a minute.';

COMMENT ON COLUMN ops.pushes.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.pushes.contact_id IS 'The contact whose value it is.';
COMMENT ON COLUMN ops.pushes.lead_id IS 'The lead it goes to; null until there is one.';
COMMENT ON COLUMN ops.pushes.field IS 'The lead field, by its REST name.';
COMMENT ON COLUMN ops.pushes.desired IS 'What the field should show; null clears it.';
COMMENT ON COLUMN ops.pushes.sent IS 'What was sent last.';
COMMENT ON COLUMN ops.pushes.state IS 'waiting, sending, acked (Marketo confirmed it), waiting_link (there is no lead yet), parked (see reason) or refused.';
COMMENT ON COLUMN ops.pushes.reason IS 'Why it is parked or refused, or what it waits for.';
COMMENT ON COLUMN ops.pushes.since IS 'When the value was set.';

COMMENT ON FUNCTION ops.tenant_id IS 'The number of a tenant; an error with a sentence when there is none of this name.';
COMMENT ON FUNCTION ops.kind IS 'The kind of this name; an error with a sentence when there is none.';
COMMENT ON FUNCTION ops.begin_removal IS 'First step of kakehashi tenant remove: nothing of the tenant is taken up any more.';
COMMENT ON FUNCTION ops.remove_bite IS 'Second step of kakehashi tenant remove, until it returns 0: forgets some rows of each table.';
COMMENT ON FUNCTION ops.finish_removal IS 'Last step of kakehashi tenant remove: the tenant itself.';

COMMENT ON COLUMN ops.quarantine.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.quarantine.lead_id IS 'The lead, by its id in Marketo.';
COMMENT ON COLUMN ops.quarantine.reason IS 'email_invalid, email_missing (only with leads-without-email=quarantine) or score_out_of_range.';
COMMENT ON COLUMN ops.quarantine.value IS 'What was refused, as Marketo shows it.';
COMMENT ON COLUMN ops.quarantine.since IS 'Since when; it leaves by itself once it is mended in Marketo.';

COMMENT ON COLUMN ops.notes.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.notes.kind IS 'possible_duplicate, email_conflict, field_missing, lead_deleted and so on.';
COMMENT ON COLUMN ops.notes.contact_id IS 'The contact it is about, if any.';
COMMENT ON COLUMN ops.notes.lead_id IS 'The lead it is about, if any.';
COMMENT ON COLUMN ops.notes.text IS 'The note, for a person.';
COMMENT ON COLUMN ops.notes.since IS 'When it was written.';

COMMENT ON COLUMN ops.feed_gaps.tenant IS 'The tenant.';
COMMENT ON COLUMN ops.feed_gaps.stream IS 'The feed: activities, leadchanges or deletedleads.';
COMMENT ON COLUMN ops.feed_gaps.from_at IS 'From when on the feed could not be read any more, as Marketo had forgotten it.';
COMMENT ON COLUMN ops.feed_gaps.to_at IS 'Until when.';
COMMENT ON COLUMN ops.feed_gaps.closed_at IS 'When a sweep over all leads had made up for it; null while it has not.';

COMMENT ON COLUMN ops.stuck_jobs.reason IS 'lease_expired, dead, retrying_long (over an hour), waiting_long (due for over 10 minutes) or running_long (over 10 minutes).';
COMMENT ON COLUMN ops.stuck_jobs.suggestion IS 'The call that mends it; paste it.';
-- The other columns are those of ops.jobs.
DO $$
DECLARE
    of_jobs record;
BEGIN
    FOR of_jobs IN
        SELECT attname, col_description(attrelid, attnum) AS text FROM pg_catalog.pg_attribute
        WHERE attrelid = 'ops.jobs'::regclass AND attnum > 0 AND NOT attisdropped
    LOOP
        EXECUTE format('COMMENT ON COLUMN ops.stuck_jobs.%I IS %L', of_jobs.attname, of_jobs.text);
    END LOOP;
END
$$;

-- 100 tenants make plans that look dear and run in milliseconds; compiling one takes longer than that. Only the owner of the
-- database may set it: whoever runs this with less goes on without.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'The database belongs to somebody else; "ALTER DATABASE % SET jit = off" would make the views of ops faster.', current_database();
END
$$;
