// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

#pragma once

#include <spawn.h>

// glibc 2.34 and later; its header shows it to _GNU_SOURCE alone.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
