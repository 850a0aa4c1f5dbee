import NIOCore

extension World {
    /// One record of `activities.json` and `deletedleads.json`.
    func writeActivity(_ entry: ActivityLog.Entry, at place: Int, to buffer: inout ByteBuffer) {
        let activity = self.log.detail(of: entry) ?? self.generatedNewLead(entry)
        self.writeHead(entry, at: place, to: &buffer)
        if let campaign = activity.campaign { buffer.writeString(",\"campaignId\":\(campaign)") }
        if let id = activity.primaryID { buffer.writeString(",\"primaryAttributeValueId\":\(id)") }
        if activity.primaryID != nil || activity.primaryValue != nil {
            buffer.writeString(",\"primaryAttributeValue\":")
            buffer.writeJSON(activity.primaryValue)
        }
        self.writeAttributes(activity.attributes, to: &buffer)
        buffer.writeString("}")
    }

    /// One record of `leadchanges.json`: the fields, and no primary attribute.
    func writeLeadChange(_ entry: ActivityLog.Entry, at place: Int, to buffer: inout ByteBuffer) {
        let activity = self.log.detail(of: entry) ?? self.generatedNewLead(entry)
        self.writeHead(entry, at: place, to: &buffer)
        buffer.writeString(",\"fields\":")
        buffer.writeList(activity.changes) { buffer, change in
            let field = self.leads.catalog.fields[change.field]
            buffer.writeString("{\"id\":\(field.id),\"name\":")
            buffer.writeJSON(field.name)
            buffer.writeString(",\"newValue\":")
            buffer.writeJSON(change.new)
            buffer.writeString(",\"oldValue\":")
            buffer.writeJSON(change.old)
            buffer.writeString("}")
        }
        self.writeAttributes(activity.attributes.filter { $0.name != "New Value" && $0.name != "Old Value" }, to: &buffer)
        buffer.writeString("}")
    }

    /// The integer id rises with the commit, so it does not follow the dates; the GUID is its text, as recorded.
    private func writeHead(_ entry: ActivityLog.Entry, at place: Int, to buffer: inout ByteBuffer) {
        let id = 1_000 + place
        buffer.writeString(self.switches.activitiesWithoutID ? "{" : "{\"id\":\(id),")
        buffer.writeString("\"marketoGUID\":\"\(id)\",\"leadId\":\(entry.lead),\"activityDate\":")
        CivilTime.writeJSON(entry.date, to: &buffer)
        buffer.writeString(",\"activityTypeId\":\(entry.type)")
    }

    private func writeAttributes(_ attributes: [Activity.Attribute], to buffer: inout ByteBuffer) {
        buffer.writeString(",\"attributes\":")
        buffer.writeList(attributes) { buffer, attribute in
            buffer.writeString("{\"name\":")
            buffer.writeJSON(attribute.name)
            buffer.writeString(",\"value\":")
            attribute.value.write(to: &buffer)
            buffer.writeString("}")
        }
    }

    /// The New Lead of a lead that was there from the beginning.
    func generatedNewLead(_ entry: ActivityLog.Entry) -> Activity {
        let name = self.leads.row(of: entry.lead).flatMap { self.leads.fullName(row: $0) }
        return Activity(
            type: Activity.Kind.newLead, lead: entry.lead, date: entry.date, primaryID: entry.lead, primaryValue: name,
            attributes: [
                .init("Created Date", .string(CivilTime(seconds: entry.date).date)),
                .init("Source Type", entry.lead % 3 == 0 ? "List import" : "Web form fillout"),
            ])
    }
}
