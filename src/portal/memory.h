/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* memory: keeps what a site was given from staying in the process when the site has it. */
#ifndef JPKI_PORTAL_MEMORY_H
#define JPKI_PORTAL_MEMORY_H

/*
 * From here on jansson wipes all memory that it frees: names and addresses pass through it. Call it
 * before jansson is used. What jansson hands out (json_dumps) is still freed with free, and wiped
 * before by who frees it.
 */
void portal_memory_begin(void);

/* Wipe the registers that calls may use as they like: they have what was copied last. */
void portal_memory_wipe_registers(void);

#endif
