/// Reads JSON straight from the bytes of an answer, one value after the other.
///
/// Foundation's decoder builds a tree of boxed values first, which costs more than the rest of a 300-lead page together; this one hands each value to
/// whoever knows its type. Strict (RFC 8259, nothing after the document), with exceptions a page must survive, as one odd name must not hold back 299
/// other leads: a `\u` escape that is half a surrogate pair becomes U+FFFD, a text that is not UTF-8 and a number that nothing can hold are
/// ``JSONValue/unreadable``, and of two members with one name the later counts.
struct JSONReader {
    /// Arrays and objects within each other; Marketo's answers need 6.
    static let deepest = 64

    let bytes: [UInt8]
    /// The byte that is read next.
    var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads `bytes` as one document; what follows it may only be white space.
    static func document<Value>(
        _ bytes: [UInt8], _ body: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        var reader = JSONReader(bytes)
        let value = try body(&reader)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error(.unexpected) }
        return value
    }

    /// The name of an object's member, still in the document's bytes.
    struct Key {
        fileprivate let range: Range<Int>
        /// Set when the name was written with escapes.
        fileprivate let unescaped: String?
    }

    /// Whether `key` reads `name` (UTF-8).
    func key(_ key: Key, is name: some Collection<UInt8>) -> Bool {
        if let unescaped = key.unescaped { return unescaped.utf8.elementsEqual(name) }
        return key.range.count == name.count && self.bytes[key.range].elementsEqual(name)
    }

    /// The name as text.
    ///
    /// What is not UTF-8 in it becomes U+FFFD, so that it is none of the names that anybody looks for.
    func text(of key: Key) -> String { key.unescaped ?? String(decoding: self.bytes[key.range], as: UTF8.self) }

    /// Reads an object; `member` must read or skip the value.
    mutating func readObject(_ member: (inout JSONReader, Key) throws(JSONError) -> Void) throws(JSONError) {
        try self.open(UInt8(ascii: "{"))
        if try self.closes(with: UInt8(ascii: "}")) { return }
        while true {
            try self.skipSpaceToByte()
            guard self.bytes[self.position] == UInt8(ascii: "\"") else { throw self.error(.unexpected) }
            let name = try self.scanString()
            let key = Key(range: name.range, unescaped: name.hasEscapes ? try self.unescape(name.range) : nil)
            try self.skipSpaceToByte()
            guard self.bytes[self.position] == UInt8(ascii: ":") else { throw self.error(.unexpected) }
            self.position += 1
            try member(&self, key)
            if try self.endsOrGoesOn(UInt8(ascii: "}")) { return }
        }
    }

    /// Reads an array; `element` must read or skip one value.
    mutating func readArray(_ element: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try self.open(UInt8(ascii: "["))
        if try self.closes(with: UInt8(ascii: "]")) { return }
        while true {
            try element(&self)
            if try self.endsOrGoesOn(UInt8(ascii: "]")) { return }
        }
    }

    /// The first byte of the value that comes next, which tells its kind.
    ///
    /// Nothing is read.
    mutating func peek() throws(JSONError) -> UInt8 {
        try self.skipSpaceToByte()
        return self.bytes[self.position]
    }

    /// Reads whatever comes next.
    mutating func readValue() throws(JSONError) -> JSONValue {
        switch try self.peek() {
        case UInt8(ascii: "\""):
            let found = try self.scanString()
            return (found.hasEscapes ? try self.unescape(found.range) : self.string(found.range)).map(JSONValue.text) ?? .unreadable
        case UInt8(ascii: "n"):
            try self.word("null")
            return .null
        case UInt8(ascii: "t"):
            try self.word("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try self.word("false")
            return .boolean(false)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try self.readArray { (reader) throws(JSONError) in elements.append(try reader.readValue()) }
            return .array(elements)
        case UInt8(ascii: "{"):
            var members: [JSONValue.Member] = []
            try self.readObject { (reader, key) throws(JSONError) in
                members.append(JSONValue.Member(name: reader.text(of: key), value: try reader.readValue()))
            }
            return .object(members)
        default:
            return try self.number()
        }
    }

    /// Passes over whatever comes next, keeping nothing of it.
    mutating func skipValue() throws(JSONError) {
        switch try self.peek() {
        case UInt8(ascii: "\""): _ = try self.scanString()
        case UInt8(ascii: "["): try self.readArray { (reader) throws(JSONError) in try reader.skipValue() }
        case UInt8(ascii: "{"): try self.readObject { (reader, _) throws(JSONError) in try reader.skipValue() }
        default: _ = try self.readValue()
        }
    }

    /// An error at the present place, for those who read a shape.
    func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: self.position) }
}

extension JSONReader {
    private mutating func open(_ bracket: UInt8) throws(JSONError) {
        guard try self.peek() == bracket else { throw self.error(.wrongShape) }
        guard self.depth < Self.deepest else { throw self.error(.tooDeep) }
        self.depth += 1
        self.position += 1
    }

    private mutating func closes(with bracket: UInt8) throws(JSONError) -> Bool {
        guard try self.peek() == bracket else { return false }
        self.position += 1
        self.depth -= 1
        return true
    }

    private mutating func endsOrGoesOn(_ bracket: UInt8) throws(JSONError) -> Bool {
        if try self.closes(with: bracket) { return true }
        guard self.bytes[self.position] == UInt8(ascii: ",") else { throw self.error(.unexpected) }
        self.position += 1
        return false
    }

    mutating func skipSpace() {
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case 0x20, 0x0A, 0x0D, 0x09: self.position += 1
            default: return
            }
        }
    }

    private mutating func skipSpaceToByte() throws(JSONError) {
        self.skipSpace()
        guard self.position < self.bytes.count else { throw self.error(.cutShort) }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard self.position < self.bytes.count else { throw self.error(.cutShort) }
            guard self.bytes[self.position] == word.utf8Start[index] else { throw self.error(.unexpected) }
            self.position += 1
        }
    }
}
