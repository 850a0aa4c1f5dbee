import Marketo
import Store
import Sync

/// Tenants and their connection tests, for people and for programs.
enum TenantFacts {
    /// What `tenant add` did, as a sentence.
    static func sentence(_ name: String, _ answer: TenantDesk.Answer) -> String {
        let stored =
            switch answer.addition.outcome {
            case .created: "The tenant \(name) is stored"
            case .changed: "The tenant \(name) was there and has its new settings"
            case .unchanged: "The tenant \(name) was there, just so"
            }
        if answer.startedLoad { return stored + "; its full load has begun (kakehashi status \(name))." }
        return stored + (answer.addition.isStarted ? "; no new full load is started." : "; it is not started yet (kakehashi tenant start \(name)).")
    }

    /// The lines of a connection test.
    static func checks(_ checks: [ConnectionCheck]) -> JSONFact {
        .list(
            checks.map {
                .object([("name", .text($0.name.rawValue)), ("ok", .bool($0.isOK)), ("code", .text($0.code)), ("text", .text($0.text))])
            })
    }

    /// What was set by hand, keys as they are typed.
    static func settings(_ overrides: [String: String]) -> JSONFact {
        .object(overrides.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }

    /// `tenant list --json`.
    ///
    /// The secret is no part of it.
    static func list(_ tenants: [Tenant]) -> JSONFact {
        .object([
            (
                "tenants",
                .list(
                    tenants.map { tenant in
                        .object([
                            ("id", .number(tenant.id.rawValue)), ("name", .text(tenant.name)), ("endpoint", .text(tenant.endpoint)),
                            ("client_id", .text(tenant.clientID)), ("created_at", JSONFact(tenant.createdAt)),
                            ("started_at", JSONFact(tenant.startedAt)),
                            ("settings", Self.settings(tenant.overrides)),
                        ])
                    })
            )
        ])
    }
}
