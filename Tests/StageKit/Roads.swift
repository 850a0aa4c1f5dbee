package import TestKit

/// The network between the processes and what they call: each way can fall silent or be cut, without anybody at its ends being told.
package struct Roads: Sendable {
    /// To Marketo.
    package let marketo: HalfOpenProxy
    /// To PostgreSQL.
    package let database: HalfOpenProxy

    init(marketo: Int, database: Int) throws {
        self.marketo = try HalfOpenProxy(forwardingTo: marketo)
        self.database = try HalfOpenProxy(forwardingTo: database)
    }

    func stop() {
        self.marketo.stop()
        self.database.stop()
    }
}
