import CLibPQ
import Glibc

/// Makes connections.
///
/// libpq looks up host names with a call that blocks, so each attempt has a thread of its own for as long as it takes.
enum WireConnector {
    /// Connects, within `connectTimeout` whatever the name service does.
    ///
    /// - Ends: `connectFailed` (with `sqlState` when it was the server that refused), `connectTimeout`, `cancelled`.
    static func connect(_ configuration: PostgresConfiguration) async throws(PostgresError) -> Wire {
        if Task.isCancelled { throw PostgresError(.cancelled) }
        let outcome = OneShot<Result<Wire, PostgresError>>()
        let deadline = ContinuousClock.now + configuration.connectTimeout
        let alarm = Reactor.shared.call(at: deadline) {
            outcome.settle(.failure(PostgresError(.connectTimeout, summary: configuration.place)))
        }
        let started = BlockingThread.start {
            let result = Self.connectBlocking(configuration, until: deadline) { outcome.isOpen }
            // Too late for the one who waited: nobody will ever use it.
            if !outcome.settle(result), case .success(let wire) = result { wire.close() }
        }
        if !started { outcome.settle(.failure(PostgresError(.connectFailed, summary: "the machine gives no more threads"))) }
        let result = await withTaskCancellationHandler {
            await outcome.value()
        } onCancel: {
            outcome.settle(.failure(PostgresError(.cancelled)))
        }
        Reactor.shared.forget(alarm)
        return try result.get()
    }

    /// How one call for a connection ended.
    private enum Outcome {
        case connected(Wire)
        case failed(PostgresError)
        /// The server at this place of the list did not answer in its share of the time.
        case silent(Int)
    }

    private static func connectBlocking(
        _ configuration: PostgresConfiguration, until deadline: ContinuousClock.Instant, while isWanted: () -> Bool
    ) -> Result<Wire, PostgresError> {
        var options = configuration.startupOptions
        var hosts: HostList?
        while isWanted(), ContinuousClock.now < deadline {
            guard let handle = Self.start(options) else { return .failure(PostgresError(.connectFailed, summary: "out of memory")) }
            var list = hosts ?? Self.hosts(of: handle)
            switch Self.finish(handle, configuration, list, until: deadline, while: isWanted) {
            case .connected(let wire): return .success(wire)
            case .failed(let error): return .failure(error)
            case .silent(let place): list.remove(at: place)
            }
            if list.entries.isEmpty { break }
            options.merge(list.options) { _, rest in rest }
            hosts = list
        }
        return .failure(PostgresError(.connectTimeout, summary: configuration.place))
    }

    private static func start(_ options: [String: String]) -> sending OpaquePointer? {
        let options = options.sorted { $0.key < $1.key }
        let handle = Self.withCStrings(options.map(\.key)) { keywords in
            Self.withCStrings(options.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let handle else { return nil }
        // Verbose, as that is how a refusal's SQLSTATE comes into libpq's text, the one place it can be read from here.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        // Otherwise libpq prints notices to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return handle
    }

    /// Sees a connection through that has been started; one that did not come about is freed.
    private static func finish(
        _ handle: sending OpaquePointer, _ configuration: PostgresConfiguration, _ hosts: HostList, until deadline: ContinuousClock.Instant,
        while isWanted: () -> Bool
    ) -> Outcome {
        var step = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        var place: Int?
        var limit = deadline
        while step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING {
            let now = ContinuousClock.now
            let current = hosts.place(host: Self.text(PQhost(handle)), port: Self.text(PQport(handle)))
            if current != place {
                place = current
                limit = now + hosts.share(at: current, of: now.duration(to: deadline))
            }
            guard isWanted(), now < limit else {
                PQfinish(handle)
                return .silent(current)
            }
            var descriptor = pollfd(
                fd: PQsocket(handle), events: Int16(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            // In slices, to notice when nobody waits any more.
            let slice = min(Duration.milliseconds(100), now.duration(to: limit))
            if poll(&descriptor, 1, Int32(clamping: slice.milliseconds)) > 0 { step = PQconnectPoll(handle) }
        }
        guard step == PGRES_POLLING_OK else {
            let error = Self.refusal(Self.text(PQerrorMessage(handle)), configuration)
            PQfinish(handle)
            return .failed(error)
        }
        if let error = Self.unreadable(handle, configuration) {
            PQfinish(handle)
            return .failed(error)
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetnonblocking(handle, 1)
        return .connected(Wire(WireState(handle), cancelGrace: configuration.cancelGrace))
    }

    /// Why the dates that would come could not be read: behind a proxy a session takes no settings of ours, so the role's hold.
    private static func unreadable(_ handle: OpaquePointer, _ configuration: PostgresConfiguration) -> PostgresError? {
        let style = Self.text(PQparameterStatus(handle, "DateStyle"))
        if configuration.preparedStatements || style.isEmpty || style.hasPrefix("ISO") { return nil }
        return PostgresError(
            .configuration, summary: "behind a proxy the role's own DateStyle holds, which is \(style); type ALTER ROLE … SET datestyle = 'ISO'")
    }

    /// The servers as libpq understood them, environment and service file included.
    private static func hosts(of handle: OpaquePointer) -> HostList {
        var lists: [String: String] = [:]
        if let first = PQconninfo(handle) {
            defer { PQconninfoFree(first) }
            var entry = first
            while let keyword = entry.pointee.keyword {
                let name = String(cString: keyword)
                if ["host", "hostaddr", "port"].contains(name), let value = entry.pointee.val { lists[name] = String(cString: value) }
                entry += 1
            }
        }
        return HostList(hosts: lists["host"] ?? "", addresses: lists["hostaddr"] ?? "", ports: lists["port"] ?? "")
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    /// libpq's sentence, and the SQLSTATE in it: `FATAL:  28P01: password authentication failed …`.
    static func refusal(_ text: String, _ configuration: PostgresConfiguration) -> PostgresError {
        var state: String?
        for part in text.split(separator: ":") {
            let word = part.drop { $0 == " " }
            if word.utf8.count == 5, word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }), word != "FATAL" && word != "ERROR",
                word != "PANIC"
            {
                state = String(word)
                break
            }
        }
        return PostgresError(.connectFailed, sqlState: state, summary: configuration.place, detail: configuration.redacted(text))
    }

    /// Calls `body` with the texts as C strings, ended by a null pointer.
    private static func withCStrings<Result>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return (copies.map { $0.map { UnsafePointer($0) } } + [nil]).withUnsafeBufferPointer { pointers in
            guard let start = pointers.baseAddress else { preconditionFailure("an array that ends with nil is not empty") }
            return body(start)
        }
    }
}
