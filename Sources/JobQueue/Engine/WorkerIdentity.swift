import Foundation

/// Who a process is to the others.
///
/// Random with each start: two containers can both be pid 1 on a host of the same name.
struct WorkerIdentity: Sendable {
    let id: UUID
    let host: String
    let pid: Int32
    let version: String

    init(id: UUID = UUID(), version: String) {
        self.id = id
        self.host = ProcessInfo.processInfo.hostName
        self.pid = ProcessInfo.processInfo.processIdentifier
        self.version = version
    }
}
