-- The outbound half: what a team did in Mazrica, and what Marketo should show because of it.
--
-- Whoever changes a contact, a deal, an action, an action contact or a phase writes the story of it in the same transaction, by triggers; none of
-- them waits for anybody else's transaction, so a team's own work can neither dead-lock nor queue behind the sync. A job (`note-changes`) tells
-- the workers which part of the story is new. They work out what Marketo should show (`sync.desired_values`, a row a contact and field) and what
-- has to be sent for it (`sync.pushes`, a row a lead and field).
--
-- The order of events is the order of `seq` (`sync.event_seq`), drawn while the changed row is locked.

-- 1. The story --------------------------------------------------------------------------------------------------------

-- One thing that happened is one `seq`: a row with contact 0, unless it is about a single contact, and a row for each contact whom it concerns.
CREATE TABLE sync.contact_events (
    tenant_id bigint NOT NULL,
    seq bigint NOT NULL,
    contact_id bigint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    deal_id bigint,
    action_id bigint,
    -- The deal's phase, and what it was called, at that moment.
    phase_id bigint,
    phase text,
    -- The kind of an action that counts (it is completed, and the contact takes part in it).
    activity text,
    -- Which columns of a contact a user changed.
    fields text[],
    CONSTRAINT contact_events_pkey PRIMARY KEY (tenant_id, seq, contact_id),
    CONSTRAINT contact_events_kind_check CHECK (kind IN (
        'contact_created', 'contact_edited', 'contact_deleted', 'contact_restored', 'contact_linked', 'contact_unlinked',
        'action_contact_added', 'action_contact_removed', 'action_created', 'action_completed', 'action_reopened', 'action_corrected', 'action_moved',
        'action_deleted',
        'deal_created', 'phase_changed', 'deal_merged', 'deal_deleted', 'phase_created', 'phase_renamed', 'phase_deleted'
    ))
);
COMMENT ON TABLE sync.contact_events IS 'What happened to contacts, deals, actions and phases, in order; appended to, never changed.';
-- A contact's own story, newest first.
CREATE INDEX contact_events_contact_idx ON sync.contact_events (tenant_id, contact_id, seq) WHERE contact_id <> 0;
-- What a deal's phase was last, and whether the deal is gone.
CREATE INDEX contact_events_deal_idx ON sync.contact_events (tenant_id, deal_id, seq) WHERE contact_id = 0 AND deal_id IS NOT NULL;
-- When an action was last completed, and what its kind turned out to be since.
CREATE INDEX contact_events_completed_idx ON sync.contact_events (tenant_id, action_id, seq)
    WHERE contact_id = 0 AND kind IN ('action_completed', 'action_corrected');

-- 2. What Marketo should show --------------------------------------------------------------------------------------------

CREATE TABLE sync.desired_values (
    tenant_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    -- phase, status, or a column of the contact that a user changed.
    field text NOT NULL,
    -- Of phase and status; a contact's own columns are read where they are.
    value text,
    -- The event that decided it: of all that are there the latest.
    seq bigint NOT NULL,
    -- Rises with each decision; what was sent of an older one is sent anew.
    version bigint NOT NULL DEFAULT nextval('sync.event_seq'),
    deal_id bigint,
    action_id bigint,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT desired_values_pkey PRIMARY KEY (tenant_id, contact_id, field),
    CONSTRAINT desired_values_field_check CHECK (field IN ('phase', 'status', 'name', 'email', 'phone', 'mobile_phone', 'title', 'department'))
);
COMMENT ON TABLE sync.desired_values IS 'What Marketo should show of a contact, a row a field: the latest event wins; can be worked out anew from sync.contact_events.';
-- Whose shown phase comes from a deal.
CREATE INDEX desired_values_deal_idx ON sync.desired_values (tenant_id, deal_id) WHERE deal_id IS NOT NULL;

CREATE TABLE sync.pushes (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    field text NOT NULL,
    -- The contact whose value it is: of several with this lead the one of the latest event.
    contact_id bigint NOT NULL,
    desired text,
    -- The version of the desired value.
    seq bigint NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting',
    reason text,
    -- What Marketo has confirmed last.
    acked_value text,
    acked_seq bigint,
    -- What was last put into a call, and when; without an answer it may or may not have arrived.
    sent_value text,
    sent_seq bigint,
    sent_at timestamptz,
    -- The job in whose call it is, and its lease: if that is over, nobody waits for an answer any more.
    holder_job bigint,
    holder_lease bigint,
    -- An older value of which no answer came may still arrive until then; so the value is sent once more after it.
    confirm_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- The most leads a call with this one may have: halved each time such a call takes too long.
    batch_limit integer,
    -- Sent without the lead's other fields: Marketo refused them together.
    is_alone boolean NOT NULL DEFAULT false,
    CONSTRAINT pushes_pkey PRIMARY KEY (tenant_id, lead_id, field),
    CONSTRAINT pushes_state_check CHECK (state IN ('waiting', 'sending', 'acked', 'parked', 'refused'))
) WITH (fillfactor = 70);
COMMENT ON TABLE sync.pushes IS 'Lead fields on their way to Marketo: desired, sent, confirmed.';
-- The rows of a contact, by its number alone, as no two tenants share one: an index that begins with the tenant looks as good as the key to a planner that
-- takes the table for empty, and then all of a tenant's rows would be walked for each push that is looked for. Whose it is, is asked all the same, in a form
-- that is no index's (`tenant_id + 0`).
CREATE INDEX pushes_contact_idx ON sync.pushes (contact_id);
-- Those that are not at rest, the oldest first.
CREATE INDEX pushes_waiting_idx ON sync.pushes (tenant_id, since, lead_id) WHERE state IN ('waiting', 'sending');

-- Leads are made one call at a time a tenant. A call of which no answer came keeps the turn for a while: what it made may only then be found.
CREATE TABLE sync.creation_turns (
    tenant_id bigint NOT NULL,
    holder_job bigint,
    holder_lease bigint,
    -- When the call that makes leads was sent; null once its answer is stored.
    sent_at timestamptz,
    CONSTRAINT creation_turns_pkey PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE sync.creation_turns IS 'Who makes leads for a tenant just now.';

-- What was sent of a contact to make its lead of, by the order of events: if the answer is lost and the lead is found, what was edited later is news to it.
CREATE TABLE sync.creation_attempts (
    tenant_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    baseline_seq bigint NOT NULL,
    -- By which the lead is found, should the contact be gone by then.
    address text NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT creation_attempts_pkey PRIMARY KEY (tenant_id, contact_id)
);
COMMENT ON TABLE sync.creation_attempts IS 'Contacts of which a lead is being made, until the answer is stored.';

-- 3. Noticing -------------------------------------------------------------------------------------------------------------

/*
 Tells the workers that a part of the story is new. One job a statement and tenant, whatever the number of rows; without a key, as a key would have
 the statements of one tenant wait for each other.
*/
CREATE FUNCTION sync.tell(of_tenant bigint, first_seq bigint, last_seq bigint) RETURNS void LANGUAGE sql
AS $$
    SELECT FROM (
        SELECT jobs.enqueue('note-changes', jsonb_build_object('from', first_seq, 'to', last_seq), tenants.name)
        FROM sync.tenants WHERE tenants.id = of_tenant AND first_seq IS NOT NULL
    ) AS told
$$;

/* Contacts: what users did; what the sync itself writes is no news (no echo). */
CREATE FUNCTION sync.notice_new_contacts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    IF current_setting('kakehashi.sync_proof', true) IS NOT DISTINCT FROM crm.sync_proof() THEN
        RETURN NULL;
    END IF;
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.id, 'contact_created'
            FROM (
                SELECT added.tenant_id, added.id FROM added JOIN sync.tenants ON tenants.id = added.tenant_id
                WHERE added.deleted_at IS NULL
                ORDER BY added.id
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.notice_edited_contacts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    IF current_setting('kakehashi.sync_proof', true) IS NOT DISTINCT FROM crm.sync_proof() THEN
        RETURN NULL;
    END IF;
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, fields)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.id, ordered.kind, ordered.fields
            FROM (
                SELECT written.tenant_id, written.id, news.kind, news.fields
                FROM written
                JOIN before USING (id)
                JOIN sync.tenants ON tenants.id = written.tenant_id
                CROSS JOIN LATERAL (
                    SELECT array_remove(ARRAY[
                        CASE WHEN before.name IS DISTINCT FROM written.name THEN 'name' END,
                        CASE WHEN before.email IS DISTINCT FROM written.email THEN 'email' END,
                        CASE WHEN before.phone IS DISTINCT FROM written.phone THEN 'phone' END,
                        CASE WHEN before.mobile_phone IS DISTINCT FROM written.mobile_phone THEN 'mobile_phone' END,
                        CASE WHEN before.title IS DISTINCT FROM written.title THEN 'title' END,
                        CASE WHEN before.department IS DISTINCT FROM written.department THEN 'department' END
                    ], NULL) AS fields
                ) AS edited
                CROSS JOIN LATERAL (
                    SELECT 1 AS place, 'contact_deleted' AS kind, NULL::text[] AS fields WHERE before.deleted_at IS NULL AND written.deleted_at IS NOT NULL
                    UNION ALL
                    SELECT 2, 'contact_restored', NULL WHERE before.deleted_at IS NOT NULL AND written.deleted_at IS NULL
                    UNION ALL
                    SELECT 3, 'contact_edited', edited.fields WHERE cardinality(edited.fields) > 0
                ) AS news
                ORDER BY written.id, news.place
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.notice_gone_contacts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.id, 'contact_deleted'
            FROM (
                SELECT gone.tenant_id, gone.id FROM gone JOIN sync.tenants ON tenants.id = gone.tenant_id
                WHERE gone.deleted_at IS NULL
                ORDER BY gone.id
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER notice_new AFTER INSERT ON crm.contacts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_new_contacts();
CREATE TRIGGER notice_edited AFTER UPDATE ON crm.contacts REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_edited_contacts();
CREATE TRIGGER notice_gone AFTER DELETE ON crm.contacts REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_gone_contacts();

/*
 Action contacts. The phase and the action's status are those seen now; should somebody change them in a transaction that is open just now, their own
 event and this one are put together once both are there (`note-changes`). Of several in one statement the action that ends last counts last (D7).
*/
CREATE FUNCTION sync.notice_new_action_contacts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, deal_id, action_id, phase_id, phase, activity)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.contact_id, 'action_contact_added', ordered.deal_id, ordered.action_id,
                ordered.phase_id, ordered.phase, ordered.activity
            FROM (
                SELECT added.tenant_id, added.contact_id, added.action_id, actions.deal_id, phases.id AS phase_id, phases.name AS phase,
                    CASE WHEN actions.status = '完了' THEN actions.kind END AS activity
                FROM added
                JOIN sync.tenants ON tenants.id = added.tenant_id
                JOIN crm.actions ON actions.tenant_id = added.tenant_id AND actions.id = added.action_id
                LEFT JOIN crm.deals ON deals.tenant_id = actions.tenant_id AND deals.id = actions.deal_id
                LEFT JOIN crm.phases ON phases.tenant_id = deals.tenant_id AND phases.id = deals.phase_id
                ORDER BY actions.ends_at NULLS FIRST, added.action_id, added.contact_id
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.notice_gone_action_contacts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    -- Nothing follows from it: what Marketo shows of a contact stays (R54).
    INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, action_id)
    SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.contact_id, 'action_contact_removed', ordered.action_id
    FROM (
        SELECT gone.tenant_id, gone.contact_id, gone.action_id FROM gone JOIN sync.tenants ON tenants.id = gone.tenant_id
        ORDER BY gone.action_id, gone.contact_id
    ) AS ordered;
    RETURN NULL;
END
$$;

/* A row that was moved to another action or contact, or written anew, counts as a new registration (R69). */
CREATE FUNCTION sync.notice_moved_action_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    next_seq bigint;
BEGIN
    IF (OLD.action_id, OLD.contact_id) IS DISTINCT FROM (NEW.action_id, NEW.contact_id) THEN
        INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, action_id)
        SELECT OLD.tenant_id, nextval('sync.event_seq'), OLD.contact_id, 'action_contact_removed', OLD.action_id
        FROM sync.tenants WHERE tenants.id = OLD.tenant_id;
    END IF;
    INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, deal_id, action_id, phase_id, phase, activity)
    SELECT NEW.tenant_id, nextval('sync.event_seq'), NEW.contact_id, 'action_contact_added', actions.deal_id, NEW.action_id, phases.id, phases.name,
        CASE WHEN actions.status = '完了' THEN actions.kind END
    FROM sync.tenants
    JOIN crm.actions ON actions.tenant_id = NEW.tenant_id AND actions.id = NEW.action_id
    LEFT JOIN crm.deals ON deals.tenant_id = actions.tenant_id AND deals.id = actions.deal_id
    LEFT JOIN crm.phases ON phases.tenant_id = deals.tenant_id AND phases.id = deals.phase_id
    WHERE tenants.id = NEW.tenant_id
    RETURNING contact_events.seq INTO next_seq;
    PERFORM sync.tell(NEW.tenant_id, next_seq, next_seq);
    RETURN NULL;
END
$$;

CREATE TRIGGER notice_new AFTER INSERT ON crm.action_contacts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_new_action_contacts();
CREATE TRIGGER notice_gone AFTER DELETE ON crm.action_contacts REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_gone_action_contacts();
CREATE TRIGGER notice_moved AFTER UPDATE ON crm.action_contacts FOR EACH ROW
    WHEN ((OLD.action_id, OLD.contact_id, OLD.created_at) IS DISTINCT FROM (NEW.action_id, NEW.contact_id, NEW.created_at))
    EXECUTE FUNCTION sync.notice_moved_action_contact();

/* Actions: completed, taken back, of another kind than was said, carried to another deal. */
CREATE FUNCTION sync.notice_changed_actions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH head AS MATERIALIZED (
            SELECT nextval('sync.event_seq') AS seq, ordered.*
            FROM (
                SELECT written.tenant_id, written.id AS action_id, written.deal_id, news.kind, phases.id AS phase_id, phases.name AS phase, news.activity
                FROM written
                JOIN before USING (id)
                JOIN sync.tenants ON tenants.id = written.tenant_id
                LEFT JOIN crm.deals ON deals.tenant_id = written.tenant_id AND deals.id = written.deal_id
                LEFT JOIN crm.phases ON phases.tenant_id = deals.tenant_id AND phases.id = deals.phase_id
                CROSS JOIN LATERAL (
                    SELECT 1 AS place, 'action_moved' AS kind, NULL::text AS activity
                    WHERE written.deal_id IS NOT NULL AND before.deal_id IS DISTINCT FROM written.deal_id
                    UNION ALL
                    SELECT 2, 'action_completed', written.kind WHERE before.status <> '完了' AND written.status = '完了'
                    UNION ALL
                    SELECT 2, 'action_reopened', NULL WHERE before.status = '完了' AND written.status <> '完了'
                    UNION ALL
                    SELECT 2, 'action_corrected', written.kind
                    WHERE before.status = '完了' AND written.status = '完了' AND before.kind IS DISTINCT FROM written.kind
                ) AS news
                ORDER BY written.ends_at NULLS FIRST, written.id, news.place
            ) AS ordered
        ), story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, deal_id, action_id, phase_id, phase, activity)
            SELECT head.tenant_id, head.seq, 0, head.kind, head.deal_id, head.action_id, head.phase_id, head.phase, head.activity FROM head
            UNION ALL
            SELECT head.tenant_id, head.seq, action_contacts.contact_id, head.kind, head.deal_id, head.action_id, head.phase_id, head.phase, head.activity
            FROM head
            JOIN crm.action_contacts ON action_contacts.tenant_id = head.tenant_id AND action_contacts.action_id = head.action_id
            WHERE head.kind <> 'action_reopened'
            RETURNING contact_events.tenant_id, contact_events.seq, contact_events.kind
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story
        WHERE story.kind <> 'action_reopened'
        GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

/* Actions that are new or gone: told for the record only, since whom they concern is told by their action contacts. */
CREATE FUNCTION sync.record_actions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    INSERT INTO sync.contact_events (tenant_id, seq, kind, deal_id, action_id)
    SELECT ordered.tenant_id, nextval('sync.event_seq'), CASE TG_OP WHEN 'INSERT' THEN 'action_created' ELSE 'action_deleted' END,
        ordered.deal_id, ordered.id
    FROM (
        SELECT changed.tenant_id, changed.id, changed.deal_id FROM changed JOIN sync.tenants ON tenants.id = changed.tenant_id
        ORDER BY changed.id
    ) AS ordered;
    RETURN NULL;
END
$$;

CREATE TRIGGER notice_changed AFTER UPDATE ON crm.actions REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_changed_actions();
CREATE TRIGGER record_new AFTER INSERT ON crm.actions REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.record_actions();
CREATE TRIGGER record_gone AFTER DELETE ON crm.actions REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.record_actions();

/* Deals: a new phase concerns everybody who takes part in one of the deal's actions (R21). The same phase set again is no news (R70). */
CREATE FUNCTION sync.notice_changed_deals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH head AS MATERIALIZED (
            SELECT nextval('sync.event_seq') AS seq, ordered.*
            FROM (
                SELECT written.tenant_id, written.id AS deal_id, phases.id AS phase_id, phases.name AS phase
                FROM written
                JOIN before USING (id)
                JOIN sync.tenants ON tenants.id = written.tenant_id
                LEFT JOIN crm.phases ON phases.tenant_id = written.tenant_id AND phases.id = written.phase_id
                WHERE before.phase_id IS DISTINCT FROM written.phase_id
                ORDER BY written.id
            ) AS ordered
        ), story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, deal_id, phase_id, phase)
            SELECT head.tenant_id, head.seq, 0, 'phase_changed', head.deal_id, head.phase_id, head.phase FROM head
            UNION ALL
            SELECT head.tenant_id, head.seq, involved.contact_id, 'phase_changed', head.deal_id, head.phase_id, head.phase
            FROM head
            CROSS JOIN LATERAL (
                SELECT DISTINCT action_contacts.contact_id
                FROM crm.actions
                JOIN crm.action_contacts ON action_contacts.tenant_id = actions.tenant_id AND action_contacts.action_id = actions.id
                WHERE actions.tenant_id = head.tenant_id AND actions.deal_id = head.deal_id
            ) AS involved
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.record_new_deals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    INSERT INTO sync.contact_events (tenant_id, seq, kind, deal_id, phase_id, phase)
    SELECT ordered.tenant_id, nextval('sync.event_seq'), 'deal_created', ordered.id, ordered.phase_id, ordered.phase
    FROM (
        SELECT added.tenant_id, added.id, phases.id AS phase_id, phases.name AS phase
        FROM added
        JOIN sync.tenants ON tenants.id = added.tenant_id
        LEFT JOIN crm.phases ON phases.tenant_id = added.tenant_id AND phases.id = added.phase_id
        ORDER BY added.id
    ) AS ordered;
    RETURN NULL;
END
$$;

/* A deal that is deleted tells its action contacts before they vanish with it (R72). One that was merged into another has told them already (R71, D12). */
CREATE FUNCTION sync.notice_gone_deal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    next_seq CONSTANT bigint := nextval('sync.event_seq');
BEGIN
    IF NOT EXISTS (SELECT FROM sync.tenants WHERE tenants.id = OLD.tenant_id)
        OR EXISTS (
            SELECT FROM sync.contact_events
            WHERE contact_events.tenant_id = OLD.tenant_id AND contact_events.deal_id = OLD.id AND contact_events.contact_id = 0
                AND contact_events.kind = 'deal_merged'
        )
    THEN
        RETURN OLD;
    END IF;
    INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind, deal_id)
    SELECT OLD.tenant_id, next_seq, 0, 'deal_deleted', OLD.id
    UNION ALL
    SELECT OLD.tenant_id, next_seq, involved.contact_id, 'deal_deleted', OLD.id
    FROM (
        SELECT DISTINCT action_contacts.contact_id
        FROM crm.actions
        JOIN crm.action_contacts ON action_contacts.tenant_id = actions.tenant_id AND action_contacts.action_id = actions.id
        WHERE actions.tenant_id = OLD.tenant_id AND actions.deal_id = OLD.id
    ) AS involved;
    PERFORM sync.tell(OLD.tenant_id, next_seq, next_seq);
    RETURN OLD;
END
$$;

CREATE TRIGGER notice_changed AFTER UPDATE ON crm.deals REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_changed_deals();
CREATE TRIGGER record_new AFTER INSERT ON crm.deals REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sync.record_new_deals();
-- Before, and a row at a time: after it the actions are gone already.
CREATE TRIGGER notice_gone BEFORE DELETE ON crm.deals FOR EACH ROW EXECUTE FUNCTION sync.notice_gone_deal();

/* Phases: a new name is for the record, and is sent with the next event only (R22). */
CREATE FUNCTION sync.record_phases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    INSERT INTO sync.contact_events (tenant_id, seq, kind, phase_id, phase)
    SELECT ordered.tenant_id, nextval('sync.event_seq'), CASE TG_OP WHEN 'INSERT' THEN 'phase_created' ELSE 'phase_deleted' END, ordered.id, ordered.name
    FROM (
        SELECT changed.tenant_id, changed.id, changed.name FROM changed JOIN sync.tenants ON tenants.id = changed.tenant_id
        ORDER BY changed.id
    ) AS ordered;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.record_renamed_phase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    INSERT INTO sync.contact_events (tenant_id, seq, kind, phase_id, phase)
    SELECT NEW.tenant_id, nextval('sync.event_seq'), 'phase_renamed', NEW.id, NEW.name FROM sync.tenants WHERE tenants.id = NEW.tenant_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER record_new AFTER INSERT ON crm.phases REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.record_phases();
CREATE TRIGGER record_renamed AFTER UPDATE ON crm.phases FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION sync.record_renamed_phase();
CREATE TRIGGER record_gone AFTER DELETE ON crm.phases REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.record_phases();

-- 4. Merging deals ----------------------------------------------------------------------------------------------------

CREATE FUNCTION sync.notice_merge(of_tenant bigint, source bigint, target bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$
    INSERT INTO sync.contact_events (tenant_id, seq, kind, deal_id)
    SELECT of_tenant, nextval('sync.event_seq'), 'deal_merged', source FROM sync.tenants WHERE tenants.id = of_tenant
$$;

/*
 Makes one deal of two: the source goes, the target stays. With carry_actions the source's actions, and who took part in
 them, hang on the target from then on; without, they go with the source. Returns how many actions were carried.
*/
CREATE FUNCTION crm.merge_deals(source bigint, target bigint, carry_actions boolean) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    source_tenant bigint;
    target_tenant bigint;
    carried bigint := 0;
BEGIN
    IF source = target THEN
        RAISE EXCEPTION 'a deal can not be merged with itself (deal %)', source USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Both are locked in the order of their ids, so that two merges the other way round don't wait for each other.
    PERFORM FROM crm.deals WHERE deals.id IN (source, target) ORDER BY deals.id FOR UPDATE;
    SELECT deals.tenant_id INTO source_tenant FROM crm.deals WHERE deals.id = source;
    SELECT deals.tenant_id INTO target_tenant FROM crm.deals WHERE deals.id = target;
    IF source_tenant IS NULL OR target_tenant IS NULL THEN
        RAISE EXCEPTION 'there is no deal %', CASE WHEN source_tenant IS NULL THEN source ELSE target END USING ERRCODE = 'no_data_found';
    ELSIF source_tenant <> target_tenant THEN
        RAISE EXCEPTION 'deals % and % belong to different tenants', source, target USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- From here on its end is the end of a merge, no deletion (D12).
    PERFORM sync.notice_merge(source_tenant, source, target);
    IF carry_actions THEN
        -- Each action that hangs on another deal now tells its contacts (R71).
        UPDATE crm.actions SET deal_id = target WHERE actions.tenant_id = source_tenant AND actions.deal_id = source;
        GET DIAGNOSTICS carried = ROW_COUNT;
    END IF;
    DELETE FROM crm.deals WHERE deals.tenant_id = source_tenant AND deals.id = source;
    RETURN carried;
END
$$;

-- 5. Links --------------------------------------------------------------------------------------------------------------

/*
 A contact about which there is a story gets a lead, or loses it: what waits for that is looked at again. Whose story has yet to be committed will
 find the link. Most contacts of a full load have none, and cost nothing here.
*/
CREATE FUNCTION sync.notice_new_links() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.contact_id, 'contact_linked'
            FROM (
                SELECT DISTINCT added.tenant_id, added.contact_id FROM added
                WHERE added.state = 'active' AND EXISTS (
                    SELECT FROM sync.contact_events AS told
                    WHERE told.tenant_id = added.tenant_id AND told.contact_id = added.contact_id AND told.contact_id <> 0
                )
                ORDER BY added.tenant_id, added.contact_id
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION sync.notice_changed_links() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH story AS (
            INSERT INTO sync.contact_events (tenant_id, seq, contact_id, kind)
            SELECT ordered.tenant_id, nextval('sync.event_seq'), ordered.contact_id, ordered.kind
            FROM (
                SELECT DISTINCT written.tenant_id, written.contact_id,
                    CASE written.state WHEN 'active' THEN 'contact_linked' ELSE 'contact_unlinked' END AS kind
                FROM written JOIN before USING (tenant_id, lead_id, contact_id)
                WHERE (written.state = 'active') <> (before.state = 'active') AND EXISTS (
                    SELECT FROM sync.contact_events AS told
                    WHERE told.tenant_id = written.tenant_id AND told.contact_id = written.contact_id AND told.contact_id <> 0
                )
                ORDER BY 1, 2, 3
            ) AS ordered
            RETURNING contact_events.tenant_id, contact_events.seq
        )
        SELECT story.tenant_id, min(story.seq) AS first, max(story.seq) AS last FROM story GROUP BY story.tenant_id
    LOOP
        PERFORM sync.tell(part.tenant_id, part.first, part.last);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER notice_new AFTER INSERT ON sync.lead_links REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_new_links();
CREATE TRIGGER notice_changed AFTER UPDATE ON sync.lead_links REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION sync.notice_changed_links();

-- 6. From desired values to pushes -----------------------------------------------------------------------------------------

/* The kind of job that sends a field. */
CREATE FUNCTION sync.push_kind(field text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE field WHEN 'phase' THEN 'push-phase' WHEN 'status' THEN 'push-lead-status' ELSE 'push-contact' END;

/*
 What is to be sent of these contacts rests while their link is gone, and goes on when it is there again. What is in a call is left alone until that is over.
 Take the tenant's turn for pushes first.
*/
CREATE FUNCTION sync.rest_pushes(of_tenant bigint, of_contacts bigint[]) RETURNS void LANGUAGE sql
AS $$
    UPDATE sync.pushes
    SET state = CASE WHEN link.state = 'active' THEN 'waiting' ELSE 'parked' END,
        reason = CASE link.state WHEN 'active' THEN NULL WHEN 'merged' THEN 'lead_merged' ELSE link.state END
    FROM (
        SELECT pushes.lead_id, pushes.field,
            CASE
                WHEN contacts.id IS NULL OR contacts.deleted_at IS NOT NULL THEN 'contact_deleted'
                ELSE coalesce(lead_links.state, 'contact_deleted')
            END AS state
        FROM sync.pushes
        LEFT JOIN sync.lead_links ON lead_links.tenant_id = of_tenant AND lead_links.lead_id = pushes.lead_id AND lead_links.contact_id = pushes.contact_id
        LEFT JOIN crm.contacts ON contacts.tenant_id = of_tenant AND contacts.id = pushes.contact_id
        WHERE pushes.contact_id = ANY (of_contacts) AND pushes.tenant_id + 0 = of_tenant
            AND (
                pushes.state = 'waiting' OR pushes.state = 'parked' AND pushes.reason IN ('lead_deleted', 'lead_merged', 'contact_deleted')
                OR pushes.state = 'sending' AND NOT EXISTS (
                    SELECT FROM jobs.job
                    WHERE job.id = pushes.holder_job AND job.state = 'running' AND job.lease_no = pushes.holder_lease
                )
            )
        ORDER BY pushes.lead_id, pushes.field
        FOR UPDATE OF pushes
    ) AS link
    WHERE pushes.tenant_id = of_tenant AND pushes.lead_id = link.lead_id AND pushes.field = link.field
        AND (pushes.state = 'parked') = (link.state = 'active');
    -- Nor is it sent once more for certainty's sake: nobody is there to be told.
    UPDATE sync.pushes SET confirm_at = NULL
    WHERE pushes.contact_id = ANY (of_contacts) AND pushes.tenant_id + 0 = of_tenant AND pushes.state = 'acked' AND pushes.confirm_at IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM crm.contacts JOIN sync.lead_links ON lead_links.tenant_id = of_tenant AND lead_links.contact_id = contacts.id
            WHERE contacts.tenant_id = of_tenant AND contacts.id = pushes.contact_id AND contacts.deleted_at IS NULL
                AND lead_links.lead_id = pushes.lead_id AND lead_links.state = 'active'
        );
$$;

/*
 Brings the pushes of these contacts in line with what is desired of them and with their links, and sees that each that waits has its job. Any number of
 times with the same end. Take the tenant's turn for pushes first.

 A value that Marketo has confirmed already is not sent again, unless something else was sent meanwhile and may have arrived.
*/
CREATE FUNCTION sync.want_pushes(of_tenant bigint, of_contacts bigint[]) RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    named text;
    gathered interval;
    with_edits boolean;
    waiting bigint;
BEGIN
    SELECT tenants.name, make_interval(secs => coalesce((tenants.settings ->> 'coalesce-seconds')::float8, 30)),
        coalesce(tenants.settings ->> 'push-edits', 'on') = 'on'
    INTO named, gathered, with_edits
    FROM sync.tenants WHERE tenants.id = of_tenant;

    -- Step by step from those asked for (OFFSET 0), each step by a key of its own: a planner without statistics believes a tenant to have a single contact
    -- and would take any index that begins with the tenant, or is partial, for as good.
    INSERT INTO sync.pushes AS kept (tenant_id, lead_id, field, contact_id, desired, seq)
    SELECT of_tenant, newest.lead_id, newest.field, newest.contact_id, newest.value,
        -- Of another contact than before it is news, whenever it was decided.
        CASE WHEN earlier.seq >= newest.seq AND earlier.contact_id <> newest.contact_id THEN nextval('sync.event_seq') ELSE newest.seq END
    FROM (
        SELECT DISTINCT ON (concerned.lead_id, wanted.field) concerned.lead_id, wanted.field, holder.id AS contact_id, wanted.version AS seq,
            CASE wanted.field
                WHEN 'name' THEN holder.name
                WHEN 'email' THEN holder.email
                WHEN 'phone' THEN holder.phone
                WHEN 'mobile_phone' THEN holder.mobile_phone
                WHEN 'title' THEN holder.title
                WHEN 'department' THEN holder.department
                ELSE wanted.value
            END AS value
        FROM (
            SELECT DISTINCT own.lead_id
            FROM unnest(of_contacts) AS asked (contact_id)
            CROSS JOIN LATERAL (
                SELECT lead_links.lead_id FROM sync.lead_links
                WHERE lead_links.tenant_id = of_tenant AND lead_links.contact_id = asked.contact_id AND lead_links.state = 'active'
                OFFSET 0
            ) AS own
            CROSS JOIN LATERAL (SELECT contacts.tenant_id, contacts.deleted_at FROM crm.contacts WHERE contacts.id = asked.contact_id OFFSET 0) AS living
            WHERE living.tenant_id = of_tenant AND living.deleted_at IS NULL
        ) AS concerned
        CROSS JOIN LATERAL (
            SELECT lead_links.contact_id, lead_links.baseline_seq FROM sync.lead_links
            WHERE lead_links.tenant_id = of_tenant AND lead_links.lead_id = concerned.lead_id AND lead_links.state = 'active'
            OFFSET 0
        ) AS link
        CROSS JOIN LATERAL (SELECT contacts.* FROM crm.contacts WHERE contacts.id = link.contact_id OFFSET 0) AS holder
        CROSS JOIN LATERAL (
            SELECT desired_values.field, desired_values.value, desired_values.seq, desired_values.version FROM sync.desired_values
            WHERE desired_values.tenant_id = of_tenant AND desired_values.contact_id = holder.id
                AND (desired_values.field IN ('phase', 'status') OR with_edits AND desired_values.seq > link.baseline_seq)
            OFFSET 0
        ) AS wanted
        WHERE holder.tenant_id = of_tenant AND holder.deleted_at IS NULL
        ORDER BY concerned.lead_id, wanted.field, wanted.seq DESC, wanted.version DESC
    ) AS newest
    LEFT JOIN LATERAL (
        SELECT pushes.seq, pushes.contact_id FROM sync.pushes
        WHERE pushes.tenant_id = of_tenant AND pushes.lead_id = newest.lead_id AND pushes.field = newest.field
        OFFSET 0
    ) AS earlier ON true
    ON CONFLICT (tenant_id, lead_id, field) DO UPDATE
    SET contact_id = excluded.contact_id, desired = excluded.desired, seq = excluded.seq, since = excluded.since, attempts = 0,
        reason = CASE WHEN kept.state = 'refused' AND kept.desired IS NOT DISTINCT FROM excluded.desired THEN kept.reason END,
        is_alone = false, batch_limit = NULL,
        acked_seq = CASE
            WHEN kept.acked_value IS NOT DISTINCT FROM excluded.desired AND kept.acked_seq >= coalesce(kept.sent_seq, 0) THEN excluded.seq
            ELSE kept.acked_seq
        END,
        state = CASE
            WHEN kept.state = 'sending' THEN 'sending'
            -- Refused until the value changes.
            WHEN kept.state = 'refused' AND kept.desired IS NOT DISTINCT FROM excluded.desired THEN 'refused'
            WHEN kept.acked_value IS NOT DISTINCT FROM excluded.desired AND kept.acked_seq >= coalesce(kept.sent_seq, 0) THEN 'acked'
            ELSE 'waiting'
        END
    WHERE kept.seq < excluded.seq;

    PERFORM sync.rest_pushes(of_tenant, of_contacts);

    PERFORM jobs.enqueue(job.kind, jsonb_build_object('contact', job.contact_id), named, clock_timestamp() + gathered, 'contact:' || job.contact_id)
    FROM (
        SELECT DISTINCT sync.push_kind(own.field) AS kind, asked.contact_id
        FROM unnest(of_contacts) AS asked (contact_id)
        CROSS JOIN LATERAL (
            SELECT pushes.tenant_id, pushes.field, pushes.state FROM sync.pushes WHERE pushes.contact_id = asked.contact_id OFFSET 0
        ) AS own
        WHERE own.tenant_id = of_tenant AND own.state IN ('waiting', 'sending')
        ORDER BY 1, 2
    ) AS job
    WHERE named IS NOT NULL;

    PERFORM sync.flush_full_calls(of_tenant);
END
$$;
COMMENT ON FUNCTION sync.want_pushes IS 'Brings the pushes of contacts in line with what is desired of them, and sees that each has its job.';

/* As many pushes as fill whole calls need not wait until their time is up. Of those that are tried again after a fault the time stays. */
CREATE FUNCTION sync.flush_full_calls(of_tenant bigint) RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    gathered bigint;
BEGIN
    SELECT count(*) INTO gathered FROM jobs.job
    WHERE job.tenant_id = of_tenant AND job.state = 'scheduled' AND job.kind IN ('push-phase', 'push-lead-status', 'push-contact')
        AND job.unique_key LIKE 'contact:%' AND job.attempt = 0 AND job.note IS NULL;
    UPDATE jobs.job SET state = 'ready', run_at = least(job.run_at, now())
    FROM (
        SELECT scheduled.id FROM jobs.job AS scheduled
        WHERE scheduled.tenant_id = of_tenant AND scheduled.state = 'scheduled'
            AND scheduled.kind IN ('push-phase', 'push-lead-status', 'push-contact')
            -- What is sent once more for certainty's sake (`confirm:`) keeps its time too.
            AND scheduled.unique_key LIKE 'contact:%' AND scheduled.attempt = 0 AND scheduled.note IS NULL
        ORDER BY scheduled.run_at, scheduled.id
        LIMIT gathered / 300 * 300
        FOR UPDATE SKIP LOCKED
    ) AS full_call
    WHERE job.id = full_call.id;
END
$$;

-- 7. What operators see ---------------------------------------------------------------------------------------------------

CREATE VIEW ops.pushes AS
SELECT tenants.name AS tenant, moving.contact_id, moving.lead_id,
    CASE moving.field
        WHEN 'phase' THEN coalesce(lead_fields.phase, tenants.settings ->> 'phase-field', 'mazrica_phase')
        WHEN 'status' THEN coalesce(lead_fields.status, nullif(tenants.settings ->> 'status-field', ''), 'leadStatus')
        WHEN 'mobile_phone' THEN 'mobilePhone'
        ELSE moving.field
    END AS field,
    moving.desired, moving.sent, moving.state, moving.reason, moving.since
FROM (
    SELECT pushes.tenant_id, pushes.contact_id, pushes.lead_id, pushes.field, pushes.desired, pushes.sent_value AS sent, pushes.state, pushes.reason,
        pushes.since
    FROM sync.pushes
    UNION ALL
    -- A contact without a lead: its lead has yet to be made, or it has no address to make one by.
    SELECT desired_values.tenant_id, desired_values.contact_id, NULL, desired_values.field, desired_values.value, NULL, 'waiting_link',
        CASE WHEN contacts.email_key IS NULL THEN 'no_email' END, desired_values.since
    FROM sync.desired_values
    JOIN crm.contacts ON contacts.tenant_id = desired_values.tenant_id AND contacts.id = desired_values.contact_id AND contacts.deleted_at IS NULL
    WHERE desired_values.field IN ('phase', 'status') AND NOT EXISTS (
        SELECT FROM sync.lead_links
        WHERE lead_links.tenant_id = desired_values.tenant_id AND lead_links.contact_id = desired_values.contact_id
            AND lead_links.state IN ('active', 'lead_deleted')
    )
) AS moving
JOIN sync.tenants ON tenants.id = moving.tenant_id
LEFT JOIN sync.lead_fields ON lead_fields.tenant_id = moving.tenant_id;
COMMENT ON VIEW ops.pushes IS 'Lead fields on their way to Marketo: what is desired, what was sent, and how it stands.';

-- 8. Contacts from before set-up (D8) --------------------------------------------------------------------------------------

/* As soon as the owner wants them pushed, the whole story counts. */
CREATE FUNCTION sync.push_existing() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM sync.tell(NEW.id, told.first, told.last)
    FROM (
        SELECT min(contact_events.seq) AS first, max(contact_events.seq) AS last FROM sync.contact_events WHERE contact_events.tenant_id = NEW.id
    ) AS told;
    RETURN NULL;
END
$$;

CREATE TRIGGER push_existing AFTER UPDATE OF settings ON sync.tenants FOR EACH ROW
    WHEN (OLD.settings ->> 'push-existing' IS DISTINCT FROM NEW.settings ->> 'push-existing' AND NEW.settings ->> 'push-existing' = 'on')
    EXECUTE FUNCTION sync.push_existing();
