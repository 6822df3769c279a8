// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

#include <lmdb.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <sys/epoll.h>
#include <time.h>
