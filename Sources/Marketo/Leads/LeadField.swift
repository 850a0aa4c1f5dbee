/// A lead's field that the sync reads, whatever it is called in a subscription.
///
/// Source: R27–R29, R63; names of the API reference, section 4.3.
package enum LeadField: String, Sendable, CaseIterable {
    case email, firstName, lastName, company, phone, mainPhone, mobilePhone, title, department, leadScore, createdAt, updatedAt
    /// Not `acquisitionDate`: four independent recordings say so.
    case acquisitionDate = "mktoAcquisitionDate"

    /// Its REST name in a subscription where nobody has changed it.
    package var standardName: String { self.rawValue }
}
