import Foundation
import Hummingbird
package import Logging
import NIOCore

/// A running stand-in for one Marketo instance: its REST lead database over HTTP, and from inside the process everything a test needs
/// to change it and to see what its clients did.
package final class Simulator: Sendable {
    /// `http://127.0.0.1:PORT`, without a slash.
    package let baseURL: String
    package let port: Int
    /// The first client's id and secret.
    package let clientID: String
    package let clientSecret: String
    let instance: Instance
    private let life: LifeDriver
    private let task: Task<Void, any Error>

    /// What an administrator copies out of the vendor's pages: it ends in `/rest`.
    package var endpoint: String { self.baseURL + "/rest" }

    private init(port: Int, configuration: SimulatorConfiguration, instance: Instance, life: LifeDriver, task: Task<Void, any Error>) {
        self.port = port
        self.baseURL = "http://\(configuration.host):\(port)"
        self.clientID = configuration.clients.first?.id ?? ""
        self.clientSecret = configuration.clients.first?.secret ?? ""
        self.instance = instance
        self.life = life
        self.task = task
    }

    /// Fills the instance, opens the port, and returns when it answers.
    ///
    /// - Throws: What the socket said when the port can't be had.
    package static func start(
        _ configuration: SimulatorConfiguration, logger: Logger = Logger(label: "simulator", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws -> Simulator {
        let instance = Instance(configuration, logger: logger)
        let life = LifeDriver(instance: instance)
        let (ports, report) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: Responder(instance: instance, control: ControlDesk(instance: instance, life: life)),
            server: .http1(configuration: .init(additionalChannelHandlers: [GzipInstaller()])),
            configuration: .init(address: .hostname(configuration.host, port: configuration.port), serverName: "nginx"),
            onServerRunning: { channel in report.yield(channel.localAddress?.port ?? configuration.port) },
            logger: logger
        )
        let task = Task {
            defer { report.finish() }
            try await application.run()
        }
        for await port in ports {
            return Simulator(port: port, configuration: configuration, instance: instance, life: life, task: task)
        }
        try await task.value
        throw CancellationError()
    }

    /// Serves until the surrounding task is cancelled or somebody calls `stop()`.
    package func run() async {
        await withTaskCancellationHandler {
            _ = await self.task.result
        } onCancel: {
            self.task.cancel()
        }
        self.life.stop()
    }

    /// Closes the port and every connection, hanging ones too.
    package func stop() async {
        self.life.stop()
        self.task.cancel()
        _ = await self.task.result
    }

    /// Random live changes from now on, so many a second; 0 stops them.
    package func live(_ setting: LifeSetting) { self.life.start(setting) }
}
