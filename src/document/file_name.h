/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* file_name: tells whether the registries take a document of this name. */
#ifndef JPKI_DOCUMENT_FILE_NAME_H
#define JPKI_DOCUMENT_FILE_NAME_H

enum file_name_fault {
	FILE_NAME_GOOD,
	FILE_NAME_REFUSED, /* a character that 登記・供託オンライン申請システム does not take */
	FILE_NAME_LONG, /* longer than 電子公証 takes */
};

/* Judge a file's name in UTF-8, without its directory. */
enum file_name_fault file_name_judge(const char *name);

#endif
