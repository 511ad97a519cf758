/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The native host's frames and messages: the input is what the browser's pipe holds. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "portal/frame.h"
#include "portal/message.h"
#include "portal/site.h"

const char fuzz_name[] = "portal";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

static void judge(const char *text, size_t length)
{
	struct portal_message message;

	portal_message_parse(&message, text, length, false);
	fuzz_check((message.mode == PORTAL_REFUSED) == (message.refusal != NULL));
	fuzz_check(message.count <= PORTAL_BLOCKS_MAX);
	if (message.mode == PORTAL_LOG_IN || message.mode == PORTAL_SIGN)
		fuzz_check(message.count > 0 && portal_origin_is_https(message.origin));
	if (message.mode <= PORTAL_ATTRIBUTES)
		fuzz_check(message.added != portal_site_is_known(message.origin));
	for (size_t i = 0; i < message.count; i++)
		fuzz_check(message.blocks[i].length > 50 &&
			   message.blocks[i].length <= JPKI_DIGEST_INFO_MAX);
	portal_message_free(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open(fuzz_file(data, size), O_RDONLY | O_CLOEXEC);
	size_t length;
	char *text;

	fuzz_check(fd >= 0);
	while (portal_frame_read(fd, &text, &length) == PORTAL_FRAME_READ) {
		fuzz_check(length > 0 && length <= PORTAL_FRAME_MAX && text[length] == '\0');
		judge(text, length);
		free(text);
	}
	close(fd);
	return 0;
}
