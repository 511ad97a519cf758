/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known_authorities_list: lists the CA certificates of J-LIS; a test links a list of its own. */
#include "app/signature/known_authorities_list.h"

/*
 * From public copies of the certificates. There may be others: J-LIS renews each CA every few
 * years, and all of its generations have the same name.
 */
const struct known_authority known_authorities[] = {
	/* valid from 2015-10-20 */
	{JPKI_KEY_SIGN, "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355"},
	{JPKI_KEY_AUTH, "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D"},
	/* valid from 2019-09-14 */
	{JPKI_KEY_SIGN, "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB"},
	{JPKI_KEY_AUTH, "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6"},
	/* valid from 2023-07-16 */
	{JPKI_KEY_SIGN, "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F"},
	{JPKI_KEY_AUTH, "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5"},
};

const size_t known_authority_count = sizeof(known_authorities) / sizeof(known_authorities[0]);
