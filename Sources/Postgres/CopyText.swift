/// Rows in the text form of COPY: a line each, its columns parted by tabs (PostgreSQL manual, COPY, "Text Format").
package struct CopyText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Whether a column has U+0000 in it, which PostgreSQL has no place for.
    private(set) var isUnsendable = false
    private var isInLine = false

    /// No row yet, with room for as many bytes.
    package init(capacity: Int) { self.bytes.reserveCapacity(capacity) }

    /// The next column; `nil` is NULL.
    package mutating func column(_ text: String?) {
        self.part()
        guard let text else {
            self.bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
            return
        }
        var copy = text
        copy.withUTF8 { utf8 in
            // Nearly every text goes as it is, and is looked through faster than it is taken apart.
            guard utf8.contains(where: { $0 < 14 || $0 == UInt8(ascii: "\\") }) else {
                self.bytes.append(contentsOf: utf8)
                return
            }
            for byte in utf8 {
                switch byte {
                case 0: self.isUnsendable = true
                case UInt8(ascii: "\\"): self.bytes += [byte, byte]
                case UInt8(ascii: "\n"): self.bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                case UInt8(ascii: "\r"): self.bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
                case UInt8(ascii: "\t"): self.bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
                default: self.bytes.append(byte)
                }
            }
        }
    }

    /// Columns that are the same in every row, as another row made them.
    package mutating func columns(_ same: CopyText) {
        self.part()
        self.bytes += same.bytes
    }

    /// Ends the row.
    package mutating func endRow() {
        self.bytes.append(UInt8(ascii: "\n"))
        self.isInLine = false
    }

    private mutating func part() {
        if self.isInLine { self.bytes.append(UInt8(ascii: "\t")) }
        self.isInLine = true
    }
}
