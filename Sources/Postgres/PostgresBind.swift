package import FoundationEssentials

/// One value for a `$n`.
///
/// - Shape: numbers, truth values and texts go without a type, so that the server infers it from the place as in `PREPARE`;
///   times, intervals, `jsonb`, bytes, `uuid` and all arrays say what they are. Arrays are for `unnest` and `= ANY`.
/// - Units: times are exact to the microsecond, rounded to the nearest.
/// - Ends: a text with U+0000 is refused as `unsendable` when the statement is run, before anything is sent.
package struct PostgresBind: Sendable {
    enum Value: Sendable {
        case null
        case text(String)
        case integer(Int64)
        case bool(Bool)
        case double(Double)
        case timestamp(Date)
        case interval(Duration)
        case jsonb(String)
        case bytes([UInt8])
        case uuid(UUID)
        case texts([String?])
        case jsonbs([String?])
        case int8s([Int64?])
        case int4s([Int32?])
        case bools([Bool?])
        case doubles([Double?])
        case timestamps([Date?])
        case uuids([UUID?])
    }

    let value: Value
    let type: PostgresType

    private init(_ value: Value?, _ type: PostgresType) {
        self.value = value ?? .null
        self.type = type
    }

    /// A text, or NULL.
    package static func text(_ value: String?) -> Self { Self(value.map(Value.text), .inferred) }
    /// A small whole number, or NULL.
    package static func int2(_ value: Int16?) -> Self { Self(value.map { .integer(Int64($0)) }, .inferred) }
    /// A whole number, or NULL.
    package static func int4(_ value: Int32?) -> Self { Self(value.map { .integer(Int64($0)) }, .inferred) }
    /// A large whole number, or NULL.
    package static func int8(_ value: Int64?) -> Self { Self(value.map(Value.integer), .inferred) }
    /// A whole number of this machine's width, or NULL.
    package static func int(_ value: Int?) -> Self { Self(value.map { .integer(Int64($0)) }, .inferred) }
    /// True, false, or NULL.
    package static func bool(_ value: Bool?) -> Self { Self(value.map(Value.bool), .inferred) }
    /// A floating-point number, or NULL.
    package static func double(_ value: Double?) -> Self { Self(value.map(Value.double), .inferred) }
    /// A moment (`timestamptz`), or NULL.
    package static func timestamp(_ value: Date?) -> Self { Self(value.map(Value.timestamp), .timestamptz) }
    /// A length of time (`interval`, all of it in microseconds: a day is 24 hours), or NULL.
    package static func interval(_ value: Duration?) -> Self { Self(value.map(Value.interval), .interval) }
    /// A JSON document, or NULL.
    package static func jsonb(_ value: String?) -> Self { Self(value.map(Value.jsonb), .jsonb) }
    /// Bytes (`bytea`), or NULL.
    package static func bytes(_ value: [UInt8]?) -> Self { Self(value.map(Value.bytes), .bytea) }
    /// A `uuid`, or NULL.
    package static func uuid(_ value: UUID?) -> Self { Self(value.map(Value.uuid), .uuid) }

    /// `text[]`.
    package static func texts(_ values: [String?]) -> Self { Self(.texts(values), .textArray) }
    /// `jsonb[]`.
    package static func jsonbs(_ values: [String?]) -> Self { Self(.jsonbs(values), .jsonbArray) }
    /// `bigint[]`.
    package static func int8s(_ values: [Int64?]) -> Self { Self(.int8s(values), .int8Array) }
    /// `integer[]`.
    package static func int4s(_ values: [Int32?]) -> Self { Self(.int4s(values), .int4Array) }
    /// `boolean[]`.
    package static func bools(_ values: [Bool?]) -> Self { Self(.bools(values), .boolArray) }
    /// `double precision[]`.
    package static func doubles(_ values: [Double?]) -> Self { Self(.doubles(values), .float8Array) }
    /// `timestamptz[]`.
    package static func timestamps(_ values: [Date?]) -> Self { Self(.timestamps(values), .timestamptzArray) }
    /// `uuid[]`.
    package static func uuids(_ values: [UUID?]) -> Self { Self(.uuids(values), .uuidArray) }
}
