/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pkcs11v3: declares what p11-kit's header does, and the parts of version 3.0 (OASIS, June 2020)
 * that this project uses and p11-kit lacks before 0.25.
 */
#ifndef JPKI_PKCS11V3_H
#define JPKI_PKCS11V3_H

#include <p11-kit/pkcs11.h>

/* p11-kit adds these names one by one, whatever version its header says. */
#ifndef CKO_PROFILE
#define CKO_PROFILE (9UL)
#endif
#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID (4UL)
#endif
#ifndef CKA_PROFILE_ID
#define CKA_PROFILE_ID (0x601UL)
#endif
#ifndef CKP_PUBLIC_CERTIFICATES_TOKEN
#define CKP_PUBLIC_CERTIFICATES_TOKEN (4UL)
#endif
#ifndef CKF_INTERFACE_FORK_SAFE
#define CKF_INTERFACE_FORK_SAFE (1UL)
#endif
#ifndef CKF_FIND_OBJECTS
#define CKF_FIND_OBJECTS (0x40UL)
#endif
#ifndef CK_CERTIFICATE_CATEGORY_TOKEN_USER
#define CK_CERTIFICATE_CATEGORY_TOKEN_USER (1UL)
#endif
#ifndef CK_CERTIFICATE_CATEGORY_AUTHORITY
#define CK_CERTIFICATE_CATEGORY_AUTHORITY (2UL)
#endif

/* The types and functions came with the version, from 0.25 on. */
#if CRYPTOKI_VERSION_MAJOR < 3

typedef struct ck_interface {
	CK_UTF8CHAR *pInterfaceName;
	void *pFunctionList;
	CK_FLAGS flags;
} CK_INTERFACE;

typedef CK_INTERFACE *CK_INTERFACE_PTR;
typedef CK_INTERFACE **CK_INTERFACE_PTR_PTR;

/* PKCS#11 3.0 §5.4, §5.6: functions that 2.40 does not have. */
CK_RV C_GetInterfaceList(CK_INTERFACE_PTR interfaces, CK_ULONG_PTR count);
CK_RV C_GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR interface,
		     CK_FLAGS flags);
CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR_PTR pin,
		  CK_ULONG pin_length, CK_UTF8CHAR_PTR name, CK_ULONG name_length);
CK_RV C_SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS flags);

#endif /* CRYPTOKI_VERSION_MAJOR < 3 */

/* §5.9, §5.11, §5.14, §5.16: the message functions come in four families of five. */
typedef CK_RV jpki_message_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
				CK_OBJECT_HANDLE key);
typedef CK_RV jpki_message_crypt(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				 CK_ULONG parameter_length, CK_BYTE_PTR associated,
				 CK_ULONG associated_length, CK_BYTE_PTR in, CK_ULONG in_length,
				 CK_BYTE_PTR out, CK_ULONG_PTR out_length);
typedef CK_RV jpki_message_crypt_begin(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				       CK_ULONG parameter_length, CK_BYTE_PTR associated,
				       CK_ULONG associated_length);
typedef CK_RV jpki_message_crypt_next(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				      CK_ULONG parameter_length, CK_BYTE_PTR in, CK_ULONG in_length,
				      CK_BYTE_PTR out, CK_ULONG_PTR out_length, CK_FLAGS flags);
typedef CK_RV jpki_message_sign(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				CK_ULONG parameter_length, CK_BYTE_PTR data, CK_ULONG data_length,
				CK_BYTE_PTR signature, CK_ULONG_PTR signature_length);
typedef CK_RV jpki_message_verify(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				  CK_ULONG parameter_length, CK_BYTE_PTR data, CK_ULONG data_length,
				  CK_BYTE_PTR signature, CK_ULONG signature_length);
typedef CK_RV jpki_message_begin(CK_SESSION_HANDLE session, CK_VOID_PTR parameter,
				 CK_ULONG parameter_length);
typedef CK_RV jpki_message_final(CK_SESSION_HANDLE session);

/*
 * The function list of 3.0. It begins with the members of the 2.40 list, which have no gaps, so the
 * new members follow that structure.
 */
struct jpki_function_list_3_0 {
	CK_FUNCTION_LIST v2;
	CK_RV (*C_GetInterfaceList)(CK_INTERFACE_PTR interfaces, CK_ULONG_PTR count);
	CK_RV(*C_GetInterface)
	(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR interface,
	 CK_FLAGS flags);
	CK_RV(*C_LoginUser)
	(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR_PTR pin, CK_ULONG pin_length,
	 CK_UTF8CHAR_PTR name, CK_ULONG name_length);
	CK_RV (*C_SessionCancel)(CK_SESSION_HANDLE session, CK_FLAGS flags);
	jpki_message_init *C_MessageEncryptInit;
	jpki_message_crypt *C_EncryptMessage;
	jpki_message_crypt_begin *C_EncryptMessageBegin;
	jpki_message_crypt_next *C_EncryptMessageNext;
	jpki_message_final *C_MessageEncryptFinal;
	jpki_message_init *C_MessageDecryptInit;
	jpki_message_crypt *C_DecryptMessage;
	jpki_message_crypt_begin *C_DecryptMessageBegin;
	jpki_message_crypt_next *C_DecryptMessageNext;
	jpki_message_final *C_MessageDecryptFinal;
	jpki_message_init *C_MessageSignInit;
	jpki_message_sign *C_SignMessage;
	jpki_message_begin *C_SignMessageBegin;
	jpki_message_sign *C_SignMessageNext;
	jpki_message_final *C_MessageSignFinal;
	jpki_message_init *C_MessageVerifyInit;
	jpki_message_verify *C_VerifyMessage;
	jpki_message_begin *C_VerifyMessageBegin;
	jpki_message_verify *C_VerifyMessageNext;
	jpki_message_final *C_MessageVerifyFinal;
};

#endif
