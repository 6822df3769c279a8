// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// A fault as `/admin/faults` takes it.
    func fault(_ json: JSON) throws -> XFault {
        guard let name = json["effect"]?.string else {
            throw AdminMistake("effect is missing: \(Self.effectNames)")
        }
        let status = Int(json["status"]?.integer ?? 503)
        guard (200...599).contains(status) else { throw AdminMistake("status is 200 to 599") }
        let bytes = Int(max(0, json["bytes"]?.integer ?? 10))
        let pause = Duration.milliseconds(min(max(1, json["pause_ms"]?.integer ?? 100), 600_000))
        let text = json["text"]?.string ?? "Service Unavailable"
        let effects: [String: XFault.Effect] = [
            "status": .status(status), "html": .html(status), "plain": .plain(status, text),
            "rate_limited": .rateLimited, "usage_capped": .usageCapped, "credits_depleted": .creditsDepleted,
            "client_forbidden": .clientForbidden(json["text"]?.string ?? "client-not-enrolled"),
            "json": .json(json["text"]?.string ?? "{}"),
            "redirect": .redirect(json["text"]?.string ?? address), "drip": .drip(every: pause),
            "refuse": .refuse, "hang": .hang, "none": .none, "reset": .reset(after: bytes),
            "truncate": .truncate(to: bytes), "invalid_json": .invalidJSON, "empty": .empty, "gzip": .gzip,
            "broken_gzip": .brokenGzip, "content_type": .contentType(text), "whole_file": .wholeFile,
        ]
        guard let effect = effects[name] else { throw AdminMistake("effect is one of \(Self.effectNames)") }
        var fault = XFault(effect, path: json["path"]?.string ?? "", method: json["method"]?.string)
        fault.skipping = Int(max(0, json["skip"]?.integer ?? 0))
        let times = json["times"]?.integer ?? 1
        fault.times = times == 0 ? nil : Int(max(1, times))
        switch json["chance"] {
        case .fraction(let chance)?: fault.chance = chance
        case .number(let chance)?: fault.chance = Double(chance)
        default: break
        }
        fault.delay = .milliseconds(min(max(0, json["delay_ms"]?.integer ?? 0), 600_000))
        return fault
    }

    private static let effectNames =
        "status, html, plain, rate_limited, usage_capped, credits_depleted, client_forbidden, json, redirect, refuse, hang, none, reset, "
        + "truncate, drip, invalid_json, empty, gzip, broken_gzip, content_type, whole_file"
}
