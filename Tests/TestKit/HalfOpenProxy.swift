import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server on 127.0.0.1 and can fall silent: the connection stays open, and nothing comes any more.
///
/// Each direction of each connection has a thread; all end when the proxy is stopped.
package final class HalfOpenProxy: Sendable {
    private struct State {
        var isFrozen = false
        var holdsNewcomers = false
        var isStopped = false
        var sockets: Set<Int32> = []
        var accepted = 0
    }

    /// Where clients connect.
    package let port: Int
    private let target: Int?
    private let listener: LoopbackListener
    private let state = Mutex(State())

    /// Forwards to `target`, a port of 127.0.0.1; with `nil` it accepts and never answers at all.
    package init(forwardingTo target: Int?) throws {
        self.listener = try LoopbackListener()
        self.port = self.listener.port
        self.target = target
        Thread.detachNewThread { self.accept() }
    }

    /// Connections accepted so far.
    package var accepted: Int { self.state.withLock { $0.accepted } }

    /// From now on nothing passes, in either direction, on old and new connections.
    package func freeze() { self.state.withLock { $0.isFrozen = true } }

    /// From now on new connections are accepted and nothing comes of them; old ones go on.
    package func holdNewcomers() { self.state.withLock { $0.holdsNewcomers = true } }

    /// New data passes again.
    ///
    /// What came while it was frozen is lost, as are the connections it was lost on.
    package func thaw() {
        self.sever()
        self.state.withLock { $0.isFrozen = false }
    }

    /// Ends every connection.
    package func sever() {
        // Under the lock, so that no number here has been closed and given to somebody else.
        self.state.withLock { for socket in $0.sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    /// Ends everything.
    package func stop() {
        self.state.withLock { $0.isStopped = true }
        self.sever()
        shutdown(self.listener.socket, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(self.listener.socket, nil, nil)
            guard client >= 0, self.state.withLock({ !$0.isStopped }) else {
                if client >= 0 { close(client) }
                break
            }
            let isHeld = self.state.withLock { state in
                state.accepted += 1
                return state.holdsNewcomers
            }
            guard let target = self.target, !isHeld else {
                self.carry(Cable([client]), from: client, to: nil)
                continue
            }
            guard let server = LoopbackListener.connect(port: target) else {
                close(client)
                continue
            }
            let cable = Cable([client, server])
            self.carry(cable, from: client, to: server)
            self.carry(cable, from: server, to: client)
        }
        self.listener.close()
    }

    /// The sockets of one connection, closed when no thread uses any of them any more: a number that is closed may be somebody else's at once.
    private final class Cable: Sendable {
        let sockets: Set<Int32>
        private let users: Mutex<Int>

        init(_ sockets: Set<Int32>) {
            self.sockets = sockets
            self.users = Mutex(sockets.count)
        }

        /// Whether it was the last.
        func leave() -> Bool {
            self.users.withLock { users in
                users -= 1
                return users == 0
            }
        }
    }

    /// Copies until the end; then the other side hears of it, unless all is frozen.
    private func carry(_ cable: Cable, from source: Int32, to sink: Int32?) {
        self.state.withLock { $0.sockets.formUnion(cable.sockets) }
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(source, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                guard let sink, self.state.withLock({ !$0.isFrozen }) else { continue }
                var sent = 0
                while sent < count {
                    let step = buffer.withUnsafeBytes { send(sink, $0.baseAddress?.advanced(by: sent), count - sent, Int32(MSG_NOSIGNAL)) }
                    guard step > 0 else { break }
                    sent += step
                }
            }
            self.state.withLock { state in
                if let sink, !state.isFrozen { shutdown(sink, Int32(SHUT_RDWR)) }
                guard cable.leave() else { return }
                state.sockets.subtract(cable.sockets)
                for socket in cable.sockets { close(socket) }
            }
        }
    }
}
