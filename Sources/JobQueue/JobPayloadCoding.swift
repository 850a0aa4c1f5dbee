import FoundationEssentials

/// How payloads travel: JSON with sorted keys, instants as seconds since 1970.
enum JobPayloadCoding {
    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return decoder
    }()

    /// The payload's text.
    static func encode<J: Job>(_ jobs: [J]) throws(JobQueueError) -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        var texts: [String] = []
        texts.reserveCapacity(jobs.count)
        for job in jobs {
            do { texts.append(String(decoding: try encoder.encode(job), as: UTF8.self)) } catch { throw .payload(kind: J.kind) }
        }
        return texts
    }

    /// The payload of a document; what is wrong with it otherwise, by the path and never by the value.
    static func decode<J: Job>(_ payload: JobPayloadBytes, as type: J.Type) -> Result<J, Undecodable> {
        do {
            return .success(try Self.decoder.decode(J.self, from: payload.json))
        } catch let error as DecodingError {
            return .failure(Undecodable(reason: "the payload can't be read: \(Self.words(for: error))"))
        } catch {
            return .failure(Undecodable(reason: "the payload can't be read"))
        }
    }

    /// Why a payload can't be read.
    struct Undecodable: Error { let reason: String }

    private static func words(for error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty ? "the payload itself" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .valueNotFound(_, let context): "\(path(context)) is null"
        case .typeMismatch(_, let context): "\(path(context)) is of another type"
        case .dataCorrupted(let context): "\(path(context)) is not valid"
        @unknown default: "it is not valid"
        }
    }
}
