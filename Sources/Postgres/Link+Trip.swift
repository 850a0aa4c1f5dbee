import Synchronization

/// Several statements in one trip (libpq's pipeline mode): each is sent without the answer to the one before it.
extension Link {
    /// Runs several statements in one trip, those that were posted before them; an answer for each of the ones asked for.
    ///
    /// For a transaction: one that fails has spoiled it, and those behind it are not carried out.
    func run(_ requests: [PreparedRequest], for loan: Loan) async throws(PostgresError) -> [PostgresResult] {
        let posted = loan.takePosted()
        let all = posted + requests
        guard let last = all.last else { return [] }
        do throws(PostgresError) {
            let results = try await self.alone(with: loan) { () async throws(PostgresError) in
                let steps = try await self.steps(all, for: loan)
                return try await self.pipeline(steps, all, as: .statement(ObjectIdentifier(last.type)), for: loan, isCancellable: true)
            }
            return Array(results.suffix(requests.count))
        } catch {
            if !posted.isEmpty { loan.lose() }
            throw error
        }
    }

    /// Runs one command without values that belongs to transactions, and what was posted before it in the same trip.
    ///
    /// - Parameter isCancellable: what ends a transaction is not.
    func run(command: String, for loan: Loan, isCancellable: Bool = false) async throws(PostgresError) -> PostgresResult {
        let posted = loan.takePosted()
        if loan.hasLost { throw PostgresError(.server(.inFailedTransaction), summary: "what was posted in it was not carried out") }
        let results: [PostgresResult]
        if posted.isEmpty {
            results = try await self.run(script: command, for: loan, isCancellable: isCancellable)
        } else {
            let binds = try EncodedBinds([])
            do throws(PostgresError) {
                results = try await self.alone(with: loan, isCancellable: isCancellable) { () async throws(PostgresError) in
                    let steps = try await self.steps(posted, for: loan) + [.statement(command, binds, isBinary: false)]
                    return try await self.pipeline(steps, posted, as: .script(command), for: loan, isCancellable: isCancellable)
                }
            } catch {
                loan.lose()
                throw error
            }
        }
        guard let result = results.last else { throw PostgresError(.connectionLost, summary: "an empty answer") }
        return result
    }

    private func steps(_ requests: [PreparedRequest], for loan: Loan) async throws(PostgresError) -> [Request] {
        var steps: [Request] = []
        for request in requests {
            let isBinary = request.type.isBinary
            guard self.configuration.preparedStatements else {
                steps.append(.statement(request.type.sql, request.binds, isBinary: isBinary))
                continue
            }
            steps.append(.execute(name: try await self.prepare(request.type, request.binds, for: loan), request.binds, isBinary: isBinary))
        }
        return steps
    }

    private func pipeline(
        _ steps: [Request], _ requests: [PreparedRequest], as key: Promptness.Key, for loan: Loan, isCancellable: Bool
    ) async throws(PostgresError) -> [PostgresResult] {
        let results: [PostgresResult]
        do throws(PostgresError) {
            results = try await self.exchange(.pipeline(steps), as: .behindOthers(key), for: loan, isCancellable: isCancellable)
        } catch {
            // Which of them it was is not worth knowing: the next time they are prepared anew.
            if error.isStalePlan || error.code == .server(.invalidStatementName) {
                self.cache.withLock { cache in for request in requests { cache.remove(request.type, types: request.binds.types) } }
            }
            throw error
        }
        guard results.count == steps.count else { throw PostgresError(.connectionLost, summary: "an incomplete answer") }
        return results
    }
}
