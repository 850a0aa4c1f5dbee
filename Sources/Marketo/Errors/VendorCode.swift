/// The number in an error of Marketo's, placed if we know it.
package enum VendorCode: Sendable, Hashable, CustomStringConvertible {
    case known(KnownVendorCode)
    /// One that nobody has told us of; letters and digits only, at most 12, so that it is safe to print.
    case unknown(String)

    package init(_ number: String) {
        if let known = KnownVendorCode(rawValue: number) {
            self = .known(known)
        } else {
            let safe = number.utf8.filter { ("0"..."9").contains(Unicode.Scalar($0)) || ("a"..."z").contains(Unicode.Scalar($0 | 0x20)) }
            self = .unknown(String(decoding: safe.prefix(12), as: UTF8.self))
        }
    }

    /// As sent: `"606"`.
    package var number: String {
        switch self {
        case .known(let code): code.rawValue
        case .unknown(let number): number.isEmpty ? "?" : number
        }
    }

    /// Whether a call that ends with it is taken off the day's quota; when in doubt, yes.
    package var countsAgainstQuota: Bool {
        switch self {
        case .known(let code): code.countsAgainstQuota
        case .unknown: true
        }
    }

    package var description: String { self.number }
}
