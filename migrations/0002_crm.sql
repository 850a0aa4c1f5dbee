-- The Mazrica side: a team's accounts, contacts, deals and actions (CONTRACT 4).
--
-- Anybody may write here, by hand, by import or by an application; what the bridge must know of it is noticed by
-- triggers, never by code which a hand-written UPDATE would go round. Three fields of a contact belong to the sync
-- alone (R63, R64), and the database itself holds everybody else off.
--
-- `tenant_id` leads every key, and every reference between records carries it: no contact can point to another
-- tenant's account. The ids are unique by themselves as well, since `crm.merge_deals` and the key of
-- `crm.action_contacts` name records without their tenant.

DO $$
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'this database keeps its texts as %, but names and e-mail addresses of all the world need UTF8', current_setting('server_encoding')
            USING HINT = 'Create the database with ENCODING ''UTF8''.';
    END IF;
END
$$;

CREATE SCHEMA crm;
COMMENT ON SCHEMA crm IS 'The Mazrica side: accounts, contacts, deals, actions.';

-- 1. Keys: the normal forms in which two records are compared ---------------------------------------------------------
--
-- Each function has a twin in the room `Sync`, and a test compares the two on generated texts. Nothing here depends on
-- a locale: letters are lowered by the "C" rule or by a fixed table. As nearly all e-mail addresses are plain ASCII,
-- which NFKC and punycode leave alone, that case takes a short way.
-- Those in plain SQL are not STRICT, though null for null: the server then puts their text in the place of the call, which
-- otherwise costs more than what they do.

/*
 A text in NFKC, without white space at either end. A vowel of old Korean, U+11A7, is dropped behind a syllable of two
 letters: PostgreSQL (15.18 at least) loses it there, and keys must not hang on the version of a server.
*/
CREATE FUNCTION crm.trimmed(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(
        CASE
            WHEN octet_length(value) = char_length(value) THEN value
            WHEN strpos(value, U&'\11A7') = 0 THEN normalize(value, NFKC)
            ELSE normalize(regexp_replace(normalize(value, NFKD) COLLATE "C", U&'([\1100-\1112][\1161-\1175])\11A7+', '\1', 'g'), NFKC)
        END,
        U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000'
    );

/* One label of a domain in punycode, without its `xn--` (RFC 3492). */
CREATE FUNCTION crm.punycode(label text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    digits CONSTANT text := 'abcdefghijklmnopqrstuvwxyz0123456789';
    points int[] := ARRAY(SELECT ascii(letter) FROM unnest(string_to_array(label, NULL)) WITH ORDINALITY AS of (letter, place) ORDER BY place);
    output text := (SELECT coalesce(string_agg(chr(point), '' ORDER BY place), '') FROM unnest(points) WITH ORDINALITY AS of (point, place) WHERE point < 128);
    basic int := length(output);
    handled int := basic;
    next_point int := 128;
    delta bigint := 0;
    bias int := 72;
    least int;
    point int;
    rest bigint;
    place int;
    threshold int;
    spread bigint;
BEGIN
    IF basic > 0 THEN
        output := output || '-';
    END IF;
    WHILE handled < cardinality(points) LOOP
        least := (SELECT min(candidate) FROM unnest(points) AS candidate WHERE candidate >= next_point);
        delta := delta + (least - next_point)::bigint * (handled + 1);
        next_point := least;
        FOREACH point IN ARRAY points LOOP
            IF point < next_point THEN
                delta := delta + 1;
            ELSIF point = next_point THEN
                rest := delta;
                place := 36;
                LOOP
                    threshold := CASE WHEN place <= bias THEN 1 WHEN place >= bias + 26 THEN 26 ELSE place - bias END;
                    EXIT WHEN rest < threshold;
                    output := output || substr(digits, (threshold + (rest - threshold) % (36 - threshold))::int + 1, 1);
                    rest := (rest - threshold) / (36 - threshold);
                    place := place + 36;
                END LOOP;
                output := output || substr(digits, rest::int + 1, 1);
                spread := CASE WHEN handled = basic THEN delta / 700 ELSE delta / 2 END;
                spread := spread + spread / (handled + 1);
                bias := 0;
                WHILE spread > 455 LOOP
                    spread := spread / 35;
                    bias := bias + 36;
                END LOOP;
                bias := bias + (36 * spread / (spread + 38))::int;
                delta := 0;
                handled := handled + 1;
            END IF;
        END LOOP;
        delta := delta + 1;
        next_point := next_point + 1;
    END LOOP;
    RETURN output;
END
$$;

/* A domain as it is compared: lowered by a fixed table, ideographic dots made dots, no dot at the end, A-labels. */
CREATE FUNCTION crm.domain_key(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    lowered text;
BEGIN
    IF octet_length(value) = char_length(value) THEN
        lowered := lower(value COLLATE "C");
        RETURN CASE WHEN right(lowered, 1) = '.' THEN left(lowered, -1) ELSE lowered END;
    END IF;
    lowered := translate(
        normalize(value, NFKC),
        U&'\3002\FF0E\FF61'
            || 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
            || 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ'
            || 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'
            || 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ',
        '...'
            || 'abcdefghijklmnopqrstuvwxyz'
            || 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'
            || 'αβγδεζηθικλμνξοπρστυφχψω'
            || 'абвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџ'
    );
    -- Once more, as a mark may join a small letter that it could not join before. And a label of more than 63 letters is
    -- left alone: no domain has one, and spelling it would take time by the square of its length.
    lowered := normalize(lowered, NFKC);
    lowered := CASE WHEN right(lowered, 1) = '.' THEN left(lowered, -1) ELSE lowered END;
    RETURN coalesce(
        (
            SELECT string_agg(
                CASE WHEN octet_length(label) = char_length(label) OR char_length(label) > 63 THEN label ELSE 'xn--' || crm.punycode(label) END,
                '.' ORDER BY place
            )
            FROM unnest(string_to_array(lowered, '.')) WITH ORDINALITY AS of (label, place)
        ),
        ''
    );
END
$$;

/* An e-mail address as it is compared (R41); null if it is blank. Says nothing about validity, which is R65's matter. */
CREATE FUNCTION crm.email_key(email text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    cleaned text;
    after_at int;
BEGIN
    IF octet_length(email) = char_length(email) THEN
        -- Plain ASCII, as nearly all are: the same in two steps.
        cleaned := lower(btrim(email, U&'\0009\000A\000B\000C\000D\0020') COLLATE "C");
        RETURN CASE WHEN cleaned = '' THEN NULL WHEN cleaned LIKE '%@%.' THEN left(cleaned, -1) ELSE cleaned END;
    END IF;
    cleaned := crm.trimmed(email);
    after_at := strpos(reverse(cleaned), '@') - 1;
    IF cleaned = '' THEN
        RETURN NULL;
    ELSIF after_at < 0 THEN
        RETURN normalize(lower(cleaned COLLATE "C"), NFKC);
    END IF;
    RETURN normalize(lower(left(cleaned, char_length(cleaned) - after_at) COLLATE "C"), NFKC) || crm.domain_key(right(cleaned, after_at));
END
$$;

/* What follows the last "@" of an address, as it is compared (R44); null without an "@" or with nothing after it. */
CREATE FUNCTION crm.email_domain(email text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    cleaned text;
    after_at int;
BEGIN
    IF octet_length(email) = char_length(email) THEN
        cleaned := lower(btrim(email, U&'\0009\000A\000B\000C\000D\0020') COLLATE "C");
        -- As a regular expression it would take longer than all else that is derived of an address.
        cleaned := CASE WHEN cleaned LIKE '%@%' THEN split_part(cleaned, '@', -1) END;
        RETURN nullif(CASE WHEN right(cleaned, 1) = '.' THEN left(cleaned, -1) ELSE cleaned END, '');
    END IF;
    cleaned := crm.trimmed(email);
    after_at := strpos(reverse(cleaned), '@') - 1;
    RETURN CASE WHEN after_at > 0 THEN nullif(crm.domain_key(right(cleaned, after_at)), '') END;
END
$$;

/* A phone number as it is compared (R47): its digits; null if it has none. */
CREATE FUNCTION crm.phone_key(phone text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nullif(
        regexp_replace(
            CASE WHEN octet_length(phone) = char_length(phone) THEN phone ELSE normalize(phone, NFKC) END COLLATE "C", '[^0-9]+', '', 'g'
        ),
        ''
    );

/*
 A company's name as it is compared (R47): NFKC, white space squeezed; null if blank. `fold` also writes the legal form out
 in full, without a space beside it: NFKC has made ㈱ and （株） into (株) before. Where it stands still counts.
*/
CREATE FUNCTION crm.company_key(name text, fold boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    squeezed text := regexp_replace(
        crm.trimmed(name) COLLATE "C",
        U&'[\0009-\000D\0020\0085\00A0\1680\2000-\200A\2028\2029\202F\205F\3000]+', ' ', 'g'
    );
BEGIN
    IF fold AND octet_length(squeezed) <> char_length(squeezed) THEN
        IF strpos(squeezed, '(') > 0 THEN
            squeezed := replace(replace(replace(replace(replace(
                squeezed, '(株)', '株式会社'), '(有)', '有限会社'), '(同)', '合同会社'), '(資)', '合資会社'), '(名)', '合名会社');
        END IF;
        IF strpos(squeezed, ' ') > 0 THEN
            squeezed := regexp_replace(squeezed, ' ?(株式会社|有限会社|合同会社|合資会社|合名会社) ?', '\1', 'g');
        END IF;
    END IF;
    RETURN nullif(squeezed, '');
END
$$;

/*
 A key that fits into an index: itself, or for more than 1,000 bytes its SHA-256. Texts here have no length limit, an
 index entry has one (a third of a page). The columns below hold keys in this form; who looks one up wraps the value
 that is looked for in this function. The limit lies far above every address and name that is one.
*/
CREATE FUNCTION crm.index_key(key text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN CASE WHEN octet_length(key) <= 1000 THEN key ELSE 'sha256:' || encode(sha256(convert_to(key, 'UTF8')), 'hex') END;
END
$$;

/*
 crm.index_key(crm.email_key(email)), as a column of a contact holds it. Plain ASCII, as nearly all are, takes half as long
 in this way: the server puts the text in the place of the call, and none of the functions above is called.
*/
CREATE FUNCTION crm.stored_email_key(email text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN octet_length(email) <> char_length(email) OR octet_length(email) > 1000
            OR btrim(email, U&'\0009\000A\000B\000C\000D\0020') LIKE '%.' THEN crm.index_key(crm.email_key(email))
        ELSE nullif(lower(btrim(email, U&'\0009\000A\000B\000C\000D\0020') COLLATE "C"), '')
    END;

/* crm.index_key(crm.email_domain(email)), likewise. */
CREATE FUNCTION crm.stored_email_domain(email text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN octet_length(email) <> char_length(email) OR octet_length(email) > 1000 OR strpos(email, '@') = 0
            OR btrim(email, U&'\0009\000A\000B\000C\000D\0020') LIKE '%.' THEN crm.index_key(crm.email_domain(email))
        ELSE nullif(lower(split_part(btrim(email, U&'\0009\000A\000B\000C\000D\0020'), '@', -1) COLLATE "C"), '')
    END;

-- 2. Tables -----------------------------------------------------------------------------------------------------------

CREATE TABLE crm.accounts (
    tenant_id bigint NOT NULL,
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    phone text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    name_key text COLLATE "C" GENERATED ALWAYS AS (crm.index_key(crm.company_key(name, false))) STORED,
    name_key_folded text COLLATE "C" GENERATED ALWAYS AS (crm.index_key(crm.company_key(name, true))) STORED,
    phone_key text COLLATE "C" GENERATED ALWAYS AS (crm.index_key(crm.phone_key(phone))) STORED,
    CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT accounts_id_key UNIQUE (id)
);
COMMENT ON TABLE crm.accounts IS 'A company that a team deals with.';
COMMENT ON COLUMN crm.accounts.name_key IS 'crm.index_key(crm.company_key(name, false)): how names are compared.';
COMMENT ON COLUMN crm.accounts.name_key_folded IS 'The same with the setting legal-form=fold.';
COMMENT ON COLUMN crm.accounts.phone_key IS 'crm.index_key(crm.phone_key(phone)): the digits.';

-- The account by name and phone (R47), the oldest first.
CREATE INDEX accounts_name_key_idx ON crm.accounts (tenant_id, name_key, phone_key, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_name_key_folded_idx ON crm.accounts (tenant_id, name_key_folded, phone_key, created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE crm.contacts (
    tenant_id bigint NOT NULL,
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    account_id bigint,
    name text NOT NULL,
    email text,
    phone text,
    mobile_phone text,
    department text,
    title text,
    lead_id bigint,
    lead_score integer,
    acquisition_date timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    email_key text COLLATE "C" GENERATED ALWAYS AS (crm.stored_email_key(email)) STORED,
    email_domain text COLLATE "C" GENERATED ALWAYS AS (crm.stored_email_domain(email)) STORED,
    CONSTRAINT contacts_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT contacts_id_key UNIQUE (id),
    CONSTRAINT contacts_account_fkey FOREIGN KEY (tenant_id, account_id)
        REFERENCES crm.accounts (tenant_id, id) ON DELETE SET NULL (account_id)
);
COMMENT ON TABLE crm.contacts IS 'A person that a team deals with. lead_id, lead_score and acquisition_date are written by the sync alone.';
COMMENT ON COLUMN crm.contacts.email_key IS 'crm.index_key(crm.email_key(email)): how addresses are compared.';
COMMENT ON COLUMN crm.contacts.email_domain IS 'crm.index_key(crm.email_domain(email)): what follows the "@".';

-- The oldest living contact with an address (R41, R42).
CREATE INDEX contacts_email_key_idx ON crm.contacts (tenant_id, email_key, created_at, id) WHERE deleted_at IS NULL;
-- The oldest living contact of a domain that has an account (R45).
CREATE INDEX contacts_email_domain_idx ON crm.contacts (tenant_id, email_domain, created_at, id)
    WHERE account_id IS NOT NULL AND deleted_at IS NULL;
-- The contacts of a lead (R40); the same lead may have several.
CREATE INDEX contacts_lead_id_idx ON crm.contacts (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
-- The people of an account; also what the deletion of an account has to look for.
CREATE INDEX contacts_account_id_idx ON crm.contacts (tenant_id, account_id) WHERE account_id IS NOT NULL;

CREATE TABLE crm.phases (
    tenant_id bigint NOT NULL,
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    position integer NOT NULL DEFAULT 0,
    CONSTRAINT phases_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT phases_id_key UNIQUE (id)
);
COMMENT ON TABLE crm.phases IS 'A step that a deal goes through, such as 提案 or 受注.';

CREATE TABLE crm.deals (
    tenant_id bigint NOT NULL,
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    account_id bigint,
    name text NOT NULL,
    phase_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deals_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT deals_id_key UNIQUE (id),
    CONSTRAINT deals_account_fkey FOREIGN KEY (tenant_id, account_id)
        REFERENCES crm.accounts (tenant_id, id) ON DELETE SET NULL (account_id),
    CONSTRAINT deals_phase_fkey FOREIGN KEY (tenant_id, phase_id) REFERENCES crm.phases (tenant_id, id)
);
COMMENT ON TABLE crm.deals IS 'Something that may be sold to an account. A deleted deal is a deleted row, its actions with it.';
CREATE INDEX deals_account_id_idx ON crm.deals (tenant_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX deals_phase_id_idx ON crm.deals (tenant_id, phase_id) WHERE phase_id IS NOT NULL;

CREATE TABLE crm.actions (
    tenant_id bigint NOT NULL,
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    deal_id bigint,
    account_id bigint,
    contact_id bigint,
    kind text NOT NULL,
    status text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT actions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT actions_id_key UNIQUE (id),
    CONSTRAINT actions_deal_fkey FOREIGN KEY (tenant_id, deal_id) REFERENCES crm.deals (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT actions_account_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES crm.accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT actions_contact_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT actions_kind_check CHECK (kind IN ('面談', 'メール', '電話', '社内タスク', '社外タスク')),
    CONSTRAINT actions_status_check CHECK (status IN ('予定', '完了')),
    CONSTRAINT actions_one_parent_check CHECK (num_nonnulls(deal_id, account_id, contact_id) <= 1)
);
COMMENT ON TABLE crm.actions IS 'What was done or is planned: a meeting, a mail, a call, a task; it hangs on a deal, an account, a contact or nothing.';
CREATE INDEX actions_deal_id_idx ON crm.actions (tenant_id, deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX actions_account_id_idx ON crm.actions (tenant_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX actions_contact_id_idx ON crm.actions (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

-- Its key is both ids, as others may rely on. The tenant is the action's own and need not be given.
CREATE TABLE crm.action_contacts (
    tenant_id bigint NOT NULL,
    action_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT action_contacts_pkey PRIMARY KEY (action_id, contact_id),
    CONSTRAINT action_contacts_action_fkey FOREIGN KEY (tenant_id, action_id) REFERENCES crm.actions (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT action_contacts_contact_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE crm.action_contacts IS 'Who took part in an action (アクションコンタクト).';
CREATE INDEX action_contacts_action_id_idx ON crm.action_contacts (tenant_id, action_id);
CREATE INDEX action_contacts_contact_id_idx ON crm.action_contacts (tenant_id, contact_id);

-- 3. Whose record it is -----------------------------------------------------------------------------------------------

/*
 Every record belongs to a tenant that is there. Names are never taken away from jobs.tenant, so a look at it, once a
 statement, is as good as a foreign key, which would have every writer of a tenant lock that tenant's one row.
*/
CREATE FUNCTION crm.check_tenants() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    stranger bigint;
BEGIN
    SELECT added.tenant_id INTO stranger
    FROM (SELECT DISTINCT tenant_id FROM added) AS added
    WHERE NOT EXISTS (SELECT FROM jobs.tenant WHERE tenant.id = added.tenant_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no tenant %', stranger
            USING ERRCODE = 'foreign_key_violation', HINT = 'The tenants are listed in sync.tenants.',
                SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'tenant_id';
    END IF;
    RETURN NULL;
END
$$;

/*
 An id that was given, as an import does, is never generated again: the sequence leaps over it. Well over it, since
 others may draw numbers between the look at the sequence and the leap.
*/
CREATE FUNCTION crm.leap_over_given_ids() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    ids CONSTANT regclass := pg_get_serial_sequence(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'id')::regclass;
    highest CONSTANT bigint := (SELECT max(added.id) FROM added);
    is_ahead boolean;
BEGIN
    -- A number that was drawn is never above the last one drawn.
    EXECUTE format('SELECT $1 > last_value OR $1 = last_value AND NOT is_called FROM %s', ids) INTO is_ahead USING highest;
    IF is_ahead AND highest < 4000000000000000000 THEN
        PERFORM setval(ids, highest + 10000);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION crm.refuse_new_identity() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'a record keeps its id and its tenant (%.% %)', TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;

/* An action's contact is of the action's tenant, so the tenant need not be given. */
CREATE FUNCTION crm.inherit_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    SELECT actions.tenant_id INTO NEW.tenant_id FROM crm.actions WHERE actions.id = NEW.action_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no action %', NEW.action_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'action_id';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER inherit_tenant BEFORE INSERT OR UPDATE OF action_id, tenant_id ON crm.action_contacts
    FOR EACH ROW EXECUTE FUNCTION crm.inherit_tenant();

DO $$
DECLARE
    of_table text;
BEGIN
    FOREACH of_table IN ARRAY ARRAY['accounts', 'contacts', 'phases', 'deals', 'actions'] LOOP
        EXECUTE format(
            'CREATE TRIGGER check_tenants AFTER INSERT ON crm.%I REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION crm.check_tenants()', of_table);
        EXECUTE format(
            'CREATE TRIGGER leap_over_given_ids AFTER INSERT ON crm.%I REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION crm.leap_over_given_ids()', of_table);
        EXECUTE format(
            'CREATE TRIGGER refuse_new_identity BEFORE UPDATE ON crm.%I
                FOR EACH ROW WHEN ((OLD.tenant_id, OLD.id) IS DISTINCT FROM (NEW.tenant_id, NEW.id))
                EXECUTE FUNCTION crm.refuse_new_identity()', of_table);
    END LOOP;
END
$$;

-- 4. When it changed: a row in which nothing changes keeps its updated_at ----------------------------------------------

CREATE FUNCTION crm.touch() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER touch BEFORE UPDATE ON crm.accounts FOR EACH ROW
    WHEN ((OLD.name, OLD.phone, OLD.created_at, OLD.deleted_at) IS DISTINCT FROM (NEW.name, NEW.phone, NEW.created_at, NEW.deleted_at))
    EXECUTE FUNCTION crm.touch();

CREATE TRIGGER touch BEFORE UPDATE ON crm.contacts FOR EACH ROW
    WHEN (
        (OLD.account_id, OLD.name, OLD.email, OLD.phone, OLD.mobile_phone, OLD.department, OLD.title,
            OLD.lead_id, OLD.lead_score, OLD.acquisition_date, OLD.created_at, OLD.deleted_at)
        IS DISTINCT FROM
        (NEW.account_id, NEW.name, NEW.email, NEW.phone, NEW.mobile_phone, NEW.department, NEW.title,
            NEW.lead_id, NEW.lead_score, NEW.acquisition_date, NEW.created_at, NEW.deleted_at)
    )
    EXECUTE FUNCTION crm.touch();

CREATE TRIGGER touch BEFORE UPDATE ON crm.deals FOR EACH ROW
    WHEN ((OLD.account_id, OLD.name, OLD.phase_id, OLD.created_at) IS DISTINCT FROM (NEW.account_id, NEW.name, NEW.phase_id, NEW.created_at))
    EXECUTE FUNCTION crm.touch();

CREATE TRIGGER touch BEFORE UPDATE ON crm.actions FOR EACH ROW
    WHEN (
        (OLD.deal_id, OLD.account_id, OLD.contact_id, OLD.kind, OLD.status, OLD.starts_at, OLD.ends_at, OLD.created_at)
        IS DISTINCT FROM
        (NEW.deal_id, NEW.account_id, NEW.contact_id, NEW.kind, NEW.status, NEW.starts_at, NEW.ends_at, NEW.created_at)
    )
    EXECUTE FUNCTION crm.touch();

-- 5. The guard: Lead ID, Lead Score and Acquisition Date are the sync's (R64, promise 11) ------------------------------
--
-- The sync proves itself inside its own transaction, by crm.write_as_sync(). The proof is a setting local to that
-- transaction and bound to its number and its connection by a seed made here, at random, for this database: no value
-- that anybody SETs, and none that was read in an earlier transaction, is one. Who owns the database can of course
-- still call that very function, read the seed in the function's text, or drop the trigger; each of these is a deed
-- done with open eyes, none a slip of an import. Not even session_replication_role=replica switches the guard off.

DO $$
BEGIN
    EXECUTE format(
        $function$
            CREATE FUNCTION crm.sync_proof() RETURNS text LANGUAGE sql VOLATILE PARALLEL RESTRICTED
                RETURN encode(sha256(convert_to(
                    %L || pg_catalog.pg_current_xact_id()::text || ':' || pg_catalog.pg_backend_pid()::text, 'UTF8')), 'hex')
        $function$,
        gen_random_uuid()::text || gen_random_uuid()::text || ':'
    );
END
$$;
REVOKE EXECUTE ON FUNCTION crm.sync_proof() FROM PUBLIC;

/* From here to the end of this transaction, and no longer, the three fields may be written. For the sync alone. */
CREATE FUNCTION crm.write_as_sync() RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config('kakehashi.sync_proof', crm.sync_proof(), true);
END
$$;
REVOKE EXECUTE ON FUNCTION crm.write_as_sync() FROM PUBLIC;

-- (The apply worker of a logical replication fires no triggers of statements: a subscriber takes what its publisher's guard let through.)
-- Once a statement, over all that it wrote: what triggers on the single rows have changed is seen.
CREATE FUNCTION crm.guard_lead_fields() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
    touched bigint;
BEGIN
    IF current_setting('kakehashi.sync_proof', true) IS NOT DISTINCT FROM crm.sync_proof() THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT written.id INTO touched FROM written
        WHERE num_nonnulls(written.lead_id, written.lead_score, written.acquisition_date) > 0 LIMIT 1;
    ELSE
        -- By the id alone, which no update changes; it is unique.
        SELECT written.id INTO touched FROM written JOIN before USING (id)
        WHERE (before.lead_id, before.lead_score, before.acquisition_date)
            IS DISTINCT FROM (written.lead_id, written.lead_score, written.acquisition_date)
        LIMIT 1;
    END IF;
    IF touched IS NOT NULL THEN
        RAISE EXCEPTION 'Lead ID, Lead Score and Acquisition Date of a contact are written by the sync with Marketo alone (contact %)', touched
            USING ERRCODE = 'insufficient_privilege', HINT = 'Change the lead in Marketo; the sync brings the new value here.',
                SCHEMA = 'crm', TABLE = 'contacts';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "~guard_insert" AFTER INSERT ON crm.contacts REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION crm.guard_lead_fields();

CREATE TRIGGER "~guard_update" AFTER UPDATE ON crm.contacts REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION crm.guard_lead_fields();

ALTER TABLE crm.contacts ENABLE ALWAYS TRIGGER "~guard_insert";
ALTER TABLE crm.contacts ENABLE ALWAYS TRIGGER "~guard_update";
-- It tells the rows before from the rows after by their ids.
ALTER TABLE crm.contacts ENABLE ALWAYS TRIGGER refuse_new_identity;
