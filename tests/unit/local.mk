# SPDX-License-Identifier: LGPL-2.1-or-later
# The unit tests: no daemon, no hardware, each asserting what one file or layer promises.

UNIT_TESTS = \
	tests/unit/test_apdu \
	tests/unit/test_app_ask_pinentry \
	tests/unit/test_app_ask_own_window \
	tests/unit/test_app_ask_prompt \
	tests/unit/test_app_ask_terminal \
	tests/unit/test_app_ask_word_line \
	tests/unit/test_app_card_card_pin \
	tests/unit/test_app_card_card_report \
	tests/unit/test_app_card_card_words \
	tests/unit/test_app_card_cards \
	tests/unit/test_app_card_pin_dialog \
	tests/unit/test_app_card_pin_weak \
	tests/unit/test_app_card_patient \
	tests/unit/test_app_card_module_pool \
	tests/unit/test_app_card_rsa_key \
	tests/unit/test_app_card_service \
	tests/unit/test_app_certificate_cert_facts \
	tests/unit/test_app_certificate_claimed_time \
	tests/unit/test_app_certificate_date \
	tests/unit/test_app_certificate_holder \
	tests/unit/test_app_certificate_reminder \
	tests/unit/test_app_certificate_x509 \
	tests/unit/test_app_host_atomic_file \
	tests/unit/test_app_host_browsers \
	tests/unit/test_app_host_opensc \
	tests/unit/test_app_host_p11kit_modules \
	tests/unit/test_app_host_portal_files \
	tests/unit/test_app_host_signals \
	tests/unit/test_app_host_user_files \
	tests/unit/test_app_signature_check \
	tests/unit/test_app_signature_kept_authorities \
	tests/unit/test_app_signature_known_authorities \
	tests/unit/test_app_signature_make \
	tests/unit/test_app_signature_pdf \
	tests/unit/test_app_signature_signer \
	tests/unit/test_app_ui_json \
	tests/unit/test_app_ui_key_name \
	tests/unit/test_app_ui_line \
	tests/unit/test_app_ui_options \
	tests/unit/test_app_ui_patience \
	tests/unit/test_app_ui_process \
	tests/unit/test_app_ui_progress \
	tests/unit/test_app_ui_refuse \
	tests/unit/test_app_ui_situation \
	tests/unit/test_app_ui_text \
	tests/unit/test_app_ui_wrap \
	tests/unit/test_attributes \
	tests/unit/test_buffer \
	tests/unit/test_card \
	tests/unit/test_card_read \
	tests/unit/test_certificate \
	tests/unit/test_config \
	tests/unit/test_der \
	tests/unit/test_document \
	tests/unit/test_document_pdf \
	tests/unit/test_ecdsa \
	tests/unit/test_generation \
	tests/unit/test_hash \
	tests/unit/test_key \
	tests/unit/test_log \
	tests/unit/test_pcsc \
	tests/unit/test_pin \
	tests/unit/test_pkcs11_arguments \
	tests/unit/test_pkcs11_attributes \
	tests/unit/test_pkcs11_ends \
	tests/unit/test_pkcs11_feature \
	tests/unit/test_pkcs11_known \
	tests/unit/test_pkcs11_module \
	tests/unit/test_pkcs11_object \
	tests/unit/test_pkcs11_pin \
	tests/unit/test_pkcs11_session \
	tests/unit/test_pkcs11_sign \
	tests/unit/test_pkcs11_slot \
	tests/unit/test_portal \
	tests/unit/test_portal_words \
	tests/unit/test_record \
	tests/unit/test_refused \
	tests/unit/test_rv \
	tests/unit/test_scard \
	tests/unit/test_scheme \
	tests/unit/test_secret \
	tests/unit/test_status_word \
	tests/unit/test_steady \
	tests/unit/test_sweep_pin \
	tests/unit/test_sweep_read \
	tests/unit/test_token_change \
	tests/unit/test_token_fault \
	tests/unit/test_token_kept \
	tests/unit/test_token_known \
	tests/unit/test_token_link \
	tests/unit/test_token_recognise \
	tests/unit/test_token_login \
	tests/unit/test_token_pss \
	tests/unit/test_token_refused \
	tests/unit/test_token_room \
	tests/unit/test_token_sign \
	tests/unit/test_token_state \
	tests/unit/test_token_text \
	tests/unit/test_token_tries \
	tests/unit/test_token_visit \
	tests/unit/test_app_doctor_card \
	tests/unit/test_app_doctor_finding \
	tests/unit/test_app_doctor_run \
	tests/unit/test_tool_pin_log \
	tests/unit/test_tool_pin_status \
	tests/unit/test_app_setup_browser \
	tests/unit/test_app_setup_config \
	tests/unit/test_app_setup_opensc \
	tests/unit/test_app_setup_plan \
	tests/unit/test_app_setup_ssh \
	tests/unit/test_app_sign_files \
	tests/unit/test_app_sign_run \
	tests/unit/test_app_verify_file \
	tests/unit/test_app_verify_report \
	tests/unit/test_app_verify_signers \
	tests/unit/test_wiped \
	tests/unit/test_xml_claims \
	tests/unit/test_xml_sign \
	tests/unit/test_xml_verify
if WINDOW
UNIT_TESTS += tests/unit/test_window_watcher
tests_unit_test_window_watcher_SOURCES = tests/unit/test_window_watcher.c src/window/watcher.c
tests_unit_test_window_watcher_CPPFLAGS = $(UNIT_CPPFLAGS) $(WINDOW_CFLAGS)
tests_unit_test_window_watcher_LDADD = $(CMOCKA_LIBS) $(WINDOW_LIBS)
endif
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# What the tests share, with the code under test and the virtual card.
EXTRA_LTLIBRARIES += libunit.la
libunit_la_SOURCES = \
	tests/unit/fixture.c tests/unit/fixture.h \
	tests/unit/module_fixture.c tests/unit/module_fixture.h \
	tests/unit/script.c tests/unit/script.h \
	tests/unit/sweep.c tests/unit/sweep.h \
	tests/unit/sweep_fault.c \
	tests/unit/sweep_job.c \
	tests/unit/sweep_judge.c \
	tests/unit/unit.c tests/unit/unit.h
UNIT_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/vcard $(CRYPTO_CFLAGS) $(P11KIT_CFLAGS) \
	$(CMOCKA_CFLAGS)
libunit_la_CPPFLAGS = $(UNIT_CPPFLAGS) -DUNIT_CARDS='"$(abs_top_builddir)/tests/unit/cards"'
libunit_la_LIBADD = libjpki-pkcs11.la libvcard.la
UNIT_LDADD = libunit.la libjpki-pkcs11.la libproduct.la libjpki.la libvcard.la $(CRYPTO_LIBS) $(CMOCKA_LIBS)

tests_unit_test_apdu_SOURCES = tests/unit/test_apdu.c
tests_unit_test_apdu_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_apdu_LDADD = $(UNIT_LDADD)
# The person before the card is the test's own, and so is what is said to her.
tests_unit_test_app_card_pin_dialog_SOURCES = \
	tests/unit/test_app_card_pin_dialog.c src/app/card/pin_dialog.c
tests_unit_test_app_card_pin_dialog_CPPFLAGS = $(UNIT_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_card_pin_dialog_LDADD = libjpki-app.la $(UNIT_LDADD) $(JANSSON_LIBS)
tests_unit_test_attributes_SOURCES = tests/unit/test_attributes.c
tests_unit_test_attributes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_attributes_LDADD = $(UNIT_LDADD)
tests_unit_test_buffer_SOURCES = tests/unit/test_buffer.c
tests_unit_test_buffer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buffer_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=free
tests_unit_test_buffer_LDADD = $(UNIT_LDADD)
tests_unit_test_card_SOURCES = tests/unit/test_card.c
tests_unit_test_card_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_card_LDADD = $(UNIT_LDADD)
tests_unit_test_card_read_SOURCES = tests/unit/test_card_read.c
tests_unit_test_card_read_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_card_read_LDADD = $(UNIT_LDADD)
tests_unit_test_certificate_SOURCES = tests/unit/test_certificate.c
tests_unit_test_certificate_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_certificate_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=free
tests_unit_test_certificate_LDADD = $(UNIT_LDADD)
tests_unit_test_config_SOURCES = tests/unit/test_config.c
tests_unit_test_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LDADD)
tests_unit_test_der_SOURCES = tests/unit/test_der.c
tests_unit_test_der_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_der_LDADD = $(UNIT_LDADD)

tests_unit_test_document_SOURCES = tests/unit/test_document.c tests/unit/sanitized.h
tests_unit_test_document_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_document_LDADD = libjpki-document.la $(UNIT_LDADD)
tests_unit_test_document_pdf_SOURCES = tests/unit/test_document_pdf.c tests/unit/sanitized.h
tests_unit_test_document_pdf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_document_pdf_LDADD = libjpki-document.la $(UNIT_LDADD)
tests_unit_test_ecdsa_SOURCES = tests/unit/test_ecdsa.c
tests_unit_test_ecdsa_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ecdsa_LDADD = $(UNIT_LDADD)
tests_unit_test_generation_SOURCES = tests/unit/test_generation.c
tests_unit_test_generation_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_generation_LDADD = $(UNIT_LDADD)
tests_unit_test_hash_SOURCES = tests/unit/test_hash.c
tests_unit_test_hash_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_hash_LDADD = $(UNIT_LDADD)
tests_unit_test_key_SOURCES = tests/unit/test_key.c
tests_unit_test_key_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_key_LDADD = $(UNIT_LDADD)
tests_unit_test_log_SOURCES = tests/unit/test_log.c
tests_unit_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_log_LDADD = $(UNIT_LDADD)
# Its own PC/SC service stands before libpcsclite's.
PCSC_CALLS = EstablishContext ReleaseContext ListReaders GetStatusChange Connect Disconnect \
	BeginTransaction EndTransaction GetAttrib Transmit
tests_unit_test_pcsc_SOURCES = tests/unit/test_pcsc.c tests/unit/service.c tests/unit/service.h \
	tests/unit/pcsc_calls.h
tests_unit_test_pcsc_CPPFLAGS = $(UNIT_CPPFLAGS) $(PCSC_CFLAGS)
tests_unit_test_pcsc_LDFLAGS = $(AM_LDFLAGS) $(PCSC_CALLS:%=-Wl,--wrap=SCard%)
tests_unit_test_pcsc_LDADD = $(UNIT_LDADD) $(PCSC_LIBS)
# Here each call lasts as long as the test likes.
SCARD_CALLS = $(PCSC_CALLS) Cancel
tests_unit_test_scard_SOURCES = tests/unit/test_scard.c tests/unit/pcsc_calls.h
tests_unit_test_scard_CPPFLAGS = $(UNIT_CPPFLAGS) $(PCSC_CFLAGS)
tests_unit_test_scard_LDFLAGS = $(AM_LDFLAGS) $(SCARD_CALLS:%=-Wl,--wrap=SCard%)
tests_unit_test_scard_LDADD = $(UNIT_LDADD) $(PCSC_LIBS)
tests_unit_test_pin_SOURCES = tests/unit/test_pin.c
tests_unit_test_pin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pin_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_arguments_SOURCES = tests/unit/test_pkcs11_arguments.c
tests_unit_test_pkcs11_arguments_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_arguments_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_attributes_SOURCES = tests/unit/test_pkcs11_attributes.c
tests_unit_test_pkcs11_attributes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_attributes_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_ends_SOURCES = tests/unit/test_pkcs11_ends.c
tests_unit_test_pkcs11_ends_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_ends_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_feature_SOURCES = tests/unit/test_pkcs11_feature.c
tests_unit_test_pkcs11_feature_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_feature_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_known_SOURCES = tests/unit/test_pkcs11_known.c
tests_unit_test_pkcs11_known_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_known_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_module_SOURCES = tests/unit/test_pkcs11_module.c
tests_unit_test_pkcs11_module_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_module_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_object_SOURCES = tests/unit/test_pkcs11_object.c
tests_unit_test_pkcs11_object_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_object_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_pin_SOURCES = tests/unit/test_pkcs11_pin.c
tests_unit_test_pkcs11_pin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_pin_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_session_SOURCES = tests/unit/test_pkcs11_session.c
tests_unit_test_pkcs11_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_session_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_sign_SOURCES = tests/unit/test_pkcs11_sign.c
tests_unit_test_pkcs11_sign_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_sign_LDADD = $(UNIT_LDADD)
tests_unit_test_pkcs11_slot_SOURCES = tests/unit/test_pkcs11_slot.c
tests_unit_test_pkcs11_slot_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_pkcs11_slot_LDADD = $(UNIT_LDADD)
tests_unit_test_record_SOURCES = tests/unit/test_record.c
tests_unit_test_record_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_record_LDADD = $(UNIT_LDADD)
tests_unit_test_refused_SOURCES = tests/unit/test_refused.c
tests_unit_test_refused_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_refused_LDADD = $(UNIT_LDADD)
tests_unit_test_rv_SOURCES = tests/unit/test_rv.c
tests_unit_test_rv_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_rv_LDADD = $(UNIT_LDADD)
tests_unit_test_scheme_SOURCES = tests/unit/test_scheme.c
tests_unit_test_scheme_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_scheme_LDADD = $(UNIT_LDADD)
tests_unit_test_secret_SOURCES = tests/unit/test_secret.c
tests_unit_test_secret_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_secret_LDADD = $(UNIT_LDADD)
tests_unit_test_status_word_SOURCES = tests/unit/test_status_word.c
tests_unit_test_status_word_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_status_word_LDADD = $(UNIT_LDADD)
tests_unit_test_steady_SOURCES = tests/unit/test_steady.c
tests_unit_test_steady_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_steady_LDADD = $(UNIT_LDADD)
tests_unit_test_sweep_pin_SOURCES = tests/unit/test_sweep_pin.c
tests_unit_test_sweep_pin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sweep_pin_LDADD = $(UNIT_LDADD)
tests_unit_test_sweep_read_SOURCES = tests/unit/test_sweep_read.c
tests_unit_test_sweep_read_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sweep_read_LDADD = $(UNIT_LDADD)
tests_unit_test_token_change_SOURCES = tests/unit/test_token_change.c
tests_unit_test_token_change_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_change_LDADD = $(UNIT_LDADD)
tests_unit_test_token_fault_SOURCES = tests/unit/test_token_fault.c
tests_unit_test_token_fault_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_fault_LDADD = $(UNIT_LDADD)
tests_unit_test_token_kept_SOURCES = tests/unit/test_token_kept.c
tests_unit_test_token_kept_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_kept_LDADD = $(UNIT_LDADD)
tests_unit_test_token_known_SOURCES = tests/unit/test_token_known.c
tests_unit_test_token_known_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_known_LDADD = $(UNIT_LDADD)
tests_unit_test_token_link_SOURCES = tests/unit/test_token_link.c
tests_unit_test_token_link_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_link_LDADD = $(UNIT_LDADD)
tests_unit_test_token_recognise_SOURCES = tests/unit/test_token_recognise.c
tests_unit_test_token_recognise_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_recognise_LDADD = $(UNIT_LDADD)

tests_unit_test_token_login_SOURCES = tests/unit/test_token_login.c
tests_unit_test_token_login_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_login_LDADD = $(UNIT_LDADD)
tests_unit_test_token_pss_SOURCES = tests/unit/test_token_pss.c
tests_unit_test_token_pss_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_pss_LDADD = $(UNIT_LDADD)
tests_unit_test_token_refused_SOURCES = tests/unit/test_token_refused.c
tests_unit_test_token_refused_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_refused_LDADD = $(UNIT_LDADD)
tests_unit_test_token_room_SOURCES = tests/unit/test_token_room.c
tests_unit_test_token_room_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_room_LDADD = $(UNIT_LDADD)
tests_unit_test_token_sign_SOURCES = tests/unit/test_token_sign.c
tests_unit_test_token_sign_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_sign_LDADD = $(UNIT_LDADD)
tests_unit_test_token_state_SOURCES = tests/unit/test_token_state.c
tests_unit_test_token_state_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_state_LDADD = $(UNIT_LDADD)
tests_unit_test_token_text_SOURCES = tests/unit/test_token_text.c
tests_unit_test_token_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_text_LDADD = $(UNIT_LDADD)
tests_unit_test_token_tries_SOURCES = tests/unit/test_token_tries.c
tests_unit_test_token_tries_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_tries_LDADD = $(UNIT_LDADD)
tests_unit_test_token_visit_SOURCES = tests/unit/test_token_visit.c
tests_unit_test_token_visit_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_visit_LDADD = $(UNIT_LDADD)

# The shared rooms, and what of the command can be tested by itself. The planners look for the
# modules in the directory that the test has chosen as its own.
APP_CPPFLAGS = $(UNIT_CPPFLAGS) $(JANSSON_CFLAGS) -DUNIT_SOURCES='"$(abs_top_srcdir)"' \
	-DMODULE_DIR='"/proc/self/cwd/modules"'
EXTRA_LTLIBRARIES += libapptest.la
libapptest_la_SOURCES = \
	tests/unit/capture.c tests/unit/capture.h \
	tests/unit/place.c tests/unit/place.h \
	tests/unit/screen.c tests/unit/screen.h \
	tests/unit/signer.c tests/unit/signer.h \
	tests/unit/table.c tests/unit/table.h
libapptest_la_CPPFLAGS = $(APP_CPPFLAGS)
APP_LDADD = libapptest.la libjpki-app.la $(UNIT_LDADD) $(JANSSON_LIBS) $(P11KIT_LIBS)
tests_unit_test_app_ask_pinentry_SOURCES = tests/unit/test_app_ask_pinentry.c
tests_unit_test_app_ask_pinentry_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ask_pinentry_LDADD = $(APP_LDADD)
tests_unit_test_app_ask_own_window_SOURCES = tests/unit/test_app_ask_own_window.c
tests_unit_test_app_ask_own_window_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ask_own_window_LDADD = $(APP_LDADD)
tests_unit_test_app_card_card_words_SOURCES = tests/unit/test_app_card_card_words.c
tests_unit_test_app_card_card_words_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_card_words_LDADD = $(APP_LDADD)
tests_unit_test_app_ask_prompt_SOURCES = tests/unit/test_app_ask_prompt.c
tests_unit_test_app_ask_prompt_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ask_prompt_LDADD = $(APP_LDADD)
tests_unit_test_app_ask_terminal_SOURCES = tests/unit/test_app_ask_terminal.c
tests_unit_test_app_ask_terminal_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ask_terminal_LDADD = $(APP_LDADD)
tests_unit_test_app_card_pin_weak_SOURCES = tests/unit/test_app_card_pin_weak.c
tests_unit_test_app_card_pin_weak_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_pin_weak_LDADD = $(APP_LDADD)
# The watch is the test's own, and so is the PC/SC service.
tests_unit_test_app_card_patient_SOURCES = \
	tests/unit/test_app_card_patient.c tests/unit/service.c tests/unit/service.h \
	tests/unit/pcsc_calls.h
tests_unit_test_app_card_patient_CPPFLAGS = $(UNIT_CPPFLAGS) $(PCSC_CFLAGS)
tests_unit_test_app_card_patient_LDFLAGS = $(AM_LDFLAGS) $(PCSC_CALLS:%=-Wl,--wrap=SCard%)
tests_unit_test_app_card_patient_LDADD = libjpki-app.la $(UNIT_LDADD) $(PCSC_LIBS)
# The module is the test's own.
tests_unit_test_app_card_module_pool_SOURCES = tests/unit/test_app_card_module_pool.c
tests_unit_test_app_card_module_pool_CPPFLAGS = $(APP_CPPFLAGS) $(LIBP11_CFLAGS) $(P11KIT_CFLAGS)
tests_unit_test_app_card_module_pool_LDADD = $(APP_LDADD)
tests_unit_test_app_card_rsa_key_SOURCES = tests/unit/test_app_card_rsa_key.c
tests_unit_test_app_card_rsa_key_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_rsa_key_LDADD = $(APP_LDADD)
tests_unit_test_app_card_service_SOURCES = tests/unit/test_app_card_service.c
tests_unit_test_app_card_service_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_service_LDADD = $(APP_LDADD)
tests_unit_test_app_ask_word_line_SOURCES = tests/unit/test_app_ask_word_line.c
tests_unit_test_app_ask_word_line_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ask_word_line_LDADD = $(APP_LDADD)
tests_unit_test_app_card_card_pin_SOURCES = tests/unit/test_app_card_card_pin.c
tests_unit_test_app_card_card_pin_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_card_pin_LDADD = $(APP_LDADD)
tests_unit_test_app_card_card_report_SOURCES = tests/unit/test_app_card_card_report.c
tests_unit_test_app_card_card_report_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_card_report_LDADD = $(APP_LDADD)
tests_unit_test_app_card_cards_SOURCES = tests/unit/test_app_card_cards.c
tests_unit_test_app_card_cards_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_card_cards_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_cert_facts_SOURCES = tests/unit/test_app_certificate_cert_facts.c
tests_unit_test_app_certificate_cert_facts_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_cert_facts_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_claimed_time_SOURCES = \
	tests/unit/test_app_certificate_claimed_time.c
tests_unit_test_app_certificate_claimed_time_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_claimed_time_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_date_SOURCES = tests/unit/test_app_certificate_date.c
tests_unit_test_app_certificate_date_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_date_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_holder_SOURCES = tests/unit/test_app_certificate_holder.c
tests_unit_test_app_certificate_holder_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_holder_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_reminder_SOURCES = tests/unit/test_app_certificate_reminder.c
tests_unit_test_app_certificate_reminder_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_reminder_LDADD = $(APP_LDADD)
tests_unit_test_app_certificate_x509_SOURCES = tests/unit/test_app_certificate_x509.c
tests_unit_test_app_certificate_x509_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_certificate_x509_LDADD = $(APP_LDADD)
tests_unit_test_app_host_atomic_file_SOURCES = tests/unit/test_app_host_atomic_file.c
tests_unit_test_app_host_atomic_file_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_atomic_file_LDADD = $(APP_LDADD)
tests_unit_test_app_host_browsers_SOURCES = tests/unit/test_app_host_browsers.c
tests_unit_test_app_host_browsers_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_browsers_LDADD = $(APP_LDADD)
tests_unit_test_app_host_opensc_SOURCES = tests/unit/test_app_host_opensc.c
tests_unit_test_app_host_opensc_CPPFLAGS = $(APP_CPPFLAGS) \
	-DP11_PACKAGE_CONFIGS='"$(p11_package_configs)"' \
	-DP11_SYSTEM_CONFIGS='"$(p11_sysconfdir)/pkcs11/modules"'
tests_unit_test_app_host_opensc_LDADD = $(APP_LDADD)
tests_unit_test_app_host_p11kit_modules_SOURCES = tests/unit/test_app_host_p11kit_modules.c
tests_unit_test_app_host_p11kit_modules_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_p11kit_modules_LDADD = $(APP_LDADD)
tests_unit_test_app_host_portal_files_SOURCES = tests/unit/test_app_host_portal_files.c
tests_unit_test_app_host_portal_files_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_portal_files_LDADD = $(APP_LDADD)
tests_unit_test_app_host_signals_SOURCES = tests/unit/test_app_host_signals.c
tests_unit_test_app_host_signals_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_signals_LDADD = $(APP_LDADD)
tests_unit_test_app_host_user_files_SOURCES = tests/unit/test_app_host_user_files.c
tests_unit_test_app_host_user_files_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_host_user_files_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_check_SOURCES = tests/unit/test_app_signature_check.c
tests_unit_test_app_signature_check_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_check_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_kept_authorities_SOURCES = \
	tests/unit/test_app_signature_kept_authorities.c
tests_unit_test_app_signature_kept_authorities_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_kept_authorities_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_known_authorities_SOURCES = \
	tests/unit/test_app_signature_known_authorities.c
tests_unit_test_app_signature_known_authorities_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_known_authorities_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_make_SOURCES = tests/unit/test_app_signature_make.c
tests_unit_test_app_signature_make_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_make_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_pdf_SOURCES = tests/unit/test_app_signature_pdf.c
tests_unit_test_app_signature_pdf_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_pdf_LDADD = $(APP_LDADD)
tests_unit_test_app_signature_signer_SOURCES = tests/unit/test_app_signature_signer.c
tests_unit_test_app_signature_signer_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_signature_signer_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_json_SOURCES = tests/unit/test_app_ui_json.c
tests_unit_test_app_ui_json_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_json_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_key_name_SOURCES = tests/unit/test_app_ui_key_name.c
tests_unit_test_app_ui_key_name_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_key_name_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_line_SOURCES = tests/unit/test_app_ui_line.c
tests_unit_test_app_ui_line_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_line_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_options_SOURCES = tests/unit/test_app_ui_options.c
tests_unit_test_app_ui_options_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_options_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_process_SOURCES = tests/unit/test_app_ui_process.c
tests_unit_test_app_ui_process_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_process_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_progress_SOURCES = tests/unit/test_app_ui_progress.c
tests_unit_test_app_ui_progress_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_progress_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_patience_SOURCES = tests/unit/test_app_ui_patience.c
tests_unit_test_app_ui_patience_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_patience_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_refuse_SOURCES = tests/unit/test_app_ui_refuse.c
tests_unit_test_app_ui_refuse_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_refuse_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_situation_SOURCES = tests/unit/test_app_ui_situation.c
tests_unit_test_app_ui_situation_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_situation_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_text_SOURCES = tests/unit/test_app_ui_text.c
tests_unit_test_app_ui_text_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_text_LDADD = $(APP_LDADD)
tests_unit_test_app_ui_wrap_SOURCES = tests/unit/test_app_ui_wrap.c
tests_unit_test_app_ui_wrap_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_ui_wrap_LDADD = $(APP_LDADD)
tests_unit_test_app_doctor_card_SOURCES = \
	tests/unit/test_app_doctor_card.c \
	src/app/doctor/doctor_card.c \
	src/app/doctor/doctor_finding.c
tests_unit_test_app_doctor_card_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_doctor_card_LDADD = $(APP_LDADD)
tests_unit_test_app_doctor_finding_SOURCES = \
	tests/unit/test_app_doctor_finding.c \
	src/app/doctor/doctor_finding.c
tests_unit_test_app_doctor_finding_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_doctor_finding_LDADD = $(APP_LDADD)
tests_unit_test_app_doctor_run_SOURCES = tests/unit/test_app_doctor_run.c
tests_unit_test_app_doctor_run_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_doctor_run_LDADD = $(APP_LDADD)
tests_unit_test_tool_pin_log_SOURCES = \
	tests/unit/test_tool_pin_log.c \
	src/tool/pin/pin_log.c
tests_unit_test_tool_pin_log_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_tool_pin_log_LDADD = $(APP_LDADD)
tests_unit_test_tool_pin_status_SOURCES = \
	tests/unit/test_tool_pin_status.c \
	src/tool/pin/pin_status.c
tests_unit_test_tool_pin_status_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_tool_pin_status_LDADD = $(APP_LDADD)
tests_unit_test_app_setup_browser_SOURCES = \
	tests/unit/test_app_setup_browser.c \
	src/app/setup/setup_browser.c \
	src/app/setup/setup_nss.c \
	src/app/setup/setup_plan.c
tests_unit_test_app_setup_browser_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_setup_browser_LDADD = $(APP_LDADD)
tests_unit_test_app_setup_config_SOURCES = \
	tests/unit/test_app_setup_config.c \
	src/app/setup/setup_config.c \
	src/app/setup/setup_plan.c
tests_unit_test_app_setup_config_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_setup_config_LDADD = $(APP_LDADD)
tests_unit_test_app_setup_opensc_SOURCES = \
	tests/unit/test_app_setup_opensc.c \
	src/app/setup/setup_nss.c \
	src/app/setup/setup_opensc.c \
	src/app/setup/setup_plan.c
tests_unit_test_app_setup_opensc_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_setup_opensc_LDADD = $(APP_LDADD)
tests_unit_test_app_setup_plan_SOURCES = \
	tests/unit/test_app_setup_plan.c \
	src/app/setup/setup_plan.c
tests_unit_test_app_setup_plan_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_setup_plan_LDADD = $(APP_LDADD)
tests_unit_test_app_setup_ssh_SOURCES = \
	tests/unit/test_app_setup_ssh.c \
	src/app/setup/setup_plan.c \
	src/app/setup/setup_ssh.c
tests_unit_test_app_setup_ssh_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_setup_ssh_LDADD = $(APP_LDADD)
# The module's key and pool are the tests' own.
tests_unit_test_app_sign_files_SOURCES = \
	tests/unit/test_app_sign_files.c \
	src/app/sign/sign_files.c \
	src/app/sign/sign_form.c \
	src/app/sign/sign_pdf.c \
	src/app/sign/sign_run.c \
	src/app/sign/sign_warnings.c \
	src/app/sign/sign_xml.c
tests_unit_test_app_sign_files_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_sign_files_LDADD = libjpki-document.la $(APP_LDADD)
tests_unit_test_app_sign_run_SOURCES = \
	tests/unit/test_app_sign_run.c \
	src/app/sign/sign_files.c \
	src/app/sign/sign_form.c \
	src/app/sign/sign_pdf.c \
	src/app/sign/sign_run.c \
	src/app/sign/sign_warnings.c \
	src/app/sign/sign_xml.c
tests_unit_test_app_sign_run_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_sign_run_LDADD = libjpki-document.la $(APP_LDADD)
tests_unit_test_app_verify_file_SOURCES = \
	tests/unit/test_app_verify_file.c \
	src/app/verify/verify_file.c
tests_unit_test_app_verify_file_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_verify_file_LDADD = libjpki-document.la $(APP_LDADD)
tests_unit_test_app_verify_report_SOURCES = \
	tests/unit/test_app_verify_report.c \
	src/app/verify/verify_report.c
tests_unit_test_app_verify_report_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_verify_report_LDADD = $(APP_LDADD)
tests_unit_test_app_verify_signers_SOURCES = \
	tests/unit/test_app_verify_signers.c \
	src/app/verify/verify_report.c \
	src/app/verify/verify_signers.c
tests_unit_test_app_verify_signers_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_app_verify_signers_LDADD = $(APP_LDADD)

# Making a card takes a second or two, so it is done once; each test works on copies.
UNIT_CARD_PROFILES = mynumber child child-bare child-filled ecdsa android juki foreign face-only \
	no-certificates iphone next
tests/unit/cards.stamp: tests/vcard/jpki-vcard$(EXEEXT)
	$(AM_V_GEN)rm -rf tests/unit/cards $@ && $(MKDIR_P) tests/unit/cards && \
	tests/vcard/jpki-vcard$(EXEEXT) make tests/unit/cards/second && \
	for card in $(UNIT_CARD_PROFILES); do \
		tests/vcard/jpki-vcard$(EXEEXT) make tests/unit/cards/$$card --profile $$card || \
			exit 1; \
	done && : >$@
UNIT_TEST_LOGS = $(UNIT_TESTS:=.log)
$(UNIT_TEST_LOGS): tests/unit/cards.stamp
CLEANFILES += tests/unit/cards.stamp
clean-local: clean-unit-cards
clean-unit-cards:
	rm -rf tests/unit/cards
.PHONY: clean-unit-cards
tests_unit_test_wiped_SOURCES = tests/unit/test_wiped.c tests/unit/service.c tests/unit/service.h \
	tests/unit/pcsc_calls.h
tests_unit_test_wiped_CPPFLAGS = $(UNIT_CPPFLAGS) $(PCSC_CFLAGS)
tests_unit_test_wiped_LDFLAGS = $(AM_LDFLAGS) $(PCSC_CALLS:%=-Wl,--wrap=SCard%)
tests_unit_test_wiped_LDADD = $(UNIT_LDADD) $(PCSC_LIBS)
tests_unit_test_portal_SOURCES = tests/unit/test_portal.c
tests_unit_test_portal_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_portal_LDADD = libjpki-portal.la $(APP_LDADD)
tests_unit_test_portal_words_SOURCES = tests/unit/test_portal_words.c
tests_unit_test_portal_words_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_portal_words_LDADD = libjpki-portal.la $(APP_LDADD)
tests_unit_test_xml_claims_SOURCES = tests/unit/test_xml_claims.c
tests_unit_test_xml_claims_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_xml_claims_LDADD = libjpki-document.la $(APP_LDADD)
tests_unit_test_xml_sign_SOURCES = tests/unit/test_xml_sign.c
tests_unit_test_xml_sign_CPPFLAGS = $(APP_CPPFLAGS) $(XML_CFLAGS)
tests_unit_test_xml_sign_LDADD = libjpki-document.la $(APP_LDADD)
tests_unit_test_xml_verify_SOURCES = tests/unit/test_xml_verify.c
tests_unit_test_xml_verify_CPPFLAGS = $(APP_CPPFLAGS)
tests_unit_test_xml_verify_LDADD = libjpki-document.la $(APP_LDADD)
