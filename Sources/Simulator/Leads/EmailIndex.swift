/// Finds leads by e-mail without a string of its own a lead: hash → chain of rows.
///
/// Built at the first question, so that a simulator that is only read by id starts at once.
struct EmailIndex: Sendable {
    private(set) var isBuilt = false
    private var heads: [UInt64: Int32] = [:]
    /// By row: the next row with the same hash, -1 at the end.
    private var next: [Int32] = []

    /// Makes the index from what is there.
    mutating func build(rows: Int, email: (Int) -> String?) {
        self.isBuilt = true
        self.next = Array(repeating: -1, count: rows)
        self.heads.reserveCapacity(rows)
        for row in 0..<rows {
            if let email = email(row) { self.insert(row: row, email: email) }
        }
    }

    /// A lead more, without an e-mail so far.
    mutating func rowAdded() {
        if self.isBuilt { self.next.append(-1) }
    }

    /// A lead's e-mail changed.
    mutating func replace(row: Int, old: String?, new: String?) {
        // By its bytes, as it is hashed.
        guard self.isBuilt, !(old ?? "").utf8.elementsEqual((new ?? "").utf8) else { return }
        self.remove(row: row, email: old)
        if let new { self.insert(row: row, email: new) }
    }

    /// A lead is gone, or its e-mail is.
    mutating func remove(row: Int, email: String?) {
        guard self.isBuilt, let email else { return }
        let hash = Self.hash(email)
        guard let head = self.heads[hash] else { return }
        if head == row {
            self.heads[hash] = self.next[row] < 0 ? nil : self.next[row]
        } else {
            var current = Int(head)
            while current >= 0, self.next[current] != row { current = Int(self.next[current]) }
            if current >= 0 { self.next[current] = self.next[row] }
        }
        self.next[row] = -1
    }

    /// Rows that may have that e-mail; the caller compares.
    func candidates(_ email: String) -> [Int] {
        var rows: [Int] = []
        var current = self.heads[Self.hash(email)] ?? -1
        while current >= 0 {
            rows.append(Int(current))
            current = self.next[Int(current)]
        }
        return rows
    }

    private mutating func insert(row: Int, email: String) {
        let hash = Self.hash(email)
        self.next[row] = self.heads[hash] ?? -1
        self.heads[hash] = Int32(row)
    }

    /// FNV-1a of the lower-cased address.
    private static func hash(_ email: String) -> UInt64 {
        email.lowercased().utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
