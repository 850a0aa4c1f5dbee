import FoundationEssentials
import Logging
import Postgres

extension JobProcessor {
    /// How long suspects may have a process to themselves before ordinary work gets its turn.
    private static let longestIsolation = Duration.seconds(10)

    /// Takes jobs until it is told to leave.
    func claim() async {
        var cursor = JobCursor.start
        var failures = 0
        var isRegistered = false
        var mayHaveForgotten = false
        var suspectsSeen: ContinuousClock.Instant?
        while !self.life.isLeaving, !Task.isCancelled {
            guard self.isLeaseSafe else {
                await self.wake.wait(atMost: self.settings.poll)
                continue
            }
            do throws(PostgresError) {
                if !isRegistered {
                    try await self.registerKinds()
                    isRegistered = true
                }
                if mayHaveForgotten {
                    try await self.handBackForgotten()
                    mayHaveForgotten = false
                }
                // A busy process leaves suspects to idle ones for a moment, then makes room for them.
                if let seen = suspectsSeen, self.table.count == 0 || .now - seen > self.settings.poll {
                    suspectsSeen = nil
                    try await self.isolate()
                }
                let offers = self.table.offers()
                let room = self.table.room
                guard room > 0, offers.contains(where: { $0.room > 0 }) else {
                    await self.table.freed.wait(atMost: self.settings.poll)
                    continue
                }
                guard let sight = try await self.claim(room: room, offers: offers, cursor: cursor) else { continue }
                failures = 0
                cursor = sight.cursor
                if sight.hasSuspects { suspectsSeen = suspectsSeen ?? .now } else { suspectsSeen = nil }
                await self.pause(after: sight, hasSuspects: suspectsSeen != nil)
            } catch {
                if error.code == .cancelled { continue }
                failures += 1
                self.logger.warning("Jobs can't be taken for now", metadata: ["database.error": "\(error)"])
                // Whatever the error: a server that goes down can say so after it has committed.
                mayHaveForgotten = true
                await self.wake.wait(atMost: Backoff(base: .milliseconds(100), cap: .seconds(5)).wait(after: failures) + .milliseconds(20))
            }
        }
    }

    /// One claim; starts what it took.
    private func claim(room: Int, offers: [JobOffer], cursor: JobCursor) async throws(PostgresError) -> JobClaim.Sight? {
        let sent = ContinuousClock.now
        let rows = try await self.control.query(
            JobClaim(
                worker: self.worker.id, lease: self.settings.lease, room: room, steps: min(max(room * 2, 64), 256), offers: offers, cursor: cursor))
        guard let sight = rows.first?.sight else { return nil }
        self.metrics.claimed(rows.count(where: { $0.job != nil }), in: .now - sent)
        self.life.saw(nextDue: sight.nextDue.map { sent + .seconds($0) })
        for number in self.takeIn(rows.compactMap(\.job), leaseFrom: sent) { self.runner.start(number, now: sight.now) }
        self.metrics.running(self.table.count)
        return sight
    }

    /// Units of what was taken.
    ///
    /// Those called off meanwhile end here; when the process is leaving none is started, and leaving hands them back.
    private func takeIn(_ jobs: [JobClaimed], leaseFrom: ContinuousClock.Instant) -> [Int] {
        struct Group: Hashable {
            let tenant: Int64
            let kind: String
        }
        var started: [Int] = []
        var groups: [Group: [JobClaimed]] = [:]
        var order: [Group] = []
        func add(_ jobs: [JobClaimed], _ handler: AnyJobHandler) {
            let number = self.table.add(jobs, handler: handler, leaseFrom: leaseFrom)
            if jobs.contains(where: \.isCancelled) { self.runner.callOff(number) } else { started.append(number) }
        }
        for job in jobs {
            guard let handler = self.registry.handlers[job.kind] else { continue }
            guard handler.batchSize > 1, !job.isCancelled else {
                add([job], handler)
                continue
            }
            let group = Group(tenant: job.tenant, kind: job.kind)
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(job)
        }
        for group in order {
            guard let handler = self.registry.handlers[group.kind], let jobs = groups[group] else { continue }
            var begin = 0
            while begin < jobs.count {
                add(Array(jobs[begin..<min(begin + handler.batchSize, jobs.count)]), handler)
                begin += handler.batchSize
            }
        }
        return self.life.isLeaving ? [] : started
    }

    /// Until when there is nothing to look for.
    private func pause(after sight: JobClaim.Sight, hasSuspects: Bool) async {
        if sight.hasMore {
            // Full: the next claim is worth its round trip once a quarter of the room is free again, or a few milliseconds later.
            let worthwhile = max(1, self.settings.concurrency / 4)
            if self.table.room == 0 { await self.table.freed.wait(atMost: self.settings.poll) }
            if self.table.room < worthwhile { await self.table.freed.wait(atMost: .milliseconds(2)) }
            return
        }
        guard sight.isWholeCircle else { return }
        let limit = self.settings.poll * Double.random(in: 0.8...1.2)
        await self.wake.wait(atMost: hasSuspects ? limit / 4 : limit)
    }

    /// Runs suspects, each alone in this process: if it dies, it is clear of what.
    private func isolate() async throws(PostgresError) {
        let end = ContinuousClock.now + Self.longestIsolation
        while .now < end, !self.life.isLeaving, !Task.isCancelled, self.isLeaseSafe {
            let sent = ContinuousClock.now
            let offers = self.table.offers().map { offer in
                var offer = offer
                offer.room = 1
                return offer
            }
            let rows = try await self.control.query(JobSuspectClaim(worker: self.worker.id, lease: self.settings.lease, offers: offers))
            guard let first = rows.first else { return }
            let numbers = self.takeIn(rows.map(\.job), leaseFrom: sent)
            await self.untilAlone(numbers.count)
            for number in numbers where !self.life.isLeaving {
                guard let unit = self.table.unit(number) else { continue }
                if unit.stop != nil {
                    self.runner.handBack(number)
                    continue
                }
                if unit.jobs.count == 1, let job = unit.jobs.first {
                    self.logger.info("A job whose worker died with it runs alone", metadata: ["job.id": "\(job.id)", "job.kind": "\(job.kind)"])
                    guard try await self.control.execute(JobAlone(id: job.id, lease: job.lease)) > 0 else {
                        self.runner.handBack(number)
                        continue
                    }
                }
                self.runner.start(number, now: first.now)
            }
            await self.untilAlone(0)
        }
    }

    /// Returns when no more than `count` units are left, or it is time to leave.
    private func untilAlone(_ count: Int) async {
        while self.table.count > count, !self.life.isLeaving, !Task.isCancelled { await self.table.freed.wait(atMost: self.settings.poll) }
    }

    /// The answer to a claim was lost: what it took, if it did, goes back rather than wait for its lease to run out.
    private func handBackForgotten() async throws(PostgresError) {
        let runs = try await self.control.query(JobsForgotten(worker: self.worker.id, known: self.table.runs().map(\.id)))
        guard !runs.isEmpty else { return }
        _ = try await self.control.query(
            JobsEnd(ends: runs.sorted { $0.id < $1.id }.map { JobEnd(id: $0.id, lease: $0.lease, fate: .handBack) }))
    }

    /// Writes down what this program knows of its kinds.
    private func registerKinds() async throws(PostgresError) {
        let handlers = self.registry.kinds.compactMap { self.registry.handlers[$0] }
        try await self.control.execute(
            KindsRegister(kinds: handlers.map(\.kind), versions: handlers.map(\.version), policies: handlers.map(\.policy)))
    }
}
