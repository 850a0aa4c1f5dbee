package import Foundation
package import Postgres

/// Something that is due again and again: when, and what is enqueued then.
package struct TimetableEntry: Sendable {
    /// What follows when ticks were missed, because nobody was there to ring them.
    package enum CatchUp: Sendable, Equatable {
        /// The latest missed tick is rung, once; the others are let go.
        case latest
        /// Each missed tick is rung, the latest `atMost` of them.
        case all(atMost: Int)
        /// A missed tick is let go, unless it is younger than this.
        case within(Duration)
    }

    /// What a tick does, within the transaction that writes it down: enqueue, and nothing slow.
    package typealias Ring = @Sendable (PostgresTransaction, _ tick: Date) async throws -> Void

    /// Its name, for ever: the memory of its ticks hangs on it.
    package let name: String
    /// When.
    package let crontab: Crontab
    /// What of missed ticks.
    package let catchUp: CatchUp
    let ring: Ring

    /// An entry.
    package init(name: String, crontab: Crontab, catchUp: CatchUp = .latest, ring: @escaping Ring) {
        self.name = name
        self.crontab = crontab
        self.catchUp = catchUp
        self.ring = ring
    }

    /// The ticks to ring now, in order, when the last one was `last`.
    func due(after last: Date, now: Date) -> [Date] {
        switch self.catchUp {
        case .latest: return [self.crontab.last(after: last, until: now)].compactMap(\.self)
        case .within(let age): return [self.crontab.last(after: max(last, now.addingTimeInterval(-age.seconds)), until: now)].compactMap(\.self)
        case .all(let most):
            var ticks: [Date] = []
            var end = now
            // Backwards from now, so that a schedule that was away for years costs no more than what it may ring.
            while ticks.count < most, let tick = self.crontab.last(after: last, until: end) {
                ticks.append(tick)
                end = tick.addingTimeInterval(-1)
            }
            return ticks.reversed()
        }
    }
}
