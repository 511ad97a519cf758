/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nss-wait MODULE: loads a PKCS#11 module as a browser does, says how many slots it has and
 * "waiting", and after a line on standard input prints which of these slots have a token now, and
 * how many certificates NSS finds on each.
 */
#include <cert.h>
#include <nspr.h>
#include <nss.h>
#include <pk11pub.h>
#include <secmod.h>
#include <stdio.h>

static void tell(PK11SlotInfo *slot)
{
	CERTCertList *list;
	int count = 0;

	if (!PK11_IsPresent(slot))
		return;
	list = PK11_ListCertsInSlot(slot);
	if (list != NULL) {
		for (CERTCertListNode *node = CERT_LIST_HEAD(list); !CERT_LIST_END(node, list);
		     node = CERT_LIST_NEXT(node))
			count++;
		CERT_DestroyCertList(list);
	}
	printf("%s: %d\n", PK11_GetTokenName(slot), count);
}

int main(int argc, char **argv)
{
	char spec[1024], line[8];
	SECMODModule *module;

	if (argc != 2 || NSS_NoDB_Init(NULL) != SECSuccess)
		return 2;
	snprintf(spec, sizeof(spec), "library=\"%s\" name=\"JPKI\"", argv[1]);
	module = SECMOD_LoadUserModule(spec, NULL, PR_FALSE);
	if (module == NULL || !module->loaded)
		return 2;
	printf("%d slots\nwaiting\n", module->slotCount);
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 2;
	for (int i = 0; i < module->slotCount; i++)
		tell(module->slots[i]);
	fflush(stdout);
	SECMOD_UnloadUserModule(module);
	SECMOD_DestroyModule(module);
	return NSS_Shutdown() == SECSuccess ? 0 : 1;
}
