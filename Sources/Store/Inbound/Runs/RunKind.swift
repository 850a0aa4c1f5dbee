/// What sort of run a tenant is in: the first reading of everything, or the hourly one.
package enum RunKind: String, Sendable {
    /// Every lead id is read once.
    case full
    /// The feeds, and a look above the newest lead.
    case sweep
    /// Every known block is read anew: a person wants it, or a feed has a gap.
    case reread
}
