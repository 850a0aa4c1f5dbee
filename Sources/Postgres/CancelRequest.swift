import CLibPQ

/// The letter that asks the server to stop what a connection is doing.
///
/// It travels on a connection of its own, which libpq opens blocking.
///
/// `@unchecked Sendable`: a `PGcancel` is a copy of an address and a key, made to be used from another thread; it is used and freed
/// by whoever holds the last reference.
final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQfreeCancel(self.handle) }

    /// Sends it and does not wait: for a connection that is thrown away anyway.
    func sendAndForget() { BlockingThread.start { _ = self.sendBlocking() } }

    /// Sends it; `true` when the server has acted on it, so that it hits no later statement.
    ///
    /// Blocks.
    func sendBlocking() -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            PQcancel(self.handle, text.baseAddress, Int32(text.count)) == 1
        }
    }
}
