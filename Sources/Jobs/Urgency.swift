/// How urgent each sort of work is, from 0 (first) to 9 (last); the reasons are in one place so that they stay in order.
package enum Urgency {
    /// A person waits for it: `sync --lead`, a click.
    package static let interactive = 1
    /// What a team changed and Marketo should know.
    package static let push = 2
    /// What was read and only has to be written down: before reading on, so that no backlog piles up.
    package static let apply = 3
    /// The hourly feeds and what they point at.
    package static let hourly = 4
    /// The full load.
    package static let backfill = 7
    /// Re-reading what is most probably unchanged.
    package static let sweep = 8
}
