# SPDX-License-Identifier: LGPL-2.1-or-later
# What all programs for people share, in rooms: asking, certificates, cards, this machine,
# signatures, and what is shown.
noinst_LTLIBRARIES += libjpki-app.la
libjpki_app_la_SOURCES = \
	src/app/app.h \
	src/app/ask/own_window.c src/app/ask/own_window.h \
	src/app/ask/pinentry.c src/app/ask/pinentry.h \
	src/app/ask/pinentry_flavor.c src/app/ask/pinentry_flavor.h \
	src/app/ask/pinentry_process.c src/app/ask/pinentry_process.h \
	src/app/ask/prompt.c src/app/ask/prompt.h \
	src/app/ask/terminal.c src/app/ask/terminal.h \
	src/app/ask/word_line.c src/app/ask/word_line.h \
	src/app/card/card_certificate.c src/app/card/card_certificate.h \
	src/app/card/card_pin.c src/app/card/card_pin.h \
	src/app/card/card_report.c src/app/card/card_report.h \
	src/app/card/card_words.c src/app/card/card_words.h \
	src/app/card/cards.c src/app/card/cards.h \
	src/app/card/module_block.c src/app/card/module_block.h \
	src/app/card/module_file.c src/app/card/module_file.h \
	src/app/card/module_key.c src/app/card/module_key.h \
	src/app/card/module_key_state.h \
	src/app/card/module_pin.c src/app/card/module_pin.h \
	src/app/card/module_pool.c src/app/card/module_pool.h \
	src/app/card/patient.c src/app/card/patient.h \
	src/app/card/pin_change.c src/app/card/pin_change.h \
	src/app/card/pin_dialog.c src/app/card/pin_dialog.h \
	src/app/card/pin_weak.c src/app/card/pin_weak.h \
	src/app/card/rsa_key.c src/app/card/rsa_key.h \
	src/app/card/rv_situation.c src/app/card/rv_situation.h \
	src/app/card/service.c src/app/card/service.h \
	src/app/card/turn.c src/app/card/turn.h \
	src/app/certificate/cert_export.c src/app/certificate/cert_export.h \
	src/app/certificate/cert_facts.c src/app/certificate/cert_facts.h \
	src/app/certificate/cert_words.c src/app/certificate/cert_words.h \
	src/app/certificate/claimed_time.c src/app/certificate/claimed_time.h \
	src/app/certificate/date.c src/app/certificate/date.h \
	src/app/certificate/holder.c src/app/certificate/holder.h \
	src/app/certificate/reminder.c src/app/certificate/reminder.h \
	src/app/certificate/x509.c src/app/certificate/x509.h \
	src/app/doctor/doctor_card.c \
	src/app/doctor/doctor_certificate.c \
	src/app/doctor/doctor_checks.h \
	src/app/doctor/doctor_finding.c src/app/doctor/doctor_finding.h \
	src/app/doctor/doctor_portal.c \
	src/app/doctor/doctor_programs.c \
	src/app/doctor/doctor_run.c src/app/doctor/doctor_run.h \
	src/app/host/atomic_file.c src/app/host/atomic_file.h \
	src/app/host/browsers.c src/app/host/browsers.h \
	src/app/host/opensc.c src/app/host/opensc.h \
	src/app/host/p11kit_modules.c src/app/host/p11kit_modules.h \
	src/app/host/portal_files.c src/app/host/portal_files.h \
	src/app/host/signals.c src/app/host/signals.h \
	src/app/host/usb_readers.c src/app/host/usb_readers.h \
	src/app/host/user_files.c src/app/host/user_files.h \
	src/app/setup/setup_browser.c \
	src/app/setup/setup_config.c \
	src/app/setup/setup_nss.c src/app/setup/setup_nss.h \
	src/app/setup/setup_opensc.c \
	src/app/setup/setup_plan.c src/app/setup/setup_plan.h \
	src/app/setup/setup_planners.h \
	src/app/setup/setup_program.c src/app/setup/setup_program.h \
	src/app/setup/setup_portal.c \
	src/app/setup/setup_ssh.c \
	src/app/sign/sign_card.c src/app/sign/sign_card.h \
	src/app/sign/sign_files.c src/app/sign/sign_files.h \
	src/app/sign/sign_form.c src/app/sign/sign_form.h \
	src/app/sign/sign_pdf.c src/app/sign/sign_pdf.h \
	src/app/sign/sign_run.c src/app/sign/sign_run.h \
	src/app/sign/sign_warnings.c src/app/sign/sign_warnings.h \
	src/app/sign/sign_xml.c src/app/sign/sign_xml.h \
	src/app/signature/kept_authorities.c src/app/signature/kept_authorities.h \
	src/app/signature/known_authorities.c src/app/signature/known_authorities.h \
	src/app/signature/pdf_words.c src/app/signature/pdf_words.h \
	src/app/signature/known_authorities_list.c src/app/signature/known_authorities_list.h \
	src/app/signature/pem.c src/app/signature/pem.h \
	src/app/signature/signature_block.c src/app/signature/signature_block.h \
	src/app/signature/signature_check.c src/app/signature/signature_check.h \
	src/app/signature/signature_make.c src/app/signature/signature_make.h \
	src/app/signature/signature_covered.c src/app/signature/signature_covered.h \
	src/app/signature/signature_pdf.c src/app/signature/signature_pdf.h \
	src/app/signature/signature_signer.c src/app/signature/signature_signer.h \
	src/app/signature/xml_words.c src/app/signature/xml_words.h \
	src/app/ui/help.c src/app/ui/help.h \
	src/app/ui/json.c src/app/ui/json.h \
	src/app/ui/key_name.c src/app/ui/key_name.h \
	src/app/ui/line.c src/app/ui/line.h \
	src/app/ui/options.c src/app/ui/options.h \
	src/app/ui/patience.c src/app/ui/patience.h \
	src/app/ui/process.c src/app/ui/process.h \
	src/app/ui/progress.c src/app/ui/progress.h \
	src/app/ui/refuse.c src/app/ui/refuse.h \
	src/app/ui/situation.c src/app/ui/situation.h \
	src/app/ui/text.c src/app/ui/text.h \
	src/app/ui/wrap.c src/app/ui/wrap.h \
	src/app/verify/verify_file.c src/app/verify/verify_file.h \
	src/app/verify/verify_pdf.c src/app/verify/verify_pdf.h \
	src/app/verify/verify_report.c src/app/verify/verify_report.h \
	src/app/verify/verify_run.c src/app/verify/verify_run.h \
	src/app/verify/verify_signers.c src/app/verify/verify_signers.h \
	src/app/verify/verify_trust.c src/app/verify/verify_trust.h \
	src/app/verify/verify_xml.c src/app/verify/verify_xml.h
libjpki_app_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) \
	$(P11KIT_CFLAGS) -DBROWSERS_ROOT='"$(browsers_root)"' -DLIBEXECDIR='"$(libexecdir)"' \
	-DPKGDATADIR='"$(pkgdatadir)"' -DP11_PACKAGE_CONFIGS='"$(p11_package_configs)"' \
	-DP11_SYSTEM_CONFIGS='"$(p11_sysconfdir)/pkcs11/modules"' -DMODULE_DIR='"$(p11_module_path)"' \
	-DPACKAGE_VERSION='"$(PACKAGE_VERSION)"'
libjpki_app_la_LIBADD = libjpki.la $(JANSSON_LIBS) $(LIBP11_LIBS) $(P11KIT_LIBS) $(CRYPTO_LIBS)
