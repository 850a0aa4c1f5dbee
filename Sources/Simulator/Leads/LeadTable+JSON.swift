import NIOCore

extension LeadTable {
    /// One lead as an object with those fields in that order.
    func writeJSON(row: Int, fields: [Int], unsetMissing: Bool = false, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "{"))
        var first = true
        for field in fields {
            let value = self[row, field]
            let type = self.catalog.fields[field].type
            if unsetMissing, value == .none, type != .boolean { continue }
            if !first { buffer.writeInteger(UInt8(ascii: ",")) }
            first = false
            buffer.writeImmutableBuffer(self.catalog.keys[field])
            value.writeJSON(as: type, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "}"))
    }
}
