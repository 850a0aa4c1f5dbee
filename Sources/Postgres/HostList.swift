/// The servers a connection text names, in order, for going on to the next when one keeps silent.
///
/// libpq itself goes on when a server refuses, but notices one that never answers only in its blocking calls, where nothing can be said about
/// how verbose it shall be. So a silent one is taken off the list, and libpq is given the rest.
struct HostList: Sendable, Equatable {
    /// One server; what is empty was not given.
    struct Entry: Sendable, Equatable {
        let host: String
        let address: String
        let port: String
    }

    private(set) var entries: [Entry]

    /// Reads libpq's three lists, which go side by side; a single port is everybody's.
    init(hosts: String, addresses: String, ports: String) {
        let hosts = hosts.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let addresses = addresses.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = ports.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        self.entries = (0..<max(hosts.count, addresses.count)).map { index in
            Entry(
                host: index < hosts.count ? hosts[index] : "", address: index < addresses.count ? addresses[index] : "",
                port: ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : "")
        }
    }

    /// The place in the list of the server that libpq says it is at; the first when it says nothing we know.
    func place(host: String, port: String) -> Int {
        self.entries.firstIndex { entry in
            (entry.host.isEmpty ? entry.address : entry.host) == host && (entry.port.isEmpty ? "5432" : entry.port) == port
        } ?? 0
    }

    /// How long the server at `place` may take, so that those after it get as much.
    func share(at place: Int, of left: Duration) -> Duration { left / max(1, self.entries.count - place) }

    /// Takes off the list who kept silent.
    mutating func remove(at place: Int) { self.entries.remove(at: place) }

    /// As libpq takes them; a list in which nothing was given is left out.
    var options: [String: String] {
        var options: [String: String] = [:]
        for (keyword, values) in [
            ("host", self.entries.map(\.host)), ("hostaddr", self.entries.map(\.address)), ("port", self.entries.map(\.port)),
        ] where values.contains(where: { !$0.isEmpty }) {
            options[keyword] = values.joined(separator: ",")
        }
        return options
    }
}
