/// What is on record here of one lead: its links, its place on the quarantine list, and whether somebody is at work on it.
package struct LeadStanding: Hashable, Sendable {
    /// One link of it with a contact.
    package struct Link: Hashable, Sendable {
        /// The contact.
        package let contact: ContactID
        /// How it stands: `active`, `lead_deleted`, `contact_deleted` or `merged`.
        package let state: String
        /// The contact is said to show this lead (D4).
        package let isPrimary: Bool
        /// The contact is there.
        package let isAlive: Bool
        /// The contact shows a lead that is known to be deleted: it goes on to do so until another of its leads has news (R13).
        package let showsDeleted: Bool

        /// As the database has it.
        package init(contact: ContactID, state: String = "active", isPrimary: Bool = true, isAlive: Bool = true, showsDeleted: Bool = false) {
            self.contact = contact
            self.state = state
            self.isPrimary = isPrimary
            self.isAlive = isAlive
            self.showsDeleted = showsDeleted
        }
    }

    /// An entry of the quarantine list.
    package struct Entry: Hashable, Sendable {
        /// The reason's name.
        package let reason: String
        /// What is wrong, as received.
        package let value: String?

        /// As the database has it.
        package init(reason: String, value: String?) {
            self.reason = reason
            self.value = value
        }
    }

    /// What is under way for it.
    package enum Work: Hashable, Sendable {
        /// Nothing.
        case none
        /// It waits to be read again or written down; whatever differs will be seen to.
        case waiting
        /// A job is at it right now.
        case running
    }

    /// The lead.
    package let lead: LeadID
    /// It is on record that Marketo does not show it: deleted, merged, or missing without a word.
    package let isLost: Bool
    /// Its entry on the quarantine list.
    package let entry: Entry?
    /// Its links, whatever their state.
    package let links: [Link]
    /// Living contacts that show its id though no link knows of it.
    package let strays: [ContactID]
    /// What is under way.
    package let work: Work

    /// As the database has it.
    package init(lead: LeadID, isLost: Bool = false, entry: Entry? = nil, links: [Link] = [], strays: [ContactID] = [], work: Work = .none) {
        self.lead = lead
        self.isLost = isLost
        self.entry = entry
        self.links = links
        self.strays = strays
        self.work = work
    }

    /// The same, as if nothing were under way.
    package var atRest: LeadStanding {
        LeadStanding(lead: self.lead, isLost: self.isLost, entry: self.entry, links: self.links, strays: self.strays)
    }

    /// Contacts that it has, as far as is known here.
    var living: [ContactID] { self.links.filter { $0.isAlive && $0.state == "active" }.map(\.contact) }
}
