@testable import JobQueue

/// What may be done next, in a given state.
enum ModelAlphabet {
    /// Everything that can mean anything to one or two jobs of one key, each in one way: for enumerating.
    static func all(_ model: QueueModel) -> [ModelOperation] {
        var next: [ModelOperation] = []
        if model.jobs.count < 2 || model.all.contains(where: \.isWaiting) {
            next += [0, 10_000].map { .enqueue(tenant: 0, kind: "note", key: "k", after: $0, priority: 5) }
        }
        next += [1, 2].map { .claim(worker: $0, room: 1) }
        if model.all.contains(where: { $0.place == .suspect }) { next += [1, 2].map { .claimSuspects(worker: $0) } }
        for job in model.running {
            let run = QueueModel.run(job)
            next += [.done, .cancel, .bury, .handBack].map { .end([ModelOperation.End(run: run, fate: $0)]) }
            next += [.end([.init(run: run, fate: .retry, wait: 10_000)]), .end([.init(run: run, fate: .postpone, wait: 10_000)])]
            next += [.end([.init(run: run, fate: .retry)]), .end([.init(run: run, fate: .postpone)])]
            if !job.isAlone { next.append(.startAlone(run)) }
            if job.leaseUntil != QueueModel.lease { next.append(.heartbeat(worker: job.worker ?? 0)) }
        }
        next += model.stale.filter { model.isMarked($0) }.map { .absolve([$0]) }
        next += [.rescue, .promote]
        for job in model.all { next += JobOrder.Order.allCases.map { .order($0, job.id) } }
        let gate = QueueModel.Gate(tenant: 0, name: "vendor")
        next.append(model.gates[gate] == nil ? .shut(tenant: 0, gate: "vendor", until: nil) : .open(tenant: 0, gate: "vendor"))
        // Once more makes no difference to those whose time is over.
        if model.running.contains(where: { ($0.leaseUntil ?? 0) >= 0 }) || model.all.contains(where: { $0.place == .scheduled && $0.runAt > 0 }) {
            next.append(.timePasses(31_000))
        }
        return next
    }

    /// One of everything, for several jobs, keys, kinds, tenants and workers, as `random` has it.
    static func any(_ model: QueueModel, _ random: inout ModelRandom) -> ModelOperation {
        let worker = Int.random(in: 1...4, using: &random)
        let tenant = Int64.random(in: 0...1, using: &random)
        let kind = Bool.random(using: &random) ? "note" : "item"
        let after = [0, 0, 0, 5_000, 40_000][Int.random(in: 0..<5, using: &random)]
        let key = ["a", "b", "c", "ß", nil][Int.random(in: 0..<5, using: &random)]
        let live = model.all.filter(\.isLive)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<14 where live.count < 14:
            return .enqueue(tenant: tenant, kind: kind, key: key, after: after, priority: Int.random(in: 3...5, using: &random))
        case 14..<17 where live.count < 14: return .enqueueFromSQL(tenant: tenant, kind: kind, key: key, after: after)
        case 17..<35: return .claim(worker: worker, room: Int.random(in: 0..<3, using: &random) == 0 ? 100 : 1)
        case 35..<43: return .claimSuspects(worker: worker)
        case 43..<47: if let run = model.running.randomElement(using: &random).map(QueueModel.run) { return .startAlone(run) }
        case 47..<52: return .heartbeat(worker: worker)
        case 52..<68: return .end(Self.ends(model, &random))
        case 68..<75: return .rescue
        case 75..<80:
            let marked = model.stale.filter { model.isMarked($0) }
            // Those who were cut off together come back one by one; and what they say of others' runs is in vain.
            if let run = marked.randomElement(using: &random) { return .absolve([run] + model.stale.filter { !model.isMarked($0) }) }
        case 80..<82: return .handBackForgotten(worker: worker)
        case 82..<86: return .promote
        case 86..<93:
            guard let order = JobOrder.Order.allCases.randomElement(using: &random) else { break }
            // The living and the dead are of more interest than what has ended; and one is not there at all.
            let ids = model.all.filter { $0.isLive || $0.place == .dead }.map(\.id) + model.all.suffix(2).map(\.id) + [9_999]
            return .order(order, ids.randomElement(using: &random) ?? 0)
        case 93..<95:
            let gate = ["tenant", "kind:note", "kind:item", "vendor"][Int.random(in: 0..<4, using: &random)]
            return .shut(tenant: tenant, gate: gate, until: Bool.random(using: &random) ? 10_000 : nil)
        case 95..<97:
            if let gate = model.gates.keys.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &random) {
                return .open(tenant: gate.tenant, gate: gate.name)
            }
        default: break
        }
        return .timePasses([1_000, 6_000, 16_000, 31_000][Int.random(in: 0..<4, using: &random)])
    }

    /// Ends of some of what runs, all in one statement, with stale ones among them.
    private static func ends(_ model: QueueModel, _ random: inout ModelRandom) -> [ModelOperation.End] {
        let fates: [JobEnd.Fate] = [.done, .cancel, .bury, .retry, .retry, .retry, .postpone, .postpone, .handBack]
        let count = Int.random(in: 1...3, using: &random)
        let runs = model.running.map(QueueModel.run).shuffled(using: &random).prefix(count) + model.stale.shuffled(using: &random).prefix(1)
        return runs.sorted { $0.id < $1.id }.map { run in
            let fate = fates[Int.random(in: 0..<fates.count, using: &random)]
            let wait = fate == .retry || fate == .postpone ? [nil, 2_000, 35_000][Int.random(in: 0..<3, using: &random)] : nil
            return ModelOperation.End(run: run, fate: fate, wait: wait)
        }
    }
}
