import CLibPQ

/// One libpq connection, in non-blocking mode.
///
/// Every method returns at once; whoever holds `Wire`'s lock calls them.
struct WireState {
    /// What has come so far.
    enum Receipt: Sendable {
        case pending
        /// The server waits for the rows of a COPY.
        case wantsRows
        case complete([PostgresResult])
        case broken(PostgresError)
    }

    /// `nil` once closed.
    private var handle: OpaquePointer?
    private var results: [PostgresResult] = []
    /// Whether the request is one that rows follow.
    private var isCopy = false
    /// Whether the request is several in one, whose end is told apart from theirs.
    private var isPipeline = false

    /// Takes over a connection that has been established.
    init(_ handle: sending OpaquePointer) { self.handle = handle }

    /// Sends `request`; the reason when libpq would not.
    mutating func start(_ request: Request) -> PostgresError? {
        guard let handle else { return PostgresError(.connectionLost) }
        self.results = []
        self.isCopy = if case .copy = request { true } else { false }
        self.isPipeline = if case .pipeline = request { true } else { false }
        return request.send(on: handle) == 1 ? nil : self.lost()
    }

    /// Writes what is left to write: whether some is left after that; `nil` when the connection is broken.
    mutating func flush() -> Bool? {
        guard let handle else { return nil }
        switch PQflush(handle) {
        case 0: return false
        case 1: return true
        default: return nil
        }
    }

    /// Takes what has come.
    mutating func receive() -> Receipt {
        guard let handle else { return .broken(PostgresError(.connectionLost)) }
        repeat {
            if PQconsumeInput(handle) == 0 { return self.receiveLastWords(handle) }
        } while DecryptedBytes.areLeft(handle)
        while PQisBusy(handle) == 0 {
            guard let next = PQgetResult(handle) else {
                // Between two answers of a pipeline nothing comes either.
                if self.isPipeline, PQstatus(handle) == CONNECTION_OK { continue }
                defer { self.results = [] }
                return PQstatus(handle) == CONNECTION_OK ? .complete(self.results) : .broken(self.fatalError ?? self.lost())
            }
            let result = PostgresResult(next)
            switch result.status {
            case PGRES_PIPELINE_SYNC:
                self.isPipeline = false
                if PQexitPipelineMode(handle) == 0 { return .broken(self.lost()) }
            case PGRES_COPY_IN where self.isCopy: return .wantsRows
            case PGRES_COPY_IN:
                // Ends the copy; the server answers with an error, which is the statement's.
                PQputCopyEnd(handle, "COPY is not offered here")
            case PGRES_COPY_OUT, PGRES_COPY_BOTH: return .broken(PostgresError(.configuration, summary: "COPY is not offered here"))
            default: self.results.append(result)
            }
        }
        return .pending
    }

    /// Hands a part of a COPY to libpq, which has it flushed like a request: whether it was taken.
    mutating func hand(_ bite: CopyBite) -> Bool {
        guard let handle else { return false }
        switch bite {
        case .rows(let bytes):
            guard let size = Int32(exactly: bytes.count) else { return false }
            let isTaken = bytes.withUnsafeBytes { PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), size) == 1 }
            return isTaken && PQflush(handle) >= 0
        case .end: return PQputCopyEnd(handle, nil) == 1
        case .refusal: return PQputCopyEnd(handle, "the rows could not be made") == 1
        }
    }

    /// Messages that came by LISTEN.
    mutating func notifications() -> [(channel: String, payload: String)] {
        guard let handle else { return [] }
        var notifications: [(String, String)] = []
        while let next = PQnotifies(handle) {
            notifications.append((String(cString: next.pointee.relname), String(cString: next.pointee.extra)))
            PQfreemem(next)
        }
        return notifications
    }

    /// For waiting on; -1 once closed.
    var socket: Int32 { self.handle.map { PQsocket($0) } ?? -1 }
    var isOpen: Bool { self.handle.map { PQstatus($0) == CONNECTION_OK } ?? false }
    var transaction: PGTransactionStatusType { self.handle.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN }
    var serverVersion: Int { self.handle.map { Int(PQserverVersion($0)) } ?? 0 }
    var backend: Int32 { self.handle.map { PQbackendPID($0) } ?? 0 }
    var usesTLS: Bool { self.handle.map { PQsslInUse($0) == 1 } ?? false }

    /// What a cancel request needs, apart from the connection itself.
    func makeCancel() -> CancelRequest? { self.handle.flatMap { PQgetCancel($0) }.map { CancelRequest($0) } }

    /// Says good-bye without waiting for an answer.
    mutating func close() {
        if let handle { PQfinish(handle) }
        self.handle = nil
        self.results = []
    }

    /// The connection broke while we read; the server may have said why before (57P01).
    private mutating func receiveLastWords(_ handle: OpaquePointer) -> Receipt {
        // With the status "bad" PQgetResult does not wait; eight is more than a server can have left to say.
        for _ in 0..<8 where PQstatus(handle) == CONNECTION_BAD {
            guard let last = PQgetResult(handle) else { break }
            self.results.append(PostgresResult(last))
        }
        return .broken(self.fatalError ?? self.lost())
    }

    private var fatalError: PostgresError? {
        self.results.lazy.compactMap(\.error).first { $0.isFatal }
    }

    private func lost() -> PostgresError {
        PostgresError(.connectionLost, detail: self.handle.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? "")
    }
}
