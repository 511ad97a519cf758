/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsers of the command that fuzz_tool calls, each with a whole input. */
#ifndef FUZZ_TOOL_H
#define FUZZ_TOOL_H

#include "fuzz.h"

/* A certificate as jpki cert shows it; the first four bytes are the time. */
void tool_certificate(struct fuzz_input input);
/* A signature (CMS, or the bare bytes) and the file that it is over. */
void tool_signature(struct fuzz_input input);
/* The record of tries, without and with the one before it. */
void tool_record(struct fuzz_input input);
/* What pinentry answers. */
void tool_pinentry(struct fuzz_input input);
/* ~/.ssh/config, behind the name of a host. */
void tool_ssh(struct fuzz_input input);
/* profiles.ini and pkcs11.txt of browsers. */
void tool_browser(struct fuzz_input input);

/* Reads the certificates of the card in tests/fuzz/cards. Once. */
void tool_set_up(void);

#endif
