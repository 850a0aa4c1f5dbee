import FoundationEssentials
import Postgres

/// Takes jobs: as many as there is room for, the tenants in turn.
///
/// Carried by `job_ready`, which it walks in two ways. First it jumps from one (tenant, priority, kind, version) with ready jobs to the next,
/// from where the last claim stopped and round the end: one index descent each, however many jobs lie between, and `steps` at the most.
/// Then it takes from the head of each, in turn, with SKIP LOCKED, up to the tenant's share of the room. So its cost grows with neither backlog nor
/// history nor parked jobs, and a tenant with a million jobs gets what a tenant with ten gets.
///
/// - In turn: the room is shared among the tenants that were met, and so is the room of each kind. Whom it did not reach is the first of the next claim.
/// - Key in turn: a job whose key runs already is passed over (`job_running_once`, which also guards it). A claim can't be overtaken there: a second
///   job of the key could only be enqueued once the first had left the waiting ones, so whoever sees the second waiting sees the first running.
/// - Its own room: of some kinds a tenant may have only so many places of a process. One that has them all, because its vendor hangs, is passed over.
/// - The answer is put in order by who asked, as the rows nearly always come in it: to sort them is dear, to look whether they are sorted is not.
/// - Lines: under load the head of the index is full of entries of jobs that were taken a moment ago, and while somebody's old transaction is open they can't
///   even be marked as dead. A claim that follows another at once goes on in the lines that one met, from where it stopped; see ``ClaimLines``.
/// - Every CTE that picks is a fence: the planner must not run a LIMIT twice.
struct JobClaim: PostgresStatement {
    static let sql = """
        WITH RECURSIVE known AS MATERIALIZED (  -- what this process can run, and for how many it has room
            SELECT kind, version, gate, slots, batch, most, dense_rank() OVER (ORDER BY kind)::int AS seat
            FROM unnest($5::text[], $6::int[], $7::text[], $8::int[], $9::int[], $14::int[]) AS k(kind, version, gate, slots, batch, most)
        ),
        line AS MATERIALIZED (  -- the lines that the claim before met, and how far it came in each: then there is no looking round
            SELECT * FROM unnest($18::bigint[], $19::int[], $20::text[], $21::int[], $22::timestamptz[], $23::bigint[])
                WITH ORDINALITY AS l(tenant_id, priority, kind, version, run_at, id, n)
        ),
        step (n, tenant_id, priority, kind, version, run_at, until_tenant, wrapped) AS (
            SELECT 0, $10::bigint, $11::smallint, $12::text, $13::smallint, NULL::timestamptz, 9223372036854775807, false
            UNION ALL
            SELECT s.n + 1, j.tenant_id, j.priority, j.kind, j.version, j.run_at, j.until_tenant, j.wrapped
            FROM step s
            CROSS JOIN LATERAL (
                (SELECT j.tenant_id, j.priority, j.kind, j.version, j.run_at, s.until_tenant, s.wrapped
                FROM jobs.job j
                WHERE j.state = 'ready' AND (j.tenant_id, j.priority, j.kind, j.version) > (s.tenant_id, s.priority, s.kind, s.version)
                    AND j.tenant_id <= s.until_tenant
                ORDER BY j.tenant_id, j.priority, j.kind, j.version, j.run_at, j.id
                LIMIT 1)
                UNION ALL
                (SELECT j.tenant_id, j.priority, j.kind, j.version, j.run_at, $10::bigint, true
                FROM jobs.job j
                WHERE NOT s.wrapped AND j.state = 'ready' AND j.tenant_id <= $10::bigint
                ORDER BY j.tenant_id, j.priority, j.kind, j.version, j.run_at, j.id
                LIMIT 1)
                LIMIT 1
            ) j
            WHERE s.n < $4 AND cardinality($18::bigint[]) = 0
        ),
        open AS MATERIALIZED (  -- those it knows, with room, behind no shut gate; once each, as a walk that begins amid a tenant ends with all of it
            SELECT DISTINCT ON (s.tenant_id, s.priority, s.kind, s.version)
                s.n, s.tenant_id, s.priority, s.kind, s.version, s.run_at, k.seat, k.slots, k.batch, k.most - coalesce(h.units, 0) AS own_room,
                s.after_run_at, s.after_id
            FROM (
                SELECT n, tenant_id, priority, kind, version, run_at, '-infinity'::timestamptz AS after_run_at, 0::bigint AS after_id FROM step WHERE n > 0
                UNION ALL
                SELECT n, tenant_id, priority, kind, version, run_at, run_at, id FROM line
            ) s
            JOIN known k ON k.kind = s.kind AND k.version = s.version
            LEFT JOIN unnest($15::bigint[], $16::text[], $17::int[]) AS h(tenant_id, kind, units) ON h.tenant_id = s.tenant_id AND h.kind = s.kind
            WHERE k.slots > 0 AND k.most > coalesce(h.units, 0) AND NOT EXISTS (
                SELECT FROM jobs.gate g
                WHERE g.tenant_id = s.tenant_id AND g.name IN ('tenant', 'kind:' || s.kind, 'kind:' || s.kind || '@' || s.priority, k.gate) AND g.shut_until > now()
            )
            ORDER BY s.tenant_id, s.priority, s.kind, s.version, s.n
        ),
        crowd AS MATERIALIZED (  -- among how many tenants a kind's room is to be shared
            SELECT seat, count(DISTINCT tenant_id) AS tenants FROM open GROUP BY seat
        ),
        plan AS MATERIALIZED (  -- in order: tenants in turn, within a tenant by urgency and age; an equal share of the room each
            SELECT array_agg(tenant_id) AS tenants, array_agg(priority) AS priorities, array_agg(kind) AS kinds, array_agg(version) AS versions,
                array_agg(seat) AS seats, array_agg(batch) AS batches, array_agg(kind_share) AS kind_shares, array_agg(own_room) AS own_rooms,
                array_agg(after_run_at) AS after_run_ats, array_agg(after_id) AS after_ids, count(*)::int AS size,
                ceil($3::numeric / greatest(1, (SELECT count(DISTINCT tenant_id) FROM open)))::int AS share
            FROM (  -- put in order here, once; an aggregate beside these that wanted an order of its own would undo it
                SELECT open.*, min(n) OVER (PARTITION BY tenant_id) AS turn, ceil(slots::numeric / crowd.tenants)::int AS kind_share
                FROM open JOIN crowd USING (seat)
                ORDER BY turn, priority, run_at, n
            ) o
        ),
        take (i, left_all, tenant_id, left_tenant, rooms, places, capped, denied) AS (
            SELECT 0, $3, NULL::bigint, 0, (SELECT array_agg(slots ORDER BY seat) FROM (SELECT DISTINCT seat, slots FROM known) r), ARRAY[]::tid[], false,
                false
            UNION ALL
            SELECT t.i + 1, t.left_all - got.slots, p.tenants[t.i + 1], share.left_tenant - got.slots,
                CASE WHEN got.slots = 0 THEN t.rooms
                    ELSE t.rooms[:p.seats[t.i + 1] - 1] || (t.rooms[p.seats[t.i + 1]] - got.slots) || t.rooms[p.seats[t.i + 1] + 1:] END,
                got.places, got.jobs >= allowed.slots * p.batches[t.i + 1], t.rooms[p.seats[t.i + 1]] <= 0 AND t.left_all > 0
            FROM take t
            CROSS JOIN plan p
            CROSS JOIN LATERAL (SELECT CASE WHEN t.tenant_id = p.tenants[t.i + 1] THEN t.left_tenant ELSE p.share END AS left_tenant) share
            CROSS JOIN LATERAL (
                SELECT greatest(0, least(t.left_all, share.left_tenant, t.rooms[p.seats[t.i + 1]], p.kind_shares[t.i + 1], p.own_rooms[t.i + 1])) AS slots
            ) allowed
            CROSS JOIN LATERAL (
                SELECT array_agg(locked.place) AS places, count(*) AS jobs, ((count(*) + p.batches[t.i + 1] - 1) / p.batches[t.i + 1])::int AS slots
                FROM (
                    SELECT j.ctid AS place
                    FROM jobs.job j
                    WHERE j.state = 'ready' AND j.tenant_id = p.tenants[t.i + 1] AND j.priority = p.priorities[t.i + 1]
                        AND j.kind = p.kinds[t.i + 1] AND j.version = p.versions[t.i + 1]
                        AND (j.run_at, j.id) > (p.after_run_ats[t.i + 1], p.after_ids[t.i + 1])
                        AND (j.unique_key IS NULL OR NOT EXISTS (
                            SELECT FROM jobs.job r
                            WHERE r.state = 'running' AND r.tenant_id = j.tenant_id AND r.kind = j.kind AND r.unique_key = j.unique_key
                            OFFSET 0  -- each by its key: without, the planner may gather all that run, once a claim
                        ))
                    ORDER BY j.run_at, j.id
                    LIMIT allowed.slots * p.batches[t.i + 1]
                    FOR UPDATE OF j SKIP LOCKED
                ) locked
            ) got
            WHERE t.i < p.size AND t.left_all > 0
        ),
        picked AS MATERIALIZED (  -- by where the row lies, which is locked: one that was changed since this claim began is left for the next
            SELECT u.place, t.i, u.n FROM take t CROSS JOIN LATERAL unnest(t.places) WITH ORDINALITY AS u(place, n)
        ),
        passed AS MATERIALIZED (  -- the first tenant whom the room did not reach: with it the next claim begins
            SELECT p.tenants[e.i] AS tenant_id
            FROM plan p CROSS JOIN (SELECT max(i) AS last, min(left_all) AS left_all FROM take) t CROSS JOIN LATERAL generate_series(2, p.size) AS e(i)
            WHERE p.tenants[e.i] <> p.tenants[1]
                AND (EXISTS (SELECT FROM take d WHERE d.i = e.i AND d.denied) OR (t.left_all = 0 AND e.i > t.last AND p.tenants[e.i] <> p.tenants[t.last]))
            ORDER BY e.i
            LIMIT 1
        ),
        claimed AS (  -- the lease number rises here and nowhere else
            UPDATE jobs.job j
            SET state = 'running', attempt = j.attempt + 1, lease_no = j.lease_no + 1, worker_id = $1, alone = false,
                lease_until = now() + $2 * interval '1 second', claimed_at = now()
            FROM picked p
            WHERE j.ctid = p.place
            RETURNING j.id, j.tenant_id, j.kind, j.lease_no, j.attempt, j.max_attempts, j.created_at, j.run_at, j.payload,
                j.cancel_reason IS NOT NULL AS is_cancelled, j.unique_key IS NOT NULL AS is_keyed, j.priority, j.trace,
                p.i, p.n, j.version
        )
        (SELECT NULL::bigint AS id, NULL::bigint AS tenant_id, NULL AS kind, NULL::bigint AS lease_no, NULL::int AS attempt, NULL::int AS max_attempts,
            now() AS created_at, (SELECT run_at FROM jobs.job WHERE state = 'scheduled' ORDER BY run_at, id LIMIT 1) AS run_at, NULL::jsonb AS payload,
            EXISTS (  -- those that JobSuspectClaim would take: no others are worth making room for
                SELECT FROM jobs.job j JOIN known k ON k.kind = j.kind AND k.version = j.version
                WHERE j.state = 'suspect'
                    AND NOT EXISTS (
                        SELECT FROM jobs.gate g
                        WHERE g.tenant_id = j.tenant_id AND g.name IN ('tenant', 'kind:' || j.kind, 'kind:' || j.kind || '@' || j.priority, k.gate) AND g.shut_until > now()
                    )
                    AND (j.unique_key IS NULL OR NOT EXISTS (
                        SELECT FROM jobs.job r
                        WHERE r.state = 'running' AND r.tenant_id = j.tenant_id AND r.kind = j.kind AND r.unique_key = j.unique_key
                    ))
            ) AS has_suspects,
            coalesce((SELECT bool_or(capped) FROM take) OR (SELECT min(t.left_all) = 0 FROM take t), false) AS has_more, NULL::smallint AS priority, NULL AS trace,
            circle.whole, circle.tenant_id AS next_tenant, circle.priority::int AS next_priority, circle.kind AS next_kind, circle.version::int AS next_version,
            (SELECT bool_or(wrapped) FROM step) AS has_wrapped, 0 AS i, 0::bigint AS n, NULL::smallint AS version,
            passed.tenant_id IS NOT NULL AS has_passed
        FROM (
            (SELECT false AS whole, passed.tenant_id - 1 AS tenant_id, 32767 AS priority, '' AS kind, 0 AS version FROM passed)
            UNION ALL
            (SELECT s.n < $4, s.tenant_id, CASE WHEN s.n < $4 THEN 32767 ELSE s.priority END, CASE WHEN s.n < $4 THEN '' ELSE s.kind END,
                CASE WHEN s.n < $4 THEN 0 ELSE s.version END
            FROM step s ORDER BY s.n DESC LIMIT 1)
            LIMIT 1
        ) circle
        LEFT JOIN passed ON true)
        UNION ALL
        SELECT id, tenant_id, kind, lease_no, attempt, max_attempts, created_at, run_at, payload, is_cancelled, is_keyed, priority, trace,
            NULL, NULL, NULL, NULL, NULL, NULL, i, n, version, NULL
        FROM claimed
        """

    static let isBinary = true

    let worker: UUID
    let lease: Duration
    /// How many units (a job, or a batch) may start in all.
    let room: Int
    /// How many jumps at the most.
    let steps: Int
    let offers: [JobOffer]
    let cursor: JobCursor
    /// What this process holds of kinds of which a tenant may have only so many places.
    var holds: [TenantHold] = []
    /// The lines that the claim before met; none: it looks round.
    var lines: [ClaimLines.Line] = []

    var binds: [PostgresBind] {
        [
            .uuid(self.worker), .double(self.lease.seconds), .int(self.room), .int(self.steps), .texts(self.offers.map(\.kind)),
            .int4s(self.offers.map { Int32($0.version) }), .texts(self.offers.map(\.gate)), .int4s(self.offers.map { Int32($0.room) }),
            .int4s(self.offers.map { Int32($0.batchSize) }), .int8(self.cursor.tenant), .int(self.cursor.priority), .text(self.cursor.kind),
            .int(self.cursor.version), .int4s(self.offers.map { Int32(clamping: $0.mostOfTenant) }), .int8s(self.holds.map(\.tenant)),
            .texts(self.holds.map(\.kind)), .int4s(self.holds.map { Int32($0.units) }), .int8s(self.lines.map(\.tenant)),
            .int4s(self.lines.map { Int32($0.priority) }),
            .texts(self.lines.map(\.kind)), .int4s(self.lines.map { Int32($0.version) }), .timestamps(self.lines.map(\.runAt)),
            .int8s(self.lines.map(\.id)),
        ]
    }

    /// What the claim saw on its way, or a taken job, which is read later.
    enum Row: Sendable {
        case sight(Sight)
        case taken(PostgresRow)

        /// What the claim saw.
        var sight: Sight? { if case .sight(let sight) = self { sight } else { nil } }
    }

    /// A job's place: first the (tenant, priority, kind, version) whose turn it was, then its own place among those.
    struct Place: Sendable, Comparable {
        let turn: Int
        let number: Int

        static func < (left: Self, right: Self) -> Bool { (left.turn, left.number) < (right.turn, right.number) }
    }

    /// The taken jobs of an answer, in order.
    ///
    /// - Ends: `decoding`.
    static func jobs(in rows: [Row]) throws(PostgresError) -> [JobClaimed] {
        var taken: [(place: Place, job: JobClaimed)] = []
        taken.reserveCapacity(rows.count)
        var isInOrder = true
        for case .taken(let row) in rows {
            let place = Place(turn: try row.decode(19), number: try row.decode(20))
            if let last = taken.last, place < last.place { isInOrder = false }
            taken.append((place, try JobClaimed(row, trace: 12)))
        }
        if !isInOrder { taken.sort { $0.place < $1.place } }
        return taken.map(\.job)
    }

    /// What a claim saw.
    struct Sight: Sendable {
        /// The database's clock.
        let now: Date
        /// Seconds until the next scheduled job is due; below zero when one is overdue.
        let nextDue: Double?
        /// Jobs wait to be run alone.
        let hasSuspects: Bool
        /// The room, not the work, was at an end somewhere.
        let hasMore: Bool
        /// All tenants with ready work were seen.
        let isWholeCircle: Bool
        /// It came to the end of the tenants and went on with the first.
        let hasWrapped: Bool
        /// Some tenants got nothing for want of room.
        let hasPassed: Bool
        /// Where the next claim begins.
        let cursor: JobCursor
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        guard row.isNull(0) else { return .taken(row) }
        let now: Date = try row.decode(6)
        return .sight(
            Sight(
                now: now, nextDue: try row.decode(7, as: Date?.self).map { $0.timeIntervalSince(now) }, hasSuspects: try row.decode(9),
                hasMore: try row.decode(10), isWholeCircle: try row.decode(13), hasWrapped: try row.decode(18), hasPassed: try row.decode(22),
                cursor: JobCursor(
                    tenant: try row.decode(14), priority: try row.decode(15), kind: try row.decode(16), version: try row.decode(17))))
    }
}
