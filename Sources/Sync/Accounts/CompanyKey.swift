/// A company's name in the form in which two are compared.
///
/// NFKC, runs of white space made one U+0020, trimmed. `legal-form=fold` also writes a legal form out — `(株)`, `㈱`, `㍿` are 株式会社, likewise
/// `(有)`, `(同)`, `(資)`, `(名)` — and drops a space beside it; where it stands still counts, as 前株 and 後株 are two companies. The twin of
/// `crm.company_key(name, fold)`. Source: R47.
package struct CompanyKey: Hashable, Sendable, CustomStringConvertible {
    /// `株式会社マツリカ`.
    package let text: String
    /// Whether legal forms were written out.
    package let legalForm: TenantSettings.LegalForm

    /// Short and long spelling, in the order in which they are replaced.
    ///
    /// NFKC has made `㈱` and `（株）` into `(株)` before.
    package static let legalForms: [(short: String, long: String)] = [
        ("(株)", "株式会社"), ("(有)", "有限会社"), ("(同)", "合同会社"), ("(資)", "合資会社"), ("(名)", "合名会社"),
    ]

    /// The key of a name as it was typed; `nil` if it is blank.
    package init?(_ name: String?, legalForm: TenantSettings.LegalForm = .distinct) {
        guard let name else { return nil }
        let squeezed = PlainText.squeezed(PlainText.nfkc(name))
        guard !squeezed.isEmpty else { return nil }
        self.legalForm = legalForm
        self.text =
            switch legalForm {
            case .distinct: squeezed
            case .fold: PlainText.isASCII(squeezed) ? squeezed : Self.folded(squeezed)
            }
    }

    /// A key that was read back.
    init(stored text: String, legalForm: TenantSettings.LegalForm) {
        self.text = text
        self.legalForm = legalForm
    }

    /// The name as compared.
    package var description: String { self.text }

    private static func folded(_ name: String) -> String {
        var scalars = Array(name.unicodeScalars)
        for form in Self.legalForms { scalars = Self.replaced(scalars, Array(form.short.unicodeScalars), by: Array(form.long.unicodeScalars)) }
        var result: [Unicode.Scalar] = []
        var position = 0
        while position < scalars.count {
            if let form = Self.legalForms.lazy.map({ Array($0.long.unicodeScalars) }).first(where: { scalars[position...].starts(with: $0) }) {
                if result.last == " " { result.removeLast() }
                result += form
                position += form.count
                if position < scalars.count, scalars[position] == " " { position += 1 }
            } else {
                result.append(scalars[position])
                position += 1
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: result)
        return String(view)
    }

    private static func replaced(_ text: [Unicode.Scalar], _ old: [Unicode.Scalar], by new: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var position = 0
        while position < text.count {
            if text[position...].starts(with: old) {
                result += new
                position += old.count
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }
}
