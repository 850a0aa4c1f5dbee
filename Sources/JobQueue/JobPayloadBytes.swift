import FoundationEssentials
import Postgres

/// A payload as it comes from the database: the bytes of a JSON document, which nobody has looked at yet.
struct JobPayloadBytes: PostgresDecodable {
    let json: Data

    init?(postgresText text: UnsafeBufferPointer<UInt8>) { self.json = Data(text) }
    init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) { self.json = Data(bytes) }
}
