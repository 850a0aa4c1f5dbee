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

    private static func connectBlocking(
        _ configuration: PostgresConfiguration, until deadline: ContinuousClock.Instant, while isWanted: () -> Bool
    ) -> Result<Wire, PostgresError> {
        let options = configuration.startupOptions
        let handle = Self.withCStrings(options.map(\.keyword)) { keywords in
            Self.withCStrings(options.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let handle else { return .failure(PostgresError(.connectFailed, summary: "out of memory")) }
        // Verbose, as that is how a refusal's SQLSTATE comes into libpq's text, the one place it can be read from here.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        // Otherwise libpq prints notices to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        var step = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING {
            guard isWanted(), ContinuousClock.now < deadline else {
                PQfinish(handle)
                return .failure(PostgresError(.connectTimeout, summary: configuration.place))
            }
            var descriptor = pollfd(
                fd: PQsocket(handle), events: Int16(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            // In slices, to notice when nobody waits any more.
            if poll(&descriptor, 1, 100) > 0 { step = PQconnectPoll(handle) }
        }
        guard step == PGRES_POLLING_OK else {
            let error = Self.refusal(PQerrorMessage(handle).map { String(cString: $0) } ?? "", configuration)
            PQfinish(handle)
            return .failure(error)
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetnonblocking(handle, 1)
        return .success(Wire(WireState(handle)))
    }

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
