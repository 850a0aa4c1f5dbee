/// PostgreSQL's text form of a one-dimensional array: `{1,NULL,"a \"quoted\" one"}`.
///
/// - Source: PostgreSQL manual 8.15.6.
enum ArrayText {
    /// The elements, each read by `read` (`nil` stands for NULL); `nil` when the text is no such array or an element can't be read.
    static func elements<Element>(of text: UnsafeBufferPointer<UInt8>, _ read: (UnsafeBufferPointer<UInt8>?) -> Element?) -> [Element]? {
        var index = 0
        // An array whose first index is not 1 says so in front: `[0:1]={…}`.
        if text.first == UInt8(ascii: "[") {
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            index = equals + 1
        }
        guard index + 1 < text.count, text[index] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else { return nil }
        index += 1
        let end = text.count - 1
        var elements: [Element] = []
        if index == end { return elements }
        var scratch: [UInt8] = []
        while true {
            let element: Element?
            if index < end, text[index] == UInt8(ascii: "\"") {
                index += 1
                scratch.removeAll(keepingCapacity: true)
                while index < end, text[index] != UInt8(ascii: "\"") {
                    if text[index] == UInt8(ascii: "\\") { index += 1 }
                    guard index < end else { return nil }
                    scratch.append(text[index])
                    index += 1
                }
                guard index < end else { return nil }
                index += 1
                element = scratch.withUnsafeBufferPointer { read($0) }
            } else {
                let start = index
                while index < end, text[index] != UInt8(ascii: ",") {
                    if text[index] == UInt8(ascii: "{") { return nil }  // a second dimension
                    index += 1
                }
                let word = UnsafeBufferPointer(rebasing: text[start..<index])
                element = Self.isNull(word) ? read(nil) : read(word)
            }
            guard let element else { return nil }
            elements.append(element)
            if index == end { return elements }
            guard text[index] == UInt8(ascii: ",") else { return nil }
            index += 1
        }
    }

    private static func isNull(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        word.count == 4 && word.elementsEqual("NULL".utf8)
    }
}

/// PostgreSQL's text forms of bytes: `\x00ff`, and the older one with `\000` for a byte that does not print.
enum ByteaText {
    static func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count >= 2, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else { return Self.escaped(text) }
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = Self.digit(text[index]), let low = Self.digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func escaped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] != UInt8(ascii: "\\") {
                bytes.append(text[index])
                index += 1
            } else if index + 1 < text.count, text[index + 1] == UInt8(ascii: "\\") {
                bytes.append(text[index])
                index += 2
            } else {
                guard index + 3 < text.count else { return nil }
                let octal = text[(index + 1)...(index + 3)].reduce(0) { $0 * 8 + Int($1 &- 48) }
                guard let byte = UInt8(exactly: octal) else { return nil }
                bytes.append(byte)
                index += 4
            }
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 48...57: character - 48
        case 97...102: character - 87
        case 65...70: character - 55
        default: nil
        }
    }
}
