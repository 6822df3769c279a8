// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// `GET /2/usage/tweets`
    mutating func tellUsage(_ call: Call) throws(Problem) -> XReply {
        try call.allow(["days", "usage.fields"], fields: false)
        let text = call.value("days") ?? "7"
        guard let days = Int64(text), (1...90).contains(days) else {
            throw .invalid(
                [("days", text)], "The `days` query parameter value [\(text)] is not between 1 and 90")
        }
        let listed = ((now.utcDay - days + 1)...now.utcDay).compactMap { day in
            spend.postsByDay[day].map { count in
                JSON.object([
                    .init(name: "date", value: .text(XInstant(milliseconds: day * 86_400_000).iso)),
                    .init(name: "usage", value: .text(String(count))),
                ])
            }
        }
        return XReply(
            200,
            [
                "data": [
                    "cap_reset_day": 1, "project_id": "1600000000000000098",
                    "project_cap": .text(String(settings.monthlyCap)),
                    "project_usage": .text(String(spend.posts(inMonthOf: now))),
                    "daily_project_usage": ["project_id": "1600000000000000098", "usage": .array(listed)],
                    "daily_client_app_usage": [
                        [
                            "client_app_id": .text(CredentialBook.appID), "usage": .array(listed),
                            "usage_result_count": .number(Int64(listed.count)),
                        ]
                    ],
                ]
            ])
    }
}
