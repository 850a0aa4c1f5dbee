import NIOCore

extension World {
    /// `GET /rest/v1/leads/describe.json`.
    mutating func describe(at uptime: Int64) -> ByteBuffer {
        self.result(self.leads.catalog.visible, at: uptime) { buffer, field in
            buffer.writeString("{\"id\":\(field.id),\"displayName\":")
            buffer.writeJSON(field.displayName)
            buffer.writeString(",\"dataType\":\"\(field.type.rawValue)\"")
            if let length = field.length { buffer.writeString(",\"length\":\(length)") }
            buffer.writeString(",\"rest\":{\"name\":")
            buffer.writeJSON(field.name)
            buffer.writeString(",\"readOnly\":\(field.isReadOnly)}")
            if let soap = field.soapName {
                buffer.writeString(",\"soap\":{\"name\":")
                buffer.writeJSON(soap)
                buffer.writeString(",\"readOnly\":\(field.isReadOnly)}")
            }
            buffer.writeString("}")
        }
    }

    /// `GET /rest/v1/leads/describe2.json`.
    mutating func describe2(at uptime: Int64) -> ByteBuffer {
        let fields = self.leads.catalog.visible
        return self.result([fields], at: uptime) { buffer, fields in
            buffer.writeString("{\"name\":\"API Lead\",\"searchableFields\":")
            buffer.writeList(fields.filter(\.isSearchable)) { buffer, field in
                buffer.writeString("[")
                buffer.writeJSON(field.name)
                buffer.writeString("]")
            }
            buffer.writeString(",\"fields\":")
            buffer.writeList(fields) { buffer, field in
                buffer.writeString("{\"name\":")
                buffer.writeJSON(field.name)
                buffer.writeString(",\"displayName\":")
                buffer.writeJSON(field.displayName)
                buffer.writeString(",\"dataType\":\"\(field.type.rawValue)\"")
                if let length = field.length { buffer.writeString(",\"length\":\(length)") }
                buffer.writeString(",\"updateable\":\(!field.isReadOnly),\"crmManaged\":false}")
            }
            buffer.writeString("}")
        }
    }

    /// `GET /rest/v1/activities/types.json`.
    mutating func activityTypes(at uptime: Int64) -> ByteBuffer {
        self.result(ActivityType.all, at: uptime) { buffer, type in
            buffer.writeString("{\"id\":\(type.id),\"name\":")
            buffer.writeJSON(type.name)
            if let primary = type.primary {
                buffer.writeString(",\"primaryAttribute\":{\"name\":\"\(primary.name)\",\"dataType\":\"\(primary.type)\"}")
            }
            buffer.writeString(",\"attributes\":")
            buffer.writeList(type.attributes) { $0.writeString("{\"name\":\"\($1.name)\",\"dataType\":\"\($1.type)\"}") }
            buffer.writeString("}")
        }
    }

    /// `GET /rest/v1/stats/usage.json` and `…/usage/last7days.json`, today first.
    mutating func usage(days: Int, at uptime: Int64) -> ByteBuffer {
        let today = self.day(at: uptime)
        let usage = (0..<Int64(days)).map { (day: today - $0, usage: self.desk.usage(day: today - $0)) }
        return self.result(usage, at: uptime) { buffer, element in
            buffer.writeString("{\"date\":\"\(CivilTime(seconds: element.day * 86_400).date)\",\"total\":\(element.usage.total),\"users\":")
            buffer.writeList(element.usage.calls.sorted { $0.key < $1.key }) { buffer, user in
                buffer.writeString("{\"userId\":")
                buffer.writeJSON(user.key)
                buffer.writeString(",\"count\":\(user.value)}")
            }
            buffer.writeString("}")
        }
    }

    /// `GET /rest/v1/stats/errors.json` and `…/errors/last7days.json`, today first.
    mutating func errors(days: Int, at uptime: Int64) -> ByteBuffer {
        let today = self.day(at: uptime)
        let usage = (0..<Int64(days)).map { (day: today - $0, usage: self.desk.usage(day: today - $0)) }
        return self.result(usage, at: uptime) { buffer, element in
            buffer.writeString("{\"date\":\"\(CivilTime(seconds: element.day * 86_400).date)\",\"total\":\(element.usage.errorTotal),\"errors\":")
            buffer.writeList(element.usage.errors.sorted { $0.key < $1.key }) { buffer, error in
                buffer.writeString("{\"errorCode\":\"\(error.key)\",\"count\":\(error.value)}")
            }
            buffer.writeString("}")
        }
    }

    /// `requestId, result, success`.
    mutating func result<Item>(_ items: [Item], at uptime: Int64, _ write: (inout ByteBuffer, Item) -> Void) -> ByteBuffer {
        self.envelope(at: uptime, capacity: 256 + items.count * 128) { buffer in
            buffer.writeString("\"result\":")
            buffer.writeList(items, write)
            buffer.writeString(",\"success\":true")
        }
    }
}
