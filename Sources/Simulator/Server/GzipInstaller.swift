import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// Puts the compressor where it belongs: between the HTTP/1 parser and Hummingbird's own types.
///
/// Bodies under 1,024 bytes stay plain (R), and so do answers that are to be cut.
final class GzipInstaller: ChannelInboundHandler, RemovableChannelHandler {
    /// It looks at nothing that passes.
    typealias InboundIn = NIOAny

    static let least = 1_024
    /// Taken off before the head leaves.
    static let plainMark = HTTPFields.Element.Name("X-Simulator-Plain") ?? .via
    /// The simulated time; it takes the place of the `Date` that the server itself has put there.
    static let simulatedDate = HTTPFields.Element.Name("X-Simulator-Date") ?? .via

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let compressor = HTTPResponseCompressor(initialByteBufferCapacity: 16 * 1_024) { head, _ in
                let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
                let isPlain = head.headers.contains(name: Self.plainMark.rawName)
                head.headers.remove(name: Self.plainMark.rawName)
                if let date = head.headers.first(name: Self.simulatedDate.rawName) {
                    head.headers.replaceOrAdd(name: "Date", value: date)
                    head.headers.remove(name: Self.simulatedDate.rawName)
                }
                return isPlain || length < Self.least ? .doNotCompress : .compressIfPossible
            }
            try pipeline.addHandler(compressor, position: .after(parser))
        } catch {
            // Without its parser the connection is of no use.
            context.close(promise: nil)
        }
    }
}
