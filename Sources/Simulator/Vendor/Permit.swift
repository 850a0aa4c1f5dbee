/// What became of a call at the door.
struct Permit: Sendable {
    /// An answer that was decided there; `nil`: the call may be done.
    var refusal: Answer?
    /// It holds one of the slots of calls at once, and must give it back.
    var holdsSlot = false
    /// The client whose token it carries.
    var client: String?
    /// That client's API user, under whose name it is counted.
    var user = ""
    var route: VendorRoute
    /// Faults it met.
    var faults: [FaultRule] = []
    /// The leads that it is to change, by their ids; for the evidence.
    var leads: [Int64] = []
    /// Seconds to wait before it is done.
    var delay: Double = 0

    /// The first fault of a kind.
    func fault(_ kind: FaultRule.Kind) -> FaultRule? { self.faults.first { $0.kind == kind } }
}
