-- Roles with no more than they need, for teams that want them: processes, operators, and an application that works on crm. docs/roles.md says how to set
-- them up. Everything also works with the one role that owns the database (CONTRACT 5): then nothing here matters.
--
-- A role belongs to the whole cluster and takes CREATEROLE to make, which the owner of a database need not have. So the roles are made once by hand, and
-- ops.grant_roles() gives each its rights, also after a later migration.

-- 1. Nobody calls anything by being anybody ---------------------------------------------------------------------------

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs, crm, sync, ops FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- But for the keys of addresses, names and numbers that stand beside the columns of crm: writing works them out.
DO $$
DECLARE
    key regprocedure;
BEGIN
    FOR key IN SELECT pg_proc.oid FROM pg_catalog.pg_proc WHERE pg_proc.pronamespace = 'crm'::regnamespace AND pg_proc.provolatile = 'i' LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', key);
    END LOOP;
END
$$;

-- 2. What runs with the owner's rights, so that its caller needs none on the tables -----------------------------------
--
-- Every name in them is qualified; the search path is fixed all the same.

ALTER FUNCTION ops.tenant_id(text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.kind(text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.why SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.retry_job(bigint) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.cancel_job(bigint) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.bury_job(bigint, text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.pause(text, text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.resume(text, text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.retry_dead(text, text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.sync_now(text) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION ops.resync_lead(text, bigint) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION jobs.is_deep() SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION jobs.has_fresh_count() SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION jobs.uncounted_since() SECURITY DEFINER SET search_path = pg_catalog;
-- A merge moves actions and is known to the sync before the deal goes.
ALTER FUNCTION crm.merge_deals(bigint, bigint, boolean) SECURITY DEFINER SET search_path = pg_catalog;
-- Only an owner adds or drops a day of the history, or looks anew at the size of its tables.
ALTER FUNCTION jobs.make_history_day(date) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION jobs.drop_history_before(timestamptz) SECURITY DEFINER SET search_path = pg_catalog;
ALTER FUNCTION sync.refresh_statistics() SECURITY DEFINER SET search_path = pg_catalog;

-- 3. Who gets what ----------------------------------------------------------------------------------------------------

/*
 Gives each of three roles that exist its rights and takes nothing from anybody; a role that is not there is passed over. Safe to call again.

 - processes (worker, scheduler, the command line): read and write the rows of jobs, sync and crm; no tables, no other schemas.
 - operators: read ops and call its functions; no table, no credentials, no removal of a tenant.
 - application: reads and writes crm, never the three fields of the sync; learns the numbers of the tenants and nothing else of sync.
*/
CREATE FUNCTION ops.grant_roles(processes text DEFAULT 'kakehashi_app', operators text DEFAULT 'kakehashi_ops', application text DEFAULT 'kakehashi_crm')
RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
    granted text[] := '{}';
    missing text[] := '{}';
    reading record;
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = processes) THEN
        EXECUTE format('GRANT USAGE ON SCHEMA jobs, sync, crm, ops, schema_versions TO %I', processes);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs, sync, crm TO %I', processes);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA ops, schema_versions TO %I', processes);
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA jobs, sync, crm TO %I', processes);
        EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs, sync, crm, ops TO %I', processes);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION ops.grant_roles FROM %I', processes);
        -- From PostgreSQL 17 on the workers' own clearing of the hot table can be granted; before, the server's cleaning does without.
        IF current_setting('server_version_num')::integer >= 170000 THEN
            EXECUTE format('GRANT MAINTAIN ON jobs.job TO %I', processes);
        END IF;
        granted := granted || processes;
    ELSE
        missing := missing || processes;
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = operators) THEN
        EXECUTE format('GRANT USAGE ON SCHEMA ops TO %I', operators);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA ops TO %I', operators);
        EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ops TO %I', operators);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION ops.grant_roles, ops.begin_removal, ops.remove_bite, ops.finish_removal FROM %I', operators);
        -- What the views work out: functions that can't write, run with the operator's own rights. They look at the counts of former days, and at no other table.
        EXECUTE format('GRANT USAGE ON SCHEMA jobs, sync TO %I', operators);
        EXECUTE format('GRANT SELECT ON sync.usage_days TO %I', operators);
        FOR reading IN
            SELECT pg_proc.oid::regprocedure AS name FROM pg_catalog.pg_proc
            WHERE pg_proc.pronamespace IN ('jobs'::regnamespace, 'sync'::regnamespace) AND pg_proc.provolatile <> 'v'
        LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', reading.name, operators);
        END LOOP;
        granted := granted || operators;
    ELSE
        missing := missing || operators;
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = application) THEN
        EXECUTE format('GRANT USAGE ON SCHEMA crm, sync TO %I', application);
        EXECUTE format('GRANT SELECT (id, name) ON sync.tenants TO %I', application);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON crm.accounts, crm.contacts, crm.phases, crm.deals, crm.actions, crm.action_contacts TO %I',
            application);
        EXECUTE format('GRANT EXECUTE ON FUNCTION crm.merge_deals TO %I', application);
        granted := granted || application;
    ELSE
        missing := missing || application;
    END IF;
    RETURN concat_ws('; ', 'granted: ' || coalesce(nullif(array_to_string(granted, ', '), ''), 'none'),
        'no such role: ' || nullif(array_to_string(missing, ', '), ''));
END
$$;
COMMENT ON FUNCTION ops.grant_roles IS
    'Gives the roles of processes, of operators and of an application on crm their rights, if they exist; again after each migration. For the owner alone.';
REVOKE EXECUTE ON FUNCTION ops.grant_roles FROM PUBLIC;

