/// Every error number that Marketo is known to send.
///
/// Source: API reference, sections 3.3 and 3.4.
package enum KnownVendorCode: String, Sendable, CaseIterable {
    /// Internal server error, also for a malformed address.
    case httpInternalError = "500"
    /// The gateway got no answer in time.
    case httpBadGateway = "502"
    /// No token was sent.
    case tokenEmpty = "600"
    /// The token is not one, or ended a while ago.
    case tokenInvalid = "601"
    /// The token has just ended.
    case tokenExpired = "602"
    /// A permission is missing, or the address is not on the allow-list.
    case accessDenied = "603"
    /// Marketo gave up working on it.
    case requestTimedOut = "604"
    /// The path does not take this method.
    case methodNotSupported = "605"
    /// More than 100 calls in 20 s, all integrations together.
    case rateLimit = "606"
    /// The day's calls are used up.
    case dailyQuota = "607"
    /// The API is out of order for now.
    case unavailable = "608"
    /// The body is not JSON.
    case invalidJSON = "609"
    /// No such path.
    case resourceNotFound = "610"
    /// Anything that Marketo has no better code for.
    case systemError = "611"
    /// The body's type is not accepted.
    case contentType = "612"
    /// The multipart body is broken.
    case multipart = "613"
    /// The subscription can't be reached, usually for a while.
    case subscriptionUnreachable = "614"
    /// More than 10 calls at once, all integrations together.
    case concurrencyLimit = "615"
    /// This subscription has no such call.
    case subscriptionType = "616"
    /// Something needed is blank.
    case blank = "701"
    /// Nothing was found.
    case noData = "702"
    /// The subscription lacks the feature.
    case featureOff = "703"
    /// A date is not one.
    case dateFormat = "704"
    /// A rule of assets.
    case assetRule709 = "709"
    /// A rule of assets.
    case assetRule710 = "710"
    /// A rule of assets.
    case assetRule711 = "711"
    /// A rule of assets.
    case assetRule712 = "712"
    /// A passing trouble.
    case transient = "713"
    /// A merge without a default record type.
    case noRecordType = "714"
    /// A rule of opportunities.
    case assetRule718 = "718"
    /// A lock was not free in time.
    case lockWait = "719"
    /// A value is of another type.
    case typeMismatch = "1001"
    /// A parameter is missing.
    case parameterMissing = "1002"
    /// A value is not accepted; also too many matches, and unknown fields.
    case invalidValue = "1003"
    /// No such lead.
    case leadNotFound = "1004"
    /// The lead is there already.
    case leadExists = "1005"
    /// No such field.
    case fieldNotFound = "1006"
    /// Several leads match.
    case severalMatch = "1007"
    /// No access to the partition.
    case partitionDenied = "1008"
    /// The partition must be named.
    case partitionMissing = "1009"
    /// The partition can't be changed.
    case partitionFixed = "1010"
    /// The field can't be looked up by.
    case lookupField = "1011"
    /// The cookie is not one.
    case cookie = "1012"
    /// No such object.
    case objectNotFound = "1013"
    /// It could not be made.
    case createFailed = "1014"
    /// The lead is not in the list.
    case notInList = "1015"
    /// Too many imports wait.
    case importsFull = "1016"
    /// The object is there already.
    case objectExists = "1017"
    /// A native CRM link forbids it.
    case crmEnabled = "1018"
    /// An import is under way.
    case importRunning = "1019"
    /// Too many copies are being made.
    case clonesFull = "1020"
    /// A company can't be changed this way.
    case companyFixed = "1021"
    /// The object is in use.
    case objectInUse = "1022"
    /// A limit of programs, custom objects or activity types.
    case limit1025 = "1025"
    /// A limit of programs, custom objects or activity types.
    case limit1026 = "1026"
    /// A limit of programs, custom objects or activity types.
    case limit1027 = "1027"
    /// A limit of programs, custom objects or activity types.
    case limit1028 = "1028"
    /// Bulk jobs: queue full, day's bytes spent, or queued already; its text tells which.
    case jobs = "1029"
    /// The subscription lacks this bulk filter.
    case filterUnsupported = "1035"
    /// The same record twice in one call.
    case duplicateInInput = "1036"
    /// The lead's status forbids it.
    case leadSkipped = "1037"
    /// A campaign's time can't be met.
    case runAt = "1042"
    /// A rule of campaigns.
    case rule1048 = "1048"
    /// An activity's attributes exceed 65,536 bytes.
    case attributesTooLarge = "1049"
    /// A merge that the linked CRM forbids.
    case merge1076 = "1076"
    /// A merge that the linked CRM forbids.
    case merge1077 = "1077"
    /// A merge that the linked CRM forbids.
    case merge1078 = "1078"
    /// A merge that the linked CRM forbids.
    case merge1079 = "1079"
    /// A merge of more than 25 leads.
    case mergeTooMany = "1080"
}
