/// The right to send one request.
///
/// It can't be copied and sending uses it up, and there is no other way to make one than to be admitted: no vendor call without a permit (DESIGN 4,
/// promise 6) is thereby a matter of the compiler.
struct AdmittedCall: ~Copyable {
    private let permit: any CallPermit

    private init(permit: any CallPermit) { self.permit = permit }

    static func admitted(_ description: CallDescription, by admission: any CallAdmission) async throws -> AdmittedCall {
        AdmittedCall(permit: try await admission.admit(description))
    }

    /// Gives the right back: the request was not sent.
    consuming func giveBack(_ operation: MarketoOperation) async {
        await self.permit.finish(
            CallReport(
                operation: operation, httpStatus: nil, vendorCode: nil, failure: .refusedHere, duration: .zero, countsAgainstQuota: false,
                clockSkew: nil))
    }

    /// The permit, which must be finished.
    consuming func use() -> any CallPermit { self.permit }
}
