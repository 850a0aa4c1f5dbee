/// What a test, the demo or a person may do to the instance from behind: no call, no limit, no fault.
extension World {
    /// Creates a lead from named values; a value the field can't hold is refused.
    package mutating func createLead(_ values: [JSONValue.Member], at uptime: Int64) throws(VendorError) -> Int64 {
        self.create(try self.checked(values), source: .person, at: uptime)
    }

    /// Changes a lead as a marketer would; texts the API refuses, such as an invalid e-mail, are taken.
    package mutating func updateLead(_ id: Int64, _ values: [JSONValue.Member], at uptime: Int64) throws(VendorError) {
        guard let row = self.leads.row(of: id) else { throw VendorError("1004", "Lead '\(id)' not found") }
        self.apply(try self.checked(values), toRow: row, source: .person, at: uptime)
    }

    /// Adds to a lead's score.
    package mutating func changeScore(_ id: Int64, by change: Int64, at uptime: Int64) throws(VendorError) {
        guard let row = self.leads.row(of: id) else { throw VendorError("1004", "Lead '\(id)' not found") }
        let old = self.leads[row, LeadField.Index.leadScore].number ?? 0
        // What an integer field holds.
        let score = Int64(clamping: Double(old) + Double(change), to: Int64(Int32.min)...Int64(Int32.max))
        self.apply([(LeadField.Index.leadScore, .number(score))], toRow: row, source: .person, at: uptime)
    }

    /// Puts any activity into the log; with `isLate` as one that was committed long after its date.
    package mutating func add(_ activity: Activity, isLate: Bool) { self.log.append(activity, isLate: isLate) }

    /// The same, as one that changed fields: `leadchanges.json` shows them.
    ///
    /// A Change Data Value of one field is told about it as the vendor's own would, where nothing else was said.
    package mutating func add(_ activity: Activity, changing fields: [FieldChange], isLate: Bool) throws(VendorError) {
        var activity = activity
        for change in fields {
            guard let index = self.leads.catalog.index(of: change.name) else { throw VendorError("1006", "Field '\(change.name)' not found") }
            activity.changes.append(Activity.Change(field: index, old: change.old, new: change.new))
        }
        if activity.type == Activity.Kind.changeDataValue, activity.changes.count == 1, let change = activity.changes.first {
            let field = self.leads.catalog.fields[change.field]
            if activity.primaryID == nil { activity.primaryID = field.id }
            if activity.primaryValue == nil { activity.primaryValue = field.displayName }
            for (name, value) in [("Old Value", change.old), ("New Value", change.new)]
            where !activity.attributes.contains(where: { $0.name == name }) {
                if let value { activity.attributes.insert(.init(name, .string(value)), at: 0) }
            }
        }
        self.log.append(activity, isLate: isLate)
    }

    /// The lead as it is; `nil` when there is none.
    package func lead(_ id: Int64) -> SimulatedLead? {
        self.leads.row(of: id).map { SimulatedLead(self.leads, row: $0) }
    }

    /// Adds a field, or hides or shows one.
    package mutating func add(_ field: LeadField) { self.leads.add(field) }
    package mutating func hide(field: String) { self.leads.hide(field) }
    package mutating func show(field: String) { self.leads.show(field) }

    /// Makes a static list.
    package mutating func putList(
        _ id: Int64, name: String, program: String? = nil, workspace: String = "Default", members: Set<Int64>, at uptime: Int64
    ) {
        self.lists[id] = StaticList(
            name: name, program: program, workspace: workspace, members: members, createdAt: self.seconds(at: uptime))
    }

    /// Texts are taken as they are, so that the untidy leads of real life can be made; other types are checked.
    private func checked(_ values: [JSONValue.Member]) throws(VendorError) -> [(field: Int, value: FieldValue)] {
        var checked: [(field: Int, value: FieldValue)] = []
        for member in values {
            guard let index = self.leads.catalog.index(of: member.name) else { throw VendorError("1006", "Field '\(member.name)' not found") }
            let field = self.leads.catalog.fields[index]
            if [.string, .text, .email, .phone, .url].contains(field.type), case .string(let text) = member.value {
                checked.append((index, text.isEmpty ? .none : .text(text)))
            } else if let value = FieldValue(member.value, for: field) {
                checked.append((index, value))
            } else {
                throw VendorError("1003", "Invalid value for field '\(field.name)' and value '\(member.value.text ?? "")'")
            }
        }
        return checked
    }
}
