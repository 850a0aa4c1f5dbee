import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// One request and its answer over HTTP, with what is known of it when it breaks in the middle.
struct HTTPExchange: Sendable {
    private(set) var wasStarted = false
    private(set) var httpStatus: Int?
    private(set) var clockSkew: Duration?

    /// Sends `request` and collects the answer, all of it before `deadline`.
    ///
    /// - Throws: ``MarketoError``, or `CancellationError` when the task is cancelled.
    mutating func run(
        _ request: HTTPClientRequest, operation: MarketoOperation, deadline: Duration, http: HTTPClient, clock: any MarketoClock
    ) async throws -> [UInt8] {
        try Task.checkCancellation()
        var request = request
        request.headers.add(name: "Accept-Encoding", value: "gzip")
        request.headers.add(name: "User-Agent", value: "kakehashi")
        self.wasStarted = true
        let outcome = await Self.race(request, deadline: deadline, http: http)
        self.httpStatus = outcome.head.map { Int($0.status) }
        self.clockSkew = outcome.head?.date.map { .seconds($0.timeIntervalSince(clock.date()).rounded()) }
        switch outcome.body {
        case .success(let bytes): return bytes
        case .failure(let error):
            try Task.checkCancellation()
            throw MarketoError(transport: error, operation: operation, httpStatus: self.httpStatus)
        }
    }

    /// What the ledger is told of an exchange that `run` threw out of: a cancelled one shows nothing, but may well have been sent.
    func failure(_ error: any Error, _ operation: MarketoOperation) -> MarketoError {
        if let error = error as? MarketoError { return error }
        return self.wasStarted
            ? MarketoError(.abandoned, operation: operation, effect: .unknown) : MarketoError(.refusedHere, operation: operation, effect: .notSent)
    }

    /// For the ledger and the observer.
    func report(_ operation: MarketoOperation, error: MarketoError?, duration: Duration) -> CallReport {
        CallReport(
            operation: operation, httpStatus: self.httpStatus, vendorCode: error?.vendorCode?.number, failure: error?.code, duration: duration,
            countsAgainstQuota: self.counts(operation, error), clockSkew: self.clockSkew)
    }

    private func counts(_ operation: MarketoOperation, _ error: MarketoError?) -> Bool {
        guard operation != .identity, self.wasStarted else { return false }
        guard let error else { return true }
        return error.effect != .notSent && error.vendorCode?.countsAgainstQuota ?? true
    }
}

extension HTTPExchange {
    private struct Head: Sendable {
        let status: UInt
        let date: Date?
    }

    private struct Outcome: Sendable {
        var head: Head?
        let body: Result<[UInt8], any Error>
    }

    /// The client's own deadline ends with the answer's head; a body that trickles for ever needs this one.
    private static func race(_ request: HTTPClientRequest, deadline: Duration, http: HTTPClient) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await Self.fetch(request, deadline: deadline, http: http) }
            group.addTask {
                // Woken early by `cancelAll` below: then the answer is there.
                try? await Task.sleep(for: deadline)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            // Out of time, or the caller was cancelled. The request is cancelled now; what it still says is its head at most.
            let late = await group.next() ?? nil
            if let late, case .success = late.body { return late }
            return Outcome(head: late?.head, body: .failure(HTTPClientError.deadlineExceeded))
        }
    }

    private static func fetch(_ request: HTTPClientRequest, deadline: Duration, http: HTTPClient) async -> Outcome {
        var head: Head?
        do {
            let answer = try await http.execute(request, timeout: TimeAmount(deadline))
            head = Head(status: answer.status.code, date: answer.headers.first(name: "Date").flatMap(HTTPDate.date))
            var body = try await answer.body.collect(upTo: MarketoTransport.largestAnswer)
            return Outcome(head: head, body: .success(body.readBytes(length: body.readableBytes) ?? []))
        } catch {
            return Outcome(head: head, body: .failure(error))
        }
    }
}
