// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Logging
import NIOHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle
import TOMLKit

@main
struct Rookery: ParsableCommand {
    func run() {}
}
