import Foundation
import Hummingbird
import NIOCore

/// What `GET /simulator/clock` tells.
struct ClockReport: Codable, Sendable {
    let now: String
    let speed: Double
    /// When the day's quota begins anew.
    let quotaResetsAt: String

    init(_ world: World, at uptime: Int64) {
        let seconds = world.seconds(at: uptime)
        self.now = CivilTime(seconds: seconds).zulu
        self.speed = world.clock.speed
        self.quotaResetsAt = CivilTime(seconds: CentralTime(isFixed: world.switches.fixedZone).nextMidnight(after: seconds)).zulu
    }
}

/// One fault that is on.
struct FaultReport: Codable, Sendable {
    let id: Int
    let fired: Int
    let rule: FaultRule
}

extension ControlDesk {
    /// `{"ok":true}`, after something that has nothing to tell.
    static func done(_: Void) throws -> Response { try self.json(["ok": true]) }

    static func json(_ value: some Encodable, status: Int = 200) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var body = ByteBuffer(bytes: try encoder.encode(value))
        body.writeString("\n")
        return Response(status: .init(code: status), headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ body: JSONValue) throws -> Value {
        var buffer = ByteBuffer()
        body.write(to: &buffer)
        do {
            return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
        } catch let error as DecodingError {
            throw ControlError.refused("\(type): \(error)")
        }
    }

    /// Changes the named members of a value; a name it does not have is refused.
    @discardableResult static func patch<Value: Codable>(_ value: inout Value, with body: JSONValue) throws -> Value {
        guard let changes = body.members else { throw ControlError.refused("an object is needed") }
        let names = Mirror(reflecting: value).children.compactMap(\.label)
        let old = JSONValue(parsing: try JSONEncoder().encode(value))?.members ?? []
        for change in changes where !names.contains(change.name) {
            throw ControlError.refused("no \(change.name) here; there are \(names.sorted().joined(separator: ", "))")
        }
        let kept = old.filter { member in !changes.contains { $0.name == member.name } }
        value = try self.decode(Value.self, .object(kept + changes))
        return value
    }
}
