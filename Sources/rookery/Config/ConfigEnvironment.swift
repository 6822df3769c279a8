// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Environment variables as configuration: `ROOKERY_RELAY_LISTEN` for `relay.listen`, one for each key.
struct ConfigEnvironment: Sendable {
    static let prefix = "ROOKERY_"
    /// Names the file that `--config` would.
    static let fileVariable = "ROOKERY_CONFIG"

    let variables: [String: String]

    static func variable(for key: String) -> String {
        prefix + key.uppercased().replacing(".", with: "_")
    }

    /// The texts that are set, by dotted key.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for key in ConfigKeys.all {
            if let text = variables[Self.variable(for: key.path)] { texts[key.path] = text }
        }
        return texts
    }

    /// Variables that look like ours and mean nothing.
    var unknown: [String] {
        let known = Set(Self.known)
        return variables.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }.sorted()
    }

    /// Of these, the ones that are meant for a key: they begin with a section, or are a letter or two away from a key.
    var mistaken: [String] {
        unknown.filter { variable in
            if isOfService(variable) { return false }
            let isInSection = Self.sections.contains { variable.hasPrefix("\(Self.prefix)\($0)_") }
            return isInSection || nearest(to: variable) != nil
        }
    }

    /// The known variable that is most like a mistyped one, if any is close.
    func nearest(to variable: String) -> String? {
        let ranked = Self.known.map { (name: $0, distance: EditDistance.between($0, variable)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= 2 else { return nil }
        return best.name
    }

    private static let known = ConfigKeys.all.map { variable(for: $0.path) } + [fileVariable]

    /// `RELAY`, `STORE`, …
    private static let sections = Set(
        ConfigKeys.sections.compactMap { $0.split(separator: ".").first?.uppercased() }
            + ConfigKeys.all.filter { $0.kind == .tables }.map { $0.path.uppercased() })

    /// Whether surroundings have set it for a service of that name: one named `rookery-relay` is given
    /// `ROOKERY_RELAY_SERVICE_HOST`, `ROOKERY_RELAY_PORT=tcp://…` and `ROOKERY_RELAY_PORT_7777_TCP_ADDR`.
    private func isOfService(_ variable: String) -> Bool {
        if variable.contains("_SERVICE_HOST") || variable.contains("_SERVICE_PORT") { return true }
        if variable.hasSuffix("_PORT") { return variables[variable]?.contains("://") == true }
        return variable.contains("_PORT_")
            && ["_TCP", "_UDP", "_SCTP"].contains(where: variable.contains)
    }
}
