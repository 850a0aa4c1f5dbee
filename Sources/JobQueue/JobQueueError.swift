/// Why the queue did not do what was asked.
///
/// Safe to print.
package enum JobQueueError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Two handlers of one kind.
    case kindRegisteredTwice(String)
    /// A setting that would break a promise, and why.
    case setting(String)
    /// Not five fields of a crontab line, or one of them out of range.
    case crontab(String)
    /// No such time zone.
    case timeZone(String)
    /// A payload that can't be encoded as JSON.
    case payload(kind: String)
    /// The database answered with fewer rows than were asked for.
    case incompleteAnswer

    /// One sentence.
    package var description: String {
        switch self {
        case .kindRegisteredTwice(let kind): "Two handlers are registered for the kind \"\(kind)\"."
        case .setting(let why): why
        case .crontab(let why): why
        case .timeZone(let name): "There is no time zone named \"\(name)\"."
        case .payload(let kind): "A payload of the kind \"\(kind)\" can't be encoded as JSON."
        case .incompleteAnswer: "The database answered with fewer rows than were asked for."
        }
    }
}
