package import CoreMetrics
package import FoundationEssentials
package import Logging
package import Postgres
import ServiceLifecycle

/// Takes jobs and has them done, until it is told to leave.
///
/// - Shape: one claim, one heartbeat and one end for many jobs at a time, on connections of its own so that busy handlers can't starve them.
/// - Ends: on graceful shutdown it takes no more, lets handlers finish within the drain time, cancels the rest, and hands back what has stopped.
///   When its Task is cancelled it drops everything as a crash would. An outage of the database ends leases, never this.
package final class JobProcessor: Service, Sendable {
    let pool: PostgresPool
    let control: PostgresPool
    let settings: JobProcessorSettings
    let registry: JobRegistry
    let worker: WorkerIdentity
    let table: UnitTable
    let completer: JobCompleter
    let runner: UnitRunner
    let metrics: JobMetrics
    let logger: Logger
    let life: ProcessorLife
    let wake = WakeSignal()
    /// Rings after every few thousand jobs.
    let tidyNow = WakeSignal()

    /// - Parameters:
    ///   - pool: for the handlers. The engine opens a few connections of its own beside it, to the same place.
    /// - Ends: `JobQueueError.setting`.
    package init(
        pool: PostgresPool, registry: JobRegistry, settings: JobProcessorSettings = JobProcessorSettings(), logger: Logger,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) throws(JobQueueError) {
        try settings.validate()
        var configuration = pool.configuration
        configuration.poolSize = 4
        configuration.sessionSettings.merge(Self.plannerSettings) { _, ours in ours }
        // No wait of the engine may outlast what the lease allows for it.
        configuration.deadline = min(configuration.deadline, settings.lease / 3)
        configuration.statementTimeout = min(configuration.statementTimeout, settings.lease / 3)
        configuration.lockTimeout = min(configuration.lockTimeout, settings.lease / 6)
        configuration.connectTimeout = min(configuration.connectTimeout, settings.lease / 3)
        configuration.lendTimeout = min(configuration.lendTimeout, settings.lease / 3)
        self.pool = pool
        self.control = PostgresPool(configuration: configuration, logger: logger)
        self.settings = settings
        self.registry = registry
        self.worker = WorkerIdentity(version: settings.version)
        self.table = UnitTable(concurrency: settings.concurrency, handlers: registry.kinds.compactMap { registry.handlers[$0] })
        self.metrics = JobMetrics(kinds: registry.kinds, factory: metricsFactory)
        var logger = logger
        logger[metadataKey: "worker.id"] = "\(self.worker.id)"
        self.logger = logger
        let closer = UnitCloser(table: self.table, control: self.control, metrics: self.metrics, wake: self.wake, logger: logger)
        self.completer = JobCompleter(pool: self.control, closer: closer, logger: logger)
        self.life = ProcessorLife()
        self.runner = UnitRunner(
            pool: pool, table: self.table, completer: self.completer, closer: closer, worker: self.worker, metrics: self.metrics, logger: logger,
            life: self.life)
    }

    /// A plan made while the queue is empty is kept when a million jobs have come: it must not be one that reads the whole table.
    ///
    /// And compiling a plan takes a hundred times as long as running it.
    static let plannerSettings = [
        "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off",
        "plan_cache_mode": "force_generic_plan",
    ]

    /// Session settings for the pool that handlers use: their statements, and the engine's beside them, go by the indexes, and are planned without regard
    /// to whose rows they are about.
    ///
    /// A plan made for one tenant believes a tenant of whom no statistics tell to have a single row, and walks all of its rows for each that is looked for.
    /// And to plan anew each time takes as long as a small statement.
    package static let handlerSettings = JobProcessor.plannerSettings

    /// This process among the workers; random.
    package var id: UUID { self.worker.id }

    /// How many units it holds now.
    package var running: Int { self.table.count }

    /// Whether it has its database and takes work: it has had a heartbeat within two thirds of the lease, and is not leaving.
    package var isReady: Bool { !self.life.isLeaving && self.isLeaseSafe }

    /// Two thirds of a lease since the last heartbeat: from here on others might soon take what we hold.
    var isLeaseSafe: Bool {
        guard let last = self.life.lastBeat else { return false }
        return .now - last < self.settings.lease / 3 * 2
    }

    /// Tells it to leave, as graceful shutdown does.
    package func leave() {
        self.life.leave()
        self.wake.fire()
        self.table.freed.fire()
    }

    /// Works until it is told to leave.
    package func run() async throws {
        JobHints.shared.add(self.wake)
        defer { JobHints.shared.remove(self.wake) }
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.beat() }
                group.addTask { await self.completer.run() }
                group.addTask { await self.watch() }
                group.addTask { await self.rescue() }
                group.addTask { await self.promote() }
                group.addTask { await self.tidy() }
                if self.settings.notifications {
                    group.addTask { await self.listen() }
                    group.addTask { await JobNotifier(pool: self.control, logger: self.logger).run(untilCancelled: ()) }
                }
                await self.claim()
                if Task.isCancelled { self.table.abandon() } else { await self.drain() }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.leave()
        }
        // Struck off once no heartbeat is on its way any more, which would put the row back.
        if !Task.isCancelled { await Task { _ = try? await self.control.execute(WorkerDeparture(worker: self.worker.id)) }.value }
        for unit in self.table.units { await unit.finished() }
        await Task { await self.control.shutdown() }.value
    }
}
