/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sanitized: whether a sanitizer looks after the memory of a test, and keeps or refuses it in its
 * own way. */
#ifndef JPKI_TESTS_UNIT_SANITIZED_H
#define JPKI_TESTS_UNIT_SANITIZED_H

#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

#endif
