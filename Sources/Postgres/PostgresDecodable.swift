package import FoundationEssentials

/// A Swift type that can be read from a column.
package protocol PostgresDecodable: Sendable {
    /// Reads PostgreSQL's text form; `nil` when it is not one of ours.
    init?(postgresText text: UnsafeBufferPointer<UInt8>)
    /// Reads PostgreSQL's binary form; `nil` when it is not one of ours, or there is none for the type.
    init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>)
    /// What NULL becomes; `nil` when NULL is not allowed.
    static var postgresNull: Self? { get }
    /// Reads a whole column that holds many of these.
    static func array(postgresText text: UnsafeBufferPointer<UInt8>) -> [Self]?
}

extension PostgresDecodable {
    /// Most types are read as text only.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) { return nil }

    /// NULL is not allowed, unless the type says otherwise.
    package static var postgresNull: Self? { nil }

    /// A one-dimensional PostgreSQL array.
    package static func array(postgresText text: UnsafeBufferPointer<UInt8>) -> [Self]? {
        ArrayText.elements(of: text) { $0.map(Self.init(postgresText:)) ?? Self.postgresNull }
    }
}

extension PostgresDecodable where Self: FixedWidthInteger & SignedInteger {
    /// A whole number that fits.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < text.count else { return nil }
        var value: Self = 0
        while index < text.count {
            let digit = text[index] &- 48
            guard digit < 10 else { return nil }
            let (ten, first) = value.multipliedReportingOverflow(by: 10)
            let step = Self(truncatingIfNeeded: digit)
            // Downwards for negative ones, as the least value has no positive twin.
            let (sum, second) = isNegative ? ten.subtractingReportingOverflow(step) : ten.addingReportingOverflow(step)
            if first || second { return nil }
            value = sum
            index += 1
        }
        self = value
    }
}

extension PostgresDecodable where Self: FixedWidthInteger & SignedInteger {
    /// A whole number that fits, of two, four or eight bytes.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        let number: Int64
        switch bytes.count {
        case 2: number = Int64(Int16(bigEndian: raw.loadUnaligned(as: Int16.self)))
        case 4: number = Int64(Int32(bigEndian: raw.loadUnaligned(as: Int32.self)))
        case 8: number = Int64(bigEndian: raw.loadUnaligned(as: Int64.self))
        default: return nil
        }
        self.init(exactly: number)
    }
}

extension Int: PostgresDecodable {}
extension Int64: PostgresDecodable {}
extension Int32: PostgresDecodable {}
extension Int16: PostgresDecodable {}

extension String: PostgresDecodable {
    /// Any column at all, as PostgreSQL prints it.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) { self = String(decoding: text, as: UTF8.self) }
    /// A text.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) { self = String(decoding: bytes, as: UTF8.self) }
}

extension Bool: PostgresDecodable {
    /// `t` or `f`.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 1 else { return nil }
        switch text[0] {
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        default: return nil
        }
    }

    /// One byte.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 1 else { return nil }
        self = bytes[0] != 0
    }
}

extension Double: PostgresDecodable {
    /// Every finite value exactly; `NaN` and `Infinity` too.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard let value = Double(String(decoding: text, as: UTF8.self)) else { return nil }
        self = value
    }

    /// A `float8`.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 8 else { return nil }
        self = Double(bitPattern: UInt64(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt64.self)))
    }
}

extension Date: PostgresDecodable {
    /// A `timestamptz`, exact to the microsecond; a `timestamp` or `date` is taken as UTC.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard let date = Timestamp.date(fromText: text) else { return nil }
        self = date
    }

    /// A `timestamptz`.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        guard let microseconds = Int64(postgresBinary: bytes), bytes.count == 8 else { return nil }
        self = Timestamp.date(fromMicroseconds: microseconds)
    }
}

extension UUID: PostgresDecodable {
    /// The usual 36 characters.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) { self.init(uuidString: String(decoding: text, as: UTF8.self)) }
    /// Sixteen bytes.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.init(uuid: UnsafeRawBufferPointer(bytes).loadUnaligned(as: uuid_t.self))
    }
}

extension UInt8: PostgresDecodable {
    /// A whole number from 0 to 255.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard let number = Int16(postgresText: text), let byte = UInt8(exactly: number) else { return nil }
        self = byte
    }

    /// Many bytes are a `bytea`.
    package static func array(postgresText text: UnsafeBufferPointer<UInt8>) -> [UInt8]? { ByteaText.bytes(of: text) }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// A one-dimensional array; of `UInt8`, a `bytea`.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard let elements = Element.array(postgresText: text) else { return nil }
        self = elements
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// What it holds when not NULL.
    package init?(postgresText text: UnsafeBufferPointer<UInt8>) {
        guard let value = Wrapped(postgresText: text) else { return nil }
        self = .some(value)
    }

    /// What it holds when not NULL.
    package init?(postgresBinary bytes: UnsafeBufferPointer<UInt8>) {
        guard let value = Wrapped(postgresBinary: bytes) else { return nil }
        self = .some(value)
    }

    /// NULL is `nil`.
    package static var postgresNull: Wrapped?? { .some(.none) }
}
