// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.
