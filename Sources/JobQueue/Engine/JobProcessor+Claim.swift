import FoundationEssentials
import Logging
import Postgres

extension JobProcessor {
    /// How long suspects may have a process to themselves before ordinary work gets its turn.
    private static let longestIsolation = Duration.seconds(10)
    /// How long a busy process first waits to be alone, and after how long without a suspect that it may run it looks again.
    private static let shortestClearing = Duration.seconds(2)

    /// How many jobs one claim should bring at the most: more would only make the first of them wait for the last.
    private static let mostJobs = 1_000

    /// Takes jobs until it is told to leave.
    func claim() async {
        var cursor = JobCursor.start
        var failures = 0
        var isRegistered = false
        var mayHaveForgotten = false
        var suspectsSeen: ContinuousClock.Instant?
        var clearing = Self.shortestClearing
        var noSuspectsUntil = ContinuousClock.now
        var pace = ClaimPace()
        var takenSinceTidy = 0
        var following: ClaimEnd.Following?
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
                // A claim that was sent when the last one's answer had come is waited for before anything else is asked.
                let isUnderWay = following != nil
                if mayHaveForgotten, !isUnderWay {
                    try await self.handBackForgotten()
                    mayHaveForgotten = false
                }
                // A busy process leaves suspects to idle ones for a moment, then makes room for them.
                if !isUnderWay, let seen = suspectsSeen, self.table.busy == 0 || .now - seen > self.settings.poll {
                    suspectsSeen = nil
                    if await self.isAlone(within: clearing) {
                        if try await self.isolate() == 0 {
                            noSuspectsUntil = .now + Self.shortestClearing
                        } else {
                            clearing = Self.shortestClearing
                        }
                    } else {
                        // Others may have had less to do. If not, it waits longer each time, at last for the longest handler's time.
                        clearing = min(clearing * 2, .seconds(3_600))
                    }
                }
                guard isUnderWay || self.hasRoom else {
                    await self.table.freed.wait(atMost: self.settings.poll)
                    continue
                }
                let end: ClaimEnd?
                if let sent = following {
                    following = nil
                    end = try await sent.value.get()
                } else {
                    end = try await self.claim(pace, cursor: cursor)
                }
                guard let end else { continue }
                following = end.following
                if let failure = end.failure { throw failure }
                let (sight, taken) = (end.sight, end.taken)
                failures = 0
                takenSinceTidy += taken
                if takenSinceTidy > 1_000 {
                    takenSinceTidy = 0
                    self.tidyNow.fire()
                }
                (cursor, pace) = (sight.cursor, end.pace)
                // Another process may have been quicker.
                if sight.hasSuspects, noSuspectsUntil <= .now { suspectsSeen = suspectsSeen ?? .now } else { suspectsSeen = nil }
                // One that went on in the lines of the one before has not seen who else has come meanwhile.
                if following != nil || !end.hasLookedRound && end.next != .whenThereIsRoom { continue }
                await self.pause(end.next, hasSuspects: suspectsSeen != nil)
            } catch {
                if error.code == .cancelled { continue }
                failures += 1
                self.logger.warning("Jobs can't be taken for now", metadata: ["database.error": "\(error)"])
                // Whatever the error: a server that goes down can say so after it has committed.
                mayHaveForgotten = true
                await self.wake.wait(atMost: Backoff(base: .milliseconds(100), cap: .seconds(5)).wait(after: failures) + .milliseconds(20))
            }
        }
        // Also when its Task was cancelled: no further claim follows, and what the last one brings is not started.
        self.life.leave()
        while let sent = following { following = (try? await sent.value.get())?.following }
    }

    /// Whether anything may start.
    private var hasRoom: Bool { self.table.room > 0 && self.table.offers().contains { $0.room > 0 } }

    /// How much room is worth a round trip while there is more work than room.
    private var worthwhileRoom: Int { max(1, self.settings.concurrency / 4) }

    /// One claim; starts what it took.
    ///
    /// A claim that could bring very many asks for half of the room, so that the next can be on its way while what it brought is taken in.
    private func claim(_ pace: ClaimPace, cursor: JobCursor, lines: ClaimLines = ClaimLines()) async throws(PostgresError) -> ClaimEnd? {
        let offers = self.table.offers()
        var room = self.table.room
        let batch = offers.lazy.filter { $0.room > 0 }.map(\.batchSize).max() ?? 1
        if room * batch > Self.mostJobs { room = max((Self.mostJobs + batch - 1) / batch, min(room / 2, Self.mostJobs)) }
        self.table.reserve(room)
        let sent = ContinuousClock.now
        do throws(PostgresError) {
            let rows = try await self.control.query(
                JobClaim(
                    worker: self.worker.id, lease: self.settings.lease, room: room, steps: pace.steps, offers: offers, cursor: cursor,
                    holds: self.table.holds(), lines: lines.lines))
            self.metrics.claimed(rows.count - 1, in: .now - sent)
            guard let sight = rows.lazy.compactMap(\.sight).first else {
                self.table.release(room, for: [])
                return nil
            }
            let lookedRound = lines.lines.isEmpty
            var pace = pace
            let next = pace.next(
                taken: rows.count - 1, room: room, hasMore: sight.hasMore, isWholeCircle: sight.isWholeCircle, hasWrapped: sight.hasWrapped)
            // Where a kind, or a tenant within it, may have only so many places, the next claim has to know of what this one brought.
            let isEarly = self.table.isUnlimited
            let lines = isEarly || !sight.hasPassed ? try lines.after(rows, sight, width: pace.steps, at: .now) : ClaimLines()
            self.life.saw(nextDue: sight.nextDue.map { sent + .seconds($0) })
            var end = ClaimEnd(sight: sight, next: next, pace: pace, hasLookedRound: lookedRound)
            if isEarly { end.following = self.follow(sight, next, pace, lines: lines) }
            do throws(PostgresError) {
                let jobs = try JobClaim.jobs(in: rows)
                self.runner.start(self.takeIn(jobs, room: room, leaseFrom: sent), now: sight.now)
                end.taken = jobs.count
                if !isEarly { end.following = self.follow(sight, next, pace, lines: lines) }
            } catch {
                self.table.release(room, for: [])
                end.failure = error
            }
            self.metrics.running(self.table.count)
            return end
        } catch {
            self.table.release(room, for: [])
            throw error
        }
    }

    /// Sends the next claim at once, if there is more and room for it; not when suspects wait, which need a process to themselves.
    private func follow(
        _ sight: JobClaim.Sight, _ next: ClaimPace.Next, _ pace: ClaimPace, lines: ClaimLines
    ) -> ClaimEnd.Following? {
        if case .rest = next { return nil }
        guard !sight.hasSuspects, self.table.room >= self.worthwhileRoom, !self.life.isLeaving, self.isLeaseSafe else { return nil }
        return Task {
            do throws(PostgresError) { return .success(try await self.claim(pace, cursor: sight.cursor, lines: lines)) } catch {
                return .failure(error)
            }
        }
    }

    /// Units of what was taken.
    ///
    /// Those called off meanwhile end here; when the process is leaving none is started, and leaving hands them back.
    private func takeIn(_ jobs: [JobClaimed], room: Int, leaseFrom: ContinuousClock.Instant) -> [JobUnit] {
        struct Group: Hashable {
            let tenant: Int64
            let kind: String
        }
        var units: [JobUnit] = []
        units.reserveCapacity(jobs.count)
        var groups: [Group: [JobClaimed]] = [:]
        var order: [(Group, AnyJobHandler)] = []
        for job in jobs {
            guard let handler = self.registry.handlers[job.kind] else { continue }
            guard handler.batchSize > 1, !job.isCancelled else {
                units.append(JobUnit([job], handler: handler, leaseFrom: leaseFrom))
                continue
            }
            let group = Group(tenant: job.tenant, kind: job.kind)
            if groups[group] == nil { order.append((group, handler)) }
            groups[group, default: []].append(job)
        }
        for (group, handler) in order {
            guard let jobs = groups[group] else { continue }
            for begin in stride(from: 0, to: jobs.count, by: handler.batchSize) {
                units.append(JobUnit(Array(jobs[begin..<min(begin + handler.batchSize, jobs.count)]), handler: handler, leaseFrom: leaseFrom))
            }
        }
        self.table.release(room, for: units)
        let calledOff = units.filter { $0.jobs.contains(where: \.isCancelled) }
        for unit in calledOff { self.runner.callOff(unit) }
        if self.life.isLeaving { return [] }
        return calledOff.isEmpty ? units : units.filter { !$0.jobs.contains(where: \.isCancelled) }
    }

    /// Until the next claim is worth its round trip.
    private func pause(_ next: ClaimPace.Next, hasSuspects: Bool) async {
        switch next {
        case .whenThereIsRoom:
            // Full: once a quarter of the room is free again, or a few milliseconds later.
            if self.table.room == 0 { await self.table.freed.wait(atMost: self.settings.poll) }
            if self.table.room < self.worthwhileRoom { await self.table.freed.wait(atMost: .milliseconds(2)) }
        case .goOn: break
        case .rest(let times):
            let limit = self.settings.poll * Double.random(in: 0.8...1)
            let now = ContinuousClock.now
            let end = now + (hasSuspects ? limit / 4 : limit * times)
            await self.wake.wait(atMost: (self.life.opening(after: now, before: end) ?? end) - now)
        }
    }

    /// Runs suspects, each alone in this process, which holds nothing else: if it dies, it is clear of what.
    ///
    /// How many there were to take.
    private func isolate() async throws(PostgresError) -> Int {
        let end = ContinuousClock.now + Self.longestIsolation
        var taken = 0
        while .now < end, !self.life.isLeaving, !Task.isCancelled, self.isLeaseSafe {
            let sent = ContinuousClock.now
            let offers = self.table.offers().filter { $0.room > 0 }
            let rows = try await self.control.query(JobSuspectClaim(worker: self.worker.id, lease: self.settings.lease, offers: offers))
            guard let first = rows.first else { break }
            taken += rows.count
            var waiting = self.takeIn(rows.map(\.job), room: 0, leaseFrom: sent)
            // Whatever happens on the way: what has not begun goes back, or it would be held for as long as this process lives.
            defer { for unit in waiting { self.runner.handBack(unit) } }
            while let unit = waiting.first, !self.life.isLeaving, unit.current.stop == nil {
                if unit.jobs.count == 1, let job = unit.jobs.first {
                    self.logger.info("A job whose worker died with it runs alone", metadata: ["job.id": "\(job.id)", "job.kind": "\(job.kind)"])
                    guard try await self.control.execute(JobAlone(id: job.id, lease: job.lease)) > 0 else { break }
                }
                waiting.removeFirst()
                self.runner.start([unit], now: first.now)
                while self.table.isBusy(unit), !self.life.isLeaving, !Task.isCancelled { await self.table.freed.wait(atMost: self.settings.poll) }
            }
        }
        return taken
    }

    /// Whether nothing runs here any more before `limit` is over; handlers that were given up don't count.
    private func isAlone(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while self.table.busy > 0, .now < end, !self.life.isLeaving, !Task.isCancelled {
            await self.table.freed.wait(atMost: min(self.settings.poll, end - .now))
        }
        return self.table.busy == 0
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
