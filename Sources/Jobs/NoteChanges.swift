package import JobQueue

/// Works out what Marketo should show after something happened in Mazrica.
///
/// - Shape: `{"from": 12, "to": 15}`: the part of the story (`sync.contact_events.seq`) that is new. Written by the triggers of `crm`.
/// - Unique: no, for a key would have the statements of one tenant wait for each other. Working a part out twice changes nothing.
/// - Ends: `done`, with the jobs for what has to be sent.
package struct NoteChanges: Job {
    package static let kind = "note-changes"
    package static let policy = JobPolicy.writesDown(priority: Urgency.push, turn: JobPolicy.pushesTurn)
    /// The first event.
    package let from: Int64
    /// The last event.
    package let to: Int64
    package init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }
}
