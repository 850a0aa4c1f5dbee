/// Every lead of the instance: a column for each field, a row for each lead.
///
/// Rows are never reused, ids never given twice.
package struct LeadTable: Sendable {
    package private(set) var catalog: FieldCatalog
    private var columns: [LeadColumn]
    private var idOfRow: [Int64] = []
    /// By id minus `firstID`; -1: there is no such lead (any more).
    private var rowOfID: [Int32] = []
    let firstID: Int64
    private var emails = EmailIndex()
    package private(set) var count = 0

    package init(catalog: FieldCatalog = FieldCatalog(), firstID: Int64 = 1) {
        self.catalog = catalog
        self.columns = catalog.fields.map { LeadColumn(type: $0.type) }
        // Room above for as many leads as memory holds.
        self.firstID = min(max(1, firstID), 1 << 52)
    }

    /// The id the next new lead gets.
    package var nextID: Int64 { self.firstID + Int64(self.rowOfID.count) }

    /// The ids of all leads, in order.
    package var ids: [Int64] {
        self.rowOfID.indices.compactMap { self.rowOfID[$0] < 0 ? nil : self.firstID + Int64($0) }
    }

    /// Adds an empty lead with the next id.
    mutating func append() -> Int {
        self.rowOfID.append(Int32(self.idOfRow.count))
        self.idOfRow.append(self.nextID - 1)
        self.count += 1
        self.emails.rowAdded()
        return self.idOfRow.count - 1
    }

    /// Leaves so many ids unused, as deletions of the past did.
    mutating func skipIDs(_ count: Int) {
        for _ in 0..<max(0, count) { self.rowOfID.append(-1) }
    }

    /// The row of a lead, if it is there.
    func row(of id: Int64) -> Int? {
        // Compared before it is subtracted: the id may be any number a client sends.
        guard id >= self.firstID, id < self.nextID else { return nil }
        let row = self.rowOfID[Int(id - self.firstID)]
        return row < 0 ? nil : Int(row)
    }

    /// The id of a row.
    func id(ofRow row: Int) -> Int64 { self.idOfRow[row] }

    /// Takes a lead away.
    ///
    /// Its values stay behind unseen, so that its activities can still name it.
    mutating func remove(row: Int) {
        let offset = Int(self.idOfRow[row] - self.firstID)
        guard self.rowOfID[offset] >= 0 else { return }
        self.emails.remove(row: row, email: self[row, LeadField.Index.email].text)
        self.rowOfID[offset] = -1
        self.count -= 1
    }

    /// A value by row and place of the field in the catalogue.
    ///
    /// `id` and the full name are computed.
    subscript(row: Int, field: Int) -> FieldValue {
        get {
            if field == LeadField.Index.id { return .number(self.idOfRow[row]) }
            if field == LeadField.Index.fullName { return self.fullName(row: row).map(FieldValue.text) ?? .none }
            return self.columns[field][row]
        }
        set {
            if field == LeadField.Index.email {
                self.emails.replace(row: row, old: self.columns[field][row].text, new: newValue.text)
            }
            self.columns[field][row] = newValue
        }
    }

    /// First and last name with a space, as the vendor shows it; `nil` without either.
    func fullName(row: Int) -> String? {
        let parts = [self[row, LeadField.Index.firstName].text, self[row, LeadField.Index.lastName].text].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The leads with that e-mail in any case of its letters, lowest id first.
    mutating func rows(email: String) -> [Int] {
        if !self.emails.isBuilt {
            let table = self
            self.emails.build(rows: self.idOfRow.count) { row in
                table.row(of: table.idOfRow[row]) == nil ? nil : table[row, LeadField.Index.email].text
            }
        }
        let wanted = email.lowercased()
        return self.emails.candidates(email)
            .filter { self[$0, LeadField.Index.email].text?.lowercased() == wanted }
            .sorted { self.idOfRow[$0] < self.idOfRow[$1] }
    }

    /// The leads that have one of the values, lowest id first: a walk through the column.
    func rows(field: Int, values: Set<String>) -> [Int] {
        self.rowOfID.compactMap { row in
            row >= 0 && values.contains(self[Int(row), field].plain) ? Int(row) : nil
        }
    }

    /// Adds a field, empty everywhere.
    mutating func add(_ field: LeadField) {
        self.catalog.add(field)
        if self.columns.count < self.catalog.fields.count { self.columns.append(LeadColumn(type: field.type)) }
    }

    mutating func label(_ field: String, _ label: String) { self.catalog.label(field, label) }
    mutating func hide(_ field: String) { self.catalog.hide(field) }
    mutating func show(_ field: String) { self.catalog.show(field) }

    mutating func reserve(rows: Int, ids: Int) {
        self.idOfRow.reserveCapacity(rows)
        self.rowOfID.reserveCapacity(ids)
    }
}
