/// Numbers, as RFC 8259 has them.
extension JSONReader {
    mutating func number() throws(JSONError) -> JSONValue {
        let start = self.position
        let isNegative = self.bytes[start] == UInt8(ascii: "-")
        if isNegative { self.position += 1 }
        let digitsStart = self.position
        let wholeDigits = self.digits()
        guard wholeDigits > 0 else { throw self.notNumber(start) }
        // A leading zero stands alone.
        guard wholeDigits == 1 || self.bytes[digitsStart] != UInt8(ascii: "0") else { throw self.notNumber(start) }
        var isWhole = true
        if self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: ".") {
            isWhole = false
            self.position += 1
            guard self.digits() > 0 else { throw self.notNumber(start) }
        }
        if self.position < self.bytes.count, self.bytes[self.position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            self.position += 1
            if self.position < self.bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(self.bytes[self.position]) { self.position += 1 }
            guard self.digits() > 0 else { throw self.notNumber(start) }
        }
        // 18 digits can't overflow, so the common number costs no text.
        if isWhole, wholeDigits <= 18 {
            let magnitude = self.bytes[digitsStart..<self.position].reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        // A number all right, but one that nothing here can hold.
        guard let decimal = Double(text), decimal.isFinite else { return .unreadable }
        return .decimal(decimal)
    }

    private mutating func digits() -> Int {
        let start = self.position
        while self.position < self.bytes.count, self.bytes[self.position] &- UInt8(ascii: "0") < 10 { self.position += 1 }
        return self.position - start
    }

    private func notNumber(_ start: Int) -> JSONError {
        if self.position == start { return JSONError(reason: .unexpected, offset: start) }
        return JSONError(reason: self.position == self.bytes.count ? .cutShort : .badNumber, offset: start)
    }
}
