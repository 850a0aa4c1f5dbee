package import Sync

/// A record of a page in which something could not be read; the others of the page are whole.
package struct UnreadableRecord: Sendable, Equatable {
    /// The lead it is about; `nil` when even that was not legible.
    package let leadID: LeadID?
    /// The member that could not be read, by its REST name.
    ///
    /// Its value is not kept.
    package let member: String
    /// Marketo's key, if it is an activity that has one.
    package let marketoGUID: String?

    package init(leadID: LeadID?, member: String, marketoGUID: String? = nil) {
        self.leadID = leadID
        self.member = member
        self.marketoGUID = marketoGUID
    }
}
