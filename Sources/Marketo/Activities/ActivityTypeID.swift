/// The types of activity that the sync knows by number; the same in every subscription.
///
/// Source: API reference, section 5.4.
package enum ActivityTypeID {
    /// A lead was made.
    package static let newLead = 12
    /// A field's value changed.
    package static let changeDataValue = 13
    /// A score changed.
    package static let changeScore = 22
    /// Leads became one.
    package static let mergeLeads = 32
    /// A lead was deleted.
    package static let deleteLead = 37
    /// A lead moved within a programme, which may be how it was acquired.
    package static let changeStatusInProgression = 104
}
