import Foundation
import Hummingbird
import NIOCore

/// Everything that comes in by HTTP: `/simulator/…` to the control desk, the rest to the vendor's doors.
struct Responder: HTTPResponder {
    typealias Context = SimulatorContext
    let instance: Instance
    let control: ControlDesk

    /// D: 1 MB a body, 8 KB a URI.
    private static let longestBody = 1_048_576
    private static let longestURI = 8_192

    func respond(to request: Request, context: SimulatorContext) async throws -> Response {
        let target = request.head.path ?? "/"
        if target == "/simulator" || target.hasPrefix("/simulator/") || target.hasPrefix("/simulator?") {
            return try await self.control.respond(to: request)
        }
        guard target.utf8.count <= Self.longestURI else { return try await self.turnAway(request, .html(status: 414), context) }
        guard let body = try? await request.body.collect(upTo: Self.longestBody) else {
            return try await self.turnAway(request, .html(status: 413), context)
        }
        let call = VendorRequest(
            method: request.method.rawValue, target: target, contentType: request.headers[.contentType],
            authorization: request.headers[.authorization], range: request.headers[.range], body: body)
        let permit = self.instance.with { world, now in world.admit(call, at: now) }
        if permit.delay > 0 { try? await Task.sleep(for: .seconds(permit.delay)) }
        // The slot is given back before the first byte leaves: who waits for an answer before the next call is never refused for the last one.
        let answer = self.instance.with { world, now in
            let answer = world.perform(call, permit, at: now)
            if answer.delivery != .never { world.settle(call, permit, answer, at: now) }
            return answer
        }
        if answer.delivery == .never {
            await Self.wait(for: context.channel)
            self.instance.with { world, now in world.settle(call, permit, answer, at: now) }
        }
        return try await self.send(answer, context)
    }

    /// Too long to be read: it comes to no limit and no fault, but it was seen.
    private func turnAway(_ request: Request, _ answer: Answer, _ context: SimulatorContext) async throws -> Response {
        self.instance.with { world, now in
            world.desk.answered(
                path: "\(request.method.rawValue) \(VendorRoute.label(String(request.uri.path.prefix(200))))", code: answer.code, errorCode: nil,
                day: world.day(at: now))
        }
        return try await self.send(answer, context)
    }

    private func send(_ answer: Answer, _ context: SimulatorContext) async throws -> Response {
        switch answer.delivery {
        case .never: throw ConnectionGone()
        case .reset:
            await Self.reset(context.channel)
            throw ConnectionGone()
        case .whole where answer.isChunked:
            let body = answer.body
            return Response(
                status: .init(code: answer.status), headers: self.headers(of: answer),
                body: ResponseBody { writer in
                    try await writer.write(body)
                    try await writer.finish(nil)
                })
        case .whole:
            return Response(status: .init(code: answer.status), headers: self.headers(of: answer), body: .init(byteBuffer: answer.body))
        case .cut(let length):
            var headers = self.headers(of: answer)
            headers[GzipInstaller.plainMark] = "1"
            let part = answer.body.getSlice(at: answer.body.readerIndex, length: length) ?? answer.body
            let channel = context.channel
            return Response(
                status: .init(code: answer.status), headers: headers,
                body: ResponseBody(contentLength: answer.body.readableBytes) { writer in
                    try await writer.write(part)
                    try? await channel.close()
                    throw ConnectionGone()
                })
        }
    }

    private func headers(of answer: Answer) -> HTTPFields {
        let seconds = self.instance.with { world, now in world.seconds(at: now) }
        var headers: HTTPFields = [.contentType: answer.contentType, GzipInstaller.simulatedDate: CivilTime(seconds: seconds).httpDate]
        for header in answer.headers {
            if let name = HTTPFields.Element.Name(header.name) { headers[name] = header.value }
        }
        if answer.isPlain {
            headers[GzipInstaller.plainMark] = "1"
        } else if answer.body.readableBytes >= GzipInstaller.least {
            headers[.vary] = "Accept-Encoding"
        }
        return headers
    }

    /// RST instead of FIN: what is under way is thrown away, as by a firewall that lost its state.
    private static func reset(_ channel: any Channel) async {
        try? await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close()
    }

    /// Until the other side gives up, or the simulator stops.
    private static func wait(for channel: any Channel) async {
        try? await channel.pipeline.addHandler(InputCloseWatch(), position: .first).get()
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// The connection was closed on purpose; nothing more is to be written.
struct ConnectionGone: Error {}
