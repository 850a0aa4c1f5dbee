import Sync

/// What a comparison of both sides has found, and what of it was repaired.
struct ReconcileReport: Sendable {
    let tenant: String
    let found: Reconciliation
    /// What still differs after the repair; all of it when none was asked for.
    let left: Reconciliation

    /// Of a comparison, `left` being what a repair has left of it.
    init(tenant: String, found: Reconciliation, left: Reconciliation? = nil) {
        self.tenant = tenant
        self.found = found
        self.left = left ?? found
    }

    /// Leads that differed and do so no more.
    var repaired: Int { self.found.leads.count - self.left.leads.count }

    /// Both sides say the same by now.
    var isClean: Bool { self.left.differences.isEmpty }

    /// The document that CONTRACT 3 describes; the lists hold lead ids, and `details` says what each is about.
    var json: JSONFact {
        func ids(_ kind: LeadDifference.Kind) -> JSONFact { .list(self.found.leads(kind).map { .number($0.rawValue) }) }
        return .object([
            ("checked", JSONFact(self.found.checked)), ("missing", ids(.missing)), ("stale", ids(.stale)), ("extra", ids(.extra)),
            ("repaired", JSONFact(self.repaired)),
            (
                "details",
                .list(
                    self.found.differences.map { difference in
                        .object([
                            ("kind", .text(difference.kind.rawValue)), ("lead_id", .number(difference.lead.rawValue)),
                            ("contact_id", JSONFact(difference.contact?.rawValue)), ("text", .text(difference.text)),
                        ])
                    })
            ),
        ])
    }

    /// The same for people, a line each.
    var lines: [String] {
        let isLeft = Set(self.left.leads)
        let differences = self.found.differences.map { difference in
            "\(difference.kind.rawValue.padding(to: 8)) lead \(difference.lead): \(difference.text)\(isLeft.contains(difference.lead) ? "" : " – repaired")"
        }
        let total = self.found.leads.count
        let end = total == 0 ? "both sides agree." : "\(Amount.count(total)) differ, \(Amount.count(self.repaired)) of them repaired."
        return differences + ["Compared \(Amount.count(self.found.checked)) leads of \(self.tenant): \(end)"]
    }

    /// Why the command does not end with 0; nil when it does.
    var complaint: String? {
        let left = self.left.leads.count
        guard left > 0 else { return nil }
        return
            "\(left == 1 ? "A lead differs" : "\(Amount.count(left)) leads differ") between Marketo and \(self.tenant), and \(left == 1 ? "was" : "were") not repaired."
    }
}
