import Marketo
import Sync

/// What came of asking for leads: those that are there, and what stood in the way of the others.
struct LeadAnswer: Sendable {
    /// Those that were asked for and answered, present or not.
    private(set) var asked: [LeadID] = []
    private(set) var leads: [Lead] = []
    private(set) var unreadable: [UnreadableRecord] = []
    /// The fields that were not asked for, as the subscription does not have them; of these the answer says nothing.
    private(set) var unasked: Set<LeadField>
    /// Marketo does not have a field that it was thought to have: the list of fields is to be read anew.
    private(set) var lacksField = false
    /// Those that Marketo refuses to be asked for, each by itself.
    private(set) var refused: [(lead: LeadID, error: MarketoError)] = []
    /// Those that were not asked for any more, and why.
    private(set) var unread: (leads: [LeadID], error: any Error)?

    init(fields: LeadFields) {
        self.unasked = Set(LeadField.allCases).subtracting(fields.names.map(\.field))
    }

    /// Whether there is anything in it that would be lost by asking again from the start.
    var isEmpty: Bool { self.asked.isEmpty && self.refused.isEmpty }

    mutating func take(_ page: LeadPage, of ids: [LeadID]) {
        self.asked += ids
        self.leads += page.leads
        self.unreadable += page.unreadable
    }

    mutating func reduce(to fields: LeadFields) {
        self.unasked.formUnion(Set(LeadField.allCases).subtracting(fields.names.map(\.field)))
        self.lacksField = true
    }

    mutating func refuse(_ lead: LeadID, _ error: MarketoError) { self.refused.append((lead, error)) }

    mutating func stop(before leads: [LeadID], _ error: any Error) { self.unread = (leads, error) }

    /// Of it, what is about these leads.
    func about(_ leads: Set<LeadID>) -> LeadAnswer {
        var part = self
        part.asked.removeAll { !leads.contains($0) }
        part.leads.removeAll { !leads.contains($0.id) }
        part.unreadable.removeAll { $0.leadID.map { !leads.contains($0) } ?? false }
        part.refused.removeAll { !leads.contains($0.lead) }
        return part
    }
}
