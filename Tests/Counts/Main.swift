// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Does one thing that a relay does very often, a fixed number of times on fixed data, for `scripts/counts.sh` to count its
/// instructions and allocations.
///
///     counts                 names every path, and how many times it is done
///     counts NAME TIMES      does it so many times
@main
enum Counts {
    static func main() throws {
        let names = CommandLine.arguments.dropFirst()
        guard names.count == 2, let name = names.first, let times = names.last.flatMap({ Int($0) }) else {
            for path in HotPath.all { print(path.name, path.times) }
            return
        }
        guard let path = HotPath.all.first(where: { $0.name == name }) else {
            preconditionFailure("there is no path \(name)")
        }
        let work = try path.prepare()
        // What is made once, whoever comes first, is made before.
        work()
        counted(times, work)
    }
}

/// What is inside is counted: callgrind knows this function by its name.
@inline(never)
func counted(_ times: Int, _ work: () -> Void) {
    for _ in 0..<times { work() }
}
