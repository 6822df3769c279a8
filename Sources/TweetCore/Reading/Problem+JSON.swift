// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Problem {
    /// Texts of X are cut to so many **characters**; some of them are shown to people.
    static let textMax = 300

    /// Reads a problem of any of X's shapes: RFC 7807, those of `errors`, and the old `{"code": 88, "message": …}`.
    init(_ json: JSONValue) {
        let type = json.text("type") ?? json["code"]?.spelt.map { "code-\($0)" } ?? ""
        let invalid = json["parameters"]?.members.first
        self.init(
            title: Self.short(json.text("title") ?? ""),
            detail: Self.short(json.text("detail") ?? json.text("message") ?? ""),
            type: Self.short(type.split(separator: "/").last.map(String.init) ?? ""))
        parameter = (json.text("parameter") ?? invalid?.name).map(Self.short)
        value = (json["value"] ?? json["resource_id"] ?? invalid?.value.elements.first)?.spelt.map(Self.short)
        resource = json.text("resource_type").map(Self.short)
        section = json.text("section").map(Self.short)
    }

    /// The problems that a body tells: its `errors`, or itself.
    static func all(of body: JSONValue) -> [Problem] {
        let listed = (body["errors"]?.elements ?? []).filter(\.isObject).map { Problem($0) }
        guard body["title"] != nil || body["detail"] != nil else { return listed }
        return [Problem(body)] + listed
    }

    private static func short(_ text: String) -> String {
        let calm = text.unicodeScalars.lazy.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return String(calm.prefix(textMax))
    }
}
