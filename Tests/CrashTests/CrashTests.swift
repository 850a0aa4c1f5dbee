import Testing

/// Real processes that are killed, frozen, cut off and lied to.
///
/// One after the other: each is several processes, and the machine may be small.
@Suite(.serialized) struct CrashTests {}
