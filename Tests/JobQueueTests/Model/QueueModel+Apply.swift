@testable import JobQueue

/// One operation on the model.
extension QueueModel {
    /// Performs it; what the database should have answered.
    ///
    /// Which jobs a claim takes is the database's choice, within what is right; so the model follows `answer` there.
    mutating func apply(_ operation: ModelOperation, seeing answer: ModelAnswer) -> ModelAnswer {
        switch operation {
        case .enqueue(let tenant, let kind, let key, let after, let priority):
            return .ids([self.enqueue(tenant: tenant, kind: kind, key: key, after: after, priority: priority)])
        case .enqueueFromSQL(let tenant, let kind, let key, let after):
            return .ids([self.enqueue(tenant: tenant, kind: kind, key: key, after: after, priority: 5)])
        case .claim(let worker, let room):
            guard case .ids(let ids) = answer, self.mayTake(ids, room: room) else {
                return .ids(self.all.filter { $0.place == .ready && self.mayRun($0) }.map(\.id))
            }
            self.take(ids, worker: worker)
            return answer
        case .claimSuspects(let worker):
            let ids = self.suspectsInLine
            self.take(ids, worker: worker)
            return .ids(ids.sorted())
        case .startAlone(let run):
            guard self.held(run) != nil else { return .count(0) }
            self.jobs[run.id]?.isAlone = true
            return .count(1)
        case .heartbeat(let worker):
            let runs = self.running.filter { $0.worker == worker }.map(Self.run)
            for run in runs { self.jobs[run.id]?.leaseUntil = Self.lease }
            return .runs(Set(runs))
        case .end(let ends):
            return .became(self.end(all: ends))
        case .rescue:
            return .became(self.end(all: self.expired.map { ModelOperation.End(run: $0, fate: .crash) }))
        case .absolve(let runs):
            for run in runs { self.absolve(run) }
            return .nothing
        case .handBackForgotten(let worker):
            let runs = self.running.filter { $0.worker == worker }.map(Self.run)
            return .became(self.end(all: runs.map { ModelOperation.End(run: $0, fate: .handBack) }))
        case .promote:
            return .count(self.promote())
        case .order(let order, let id):
            return self.order(order, id).map(ModelAnswer.refused) ?? .nothing
        case .shut(let tenant, let gate, let until):
            self.shut(Gate(tenant: tenant, name: gate), until: until)
            return .nothing
        case .open(let tenant, let gate):
            self.open(Gate(tenant: tenant, name: gate))
            return .nothing
        case .timePasses(let milliseconds):
            self.age(milliseconds)
            return .nothing
        }
    }

    private mutating func end(all ends: [ModelOperation.End]) -> [Int64: String] {
        var became: [Int64: String] = [:]
        for end in ends {
            if let what = self.end(end) { became[end.run.id] = what }
        }
        return became
    }
}
