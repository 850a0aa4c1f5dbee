/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: one line an event, the facts behind the message.
    case text
    /// For machines: one JSON object an event and line.
    case json
}
