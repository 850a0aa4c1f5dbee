/// A port of 127.0.0.1 that nobody listens on now.
package enum FreePort {
    /// Another one each time, as far as the system has some.
    package static func take() throws -> Int {
        let listener = try LoopbackListener()
        defer { listener.close() }
        return listener.port
    }
}
