import FoundationEssentials
import Logging
import Postgres
import Synchronization

extension JobProcessor {
    /// Renews all leases, again and again.
    ///
    /// The answer brings what is lost and what was called off.
    func beat() async {
        var failures = 0
        while !Task.isCancelled {
            let runs = self.table.runs()
            let sent = ContinuousClock.now
            self.life.tries(at: sent)
            do throws(PostgresError) {
                let held = try await self.control.query(JobsHeartbeat(runs: runs, lease: self.settings.lease, worker: self.worker))
                let wasSafe = self.isLeaseSafe
                self.life.beat(at: sent, lease: self.settings.lease)
                if !wasSafe {
                    self.logger.info("In touch with the database")
                    self.wake.fire()
                }
                failures = 0
                let lost = self.table.renewed(runs, held: Set(held.map(\.run)), from: sent)
                self.table.callOff(held.filter(\.isCancelled).map(\.run.id))
                if !lost.isEmpty {
                    self.logger.info("Leases were lost; their handlers are told to stop", metadata: ["jobs": "\(lost.count)"])
                    // We live, so if others took it for a crash it was none.
                    _ = try? await self.control.execute(JobsAbsolve(runs: lost))
                }
                await self.life.beatNow.wait(atMost: self.settings.heartbeatPeriod * Double.random(in: 0.8...1))
            } catch {
                failures += 1
                self.metrics.heartbeatFailed()
                self.logger.warning("A heartbeat failed", metadata: ["database.error": "\(error)", "failures": "\(failures)"])
                let wait = min(self.settings.heartbeatPeriod / 2, Backoff(base: .milliseconds(100), cap: .seconds(2)).wait(after: failures))
                await self.life.beatNow.wait(atMost: wait + .milliseconds(20))
            }
        }
    }

    /// Watches the clock for the handlers: their own time, and the lease that could not be renewed.
    func watch() async {
        let step = min(.milliseconds(200), self.settings.lease / 20)
        while !Task.isCancelled {
            try? await Task.sleep(for: step)
            let now = ContinuousClock.now
            let unsafe = now - self.settings.lease / 3 * 2
            for unit in self.table.units {
                unit.stop { state in
                    if let deadline = state.deadline, deadline < now { return .timeout }
                    return state.leaseFrom < unsafe ? .leaseEnding : nil
                }
            }
            for unit in self.table.deaf(since: now - self.settings.lease) { self.runner.disown(unit) }
            if self.life.missedProbe(at: now) {
                self.logger.warning("Notifications don't arrive (a pooling proxy?); jobs are found by polling alone")
            }
        }
    }

    /// Looks for jobs whose process is gone.
    func rescue() async {
        var round = RescueRound()
        while !Task.isCancelled {
            await self.nap(round.isAmid ? .milliseconds(20) : self.settings.rescuePeriod)
            guard self.life.mayRescue(at: .now, lease: self.settings.lease) else { continue }
            let found = Mutex<[JobID]>([])
            do {
                let (bite, except) = (round.bite, round.blocked)
                let rescued = try await self.control.transaction { tx in
                    let runs = try await tx.query(JobsExpired(lease: self.settings.lease, limit: bite, except: except))
                    found.withLock { $0 = runs.map(\.id) }
                    guard !runs.isEmpty else { return 0 }
                    let ends = runs.sorted { $0.id < $1.id }.map {
                        JobEnd(id: $0.id, lease: $0.lease, fate: .crash, reason: "its worker died or was cut off while it ran")
                    }
                    return try await tx.query(JobsEnd(ends: ends)).count
                }
                round.went(well: found.withLock { $0.count })
                guard rescued > 0 else { continue }
                self.metrics.rescued(rescued)
                self.logger.warning("Jobs were rescued from a worker that is gone", metadata: ["jobs": "\(rescued)"])
                self.wake.fire()
            } catch {
                if Task.isCancelled { return }
                round.failed(at: found.withLock { $0 })
                self.logger.debug("Rescue failed; again soon", metadata: ["error": "\(JobFailure.text(for: error))"])
            }
        }
    }

    /// Clears away what is dead in the hot table after every few thousand jobs.
    ///
    /// A claim walks past the dead entries of its index, and the server's own cleaning comes once a minute at the most.
    func tidy() async {
        var pace = TidyPace()
        while !Task.isCancelled {
            await self.tidyNow.wait()
            if Task.isCancelled { return }
            do throws(PostgresError) {
                guard let found = try await self.control.first(JobsVacuum()), found.isWorthIt else { continue }
                try await self.control.run(script: JobsVacuum.script)
                let left = try await self.control.first(JobsVacuum())
                await self.nap(pace.rest(found: found.dead, left: left?.dead ?? 0))
            } catch {
                self.logger.debug("The queue's table could not be cleared; again later", metadata: ["database.error": "\(error)"])
                await self.nap(.seconds(30))
            }
        }
    }

    /// Makes scheduled jobs ready when their time comes.
    func promote() async {
        let bite = 500
        var after: Int64 = -1
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let due = self.life.nextDue(at: now, knownFor: self.settings.poll * 2)
            if case .later(let instant) = due {
                await self.life.dueSooner.wait(atMost: min(instant - now, self.settings.poll))
                continue
            }
            do throws(PostgresError) {
                let row = try await self.control.first(JobsPromote(bite: bite, after: after))
                after = row?.after ?? -1
                if let row, row.promoted > 0 {
                    self.wake.fire()
                    if row.promoted >= bite { continue }
                }
                self.life.promoted()
                await self.life.dueSooner.wait(atMost: self.settings.poll * Double.random(in: 0.4...0.6))
            } catch {
                self.logger.debug("Scheduled jobs can't be looked at; again soon", metadata: ["database.error": "\(error)"])
                await self.nap(self.settings.poll)
            }
        }
    }

    /// Hears hints.
    ///
    /// Deaf or not, polling goes on.
    func listen() async {
        let mark = "probe \(self.worker.id)"
        for await event in self.control.listen(channels: [JobsNotify.channel]) {
            switch event {
            case .connected:
                self.life.probe(until: .now + .seconds(5))
                _ = try? await self.control.query(JobsNotify(payload: mark))
                self.wake.fire()
            case .notification(_, let payload):
                if payload == mark { self.life.probe(until: nil) } else if !payload.hasPrefix("probe ") { self.wake.fire() }
            case .disconnected:
                self.life.probe(until: nil)
            }
        }
    }

    /// Lets handlers finish, cancels the rest, hands back what has stopped.
    ///
    /// All within the drain time.
    func drain() async {
        let start = ContinuousClock.now
        let grace = min(.seconds(3), self.settings.drain / 5)
        self.logger.info("Leaving: no more jobs are taken", metadata: ["jobs.running": "\(self.table.count)"])
        for unit in self.table.units { self.runner.handBack(unit) }
        await self.untilEmpty(start + self.settings.drain - grace)
        if self.table.count > 0 {
            for unit in self.table.units { unit.stop { _ in .drain } }
            await self.untilEmpty(start + self.settings.drain)
        }
        if self.table.count > 0 {
            self.logger.warning("Some jobs did not stop; others take them when their leases are over", metadata: ["jobs": "\(self.table.count)"])
        }
    }

    private func untilEmpty(_ end: ContinuousClock.Instant) async {
        while self.table.count > 0, .now < end, !Task.isCancelled { await self.table.freed.wait(atMost: end - .now) }
    }

    private func nap(_ length: Duration) async { try? await Task.sleep(for: length * Double.random(in: 0.8...1.2)) }
}
