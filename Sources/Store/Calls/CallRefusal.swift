/// Why a call may not leave now.
package enum CallRefusal: String, Sendable, CaseIterable {
    /// Marketo refuses this tenant's credentials; one try a minute.
    case auth
    /// Marketo is in trouble; one try in 15 s.
    case upstream
    /// Marketo said "quota spent" (607); until its day turns.
    case quota
    /// Our own daily limit is reached; until the vendor's day turns.
    case day
    /// The calls that are left are kept for more urgent work; until some of them are set free.
    case lane
    /// As many calls as are allowed in any 20 s.
    case window
    /// As many calls at once as are allowed.
    case concurrency
}
