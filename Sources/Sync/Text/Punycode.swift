/// The ASCII spelling of a label of a domain name that is not ASCII: `例え` ↔ `r8jz45g` (an A-label has `xn--` before it).
///
/// Source: RFC 3492, sections 6.1 to 6.4; the parameters are those of section 5.
package enum Punycode {
    private static let base = 36
    private static let tMin = 1
    private static let tMax = 26

    /// The label's ASCII spelling, without `xn--`.
    ///
    /// ASCII letters keep their case.
    package static func encode(_ label: String) -> String {
        let scalars = label.unicodeScalars.map { Int($0.value) }
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        var handled = basic
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var next = 0x80
        var delta = 0
        var bias = 72
        while handled < scalars.count, let least = scalars.lazy.filter({ $0 >= next }).min() {
            delta += (least - next) * (handled + 1)
            next = least
            for scalar in scalars {
                if scalar < next { delta += 1 }
                guard scalar == next else { continue }
                var rest = delta
                var place = Self.base
                while true {
                    let threshold = Self.threshold(place, bias: bias)
                    if rest < threshold { break }
                    output.append(Self.digit(threshold + (rest - threshold) % (Self.base - threshold)))
                    rest = (rest - threshold) / (Self.base - threshold)
                    place += Self.base
                }
                output.append(Self.digit(rest))
                bias = Self.adapted(delta, points: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The label that an ASCII spelling (without `xn--`) stands for, or `nil` if it stands for none.
    package static func decode(_ text: String) -> String? {
        guard PlainText.isASCII(text) else { return nil }
        let bytes = Array(text.utf8)
        let split = bytes.lastIndex(of: UInt8(ascii: "-"))
        var output = bytes[..<(split ?? 0)].map { Int($0) }
        var position = split.map { $0 + 1 } ?? 0
        var next = 0x80
        var index = 0
        var bias = 72
        while position < bytes.count {
            let before = index
            var weight = 1
            var place = Self.base
            while true {
                guard position < bytes.count, let digit = Self.value(bytes[position]) else { return nil }
                position += 1
                let (step, stepOverflows) = digit.multipliedReportingOverflow(by: weight)
                let (sum, sumOverflows) = index.addingReportingOverflow(step)
                guard !stepOverflows, !sumOverflows else { return nil }
                index = sum
                let threshold = Self.threshold(place, bias: bias)
                if digit < threshold { break }
                let (heavier, overflows) = weight.multipliedReportingOverflow(by: Self.base - threshold)
                guard !overflows else { return nil }
                weight = heavier
                place += Self.base
            }
            bias = Self.adapted(index - before, points: output.count + 1, isFirst: before == 0)
            let (point, overflows) = next.addingReportingOverflow(index / (output.count + 1))
            guard !overflows, point <= 0x10FFFF else { return nil }
            next = point
            index %= output.count + 1
            output.insert(next, at: index)
            index += 1
        }
        var scalars = String.UnicodeScalarView()
        for point in output {
            guard let scalar = Unicode.Scalar(UInt32(point)) else { return nil }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func threshold(_ place: Int, bias: Int) -> Int { max(Self.tMin, min(Self.tMax, place - bias)) }

    private static func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var bias = 0
        while delta > (Self.base - Self.tMin) * Self.tMax / 2 {
            delta /= Self.base - Self.tMin
            bias += Self.base
        }
        return bias + (Self.base - Self.tMin + 1) * delta / (delta + 38)
    }

    private static func digit(_ value: Int) -> UInt8 { value < 26 ? UInt8(value) + UInt8(ascii: "a") : UInt8(value - 26) + UInt8(ascii: "0") }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
        default: nil
        }
    }
}
