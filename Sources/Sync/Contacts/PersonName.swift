/// A person's name in two parts, as Marketo keeps it; Mazrica keeps one text.
///
/// Joining and splitting are no bijection, so a name that was joined is never split and sent back (sync-algorithms.md 7.11). Source: R60, R61.
package struct PersonName: Hashable, Sendable {
    /// 姓.
    package let lastName: String?
    /// 名.
    package let firstName: String?

    /// Of a lead; a part that is blank is none.
    package init(lastName: String?, firstName: String?) {
        self.lastName = PlainText.nonBlank(lastName)
        self.firstName = PlainText.nonBlank(firstName)
    }

    /// Splits a contact's name at its first run of half- or full-width spaces: before it the last name, after it the first name.
    ///
    /// Such spaces at the ends don't count; without one between, all is the last name. A tab or a no-break space is no such space.
    package init(splitting name: String) {
        let scalars = name.unicodeScalars
        let isGap = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\u{3000}" }
        guard let first = scalars.firstIndex(where: { !isGap($0) }), let last = scalars.lastIndex(where: { !isGap($0) }) else {
            self.init(lastName: nil, firstName: nil)
            return
        }
        let trimmed = scalars[first...last]
        guard let gap = trimmed.firstIndex(where: isGap), let rest = trimmed[gap...].firstIndex(where: { !isGap($0) }) else {
            self.init(lastName: String(trimmed), firstName: nil)
            return
        }
        self.init(lastName: String(trimmed[..<gap]), firstName: String(trimmed[rest...]))
    }

    /// lastName + U+0020 + firstName, what is there of them; `nil` if neither is.
    package var joined: String? {
        switch (self.lastName, self.firstName) {
        case (let last?, let first?): "\(last) \(first)"
        case (let only?, nil), (nil, let only?): only
        case (nil, nil): nil
        }
    }
}

extension Lead {
    /// What a contact made of this lead is called: the name, else the e-mail, else `リード <id>`.
    ///
    /// Source: CONTRACT 4.
    package var contactName: String {
        PersonName(lastName: self.lastName, firstName: self.firstName).joined
            ?? PlainText.nonBlank(self.email).map(PlainText.trimmed) ?? "リード \(self.id)"
    }
}
