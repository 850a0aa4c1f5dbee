import Marketo
import Store
import Sync

/// Leads to be made of contacts: one an address, whatever the number of contacts that have it, and what came of each.
struct Creation: Sendable {
    /// The contacts of one address.
    struct Candidate: Sendable {
        let key: EmailKey
        /// The oldest contact, whose values are sent.
        let contact: FindCreations.Row
        let address: EmailAddress
        /// Marketo said that the lead is there.
        var exists = false

        /// What Marketo gets to know; what is blank is left out.
        func input(withCompany: Bool) -> LeadInput {
            let name = PersonName(splitting: self.contact.name)
            let texts: [(String, String?)] = [
                ("lastName", name.lastName), ("firstName", name.firstName), ("phone", self.contact.phone), ("mobilePhone", self.contact.mobilePhone),
                ("title", self.contact.title), ("department", self.contact.department), ("company", withCompany ? self.contact.company : nil),
            ]
            let values = texts.reduce(into: [String: FieldValue]()) { values, field in
                if let text = PlainText.nonBlank(field.1) { values[field.0] = .text(text) }
            }
            return LeadInput(.email(PlainText.isASCII(self.address.text) ? self.address.text : self.key.text), values: values)
        }
    }

    /// By address; those of which nothing is known yet.
    private var open: [EmailKey: Candidate] = [:]
    private var contactsOf: [EmailKey: Set<ContactID>] = [:]
    /// Leads that were there, as they were read.
    private(set) var found: [Lead] = []
    private(set) var links: [LinkLeads.Link] = []
    private(set) var notes: [WriteNotes.Note] = []

    /// Of contacts, the oldest first.
    init(_ contacts: [FindCreations.Row]) {
        for contact in contacts {
            switch EmailAddress.read(contact.email) {
            case .missing: break
            case .invalid:
                let text = "Contact \(contact.contact)'s e-mail address is not valid, so no lead was made of it; correct it, and the lead is made."
                self.notes.append(WriteNotes.Note(kind: "email_invalid", lead: nil, contact: contact.contact, text: text))
            case .valid(let address):
                self.contactsOf[address.key, default: []].insert(contact.contact)
                // One that is there outranks one that is gone.
                if self.open[address.key].map({ $0.contact.isGone && !contact.isGone }) ?? true {
                    self.open[address.key] = Candidate(key: address.key, contact: contact, address: address)
                }
            }
        }
    }

    /// Nobody to be made.
    var isEmpty: Bool { self.open.isEmpty }

    /// The addresses, in order.
    var keys: [EmailKey] { self.open.keys.sorted() }

    /// Those to be made, in order.
    var wanted: [Candidate] { self.open.values.filter { !$0.contact.isGone }.sorted { $0.key < $1.key } }

    /// Whether a contact has still no lead and may get one at the next try.
    func isOpen(_ contact: ContactID) -> Bool { self.open.keys.contains { self.contactsOf[$0]?.contains(contact) == true } }

    /// Takes the leads that have one of the addresses: the oldest of each is linked as it is (R58).
    mutating func takeFound(_ page: LeadPage) {
        // Of a contact that is gone nothing is made any more: what was not found was not made.
        defer { self.open = self.open.filter { !$0.value.contact.isGone } }
        let byKey = Dictionary(grouping: page.leads.filter { $0.emailKey != nil }) { $0.emailKey }
        for (key, leads) in byKey {
            guard let key, let candidate = self.open[key], let oldest = leads.min(by: { $0.id < $1.id }) else { continue }
            self.found.append(oldest)
            self.link(oldest.id, candidate, rule: "email")
            guard leads.count > 1 else { continue }
            let text = "\(leads.count) leads have contact \(candidate.contact.contact)'s e-mail address; the oldest, \(oldest.id), was linked."
            self.notes.append(
                WriteNotes.Note(
                    kind: SyncNote.Kind.possibleDuplicate.rawValue, lead: oldest.id, contact: candidate.contact.contact, text: text))
        }
    }

    /// Takes the answer to a call that makes leads, by place; those to be tried once more at once.
    ///
    /// No `default`: a new code does not compile until someone has placed it.
    mutating func take(_ outcomes: [RecordOutcome], of candidates: [Candidate]) -> [Candidate] {
        var again: [Candidate] = []
        for (candidate, outcome) in zip(candidates, outcomes) {
            if outcome.isDone, let lead = outcome.leadID {
                self.link(lead, candidate, rule: "created")
                continue
            }
            guard let fault = outcome.faults.first else { continue }
            switch fault.code {
            case .alreadyExists:
                var existing = candidate
                existing.exists = true
                again.append(existing)
            case .companyFixed: again.append(candidate)
            case .valueInvalid, .fieldMissing, .notFound, .severalMatch, .partition, .duplicateInInput, .accessDenied, .rejected:
                self.open[candidate.key] = nil
                let text =
                    "Marketo did not make a lead of contact \(candidate.contact.contact): \(fault.code.rawValue) (\(fault.vendorCode.number))."
                    + " The next edit of the contact tries again."
                self.notes.append(WriteNotes.Note(kind: "lead_refused", lead: nil, contact: candidate.contact.contact, text: text))
            case .busy, .unknownVendorCode, .untold: break
            }
        }
        return again
    }

    private mutating func link(_ lead: LeadID, _ candidate: Candidate, rule: String) {
        self.open[candidate.key] = nil
        self.links.append(
            LinkLeads.Link(
                lead: lead, key: candidate.key, rule: rule, baseline: candidate.contact.baseline, contact: candidate.contact.contact))
    }
}
