/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pem: keeps PEM that somebody has encrypted from asking the user for its password. */
#ifndef JPKI_APP_SIGNATURE_PEM_H
#define JPKI_APP_SIGNATURE_PEM_H

/*
 * A pem_password_cb for everything that is public: it gives no password. Without a callback OpenSSL
 * would ask for one on the terminal, where the user could take the question for the card's. asked:
 * NULL, or a bool that becomes true if there was the question.
 */
int pem_no_password(char *password, int size, int writing, void *asked);

#endif
