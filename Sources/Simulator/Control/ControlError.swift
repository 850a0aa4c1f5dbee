/// A control call that can't be done; the sentence is for the person at the keyboard.
struct ControlError: Error {
    let status: Int
    let message: String

    static func refused(_ message: String) -> ControlError { ControlError(status: 400, message: message) }
    static let notFound = ControlError(status: 404, message: "no such control endpoint; see docs/simulator.md")
}
