package import Foundation

/// A time zone in which the day is young now: what a lane may use depends on how much of the vendor's day is left.
package enum MorningZone {
    /// Its name, as the setting `quota-zone` takes it: six o'clock has struck there, seven not yet.
    package static func name(at now: Date = Date()) -> String {
        let hour = Int(now.timeIntervalSince1970) / 3_600 % 24
        let ahead = (6 - hour + 24) % 24
        let offset = ahead > 12 ? ahead - 24 : ahead
        // The sign of these names is the other way round.
        return offset == 0 ? "Etc/GMT" : offset > 0 ? "Etc/GMT-\(offset)" : "Etc/GMT+\(-offset)"
    }
}
