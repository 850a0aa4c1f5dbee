import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTPCompression
import NIOPosix

/// From what the network did to the error it means.
extension MarketoError {
    init(transport error: any Error, operation: MarketoOperation, httpStatus: Int?) {
        let (code, effect) = Self.meaning(of: error)
        self.init(code, httpStatus: httpStatus, operation: operation, effect: effect)
    }

    private static func meaning(of error: any Error) -> (Code, Effect) {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .getConnectionFromPoolTimeout: (.connectTimedOut, .notSent)
            case .tlsHandshakeTimeout: (.tlsFailed, .notSent)
            case .deadlineExceeded, .readTimeout, .writeTimeout: (.timedOut, .unknown)
            default: (.connectionLost, .unknown)
            }
        case let error as NIOConnectionError:
            // One of the two kinds of address is often not there; with no address tried at all, the name has none.
            if error.connectionErrors.isEmpty {
                (.nameUnknown, .notSent)
            } else {
                (error.connectionErrors.contains { Self.isConnectTimeout($0.error) } ? .connectTimedOut : .connectionRefused, .notSent)
            }
        case let error as ChannelError:
            if case .connectTimeout = error { (.connectTimedOut, .notSent) } else { (.connectionLost, .unknown) }
        case let error as IOError: Self.notReached.contains(error.errnoCode) ? (.connectionRefused, .notSent) : (.connectionLost, .unknown)
        case is SocketAddressError: (.nameUnknown, .notSent)
        case let error as NIOHTTPDecompression.DecompressionError:
            if case .limit = error { (.answerTooLarge, .unknown) } else { (.malformedAnswer, .unknown) }
        case is NIOTooManyBytesError: (.answerTooLarge, .unknown)
        default: Self.meaning(ofForeign: error)
        }
    }

    /// What only connecting can fail with.
    private static let notReached: Set<CInt> = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL]

    private static func isConnectTimeout(_ error: any Error) -> Bool {
        if case .connectTimeout? = error as? ChannelError { true } else { false }
    }

    /// TLS errors come from a package that ours does not name: told by the name of their type.
    private static func meaning(ofForeign error: any Error) -> (Code, Effect) {
        let type = String(reflecting: Swift.type(of: error))
        return type.hasPrefix("NIOSSL.") ? Self.meaning(ofTLS: String(describing: error)) : (.connectionLost, .unknown)
    }

    /// Only a handshake or a certificate that fails does so before anything was sent; an alert may come after a whole request.
    static func meaning(ofTLS description: String) -> (Code, Effect) {
        let early = ["handshakeFailed", "ertificate", "Hostname", "ULabel"]
        return early.contains { description.contains($0) } ? (.tlsFailed, .notSent) : (.connectionLost, .unknown)
    }
}
