import NIOCore

/// Closes the connection as soon as the other side has stopped sending: nobody waits for the answer that never comes.
///
/// Otherwise the server takes it for a half-closed connection, which still wants its answer.
final class InputCloseWatch: ChannelInboundHandler, Sendable {
    /// It looks at nothing that passes.
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
