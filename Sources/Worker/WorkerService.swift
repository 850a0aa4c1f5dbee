package import JobQueue
package import Logging
import Marketo
package import Postgres
import ServiceLifecycle
package import Store

/// A worker within a process: the engine that takes jobs, with a handler for each kind, and the way to Marketo.
package struct WorkerService: Service {
    private let processor: JobProcessor
    private let transport: MarketoTransport

    /// - Parameters:
    ///   - allowsLocalEndpoints: whether vendor endpoints may be `http://` or on this machine.
    /// - Ends: `JobQueueError.setting` if the settings would break a promise.
    package init(
        pool: PostgresPool, cipher: CredentialCipher, allowsLocalEndpoints: Bool, settings: JobProcessorSettings, logger: Logger
    ) throws(JobQueueError) {
        self.transport = MarketoTransport { CallMetrics.shared.ended($0) }
        let bridge = Bridge(pool: pool, transport: self.transport, cipher: cipher, allowsLocalEndpoints: allowsLocalEndpoints, logger: logger)
        let registry = try InboundHandlers.registry(bridge, concurrency: settings.concurrency)
        self.processor = try JobProcessor(pool: pool, registry: registry, settings: settings, logger: logger)
    }

    /// Why it may not take work now; nil when it may.
    package var whyNotReady: String? { self.processor.isReady ? nil : "it has no database, or is leaving" }

    /// Works until it is told to stop.
    package func run() async throws {
        do {
            try await self.processor.run()
        } catch {
            try? await self.transport.shutdown()
            throw error
        }
        try await self.transport.shutdown()
    }
}
