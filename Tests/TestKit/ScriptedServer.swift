import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that answers what a test tells it to, and remembers what it was asked.
package final class ScriptedServer: Sendable {
    /// A call that came.
    package struct Request: Sendable {
        package let method: String
        package let uri: String
        package let headers: HTTPHeaders
        package let body: [UInt8]
        /// Without the query.
        package var path: String { String(self.uri.prefix { $0 != "?" }) }
        /// The body as text.
        package var bodyText: String { String(decoding: self.body, as: UTF8.self) }
    }

    /// What it is answered with.
    package enum Reply: Sendable {
        /// A document.
        case json(String, status: Int = 200)
        /// Anything else.
        case bytes([UInt8], status: Int = 200, headers: [(String, String)] = [])
        /// Says that more is to come, and hangs up.
        case cut(String)
        /// Says nothing, ever.
        case silence
        /// Sends the head and then nothing.
        case headOnly
        /// Hangs up without a word.
        case hangUp
    }

    private let requests = Mutex<[Request]>([])
    private let channel: any Channel
    /// `http://127.0.0.1:PORT`.
    package let base: String

    private init(channel: any Channel) {
        self.channel = channel
        self.base = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// Runs `body` with a server whose answers `script` gives; the server is gone afterwards.
    package static func with<Value>(
        _ script: @escaping @Sendable (Request) -> Reply, _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            box.record(request)
                            return script(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(channel: channel)
        box.server.withLock { $0 = server }
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// All calls so far.
    package var seen: [Request] { self.requests.withLock { $0 } }
    /// How many came to a path.
    package func count(_ path: String) -> Int { self.seen.count { $0.path == path } }

    private final class Box: Sendable {
        let server = Mutex<ScriptedServer?>(nil)
        func record(_ request: Request) { self.server.withLock { $0 }?.requests.withLock { $0.append(request) } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let script: (Request) -> Reply
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ script: @escaping (Request) -> Reply) { self.script = script }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                self.body = []
            case .body(let part): self.body += Array(part.readableBytesView)
            case .end:
                guard let head else { return }
                self.answer(self.script(Request(method: head.method.rawValue, uri: head.uri, headers: head.headers, body: self.body)), context)
            }
        }

        private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .json(let text, let status):
                self.write(Array(text.utf8), status, [("Content-Type", "application/json;charset=UTF-8")], context)
            case .bytes(let bytes, let status, let headers): self.write(bytes, status, headers, context)
            case .cut(let text):
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "\(text.utf8.count + 100)"])
                context.write(self.wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.close(promise: nil)
            case .silence: break
            case .headOnly:
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "100"])
                context.writeAndFlush(self.wrapOutboundOut(.head(head)), promise: nil)
            case .hangUp: context.close(promise: nil)
            }
        }

        private func write(_ bytes: [UInt8], _ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            var all = HTTPHeaders(headers)
            all.add(name: "Content-Length", value: "\(bytes.count)")
            context.write(
                self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all))), promise: nil)
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
