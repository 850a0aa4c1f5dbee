extension Duration {
    /// The whole of it in seconds, as a number with a fraction.
    var seconds: Double { Double(self.components.seconds) + Double(self.components.attoseconds) / 1e18 }
}
