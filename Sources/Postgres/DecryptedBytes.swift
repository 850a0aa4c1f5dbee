import CLibPQ
import Glibc

/// Whether OpenSSL holds bytes that libpq has not taken yet.
///
/// OpenSSL decrypts a whole record at a time and libpq takes as much of it as its buffer has room for. The rest no longer shows on the socket, so
/// waiting for the socket would be waiting for nothing; libpq asks the same question in its blocking calls and offers it to nobody.
enum DecryptedBytes {
    private typealias Pending = @convention(c) (UnsafeMutableRawPointer) -> Int32

    /// OpenSSL's function, in the library that libpq has brought along; `nil` when this libpq has none.
    private static let pending = dlsym(nil, "SSL_pending").map { unsafeBitCast($0, to: Pending.self) }

    /// Whether the question can be put at all.
    static var canBeAskedFor: Bool { self.pending != nil }

    /// Whether there are any for this connection.
    static func areLeft(_ handle: OpaquePointer) -> Bool {
        guard PQsslInUse(handle) == 1, let pending, let session = PQsslStruct(handle, "OpenSSL") else { return false }
        return pending(session) > 0
    }
}
