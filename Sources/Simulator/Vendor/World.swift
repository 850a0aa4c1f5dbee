import NIOCore

/// The whole instance as one value: it decides everything, and waits for nothing.
///
/// The server around it brings lock, time and wire.
package struct World: Sendable {
    package var switches: Switches
    package var clock: SimulatedClock
    package internal(set) var leads: LeadTable
    package internal(set) var log: ActivityLog
    package var desk: CallDesk
    package var identity: IdentityDesk
    package var faults: FaultPlan
    var lists: [Int64: StaticList] = [:]
    var bulk = BulkDesk()
    /// When a custom field changed without moving the visible `updatedAt`: the export's filter looks at the true time.
    var customFieldsChangedAt: [Int64: Int64] = [:]
    var random: SeededRandom
    /// When leads were created in the last seconds, for the race switch: lead → simulated second.
    var justCreated: [Int64: Int64] = [:]
    /// What each lead was after each record that Sync Leads or Push Lead wrote, in order; `nil` when nobody asked for it to be kept.
    var written: [SimulatedLead]?

    /// - Parameters:
    ///   - uptime: Nanoseconds of the machine's uptime now.
    ///   - milliseconds: The simulated time to begin with, since 1970.
    package init(_ configuration: SimulatorConfiguration, uptime: Int64, milliseconds: Int64) {
        self.switches = configuration.switches
        self.clock = SimulatedClock(milliseconds: milliseconds, uptime: uptime, speed: configuration.clockSpeed)
        self.desk = CallDesk(limits: configuration.limits, fixedWindow: configuration.switches.fixedWindow)
        self.identity = IdentityDesk(clients: configuration.clients, seed: configuration.seed.seed)
        self.faults = FaultPlan(seed: configuration.seed.seed)
        self.random = SeededRandom(seed: configuration.seed.seed ^ 0xC0FFEE)
        (self.leads, self.log) = LeadTable.seeded(configuration.seed, catalog: FieldCatalog(), now: milliseconds / 1_000)
        for rule in configuration.faults { self.faults.add(rule) }
    }

    /// Simulated milliseconds since 1970.
    package func milliseconds(at uptime: Int64) -> Int64 { self.clock.milliseconds(at: uptime) }

    /// Simulated seconds since 1970.
    package func seconds(at uptime: Int64) -> Int64 { self.clock.milliseconds(at: uptime) / 1_000 }

    /// The vendor's day.
    package func day(at uptime: Int64) -> Int64 {
        CentralTime(isFixed: self.switches.fixedZone).day(at: self.seconds(at: uptime))
    }

    /// `{"requestId":"262e#17d4f046342"`, then what the call has to say, then `}`.
    mutating func envelope(at uptime: Int64, capacity: Int = 256, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeString("{\"requestId\":\"")
        buffer.writeString(String(self.random.below(0xFFFFF) + 1, radix: 16))
        buffer.writeString("#")
        buffer.writeString(String(self.milliseconds(at: uptime), radix: 16))
        buffer.writeString("\",")
        write(&buffer)
        buffer.writeString("}")
        return buffer
    }

    /// `success` false and one error: no `result`.
    mutating func answer(_ error: VendorError, at uptime: Int64) -> Answer {
        let body = self.envelope(at: uptime) { buffer in
            buffer.writeString("\"success\":false,\"errors\":[{\"code\":")
            buffer.writeJSON(error.code)
            buffer.writeString(",\"message\":")
            buffer.writeJSON(error.message)
            buffer.writeString("}]")
        }
        return Answer(body: body, code: error.code)
    }
}
