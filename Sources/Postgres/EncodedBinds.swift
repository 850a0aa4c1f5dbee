import CLibPQ
import FoundationEssentials

/// The values of a statement as the wire wants them: one block of bytes and, for each value, where it lies.
///
/// Single values without a type are text; everything else is in PostgreSQL's binary form, which needs neither quoting nor
/// parsing: an array of a thousand numbers is a thousand byte swaps.
struct EncodedBinds: Sendable {
    private struct Slot {
        /// -1 for NULL.
        var offset: Int
        var length: Int32
        var isBinary: Bool
    }

    private var bytes: [UInt8] = [0]
    private var slots: [Slot] = []
    /// The types as told to the server.
    private(set) var types: [PostgresType] = []

    init(_ binds: [PostgresBind]) throws(PostgresError) {
        self.slots.reserveCapacity(binds.count)
        self.types.reserveCapacity(binds.count)
        for bind in binds {
            self.types.append(bind.type)
            try self.append(bind.value, position: self.types.count)
        }
    }

    /// Calls `send` with the arrays `PQsendQueryParams` and its kin take: count, types, values, lengths, formats.
    func withPointers(
        _ send: (
            Int32, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Int32
    ) -> Int32 {
        self.bytes.withUnsafeBytes { block in
            let values = self.slots.map { slot -> UnsafePointer<CChar>? in
                slot.offset < 0 ? nil : block.baseAddress?.advanced(by: slot.offset).assumingMemoryBound(to: CChar.self)
            }
            return send(
                Int32(self.slots.count), self.types.map(\.rawValue), values, self.slots.map(\.length), self.slots.map { $0.isBinary ? 1 : 0 })
        }
    }

    private mutating func append(_ value: PostgresBind.Value, position: Int) throws(PostgresError) {
        let start = self.bytes.count
        var isBinary = true
        switch value {
        case .null:
            self.slots.append(Slot(offset: -1, length: 0, isBinary: false))
            return
        case .text(let text):
            isBinary = false
            try self.append(utf8: text, position: position)
        case .integer(let number):
            isBinary = false
            self.append(decimal: number)
        case .bool(let flag):
            isBinary = false
            self.bytes.append(flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .double(let number):
            isBinary = false
            self.bytes.append(contentsOf: Self.text(of: number).utf8)
        case .timestamp(let date): self.append(bigEndian: try Self.microseconds(date, position: position))
        case .interval(let duration):
            self.append(bigEndian: try Self.microseconds(duration, position: position))
            self.append(bigEndian: Int64(0))  // days and months: none, so that a day is always 24 hours
        case .jsonb(let text):
            self.bytes.append(1)  // the version of jsonb's binary form
            try self.append(utf8: text, position: position)
        case .bytes(let bytes): self.bytes.append(contentsOf: bytes)
        case .uuid(let uuid): self.append(uuid)
        case .texts(let texts):
            try self.append(array: texts, of: .text) { (encoder, text) throws(PostgresError) in
                try encoder.append(utf8: text, position: position)
            }
        case .jsonbs(let texts):
            try self.append(array: texts, of: .jsonb) { (encoder, text) throws(PostgresError) in
                encoder.bytes.append(1)
                try encoder.append(utf8: text, position: position)
            }
        case .int8s(let numbers): self.append(array: numbers, of: .int8) { $0.append(bigEndian: $1) }
        case .int4s(let numbers): self.append(array: numbers, of: .int4) { $0.append(bigEndian: $1) }
        case .bools(let flags): self.append(array: flags, of: .bool) { $0.bytes.append($1 ? 1 : 0) }
        case .doubles(let numbers): self.append(array: numbers, of: .float8) { $0.append(bigEndian: $1.bitPattern) }
        case .timestamps(let dates):
            try self.append(array: dates, of: .timestamptz) { (encoder, date) throws(PostgresError) in
                encoder.append(bigEndian: try Self.microseconds(date, position: position))
            }
        case .uuids(let uuids): self.append(array: uuids, of: .uuid) { $0.append($1) }
        }
        // The protocol counts a message's length in 31 bits; libpq would take a larger value and fail midway.
        guard let length = Int32(exactly: self.bytes.count - start) else {
            throw PostgresError(.unsendable, summary: "$\(position) is larger than 2 GB")
        }
        self.slots.append(Slot(offset: start, length: length, isBinary: isBinary))
        if !isBinary { self.bytes.append(0) }
    }

    /// One-dimensional, lower bound 1: dimensions, "has nulls", element type, count, lower bound, then each element with its length.
    private mutating func append<Element, Failure>(
        array: [Element?], of type: PostgresType, _ encode: (inout EncodedBinds, Element) throws(Failure) -> Void
    ) throws(Failure) {
        self.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
        self.append(bigEndian: Int32(array.contains { $0 == nil } ? 1 : 0))
        self.append(bigEndian: type.rawValue)
        if array.isEmpty { return }
        self.append(bigEndian: Int32(truncatingIfNeeded: array.count))
        self.append(bigEndian: Int32(1))
        self.bytes.reserveCapacity(self.bytes.count + array.count * 12)
        for element in array {
            guard let element else {
                self.append(bigEndian: Int32(-1))
                continue
            }
            let place = self.bytes.count
            self.append(bigEndian: Int32(0))
            try encode(&self, element)
            let length = UInt32(truncatingIfNeeded: self.bytes.count - place - 4)
            self.bytes[place] = UInt8(truncatingIfNeeded: length >> 24)
            self.bytes[place + 1] = UInt8(truncatingIfNeeded: length >> 16)
            self.bytes[place + 2] = UInt8(truncatingIfNeeded: length >> 8)
            self.bytes[place + 3] = UInt8(truncatingIfNeeded: length)
        }
    }

    private mutating func append(utf8 text: String, position: Int) throws(PostgresError) {
        var text = text
        let hasNull = text.withUTF8 { utf8 in
            self.bytes.append(contentsOf: utf8)
            return utf8.contains(0)
        }
        if hasNull { throw PostgresError(.unsendable, summary: "$\(position) has a text with U+0000") }
    }

    private mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { self.bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ uuid: UUID) {
        Swift.withUnsafeBytes(of: uuid.uuid) { self.bytes.append(contentsOf: $0) }
    }

    private mutating func append(decimal number: Int64) {
        if number < 0 { self.bytes.append(UInt8(ascii: "-")) }
        let first = self.bytes.count
        var rest = number.magnitude
        repeat {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self.bytes[first...].reverse()
    }

    private static func text(of number: Double) -> String {
        if number.isNaN { "NaN" } else if number.isInfinite { number < 0 ? "-Infinity" : "Infinity" } else { number.description }
    }

    private static func microseconds(_ date: Date, position: Int) throws(PostgresError) -> Int64 {
        guard let microseconds = Timestamp.microseconds(of: date) else {
            throw PostgresError(.unsendable, summary: "$\(position) is not a moment")
        }
        return microseconds
    }

    private static func microseconds(_ duration: Duration, position: Int) throws(PostgresError) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { throw PostgresError(.unsendable, summary: "$\(position) is too long an interval") }
        return whole + attoseconds / 1_000_000_000_000
    }
}
